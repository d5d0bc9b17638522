"""The n-th call to the disk fails: who was thanked, what was shown, what is in the books.

`python -m tests.faults.failing --part sell --call write --file journal.db-wal --nth 17 --error
ENOSPC` plays one case and prints what the person at the till saw; without `--call` all calls are
counted. Errors are names of errno; `short` (half is written), `half` (half is written, and the
disk is full at the next call); after a plus sign `on` (everything fails from then on, until it is
healed) or `lost` (what was written since the last sync is gone, as Linux may do it).
"""

from __future__ import annotations

import argparse
import errno
import json
import multiprocessing
import random
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory

from kpos.clock import ScriptClock
from kpos.domain.instant import Instant
from kpos.ledger.books import Books
from kpos.ledger.errors import LedgerError
from kpos.ledger.files import Folder
from tests.faults.audit import Lost, audit
from tests.faults.cuts import WORKERS, memory, say
from tests.faults.failing_scene import PARTS, TILL, BadEvening, Outcome, prepare
from tests.faults.shim import CALLS, NAMES, Failure

_NEXT_DAY = Instant.parse("2026-11-23T18:00:00Z")
# What a call can be told, by its name.
_ERRORS: dict[str, tuple[str, ...]] = {
    "write": ("ENOSPC", "EIO", "EROFS", "short", "half", "ENOSPC+on", "EROFS+on"),
    "fsync": ("EIO", "EIO+lost", "EIO+on"),
    "fdatasync": ("EIO", "EIO+lost", "ENOSPC+lost", "EIO+on"),
    "open": ("EIO", "ENOSPC", "EROFS"),
    "ftruncate": ("EIO", "ENOSPC", "EROFS"),
    "fallocate": ("ENOSPC", "EIO"),
    "unlink": ("EIO", "EROFS"),
    "rename": ("EIO", "ENOSPC", "EROFS"),
    "link": ("EIO", "EROFS"),
    "mkdir": ("EIO", "ENOSPC", "EROFS"),
    "rmdir": ("EIO",),
    "read": ("EIO",),
    "close": ("EIO",),
}


@dataclass(frozen=True, order=True)
class Case:
    """One failure in one part of the evening."""

    part: str
    call: str
    file: str
    nth: int
    error: str

    @property
    def failure(self) -> Failure:
        """As the shim is told."""
        name, _, more = self.error.partition("+")
        how = {"short": "s", "half": "h"}.get(name) or str(getattr(errno, name))
        return Failure(self.call, self.file, self.nth, f"e{how}" if more == "on" else how)

    def __str__(self) -> str:
        return (
            f"--part {self.part} --call {self.call} --file {self.file} --nth {self.nth}"
            f" --error {self.error}"
        )


def count(place: Path, base: Path, part: str) -> Counter[tuple[str, str]]:
    """How often each call is made on each file."""
    outcome = BadEvening(place / f"counting-{part}", base, part, None).run()
    return Counter(
        (NAMES[record.call], Path(record.name).name)
        for record in outcome.records
        if record.call in CALLS.values()
    )


def every_case(part: str, counted: Counter[tuple[str, str]]) -> Iterable[Case]:
    """Every call with every error."""
    for (call, file), calls in sorted(counted.items()):
        for error in _ERRORS[call]:
            for nth in range(1, calls + 1):
                yield Case(part, call, file, nth, error)


def sample(part: str, counted: Counter[tuple[str, str]], draw: random.Random) -> list[Case]:
    """Every call on every file, at a moment of its own: of the journal, with every error."""
    cases = []
    for (call, file), calls in sorted(counted.items()):
        errors = _ERRORS[call]
        if not file.startswith("journal.db"):
            errors = tuple(draw.sample(errors, min(2, len(errors))))
        cases += [Case(part, call, file, draw.randint(1, calls), error) for error in errors]
    return cases


def play(case: Case, place: Path, base: Path) -> tuple[Outcome, list[str]]:
    """One case, and what is wrong with it."""
    evening = BadEvening(place, base, case.part, case.failure)
    outcome = evening.run()
    found = []
    if case.call in ("fsync", "fdatasync"):
        disk = evening.after_failed_syncs()
        if f"{TILL}/journal.db-wal" in disk.lost and outcome.booked_after:
            found.append("the till goes on after a failed sync of a booking")
        if case.error.endswith("+lost"):
            evening.lose(disk)
    return outcome, found + faults(case, outcome, evening.data, receipts_of(base))


def faults(case: Case, outcome: Outcome, data: Path, before: set[str]) -> list[str]:
    """What did not hold."""
    found = [*_manners(case, outcome), *_promises(case, outcome)]
    try:
        Books(Folder(data), ScriptClock(_NEXT_DAY)).close()
        audit(data, outcome.booked)
    except (Lost, LedgerError) as error:
        found.append(f"after a restart: {error}")
    else:
        found += _only_acknowledged(outcome, data, before)
    return found


def _manners(case: Case, outcome: Outcome) -> Iterable[str]:
    """Whatever happens, somebody is told in words."""
    if "Traceback" in outcome.stderr:
        yield f"a traceback: {outcome.stderr}"
    if outcome.status not in (0, 1):
        yield f"exit status {outcome.status}: {outcome.stderr}"
    if outcome.status == 1 and "kpos: " not in outcome.stderr:
        yield f"it ended without a word: {outcome.stderr}"
    for answer in outcome.answers:
        if not answer.keys() & {"done", "failed", "refused"}:
            yield f"no answer: {answer}"


def _promises(case: Case, outcome: Outcome) -> Iterable[str]:
    """Thanks follow a booking; a disk that is full only refuses; one that failed is not trusted."""
    booked = False
    for message in outcome.messages:
        booked = booked or "booked" in message
        if message.get("sound") == "paid" and not booked:
            yield "somebody is thanked for nothing"
        if "done" in message:
            booked = False
    if outcome.paid_at_last is False and not outcome.is_locked:
        yield "the till neither sells again nor says why not"
    only_full = case.error.startswith(("ENOSPC", "short", "half")) and case.call == "write"
    if only_full and outcome.is_locked and not outcome.says("J-14"):
        yield "a disk that was full for a moment stops the till"


def _only_acknowledged(outcome: Outcome, data: Path, before: set[str]) -> Iterable[str]:
    """Nothing that was refused is in the books; what a till was doing when it stopped may be."""
    acknowledged = {each["receipt_number"] for each in outcome.booked}
    unsaid = receipts(data) - before - acknowledged
    stopped = outcome.is_locked or outcome.status != 0
    if len(unsaid) > (1 if stopped else 0):
        yield f"in the books, but nobody was told: {sorted(unsaid)}"


@cache
def receipts_of(base: Path) -> set[str]:
    """The receipt numbers before any case. Whoever reads them empties a WAL: a copy is read."""
    with TemporaryDirectory(dir=base.parent) as copy:
        return receipts(shutil.copytree(base / TILL, Path(copy) / TILL))


def receipts(data: Path) -> set[str]:
    """The receipt numbers in a journal."""
    with closing(sqlite3.connect(data / "journal.db")) as db:
        contents = db.execute("SELECT content FROM document WHERE number IS NOT NULL")
        return {json.loads(content)[3] for (content,) in contents}


_JOB = tuple[Case, Path, Path]


def _work(job: _JOB) -> tuple[Case, bool, list[str]]:
    case, place, base = job
    with TemporaryDirectory(dir=place) as own:
        outcome, found = play(case, Path(own) / "played", base)
    return case, outcome.fired, found


def sweep(cases: list[Case], place: Path, base: Path) -> list[tuple[Case, bool, list[str]]]:
    """Play cases in processes of their own: whether the call was reached, and what is wrong."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, context) as pool:
        return list(pool.map(_work, zip(cases, repeat(place), repeat(base))))


def main() -> int:
    """Play one case, or count the calls."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS, default="sell")
    parser.add_argument("--call", choices=sorted(CALLS))
    parser.add_argument("--file", default="journal.db-wal", help="the last part of its name, or *")
    parser.add_argument("--nth", type=int, default=1)
    parser.add_argument("--error", default="ENOSPC")
    chosen = parser.parse_args()
    with TemporaryDirectory(prefix="kpos-failing-", dir=memory()) as folder:
        place = Path(folder)
        prepare(place / "base")
        if chosen.call is None:
            for (call, file), calls in sorted(count(place, place / "base", chosen.part).items()):
                say(f"{calls:6} {call} {file}")
            return 0
        case = Case(chosen.part, chosen.call, chosen.file, chosen.nth, chosen.error)
        outcome, found = play(case, place / "played", place / "base")
    _tell(outcome)
    for fault in found:
        say(f"wrong: {fault}")
    return 1 if found else 0


def _tell(outcome: Outcome) -> None:
    """What people met."""
    say("" if outcome.fired else "the call was not reached")
    for frame in outcome.frames:
        say(f"{frame}\n")
    for answer in outcome.answers:
        say(f"control socket: {answer}")
    say(f"exit status {outcome.status}; sells in the end: {outcome.paid_at_last}")
    say(outcome.stderr)


if __name__ == "__main__":
    sys.exit(main())
