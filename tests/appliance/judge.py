"""What a disk after a power cut is worth: mended as the till does at its start, opened, verified.

Nothing is mounted: e2fsck replays the file system's journal as it does before the till mounts it,
and debugfs takes the files out.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kpos.clock import ScriptClock
from kpos.domain.instant import Instant
from kpos.ledger.books import Books
from kpos.ledger.errors import LedgerError, NoTill
from kpos.ledger.files import Folder
from kpos.ledger.verify import verify
from tests.appliance.acknowledged import Shown
from tests.faults.audit import Lost, read_books

# What systemd-fsck calls with fsck.repair=yes (image-build/grub.cfg): 1 says that it mended.
FSCK = ("e2fsck", "-y")
FSCK_DONE = (0, 1)
# And then there must be nothing left to mend, wherever one looks.
FSCK_AGAIN = ("e2fsck", "-f", "-n")
BOOKS = "kpos"
_LATER = Instant.parse("2036-11-24T18:00:00Z")


@dataclass(frozen=True)
class Booking:
    """One thing that was booked: a receipt, and the documents in the journal up to its end."""

    receipt_number: str
    kind: str
    cents: int
    documents: int

    def is_told_by(self, picture: Sequence[str]) -> bool:
        """Whether thanks for a purchase name the sum that was booked; other pictures need not."""
        if not picture[0].startswith(("Danke", "Thank you")):
            return self.kind != "sale"
        sums = re.findall(r"(\d+)[.,](\d\d)$", picture[1].rstrip())
        return sums == [(str(self.cents // 100), f"{self.cents % 100:02}")]


@dataclass(frozen=True)
class Found:
    """`fault` is what is wrong with a till that should be whole; else what it has, in order."""

    fault: str = ""
    hashes: tuple[str, ...] = ()
    receipts: tuple[str, ...] = ()


@dataclass(frozen=True)
class History:
    """What was booked while the log was written, in order, and what had been there before."""

    hashes: tuple[str, ...]
    bookings: tuple[Booking, ...]
    shown: tuple[Shown, ...]
    documents_before: int

    def allowed(self, cut: int) -> range:
        """How many documents there may be after so many entries of the log."""
        told = sum(shown.entries <= cut for shown in self.shown)
        ends = [self.documents_before, *(booking.documents for booking in self.bookings)]
        return range(ends[told], ends[min(told + 1, len(ends) - 1)] + 1)

    def verdict(self, cut: int, found: Found) -> str:
        """The class of what was found, and after a colon what is to be said of it."""
        if found.fault:
            return found.fault
        count, allowed = len(found.hashes), self.allowed(cut)
        if found.hashes != self.hashes[:count]:
            return f"other books: {count} documents that are not those that were booked"
        if count < allowed.start:
            thanked = [shown.receipt_number for shown in self.shown if shown.entries <= cut]
            return f"lost: {allowed.start - count} documents, thanked for {thanked[-1:]}"
        if count not in allowed:
            return f"unasked: {count} documents, where {allowed} were possible"
        return "whole"


class Judge:
    """Looks at partitions; books that are equal are looked at once."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._found: dict[bytes, Found] = {}

    def look(self, partition: Path | None) -> Found:
        """What is on it; it is changed by that. None has no books, and may have none."""
        if partition is None:
            return Found()
        status, said = _run(*FSCK, partition)
        if status not in FSCK_DONE:
            return Found(f"no file system: e2fsck ended with {status}: {said[-200:]}")
        status, said = _run(*FSCK_AGAIN, partition)
        if status:
            return Found(f"damaged file system: e2fsck -f -n ended with {status}: {said[-200:]}")
        folder = self._take_out(partition)
        state = hashlib.sha256()
        for path in sorted(folder.path.glob("*")):
            state.update(f"{path.name} {path.stat().st_size} ".encode() + path.read_bytes())
        if state.digest() not in self._found:
            self._found[state.digest()] = _open(folder)
        return self._found[state.digest()]

    def _take_out(self, partition: Path) -> Folder:
        shutil.rmtree(self._place / BOOKS, ignore_errors=True)
        _run("debugfs", "-R", f"rdump /{BOOKS} {self._place}", partition)
        folder = folder_of(self._place)
        folder.control_socket.unlink(missing_ok=True)
        return folder


def folder_of(place: Path) -> Folder:
    """Where a judge leaves the books that it looked at last."""
    return Folder(place / BOOKS)


def bookings(folder: Folder, after: int) -> tuple[Booking, ...]:
    """What the journal's documents are together, but for the first so many."""
    if not folder.has_till():
        return ()
    with closing(sqlite3.connect(f"file:{folder.journal}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT kind, content FROM document ORDER BY position").fetchall()
    found: list[Booking] = []
    for count, (kind, content) in enumerate(rows[after:], after + 1):
        fields = json.loads(content)
        receipt, postings = fields[3], dict(fields[9])
        if receipt is not None:
            found.append(Booking(receipt, kind, postings.get("clearing", 0), count))
        elif found:
            # The debit of a purchase, the costing of a delivery: part of what was booked.
            last = found[-1]
            found[-1] = Booking(last.receipt_number, last.kind, last.cents, count)
    return tuple(found)


def _open(folder: Folder) -> Found:
    """As the till does at its start; then everything is checked twice."""
    try:
        Books(folder, ScriptClock(_LATER)).close()
        verify(folder)
        told = read_books(folder.journal).told
    except NoTill:
        return Found()
    except (LedgerError, Lost) as error:
        return Found(f"damaged books: {error}")
    except Exception as error:  # noqa: BLE001 - a till that crashes is what is looked for
        return Found(f"crash: {error!r}")
    with closing(sqlite3.connect(f"file:{folder.journal}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT hash FROM document ORDER BY position").fetchall()
    receipts = tuple(receipt for _, receipt, _ in told if receipt)
    return Found(hashes=tuple(row[0] for row in rows), receipts=receipts)


def _run(*command: str | Path) -> tuple[int, str]:
    done = subprocess.run(command, capture_output=True, check=False)
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    return done.returncode, " ".join(said.split())
