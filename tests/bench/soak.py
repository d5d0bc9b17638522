"""Many evenings at one till, a real process over jsonl, while it is looked at from outside.

In a shop of `bigshop.py` members buy one to three articles, all drawn at random from one seed; now
and then somebody logs in by number and PIN, undoes a purchase, scans what nobody knows, and a
trusted person tops up who bought the most, so that credit never runs out.

Looked at after every twentieth of the sales, between two lines: resident set (VmRSS), sizes of the
WAL files (they keep their highest water), descriptors and threads, all from /proc. Growth is what
comes after the warm-up: a PIN twice (after the first free of scrypt's 8 MiB, glibc keeps them),
the hours after which the first copy of stammdaten.db is made, and 2,000 sales, in which both page
caches fill (2 MB each; the shop is larger from the beginning, or they would fill for ever); where
there are fewer sales, a twentieth of them. Wall time of each sale,
from its first line to its last `done`, is kept for the report alone.
"""

from __future__ import annotations

import json
import time
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from kpos.ledger.files import Folder
from kpos.ledger.reading import read_documents
from kpos.ledger.readonly import reading_journal
from tests.bench.bigshop import (
    FIRST_MEMBER_NUMBER,
    PIN,
    TRUSTED_PIN,
    barcode,
    build,
    card,
    size_of,
)
from tests.kiosk import SUNDAY_EVENING
from tests.process.jsonl_till import JsonlTill

LOOKS = 20
_WARM_SALES = 2_000
_TOPPED_UP_EVERY = 400  # sales, of less than 9.00; four members, 999.99 each
_PIN_EVERY = 250
_UNDONE_EVERY = 40
_UNKNOWN_EVERY = 20
_WARM_UP_MS = 2 * 3_600_000
_RESULT_MS = 6_000  # until the till is idle again and the reader has forgotten the card

Line = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """The process from outside; sizes in bytes."""

    sales: int
    resident: int
    wal: int  # of the larger file
    descriptors: int
    threads: int


@dataclass(frozen=True)
class Soaked:
    """What many evenings left behind."""

    looks: list[Look]
    sale_us: array[float]
    acknowledged: list[str]  # receipt numbers, in order
    seed: int

    @property
    def growth(self) -> int:
        """Bytes that were resident at most, beyond those after the warm-up."""
        warm = [look for look in self.looks if look.sales >= _WARM_SALES] or self.looks
        return max(look.resident for look in warm) - warm[0].resident

    @property
    def left_open(self) -> tuple[int, int]:
        """Descriptors and threads that the last quarter of the looks has more than the first.

        The least of each: while the copy of the day is made there are some more for a moment.
        """
        quarter = LOOKS // 4
        first, last = self.looks[:quarter], self.looks[-quarter:]
        return (
            min(look.descriptors for look in last) - min(look.descriptors for look in first),
            min(look.threads for look in last) - min(look.threads for look in first),
        )

    @property
    def wal_max(self) -> int:
        """The highest water of a WAL, in bytes."""
        return max(look.wal for look in self.looks)

    def p99_us(self, tenth: int) -> float:
        """What 99 of 100 sales of one tenth (0 to 9) took at most, wall."""
        step = len(self.sale_us) // 10
        ordered = sorted(self.sale_us[tenth * step : (tenth + 1) * step])
        return ordered[len(ordered) * 99 // 100]


def soak(data: Path, sales: int, seed: int) -> Soaked:
    """Make a shop and sell so often in it; the till ends in good order."""
    documents = 50_000 if sales >= _WARM_SALES else 2_000
    build(data, documents)
    till = JsonlTill(data, "--at", str(SUNDAY_EVENING))
    evenings = _Evenings(size_of(documents), Random(seed))
    soaked = Soaked([], array("d"), [], seed)
    for lines in evenings.warm_up():
        _do(till, lines, soaked, booked=None)
    step = max(sales // LOOKS, 1)
    for number in range(sales):
        for lines in evenings.before(number):
            _do(till, lines, soaked, booked=None)
        began_ns = time.perf_counter_ns()
        _do(till, evenings.purchase(number), soaked, booked="sale")
        soaked.sale_us.append((time.perf_counter_ns() - began_ns) / 1000)
        if (number + 1) % step == 0:
            soaked.looks.append(_look(till.process.pid, data, number + 1))
    status = till.end()
    assert status == 0, f"the till ended with {status} (seed {seed})"
    return soaked


def receipts(data: Path) -> list[str]:
    """Every receipt number in the books, in order."""
    with reading_journal(Folder(data)) as journal:
        numbers = [document.receipt_number for document in read_documents(journal, 0)]
    return [number for number in numbers if number]


class _Evenings:
    """What comes next, as input lines, in a shop of so many members and products."""

    def __init__(self, size: int, random: Random) -> None:
        self._size = size
        self._random = random
        # How often each member bought without having been topped up since.
        self._bought: Counter[int] = Counter()

    def warm_up(self) -> Iterator[list[Line]]:
        """What imports a module or starts a thread when it happens for the first time."""
        for _ in range(2):
            yield from self.before(0)
            yield [*self._logs_in_by_pin(), *_leaving()]
        yield from self.before(_UNDONE_EVERY - 1)
        yield [{"wait_ms": _WARM_UP_MS}]

    def before(self, number: int) -> Iterator[list[Line]]:
        """What happens before a sale, mostly nothing."""
        if number % _TOPPED_UP_EVERY == 0:
            yield [{"scan": card(0)}, *_keys(f"0#{TRUSTED_PIN}#1")]
            for member, _times in self._bought.most_common(4):
                yield [{"scan": card(member)}, *_keys("99999##")]
                del self._bought[member]
            yield _leaving()
        if number % _UNDONE_EVERY == _UNDONE_EVERY - 1:
            buyer = {"scan": card(self._somebody())}
            yield [buyer, *self._goods(1), *_keys("#"), *_leaving()]
            yield [buyer, *_keys("0#1#"), *_leaving()]
        if number % _UNKNOWN_EVERY == 0:
            code = str(self._random.randrange(10**15, 10**16))
            yield [{"scan": code}, *_leaving()]

    def purchase(self, number: int) -> list[Line]:
        """Somebody logs in, scans and pays."""
        if number % _PIN_EVERY == _PIN_EVERY - 1:
            begins = self._logs_in_by_pin()
        else:
            member = self._somebody()
            self._bought[member] += 1
            begins = [{"scan": card(member)}]
        bought = self._goods(self._random.choice((1, 1, 2, 3)))
        return [*begins, *bought, *_keys("#"), {"wait_ms": _RESULT_MS}]

    def _somebody(self) -> int:
        """A member without a PIN."""
        return self._random.randrange(10, self._size, 10) + self._random.randrange(1, 10)

    def _logs_in_by_pin(self) -> list[Line]:
        member = self._random.randrange(10, self._size, 10)
        return _keys(f"{member + FIRST_MEMBER_NUMBER}#{PIN}#")

    def _goods(self, pieces: int) -> list[Line]:
        return [{"scan": barcode(self._random.randrange(self._size))} for _ in range(pieces)]


def _keys(keys: str) -> list[Line]:
    return [{"key": key} for key in keys]


def _leaving() -> list[Line]:
    """Longer than any screen stays, shorter than the time to undo."""
    return [{"wait_ms": 120_000}]


def _do(till: JsonlTill, lines: list[Line], soaked: Soaked, *, booked: str | None) -> None:
    """Send lines at once, as a fast hand does, and read all that comes of them."""
    assert till.process.stdin is not None
    till.process.stdin.write(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    for _line in lines:
        till.read_until("done")
    kinds = [one["kind"] for one in till.booked]
    if booked is not None:
        assert kinds == [booked], f"seed {soaked.seed}: {lines} gave {kinds}:\n{till.shows}"
    soaked.acknowledged.extend(one["receipt_number"] for one in till.booked)
    till.messages.clear()


def _look(pid: int, data: Path, sales: int) -> Look:
    proc, folder = Path(f"/proc/{pid}"), Folder(data)
    status = dict(line.split(":", 1) for line in (proc / "status").read_text("ascii").splitlines())
    return Look(
        sales=sales,
        resident=int(status["VmRSS"].split()[0]) * 1024,
        wal=max(Path(f"{file}-wal").stat().st_size for file in (folder.journal, folder.stammdaten)),
        descriptors=sum(1 for _ in (proc / "fd").iterdir()),
        threads=int(status["Threads"]),
    )
