"""PINs: verifiers, and attempt counters that are durable before the check begins.

The counters live beside the journal and trust no clock: waiting is measured on the monotonic
clock and begins anew with every start of the till, so that neither a reboot nor a changed date
shortens it. Nothing here protects a stolen disk for long (10^4 PINs are tried in minutes); the
credit behind a PIN bounds the loss.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kpos.clock import Clock
from kpos.domain.document import read_content
from kpos.domain.ids import Id
from kpos.domain.member import LOCKED_FOR_GOOD, PinStanding
from kpos.domain.values import dataclass
from kpos.ledger import sealed, seam
from kpos.ledger.errors import Damaged
from kpos.ledger.journal import Booking, Journal

if TYPE_CHECKING:
    from kpos.domain.exchange import Entry

# scrypt at 8 MiB: 28 ms on a 2.4 GHz core, about half a second on a 1 GHz thin client.
_N, R, P = 2**13, 8, 1
# Twice the work, for a till that is faster some day; more would exceed `_MAXMEM`.
N_MAX = 2**14
SALT_BYTES = 16
KEY_BYTES = 32
_MAXMEM = 32 * 1024 * 1024

# Three free guesses, then 30 s, 1 min, 2 min … and after ten a trusted person must reset.
_FREE = 3
_FREE_OF_TILL = 10
_WAIT_MS = 30_000
_FOR_GOOD = 10
# Wrong PINs of many cards at one till: never for good, or one stranger could close the till.
_WAIT_OF_TILL_MAX_MS = 15 * 60_000
_TILL = Id("till")


@dataclass(frozen=True, slots=True)
class Verifier:
    """What a PIN is checked against; its parameters are kept with it."""

    salt: bytes
    key: bytes
    n: int = _N
    r: int = R
    p: int = P

    def __repr__(self) -> str:
        return "Verifier(…)"

    def matches(self, pin: str) -> bool:
        """Whether `pin` is the one. Slow on purpose: call it in a worker thread."""
        from hmac import compare_digest  # a till at rest checks no PIN

        return compare_digest(_derive(pin, self.salt, self.n, self.r, self.p), self.key)


@dataclass(frozen=True, slots=True)
class SetPin:
    """A PIN that was set at a till, or (None) removed, for the WaWi.

    `replaces` is the version of the WaWi's PIN that was in force here; 0: there was none.
    """

    subject: Id
    replaces: int
    verifier: Verifier | None


def make_verifier(pin: str) -> Verifier:
    """A verifier for a new PIN. Slow on purpose."""
    salt = os.urandom(SALT_BYTES)
    return Verifier(salt, _derive(pin, salt, _N, R, P))


class Pins:
    """The `pin` table of the journal, and the waiting times of this process."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._started_ms = clock.monotonic_ms()
        self._failed_ms: dict[str, int] = {}
        self._till_failed_before_ms = self._started_ms

    def standing(self, subject: Id) -> PinStanding:
        """How somebody stands, before a PIN is typed."""
        exists = self._verifier(subject) is not None
        attempts = self.attempts(subject)
        left = max(_FREE - attempts, 1)
        if attempts >= _FOR_GOOD:
            return PinStanding(exists, 0, LOCKED_FOR_GOOD)
        wait_ms = max(
            self._wait_ms(subject, attempts, _FREE, None),
            self._wait_ms(_TILL, self.attempts(_TILL), _FREE_OF_TILL, _WAIT_OF_TILL_MAX_MS),
        )
        return PinStanding(exists, left, wait_ms or None)

    def begin(self, subject: Id) -> Verifier | None:
        """Count an attempt, durably, and hand out what to check against.

        None if there is no PIN or the subject may not try now: then nothing is counted.
        """
        verifier = self._verifier(subject)
        if verifier is None or self.standing(subject).locked_ms is not None:
            return None
        with self._journal.transaction() as booking:
            for counter in (subject, _TILL):
                self.count(booking, counter, self.attempts(counter) + 1)
        now_ms = self._clock.monotonic_ms()
        self._till_failed_before_ms = self._failed_ms.get(_TILL, self._started_ms)
        self._failed_ms[subject] = self._failed_ms[_TILL] = now_ms
        return verifier

    def succeeded(self, subject: Id) -> None:
        """The PIN was right: the subject's counter is cleared, the till's goes down.

        By two: the attempt that was counted for this check, and one of earlier days, so that
        honest slips do not add up over the years. It was no failure, so nobody waits for it.
        """
        self._failed_ms[_TILL] = self._till_failed_before_ms
        with self._journal.transaction() as booking:
            self.count(booking, subject, 0)
            self.count(booking, _TILL, max(self.attempts(_TILL) - 2, 0))

    def _wait_ms(self, subject: Id, attempts: int, free: int, most_ms: int | None) -> int:
        if attempts < free:
            return 0
        wait_ms = _WAIT_MS << (attempts - free)
        if most_ms is not None:
            wait_ms = min(wait_ms, most_ms)
        since_ms = self._failed_ms.get(subject, self._started_ms)
        return max(since_ms + wait_ms - self._clock.monotonic_ms(), 0)

    def count(self, booking: Booking, subject: Id, attempts: int) -> None:
        """Write how many wrong PINs there were, as part of a transaction."""
        sealed.put(booking.db, "pin", subject, *self._row(subject)[1:-1], attempts)

    def attempts(self, subject: Id) -> int:
        """Wrong PINs since the last right one."""
        attempts: int = self._row(subject)[-1]
        return attempts

    def _verifier(self, subject: Id) -> Verifier | None:
        _, salt, key, *work, _ = self._row(subject)
        return None if key is None else Verifier(salt, key, *work)

    def _row(self, subject: Id) -> sealed.Row:
        """Subject, verifier and attempts; a row that was damaged is locked until a new PIN is set.

        A counter that fell by itself would be guesses given away.
        """
        try:
            rows = self._journal.sealed("pin", "WHERE subject = ?", subject)
        except Damaged as damage:
            if damage.code != "J-13":
                raise
            return (subject, b"", b"", _N, R, P, _FOR_GOOD)
        return rows[0] if rows else (subject, None, None, None, None, None, 0)


def store_verifier(booking: seam.Booking, subject: Id, verifier: Verifier | None) -> None:
    """Set (or, None, remove) somebody's PIN; their attempts begin at zero again."""
    values = (None,) * 5
    if verifier is not None:
        values = (verifier.salt, verifier.key, verifier.n, verifier.r, verifier.p)  # type: ignore[assignment]
    sealed.put(booking.db, "pin", subject, *values, 0)


def pins_set(journal: Journal, entries: Iterable[Entry]) -> tuple[SetPin, ...]:
    """The PINs, as they are now, that were set by these documents; they travel beside them."""
    subjects: dict[Id, None] = {}
    for entry in entries:
        if '"entity":"pin"' in entry.content:
            document = read_content(entry.content, entry.point.hash)
            subjects[document.body["id"]] = None
    found = (_set_pin(journal, subject) for subject in subjects)
    return tuple(each for each in found if each is not None)


def _set_pin(journal: Journal, subject: Id) -> SetPin | None:
    """None if what was set is not as it was written; a new PIN mends that."""
    try:
        _, salt, key, *work, _ = journal.sealed("pin", "WHERE subject = ?", subject)[0]
        fed = journal.sealed("fed_pin", "WHERE subject = ?", subject)
    except Damaged:
        return None
    verifier = None if key is None else Verifier(salt, key, *work)
    return SetPin(subject, fed[0][1] if fed else 0, verifier)


def _derive(pin: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=n, r=r, p=p, maxmem=_MAXMEM, dklen=KEY_BYTES)
