"""The till of a backup: which one, whether it is there already, and where the backup goes."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from kpos.cli.common import give_to_owner
from kpos.cli.first.doing import identity_of
from kpos.cli.first.said import Fault, Said, Wrong
from kpos.cli.syncing import pairing_of, tail_of
from kpos.clock import SystemClock
from kpos.domain.refusal import Refused
from kpos.ledger.errors import LedgerError
from kpos.ledger.files import Folder, sync_folder
from kpos.ledger.pairing import Pairing
from kpos.ledger.reading import Identity

_FOR_ROOT = 0o600


def backup_of(name: str, places: Sequence[Path]) -> Path:
    """Where a backup is that was asked for by name.

    Raises:
        Wrong: if it is not there, naming those that are.
    """
    for folder in places:
        if (folder / name).is_file():
            return folder / name
    there = ", ".join(each.name for folder in places for each in backups_in(folder)) or "-"
    raise Wrong(Fault(Said(
        f"die Sicherung {name[:60]!r} liegt nicht auf der Karte; da ist: {there}",
        f"the backup {name[:60]!r} is not on the card; there is: {there}",
    )))  # fmt: skip


def backups_in(folder: Path) -> list[Path]:
    """As `kpos backup` names them, the newest last."""
    return sorted(folder.glob("kpos-*.db"), key=lambda path: path.stem.rpartition("-")[2])


def only_backup(backups: Sequence[Path]) -> str:
    """The name of the newest, where all are of one till; "" where there is none.

    Raises:
        Wrong: if they are of several.
    """
    tills = {path.stem.rpartition("-")[0] for path in backups}
    if len(tills) > 1:
        names = ", ".join(path.name for path in backups)
        raise Wrong(Fault(Said(
            f"hier liegen Sicherungen mehrerer Kassen ({names}): nur eine liegen lassen, oder sie"
            " in kpos-setup.toml unter [restore] nennen",
            f"there are backups of several tills here ({names}): leave one only, or name it in"
            " kpos-setup.toml below [restore]",
        )))  # fmt: skip
    return backups[-1].name if backups else ""


def restore_books(backup: Path, folder: Folder, *, over: bool) -> None:
    """The till of a backup, unless it was put back already; `over` what else is there.

    Raises:
        Wrong: if another one is there.
        Refused: if it is no whole backup.
    """
    from kpos.ledger.backup import restore

    there, source = identity_of(folder), identity_in(backup)
    if there is not None and source is not None and there.till == source.till:
        if there.epoch > source.epoch:
            return
        over = False
    if there is not None and not over:
        raise Wrong(Fault(Said(
            "hier ist schon eine Kasse mit eigenen Buchungen: eine Sicherung ersetzt sie nur mit"
            " kpos restore (per ssh). Die Datei kpos-*.db oder [restore] wegnehmen",
            "there is a till with bookings of its own here: a backup replaces them by kpos restore"
            " alone (over ssh). Take the file kpos-*.db or [restore] away",
        )))  # fmt: skip
    folder.make()
    try:
        restore(backup, folder, SystemClock(), tail_of)
    finally:
        give_to_owner(folder)


def identity_in(backup: Path) -> Identity | None:
    """Whose backup it is, as far as it can be read."""
    with _copied(backup) as copy, suppress(LedgerError):
        return identity_of(copy)
    return None


def pairing_in(backup: Path) -> Pairing | None:
    """The WaWi of the till whose backup it is, as far as it can be read."""
    with _copied(backup) as copy, suppress(LedgerError, Refused):
        return pairing_of(copy)
    return None


@contextmanager
def _copied(backup: Path) -> Iterator[Folder]:
    """As a till: what is read is not changed, on whatever it lies."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Folder(Path(folder))
        shutil.copyfile(backup, copy.journal)
        yield copy


def keep_backup(backup: Path, backups: Path) -> None:
    """Beside the other backups: on a FAT partition anybody can read its names and PINs."""
    backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = backups / backup.name
    if not kept.exists():
        partial = kept.with_name(f"{kept.name}.part")
        shutil.copyfile(backup, partial)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        owner = backups.stat()
        partial.chmod(_FOR_ROOT)
        os.chown(partial, owner.st_uid, owner.st_gid)
        partial.replace(kept)
        sync_folder(backups)
