"""What pictures cost on the bus of every display, beside RPLCD's own `write_string`.

An evening at a real till is recorded picture by picture and shown on each emulated display. The
baseline writes the same pictures line by line, as RPLCD's documentation has it, over the same
expander with the same two halves. Counted are octets that controllers took, transactions and bytes
on the wire; nothing here is a time.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from hardware.display.expanders import EXPANDERS
from hardware.display.rplcd_i2c import Half, Pins
from hardware.display.screen import Screen
from kpos.checkout.layout import Frame
from tests.bench.evening import EVENING, QUEUE, bottles, clock_tick, record
from tests.bench.figures import Figure, reported, verdict
from tests.hardware.display.rigs import EXPANDER_KINDS, KINDS, Rig, Workshop

_OCTETS_RATIO, _TRANSACTIONS_RATIO = 10, 5
_SAME_AGAIN_MAX = 24


Lines: TypeAlias = Sequence[str]


@dataclass(frozen=True)
class Cost:
    """On the way to a display: for its controllers, in transactions, on the wire."""

    octets: int
    transactions: int
    wire: int

    def __sub__(self, other: Cost) -> Cost:
        return Cost(
            self.octets - other.octets,
            self.transactions - other.transactions,
            self.wire - other.wire,
        )


def displays(scratch: Path) -> Iterator[Figure]:
    """The rows of all kinds, then the ratios."""
    frames = record(scratch / "evening", EVENING)
    queue = record(scratch / "queue", QUEUE)
    steps = {"full": (["a" * 40] * 4, ["b" * 40] * 4)} | _steps(scratch, frames)
    evenings: dict[str, tuple[Cost, Cost]] = {}
    for kind in KINDS:
        with pytest.MonkeyPatch.context() as patch:
            folder = scratch / f"display-{kind}"
            folder.mkdir()
            shop = Workshop(folder, patch)
            try:
                rig = shop.rig(kind)
            except pytest.skip.Exception as missing:
                yield reported(f"display {kind}", f"not measured: {missing}", 0)
                continue
            spent = _meter(rig, kind)
            screen = Screen(rig.bus)
            evenings[kind] = _evening(screen, frames, spent), _evening(screen, queue, spent)
            yield _single(kind, screen, steps, spent)
            shop.close()
    for kind in EXPANDER_KINDS:
        yield from _against_plain(kind, evenings[kind], (frames, queue))


def _meter(rig: Rig, kind: str) -> Callable[[], Cost]:
    """What went over this rig's wire so far."""
    parts = rig.parts
    if kind in EXPANDER_KINDS:
        adapter, module = parts["adapter"], parts["module"]
        return lambda: Cost(module.octets, adapter.transactions, adapter.octets)
    if kind == "gpio":
        return lambda: Cost(parts["module"].octets, parts["library"].calls, 0)
    if kind == "pigpio":
        return lambda: Cost(parts["module"].octets, parts["daemon"].commands, 0)
    if kind == "serial":
        counting = Counting(rig.bus)
        return lambda: Cost(counting.octets, counting.writes, counting.octets)
    counting = Counting(rig.bus)
    return lambda: Cost(counting.octets, counting.writes, counting.octets)


class Counting:
    """Stands between a bus and its port or socket, and counts what is sent."""

    def __init__(self, bus: Any) -> None:
        self.octets = self.writes = 0
        self._inner: Any = None
        if hasattr(bus, "_opener"):
            open_port = bus._opener
            bus._opener = lambda path, baud: self._around(open_port(path, baud))
        else:
            bus._connect = lambda address, timeout: self._around(
                socket.create_connection(address, timeout)
            )

    def _around(self, inner: Any) -> Any:
        self._inner = inner
        return self

    def write(self, octets: bytes) -> None:
        self._count(octets)
        self._inner.write(octets)

    def sendall(self, octets: bytes) -> None:
        self._count(octets)
        self._inner.sendall(octets)

    def _count(self, octets: bytes) -> None:
        self.octets += len(octets)
        self.writes += 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _evening(screen: Screen, frames: Sequence[Frame], spent: Callable[[], Cost]) -> Cost:
    screen.show([" " * 40] * 4)
    before = spent()
    for frame in frames:
        screen.show(frame)
    return spent() - before


def _steps(scratch: Path, frames: Sequence[Frame]) -> dict[str, tuple[Lines, Lines]]:
    """What happens most, each from one picture to the next."""
    one, two, three = bottles(scratch / "bottles")
    return {
        "unchanged": (one, one),
        "second bottle": (one, two),
        "the same again": (two, three),
        "clock": clock_tick(frames),
    }


def _single(
    kind: str, screen: Screen, steps: dict[str, tuple[Lines, Lines]], spent: Callable[[], Cost]
) -> Figure:
    costs = {}
    for name, (first, then) in steps.items():
        screen.show(first)
        before = spent()
        screen.show(then)
        costs[name] = spent() - before
    measured = "; ".join(
        f"{name} {cost.octets} octets, {cost.transactions} transactions"
        for name, cost in costs.items()
    )
    wanted = "unchanged 0"
    reached = costs["unchanged"] == Cost(0, 0, 0)
    if kind not in ("serial", "lcdd"):  # which have no controller to give octets to
        wanted += f", the same again <= {_SAME_AGAIN_MAX}"
        reached = reached and costs["the same again"].octets <= _SAME_AGAIN_MAX
    return Figure(f"display {kind}", measured, wanted, verdict(reached=reached), 1)


def _against_plain(
    kind: str, ours: tuple[Cost, Cost], evenings: tuple[Sequence[Frame], Sequence[Frame]]
) -> Iterator[Figure]:
    """Octets for both drivers, transactions where they are packed.

    A queue is not judged: most of its pictures are new, and no driver sends less than what is new.
    """
    plain = [_plain(kind.split("-")[1], frames) for frames in evenings]
    for name, own, theirs, frames in zip(("evening", "queue"), ours, plain, evenings, strict=True):
        octets, transactions = theirs.octets / own.octets, theirs.transactions / own.transactions
        measured = (
            f"{own.octets:,} octets for {theirs.octets:,} ({octets:.1f} times fewer),"
            f" {own.transactions:,} transactions for {theirs.transactions:,}"
            f" ({transactions:.0f} times), {own.wire:,} bytes on the wire for {theirs.wire:,}"
        )
        title = f"{name} on {kind}, beside write_string"
        if name == "queue":
            measured += f"; {_new_characters(frames):,} characters of these pictures are new"
            yield reported(title, measured, len(frames))
            continue
        is_packed = kind.startswith("packed")
        wanted = f">= {_OCTETS_RATIO} times fewer octets"
        if is_packed:
            wanted += f", >= {_TRANSACTIONS_RATIO} times fewer transactions"
        reached = octets >= _OCTETS_RATIO
        reached = reached and (not is_packed or transactions >= _TRANSACTIONS_RATIO)
        yield Figure(title, measured, wanted, verdict(reached=reached), len(frames))


def _new_characters(frames: Sequence[Frame]) -> int:
    """Which the picture before had not in their places; blanks can be had by clearing."""
    return sum(
        is_now not in (was, " ")
        for before, frame in pairwise(frames)
        for was, is_now in zip("".join(before), "".join(frame), strict=True)
    )


def _plain(chip: str, frames: Sequence[Frame]) -> Cost:
    """RPLCD alone: each picture written line by line."""
    with pytest.MonkeyPatch.context() as patch:
        rig = Workshop(Path(), patch).rig(f"rplcd-{chip}")
        adapter, expander = rig.parts["adapter"], EXPANDERS[chip]
        pins = Pins(expander, expander.address, adapter.open(1))
        halves = [Half(pins, enable) for enable in expander.enables]
        spent = _meter(rig, f"rplcd-{chip}")
        before = spent()
        for frame in frames:
            for row, line in enumerate(frame):
                half = halves[row // 2]
                half.cursor_pos = (row % 2, 0)
                half.write_string(line)
        return spent() - before
