"""What the journal said in the course of a recording, and what of it a cut may have taken."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.faults.cuts_disk import Device, Disk
from tests.faults.cuts_judge import ASIDE, Content, Finding, read_content
from tests.faults.cuts_scene import BACKUP, TILL, Recording
from tests.faults.shim import OUTPUT, Record

JOURNAL = f"{TILL}/journal.db"
JOURNAL_FILES = (JOURNAL, f"{JOURNAL}-wal", f"{JOURNAL}-journal")


@dataclass(frozen=True)
class History:
    """A recording, and what the journal said after each change: contents from places on."""

    recording: Recording
    places: tuple[int, ...]
    contents: tuple[Content | None, ...]

    def at(self, cut: int) -> int:
        """The number of the content in force after `cut` records."""
        return bisect_right(self.places, cut) - 1

    def promised(self, cut: int) -> int:
        """The number of the content in force when something was last said to somebody."""
        records = self.recording.records
        while cut and records[cut - 1].call != OUTPUT:
            cut -= 1
        return self.at(cut)

    @cached_property
    def backup_told(self) -> int:
        """After how many records somebody was told that the backup is made."""
        told = f"{BACKUP}\n".encode()
        return self._first(lambda record: record.call == OUTPUT and told in record.data)

    @cached_property
    def put_aside(self) -> int:
        """After how many records a restore had moved the former journal."""
        return self._first(lambda record: record.to == ASIDE)

    def _first(self, wanted: Callable[[Record], bool]) -> int:
        records = self.recording.records
        found = (number for number, record in enumerate(records, 1) if wanted(record))
        return next(found, len(records) + 1)


def history_of(recording: Recording, place: Path) -> History:
    """Read the journal as the processes saw it after each of its syncs and changes of names."""
    disk = Disk("posix", "honest", random.Random(0), recording.before)
    places, contents = [0], [_content(disk, place)]
    for number, record in enumerate(recording.records, 1):
        disk.apply(record)
        if record.call in "sdurl" and {record.name, record.to} & set(JOURNAL_FILES):
            content = _content(disk, place)
            if content != contents[-1]:
                places.append(number)
                contents.append(content)
    return History(recording, tuple(places), tuple(contents))


def _content(disk: Disk, place: Path) -> Content | None:
    place.mkdir(parents=True, exist_ok=True)
    for path in place.iterdir():
        path.unlink()
    for name, content in disk.perfect(JOURNAL_FILES).items():
        (place / Path(name).name).write_bytes(content)
    return read_content(place / "journal.db")


# Judging


def is_failure(verdict: str, device: Device) -> bool:
    """An honest device loses nothing; no device damages anything that nobody notices."""
    return not verdict.startswith("whole") if device == "honest" else verdict.startswith("wrong")


def judged(history: History, cut: int, finding: Finding, device: Device) -> str:
    """The class of a state, after a colon what is to be said of it."""
    promised, now = history.promised(cut), history.at(cut)
    expected = history.contents[promised]
    if finding.audited:
        return f"wrong: {finding.audited}"
    if finding.opened.startswith(("J", "S")):
        return f"locked: {finding.opened}"
    if finding.verified:
        return f"found by verify: {finding.verified}"
    fault = _other_fault(history, cut, finding)
    if fault and device == "honest":
        return f"wrong: {fault}"
    if finding.content is None:
        allowed = history.contents[promised : now + 2]
        return "whole" if None in allowed else f"no till: instead of {expected}"
    return _compared(history, range(promised, now + 2), finding)


def _compared(history: History, allowed: range, finding: Finding) -> str:
    """The class of a till that opened, verified."""
    content = finding.content
    assert content is not None
    past = [each for each in history.contents[: allowed.stop] if each is not None]
    said = f"{content} instead of {history.contents[allowed.start]}"
    if content in history.contents[allowed.start : allowed.stop]:
        return "whole"
    if content in past:
        return f"lost: {said}"
    if content.head not in {each.head for each in past}:
        return f"wrong: {said}"
    tables = list(zip(*(each.beside for each in past), strict=True))
    if all(table in then for table, then in zip(content.beside, tables, strict=True)):
        return f"lost beside: {said}"
    return f"wrong: {said}"


def _other_fault(history: History, cut: int, finding: Finding) -> str:
    """What is promised of backups, of journals that are kept, of commands called again."""
    if finding.backup not in ("", "whole"):
        return f"the backup is damaged: {finding.backup}"
    if not finding.backup and cut >= history.backup_told:
        return "the backup that was made is not there"
    if finding.again:
        return f"what was interrupted cannot be done again: {finding.again}"
    if cut >= history.put_aside:
        former = history.contents[history.at(history.put_aside - 1)]
        if former not in (finding.content, finding.aside):
            return "the journal of before the restore is lost"
    return ""
