"""A till that is killed again and again, and the witness who remembers what it said."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kpos.clock import ScriptClock
from kpos.demo import fill
from kpos.domain.instant import Instant
from kpos.ledger.birth import create_till
from kpos.ledger.files import Folder
from tests.faults.audit import Found, audit, insist, read_books
from tests.faults.evening import CARDS, Evening, keys, pause, scan
from tests.faults.kill_process import Life

_BEGIN = Instant.parse("2026-11-20T18:00:00Z")
_MINUTE_MS = 60_000
_CREDIT = re.compile(r"Guthaben +(-?)([\d.]+),(\d\d)")
_WRONG_PIN = "Falsche PIN"
# Written in one transaction with what they belong to: a purchase, and goods that were sold before.
_BESIDE = {"debit", "costing"}
# (number, PIN) of those who may type one, as the demo has them.
PINS = {"42": "1234", "77": "4711", "7": "161803", "9": "271828"}


@dataclass
class Witness:
    """What somebody who stood beside the till all evening knows of one data folder."""

    data: Path
    wallets: dict[str, str]  # by card
    subjects: dict[str, str]  # by PIN
    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    attempts: dict[str, int] = field(default_factory=dict)
    # Bookings that may be there without an acknowledgement: one per kill behind a request.
    unheard: int = 0
    # Keys since the last audit, and how often the display said that a PIN was wrong.
    typed: str = ""
    wrong_pins: int = 0

    def heard(self, life: Life) -> None:
        """A life is over: what it said counts."""
        self.acknowledged += life.booked
        self.typed += life.typed
        shown = [frame[0] for frame in life.frames]
        again = [line for line, before in zip(shown, ["", *shown], strict=False) if line != before]
        self.wrong_pins += sum(line.startswith(_WRONG_PIN) for line in again)

    def check(self, found: Found) -> None:
        """Nothing more than could be is in the books; counters did not go down."""
        told = {(each["kind"], each["receipt_number"], each["seq"]) for each in self.acknowledged}
        new = [each for each in found.told if each not in told and each[0] not in _BESIDE]
        insist(
            holds=len(new) <= self.unheard,
            else_say=f"at most {self.unheard} bookings without a word, not {new}",
        )
        names = ("kind", "receipt_number", "seq")
        self.acknowledged += [dict(zip(names, each, strict=True)) for each in new]
        self.unheard = 0
        self._check_attempts(found.attempts)

    def _check_attempts(self, now: dict[str, int]) -> None:
        right = {subject for pin, subject in self.subjects.items() if f"{pin}#" in self.typed}
        for subject, attempts in self.attempts.items():
            may_fall = subject in right or (subject == "till" and right)
            insist(
                holds=bool(may_fall) or now.get(subject, 0) >= attempts,
                else_say=f"wrong PINs of {subject}: {now.get(subject)}, before {attempts}",
            )
        if not right:
            counted = now.get("till", 0) - self.attempts.get("till", 0)
            insist(
                holds=counted >= self.wrong_pins,
                else_say=f"{self.wrong_pins} wrong PINs shown, {counted} counted",
            )
        self.attempts, self.typed, self.wrong_pins = now, "", 0


@dataclass
class Run:
    """One seed's loop, in a folder of its own."""

    seed: int
    work: Path
    kills: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.evening = Evening(self.seed)
        self.template = self.work / "template"
        folder, clock, author = Folder(self.template), ScriptClock(_BEGIN), f"uid:{os.getuid()}"
        create_till(folder, clock, author)
        fill(folder, clock, author)
        self.folders = 0
        self.at = _BEGIN

    # Lives

    def fresh(self) -> Witness:
        """A copy of the demo's till."""
        data = self.work / f"till{self.folders}"
        shutil.rmtree(self.work / f"till{self.folders - 1}", ignore_errors=True)
        self.folders += 1
        shutil.copytree(self.template, data)
        with contextlib.closing(sqlite3.connect(data / "stammdaten.db")) as db:
            wallets = dict(db.execute("SELECT code, wallet FROM card"))
            subjects = {
                PINS.get(str(n), ""): s for n, s in db.execute("SELECT number,id FROM member")
            }
        witness = Witness(data, wallets, subjects)
        witness.unheard = 10**9  # what the template holds
        witness.check(read_books(data / "journal.db"))
        return witness

    def forked(self) -> bool:
        """Nine of ten."""
        return self.random.random() < 0.9

    def spin(self, forked: bool, most_ms: float) -> None:
        """Wait a random time; short ones are as likely as long ones."""
        longest = most_ms if forked else 6 * most_ms
        time.sleep(self.random.choice([0, self.random.random() ** 3]) * longest / 1000)

    def start(self, witness: Witness, *, forked: bool) -> Life:
        """A till; its clock is any, mostly a little later than before."""
        jump = self.random.choice([1, 1, 1, 10, 2_000, -2_000])
        self.at = self.at.plus_ms(jump * _MINUTE_MS)
        return Life(witness.data, str(self.at), errors=self.work / "errors", forked=forked)

    def awake(self, witness: Witness) -> Life:
        """A till that was started after a kill, and found to be right."""
        life = self.start(witness, forked=self.forked())
        insist(holds=life.awake(), else_say=f"the till does not start: {life.complaint}")
        found = read_books(witness.data / "journal.db", witness.acknowledged)
        witness.check(found)
        card = self.random.choice(CARDS)
        life.do(scan(card))
        cents = found.credit.get(witness.wallets[card], 0)
        insist(
            holds=shown_credit(life.shows) == cents,
            else_say=f"{card} has {cents} cents, the display says\n{life.shows}",
        )
        life.do([*keys("*"), *pause(2_000)])
        return life

    def die(self, witness: Witness, life: Life, what: str, *, asked: bool = True) -> None:
        """The kill, and what was still heard."""
        life.kill(its_helpers=self.random.random() < 0.7)
        life.wait()
        witness.heard(life)
        witness.unheard += asked
        self.kills[what] += 1

    def finish(self, witness: Witness) -> None:
        """A start and an end in good order, then all that can be checked."""
        life = self.awake(witness)
        life.wait()
        insist(holds=life.status == 0, else_say=f"ended with {life.status}: {life.complaint}")
        witness.heard(life)
        witness.check(audit(witness.data, witness.acknowledged))


def shown_credit(picture: str) -> int | None:
    """The cents of credit on the display."""
    found = _CREDIT.search(picture)
    if found is None:
        return None
    sign, whole, cents = found.groups()
    return int(f"{sign}{whole.replace('.', '')}{cents}")
