"""Whether the books are copied elsewhere and checked, as the timers in `systemd/` do it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kpos.cli.checks.finding import Finding, Patient
from kpos.domain.instant import DAY_MS, Instant
from kpos.ledger.files import Folder
from kpos.ledger.marks import BackedUp, Verified, backups, verified

# A daily one that failed twice; a weekly one that failed twice.
_BACKUP_DAYS, _VERIFY_DAYS = 3, 15
_BACK_UP = "sudo kpos backup /var/backups/kpos, and see systemctl status kpos-backup.timer"
_VERIFY = "sudo kpos verify, and see systemctl status kpos-verify.timer"


def check_backups(patient: Patient) -> Iterator[Finding]:
    """How old the last backup is, and whether it lies elsewhere."""
    if not patient.folder.has_till():
        return
    known = backups(patient.folder)
    if not known:
        yield Finding("backup", "warn", "the books were never backed up", _BACK_UP)
        return
    last = known[0]
    days = _days(last.at, patient.clock.now())
    said = f"{last.documents} documents in {last.file}, of {last.at}"
    if days > _BACKUP_DAYS:
        yield Finding("backup", "warn", f"the last one is {days} days old: {said}", _BACK_UP)
    elif all(_is_beside(each, patient.folder) for each in known) and not _has_wawi(patient.folder):
        remedy = "plug in a stick named KPOS-BACKUP, or copy the file to another machine"
        text = f"on the disk of the books alone, and lost with it: {said}"
        yield Finding("backup", "warn", text, remedy)
    else:
        yield Finding("backup", "ok", said)


def check_verified(patient: Patient) -> Iterator[Finding]:
    """What the last whole verification found."""
    if not patient.folder.has_till():
        return
    last = verified(patient.folder)
    if last is None:
        yield Finding("verified", "warn", "the books were never verified as a whole", _VERIFY)
    else:
        yield _judge(last, patient.clock.now())


def _judge(last: Verified, now: Instant) -> Finding:
    if last.damage:
        from kpos.cli.common import remedy
        from kpos.ledger.errors import Damaged

        damage = Damaged(last.damage, last.detail)
        text = f"{last.at}: {damage}"
        return Finding("verified", "fail", text, f"stop the till, then {remedy(damage)}")
    days = _days(last.at, now)
    said = f"{last.documents} documents, {last.at}"
    if days > _VERIFY_DAYS:
        return Finding("verified", "warn", f"{days} days ago: {said}", _VERIFY)
    return Finding("verified", "ok", said)


def _days(then: Instant, now: Instant) -> int:
    return max(now.ms - then.ms, 0) // DAY_MS


def _is_beside(done: BackedUp, folder: Folder) -> bool:
    """Whether a backup lies on the disk of the books; what is not there now lies elsewhere."""
    try:
        return Path(done.file).stat().st_dev == folder.path.stat().st_dev
    except OSError:
        return False


def _has_wawi(folder: Folder) -> bool:
    """A WaWi holds the journal, too."""
    from kpos.ledger.pairing import read_pairing
    from kpos.ledger.readonly import reading_journal
    from kpos.ledger.schema import PAIRED_SINCE, version_of

    with reading_journal(folder) as db:
        return version_of(db) >= PAIRED_SINCE and read_pairing(db) is not None
