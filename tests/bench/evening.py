"""Evenings at a real till, picture by picture."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from kpos.checkout.layout import Frame
from tests.kiosk import MATE, SPEZI, Kiosk, build_shop

# Minutes between visits: a club that is open for eight hours, and a queue at the fridge.
EVENING, QUEUE = (5, 33), (1, 6)
_BUYERS = ("ADA", "BARBARA", "GRACE", "KEN")
_VISITS = 25


def record(path: Path, minutes: tuple[int, int]) -> list[Frame]:
    """25 visits, so many minutes apart: every picture the till showed.

    Most buy one to three bottles; one in five gives a PIN, one in eight walks away from a full cart
    and has it counted down, one in six takes something back. While nobody is there the clock goes
    on: a picture a minute.
    """
    kiosk, rng = Kiosk(build_shop(path)), random.Random(5)
    for number in range(_VISITS):
        kiosk.waits(60 * rng.randint(*minutes))
        kiosk.logs_in(rng.choice(_BUYERS) if number % 5 else "EDSGER")
        for _ in range(rng.randint(1, 3)):
            kiosk.scan(rng.choice((MATE, MATE, SPEZI)))
        if number % 6 == 5:
            kiosk.type("*")
            kiosk.scan(SPEZI)
        if number % 8 == 7:
            kiosk.waits(70)
        else:
            kiosk.type("#")
            kiosk.waits(6)
    kiosk.close()
    return kiosk.frames


def bottles(path: Path) -> Sequence[Frame]:
    """Pictures with one, two and three bottles of the same."""
    kiosk = Kiosk(build_shop(path))
    kiosk.logs_in("ADA")
    for _ in range(3):
        kiosk.scan(MATE)
    kiosk.close()
    return kiosk.frames[-3:]


def clock_tick(frames: Sequence[Frame]) -> tuple[Frame, Frame]:
    """The idle picture, and the same a minute later."""
    return next(
        pair
        for pair in pairwise(frames)
        if pair[0][1:] == pair[1][1:] and pair[0][0][:35] == pair[1][0][:35]
    )
