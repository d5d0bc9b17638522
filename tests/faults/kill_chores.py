"""What else is killed: commands that write, alone or beside the till."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kpos.ledger.verify import verify_journal
from tests.faults.audit import audit, insist, read_books
from tests.faults.evening import CARDS
from tests.faults.kill_process import Life, Process
from tests.faults.kill_run import Run, Witness, shown_credit

_FIXTURES = Path(__file__).parent.parent / "ledger/fixtures"
_AT = "2026-11-21T18:00:00Z"


def kpos_done(run: Run, *arguments: str | Path) -> Process:
    """A command that comes to its end, whatever that is."""
    process = Process(*arguments, errors=run.work / "errors", forked=True)
    process.wait()
    return process


def kill_backup(run: Run, witness: Witness) -> None:
    """A backup that a running till makes: what stands under its name is whole, or nothing."""
    target = run.work / f"backup{run.folders}.db"
    life = run.awake(witness)
    life.do(run.evening.errand())
    promised = [*witness.acknowledged, *life.booked]
    asking = Process(
        "backup", "--data", witness.data, target, errors=run.work / "asking", forked=True
    )
    run.spin(False, 50)
    run.die(witness, life, "backup")
    asking.wait()
    # What the till had started may go on without it; whenever one looks, it is whole or not there.
    _whole_or_absent(target, promised if asking.status == 0 else [])
    if run.random.random() < 0.3:
        _wait_for_the_other(target)
        again = kpos_done(run, "backup", "--data", witness.data, target)
        insist(holds=again.status == 0, else_say=f"no backup after a kill: {again.complaint}")
        _whole_or_absent(target, [])


def _wait_for_the_other(target: Path) -> None:
    """Until the process that a killed till had started is done with its backup."""
    with (
        contextlib.suppress(FileNotFoundError),
        target.with_name(target.name + ".part").open("rb") as part,
    ):
        fcntl.flock(part, fcntl.LOCK_EX)


def _whole_or_absent(target: Path, promised: list[dict[str, Any]]) -> None:
    if not target.exists():
        insist(holds=not promised, else_say="the backup was promised, and is not there")
        return
    read_books(target, promised)
    with contextlib.closing(sqlite3.connect(f"file:{target}?mode=ro", uri=True)) as db:
        verify_journal(db, str(target))


def kill_office(run: Run, witness: Witness) -> None:
    """A top-up at the command line, beside a till or without one; either may be killed."""
    life = run.awake(witness) if run.random.random() < 0.6 else None
    order = ("top-up", "--data", witness.data, "--card", run.random.choice(CARDS), "--amount", "5")
    asking = Process(*order, errors=run.work / "asking", forked=True)
    run.spin(True, 60)
    if life is None or run.random.random() < 0.5:
        asking.kill()
        run.kills["office"] += 1
        if life is not None:
            life.wait()
            witness.heard(life)
    else:
        run.die(witness, life, "office", asked=False)
    said = asking.wait()
    witness.unheard += 1
    numbers = {each["receipt_number"] for each in witness.acknowledged}
    found = read_books(witness.data / "journal.db", witness.acknowledged)
    booked = [told for told in found.told if told[1] not in numbers and told[0] == "top_up"]
    insist(
        holds=not said
        or said[0].split()[0].rstrip(".") in {number for _, number, _ in booked} | numbers,
        else_say=f"{said} is not in the books",
    )


def kill_rebuild(run: Run, witness: Witness) -> None:
    """Whatever is left of stammdaten.db, the next start goes on from there."""
    forked = run.forked()
    process = Process("rebuild", "--data", witness.data, errors=run.work / "errors", forked=forked)
    run.spin(forked, 60)
    process.kill()
    process.wait()
    run.kills["rebuild"] += 1


def kill_restore(run: Run, witness: Witness) -> None:
    """Restores killed until one comes through; nothing of either journal is gone meanwhile."""
    backup = run.work / "restored.db"
    backup.unlink(missing_ok=True)
    insist(
        holds=kpos_done(run, "backup", "--data", witness.data, backup).status == 0,
        else_say="no backup of a till that stands still",
    )
    in_backup = list(witness.acknowledged)
    life = run.awake(witness)
    for _ in range(3):
        life.do(run.evening.errand())
    life.wait()
    witness.heard(life)
    for _ in range(run.random.randint(1, 4)):
        forked = run.forked()
        process = Process(
            "restore", "--data", witness.data, backup, errors=run.work / "errors", forked=forked
        )
        run.spin(forked, 90)
        process.kill()
        process.wait()
        run.kills["restore"] += 1
        _kept_somewhere(witness)
        _says_what_to_do(run, witness)
    done = kpos_done(run, "restore", "--data", witness.data, backup)
    insist(holds=done.status == 0, else_say=f"no restore after a kill: {done.complaint}")
    _kept_somewhere(witness)
    audit(witness.data, in_backup)


def _kept_somewhere(witness: Witness) -> None:
    """What was acknowledged before the restore is in one of the folder's journals."""
    lost = []
    for journal in sorted(witness.data.glob("journal.db*")):
        if journal.name.endswith(("-wal", "-shm")):
            continue
        try:
            read_books(journal, witness.acknowledged)
        except AssertionError as error:
            lost.append(f"{journal.name}: {error}")
        else:
            return
    insist(holds=False, else_say="; ".join(lost))


def _says_what_to_do(run: Run, witness: Witness) -> None:
    """Between two restores the till runs, or says that one was not finished."""
    life = Life(witness.data, _AT, errors=run.work / "errors", forked=True)
    if not life.awake():
        life.wait()
        insist(holds="kpos restore" in life.complaint, else_say=life.complaint)
        return
    life.wait()
    insist(holds="Kasse gesperrt" not in life.shows, else_say=life.shows)


def kill_init(run: Run, _witness: Witness) -> None:
    """A till that was half made is made whole by the next call."""
    data = run.work / "new"
    shutil.rmtree(data, ignore_errors=True)
    for _ in range(3):
        forked = run.forked()
        process = Process("init", "--data", data, errors=run.work / "errors", forked=forked)
        run.spin(forked, 40)
        process.kill()
        process.wait()
        run.kills["init"] += 1
        _starts_or_says("kpos init", run, data)
    done = kpos_done(run, "init", "--data", data)
    there = "a till in" in done.complaint
    insist(holds=done.status == 0 or there, else_say=f"half a till: {done.complaint}")
    insist(holds=audit(data).documents == 2, else_say="a new till has two documents")


def kill_migration(run: Run, _witness: Witness) -> None:
    """A journal of schema 0, killed at its first starts, has all it had."""
    data = run.work / "old"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    with contextlib.closing(sqlite3.connect(data / "journal.db", isolation_level=None)) as db:
        db.executescript((_FIXTURES / "journal_0.sql").read_text(encoding="utf-8"))
    before = read_books(data / "journal.db")
    for _ in range(3):
        forked = run.forked()
        life = Life(data, _AT, errors=run.work / "errors", forked=forked)
        run.spin(forked, 30)
        life.kill()
        life.wait()
        run.kills["migration"] += 1
        insist(holds=read_books(data / "journal.db") == before, else_say="the journal changed")
    life = Life(data, _AT, errors=run.work / "errors", forked=True)
    insist(holds=life.awake(), else_say=life.complaint)
    life.do([{"scan": "CARD-Ada"}])
    [cents] = before.credit.values()
    insist(holds=shown_credit(life.shows) == cents, else_say=life.shows)
    life.wait()
    insist(holds=audit(data) == before, else_say="the journal changed")


def _starts_or_says(remedy: str, run: Run, data: Path) -> None:
    life = Life(data, _AT, errors=run.work / "errors", forked=True)
    awake = life.awake()
    life.wait()
    insist(holds=awake or remedy in life.complaint, else_say=f"{life.status}: {life.complaint}")


# How often, beside evenings (12) and starts (3); and what comes when a folder has had its kills.
CHORES: list[tuple[int, Callable[[Run, Witness], None]]] = [
    (1, kill_backup),
    (2, kill_office),
    (1, kill_rebuild),
]
END_CHORES = [kill_restore, kill_init, kill_migration]
