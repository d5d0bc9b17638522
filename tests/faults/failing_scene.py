"""One evening at a till whose disk fails once, or from some moment on, and what came of it.

Three parts, each begun with the same folder: `sell` (fifty bookings, PINs, a top-up by the control
socket, undoing, an hour in which stammdaten.db is copied), `backup` while the till runs, `rebuild`.
"""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

from kpos.domain.refusal import Refused
from kpos.ledger.files import Folder
from kpos.terminal.control import ask
from tests.faults.cuts_disk import Disk
from tests.faults.shim import Failure, Record, Shim
from tests.process.jsonl_till import ROOT, JsonlTill, kpos

PARTS = ("sell", "backup", "rebuild")
MATE = "4029764001807"
TILL, BACKUP = "till", "stick/backup.db"
_CARDS = ("CARD-ADA", "CARD-LINUS", "GUEST-1")
_AT = "2026-11-22T18:00:00Z"
BOOKINGS = 50
_BEFORE = 90
# The good copy is waited for: so often, and so many bytes of the log tell that it was given up.
_TRIES, _PAUSE_S, _END = 200, 0.01, 200
# So many lines are still typed after the disk failed: a purchase or two.
_LINES_AFTER = 12
_FULL, _LOCKED = "Not booked: disk full", "Till out of order"
# Beside the lines of --io jsonl: a request at the control socket.
Line = dict[str, Any]

_PURCHASE: list[Line] = [{"scan": "CARD-LINUS"}, {"scan": MATE}, {"key": "#"}]


@dataclass
class Outcome:
    """What people at the till and at the command line met."""

    fired: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)  # of the till, all
    failed_at: int | None = None  # how many messages there were before the call failed
    answers: list[dict[str, Any]] = field(default_factory=list)  # at the control socket
    paid_at_last: bool | None = None  # whether the till sells in the end; None: not tried
    status: int | None = None
    stderr: str = ""
    records: list[Record] = field(default_factory=list)

    @property
    def booked(self) -> list[dict[str, Any]]:
        """What was acknowledged."""
        return [each["booked"] for each in self.messages if "booked" in each]

    @property
    def booked_after(self) -> bool:
        """Whether something was acknowledged after the disk had failed."""
        said = self.messages[self.failed_at :] if self.failed_at is not None else []
        return any("booked" in each for each in said)

    @property
    def frames(self) -> list[str]:
        """What was shown after the disk had failed."""
        shown = self.messages[self.failed_at :] if self.failed_at is not None else []
        return ["\n".join(each["frame"]) for each in shown if "frame" in each]

    @property
    def is_locked(self) -> bool:
        """Whether the till stopped, and said so."""
        return self.says(_LOCKED)

    def says(self, text: str) -> bool:
        """Whether somebody could read this."""
        return any(text in frame for frame in self.frames)


def prepare(folder: Path) -> None:
    """The folder that every part begins with: a demo's till, and credit for an evening.

    Somebody pulled the plug of it: its WAL is read at the start, and full enough to be checkpointed
    and begun anew in the evening.
    """
    (folder / "stick").mkdir(parents=True)
    data = folder / TILL
    calls: list[tuple[str, ...]] = [("init", "--demo")]
    calls += [("top-up", "--card", card, "--amount", "200.00") for card in _CARDS]
    shim = Shim(folder, folder.with_name("prepared"), 1)
    for call in calls:
        command = [*shim.before, *kpos(*call, "--data", data)]
        subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    till = JsonlTill(data, "--at", _AT, before=shim.before)
    for _ in range(_BEFORE):
        for line in [*_PURCHASE, {"wait_ms": 20_000}]:
            till.do(**line)
    till.kill()
    (data / "control.sock").unlink()


def lines() -> Iterator[Line]:
    """Fifty bookings."""
    for number in range(BOOKINGS):
        kind = number % 10
        if kind == 2:
            yield {"ask": ("top_up", {"card": "GUEST-1", "cents": 100})}
        elif kind == 4:
            yield from ({"scan": "CARD-ADA"}, *_keys("0#1#"))
        elif kind == 6:
            yield from (*_keys("77#4711#"), {"scan": MATE}, *_keys("#"))
        else:
            yield from ({"scan": "CARD-ADA"}, {"scan": MATE}, *_keys("#"))
        yield {"wait_ms": 20_000}


def _keys(typed: str) -> list[Line]:
    return [{"key": key} for key in typed]


class BadEvening:
    """One part, with one failure."""

    def __init__(self, place: Path, base: Path, part: str, failure: Failure | None) -> None:
        self._disk = place / "disk"
        shutil.copytree(base, self._disk)
        self._before = {
            path.relative_to(self._disk).as_posix(): path.read_bytes()
            for path in self._disk.rglob("*")
            if path.is_file()
        }
        self.data = self._disk / TILL
        self._part = part
        self._errors = place / "stderr"
        self._shim = Shim(self._disk, place / "own", 1, failure)
        self._outcome = Outcome()
        self._whole_until = 0

    def run(self) -> Outcome:
        """Play it to its end."""
        if self._part == "rebuild":
            self._rebuild()
        else:
            self._sell()
        self._outcome.fired = self._shim.fired
        self._outcome.stderr = self._errors.read_text(encoding="utf-8")
        self._outcome.records = self._shim.records()
        return self._outcome

    def after_failed_syncs(self) -> Disk:
        """The disk, if a failed sync lost what it was to write."""
        disk = Disk("posix", "honest", random.Random(0), self._before)
        for record in self._outcome.records:
            disk.apply(record)
        return disk

    def lose(self, disk: Disk) -> None:
        """Let it have happened."""
        for name, content in disk.perfect(disk.lost).items():
            (self._disk / name).write_bytes(content)

    def _rebuild(self) -> None:
        with self._errors.open("w") as errors:
            command = [*self._shim.before, *kpos("rebuild", "--data", self.data)]
            done = subprocess.run(
                command, check=False, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors
            )
        self._outcome.status = done.returncode

    def _sell(self) -> None:
        before = ("sh", "-c", 'exec "$@" 2>"$0"', str(self._errors), *self._shim.before)
        outcome = self._outcome
        try:
            till = JsonlTill(self.data, "--at", _AT, "--language", "en", before=before)
        except EOFError as error:
            outcome.status = int(str(error).rpartition(" ")[2])
            return
        outcome.messages = till.messages
        try:
            self._evening(till)
            self._afterwards(till)
        except (EOFError, BrokenPipeError):
            outcome.status = till.process.wait()
            till.kill()
        else:
            outcome.status = till.end()

    def _evening(self, till: JsonlTill) -> None:
        self._look(till)
        till.do(wait_ms=0)
        self._look(till)
        left = _LINES_AFTER
        for line in self._lines():
            self._do(till, line)
            self._look(till)
            left -= self._shim.fired
            if not left:
                return

    def _lines(self) -> Iterator[Line]:
        if self._part == "backup":
            yield from [*_PURCHASE, {"wait_ms": 20_000}]
            yield {"ask": ("backup", {"target": str(self._disk / BACKUP)})}
            yield from [*_PURCHASE, {"wait_ms": 20_000}]
            return
        yield from lines()
        yield {"wait_ms": 3_600_000}
        self._await_good_copy()

    def _await_good_copy(self) -> None:
        """A thread makes it while nothing else happens; a failure may keep it from beginning."""
        for _ in range(_TRIES):
            last = self._shim.log.read_bytes()[-_END:]
            if last.rfind(b"stammdaten.good.part") > last.rfind(b"stammdaten.good.part-"):
                return
            Event().wait(_PAUSE_S)

    def _afterwards(self, till: JsonlTill) -> None:
        """The disk is whole again, or there is room: does the till book?"""
        if self._shim.fired:
            self._shim.heal()
        self._once_more(till)
        for line in [*_keys("****"), {"wait_ms": 60_000}, *_PURCHASE]:
            till.do(**line)
        self._look(till)
        self._once_more(till)
        sounds = [each["sound"] for each in till.messages if "sound" in each]
        self._outcome.paid_at_last = sounds[-1:] == ["paid"]
        # Somebody at the command line asks as well, and the till says so when it does it.
        self._do(till, {"ask": ("top_up", {"card": "CARD-ADA", "cents": 100})})
        till.do(wait_ms=0)

    def _once_more(self, till: JsonlTill) -> None:
        """There is room: the same purchase, as the display says."""
        if _FULL in till.shows:
            self._shim.heal()
            till.do(key="#")

    def _look(self, till: JsonlTill) -> None:
        """Remember what had been said when the disk was whole for the last time."""
        if not self._shim.fired:
            self._whole_until = len(till.messages)
        elif self._outcome.failed_at is None:
            self._outcome.failed_at = self._whole_until

    def _do(self, till: JsonlTill, line: Line) -> None:
        if "ask" not in line:
            till.do(**line)
            return
        name, arguments = line["ask"]
        try:
            answer = ask(Folder(self.data).control_socket, name, arguments)
        except (OSError, Refused) as error:
            answer = {"refused": str(error)}
        self._outcome.answers.append(answer)
