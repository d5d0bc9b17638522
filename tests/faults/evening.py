"""What people do at the demo's till in an evening, at random but from a seed.

An errand is a list of input lines of `--io jsonl`, from an idle display back to an idle one, if
nobody pulls the plug in between. Wrong PINs are among them, empty carts and codes nobody knows;
trusted persons top up often enough that there is credit for most purchases.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeAlias

Line: TypeAlias = dict[str, str | int]

GOODS = [
    "4029764001807", "4066600603405", "40678092", "4015533019562", "7613032872731", "5000159461122"
]  # fmt: skip
CARDS = ["CARD-ADA", "CARD-LINUS", "CARD-GRACE", "CARD-KEN", "GUEST-1"]
# (what opens an idle till, the PIN it asks for or none)
BUYERS = [(card, "") for card in CARDS] + [("77", "4711"), ("42", "1234")]
TRUSTED = [("CARD-GRACE", "161803"), ("CARD-KEN", "271828")]
MEMBERS = [("CARD-ADA", "1234"), ("CARD-LINUS", "")]


def scan(code: str) -> list[Line]:
    return [{"scan": code}]


def keys(typed: str) -> list[Line]:
    return [{"key": key} for key in typed]


def pause(ms: int) -> list[Line]:
    return [{"wait_ms": ms}]


class Evening:
    """Endless errands; the same seed tells the same evening."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._errands: list[tuple[int, Callable[[], list[Line]]]] = [
            (10, self.buys),
            (3, self.tops_up),
            (2, self.changes_their_mind),
            (2, self.undoes),
            (1, self.gives),
            (1, self.returns_bottles),
            (1, self.gets_goods),
            (1, self.writes_off),
            (1, self.is_paid_out),
            (1, self.switches_history),
            (1, self.mistypes_the_pin),
            (1, self.plays_with_the_keys),
        ]

    def errand(self) -> list[Line]:
        """The next one, with the wait in which the till goes idle again."""
        weights = [weight for weight, _ in self._errands]
        chosen = self._random.choices([each for _, each in self._errands], weights)[0]
        wait_ms = self._random.choice([2_000, 6_000, 40_000])
        return [*chosen(), *keys("****"), *pause(wait_ms)]

    def buys(self) -> list[Line]:
        lines = self._opens(*self._random.choice(BUYERS))
        for _ in range(self._random.randint(1, 4)):
            if self._random.random() < 0.2:
                lines += keys(str(self._random.randint(2, 3)))
            lines += scan(self._random.choice(GOODS))
        return [*lines, *keys("#")]

    def tops_up(self) -> list[Line]:
        receiver = self._random.choice(CARDS)
        cents = self._random.choice([500, 1000, 2000, 5000])
        return [*self._menu(*self._trusted(not_=receiver)), *keys("1"), *scan(receiver),
                *keys(f"{cents}##")]  # fmt: skip

    def is_paid_out(self) -> list[Line]:
        owner = self._random.choice(CARDS)
        return [*self._menu(*self._trusted(not_=owner)), *keys("2"), *scan(owner), *keys("100##")]

    def gives(self) -> list[Line]:
        giver, receiver = self._random.sample(MEMBERS, 2)
        return [*self._menu(*giver), *keys("2"), *scan(receiver[0]), *keys("50##")]

    def undoes(self) -> list[Line]:
        lines = self._menu(*self._random.choice(MEMBERS))
        return [*lines, *keys(self._random.choice(["1#", "11#1#"]))]

    def returns_bottles(self) -> list[Line]:
        bottles = scan(GOODS[0]) * self._random.randint(1, 2)
        return [*self._menu(*self._random.choice(MEMBERS)), *keys("3"), *bottles, *keys("#")]

    def gets_goods(self) -> list[Line]:
        """A crate from the cash box, if there is enough in it, with a day or without one."""
        crate = [*keys("20"), *scan(self._random.choice(GOODS))]
        cents, day = self._random.randint(100, 2000), self._random.choice(["", "241226"])
        return [*self._menu(*self._trusted()), *keys("5"), *crate, *keys(f"{cents}#{day}##1##")]

    def writes_off(self) -> list[Line]:
        lines = [*self._menu(*self._trusted()), *keys("7"), *keys(self._random.choice("1234"))]
        return [*lines, *scan(self._random.choice(GOODS)), *keys("##")]

    def switches_history(self) -> list[Line]:
        return [*self._menu(*self._random.choice(MEMBERS)), *keys("5#")]

    def changes_their_mind(self) -> list[Line]:
        lines = [*scan(self._random.choice(CARDS)), *scan(self._random.choice(GOODS)), *keys("2")]
        lines += scan("4029764001806")  # read badly: the check digit is wrong
        return [*lines, *pause(self._random.choice([1_000, 120_000]))]

    def mistypes_the_pin(self) -> list[Line]:
        wrong = keys("77#") + keys("9999#") * self._random.randint(1, 2)
        return [*wrong, *keys("4711#"), *scan(GOODS[4]), *keys("#")]

    def plays_with_the_keys(self) -> list[Line]:
        return keys("".join(self._random.choices("0123456789*#", k=self._random.randint(1, 12))))

    def _opens(self, opener: str, pin: str) -> list[Line]:
        return keys(f"{opener}#{pin}#") if pin else scan(opener)

    def _menu(self, card: str, pin: str) -> list[Line]:
        return [*scan(card), *keys(f"0#{pin}#" if pin else "0#")]

    def _trusted(self, not_: str = "") -> tuple[str, str]:
        return self._random.choice([each for each in TRUSTED if each[0] != not_])
