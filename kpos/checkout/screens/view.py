"""What stands around a state: language, clock, countdown, the name on the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from kpos.checkout.layout import amount, row
from kpos.domain.member import Language
from kpos.domain.money import Money
from kpos.domain.values import dataclass

# The countdown is shown for the last seconds of whatever waits for somebody.
COUNTDOWN_S = 10


# Who takes money in right now.
Readers: TypeAlias = Literal["", "coins", "notes", "both"]


@dataclass(frozen=True, slots=True)
class Wawi:
    """How the till stands with its WaWi.

    `out` is how long it was not reached, in minutes: None if it is, -1 if it never was. With a
    `trouble` it answers, and not as it should.
    """

    out: int | None = None
    trouble: Literal["", "revoked", "other"] = ""


@dataclass(frozen=True, slots=True)
class View:
    """`text` translates from English; `remaining_s` is None where nothing runs out soon."""

    language: Language
    text: Callable[[str], str]
    till_name: str
    prefix: str
    time_of_day: str
    remaining_s: int | None = None
    wawi: Wawi | None = None
    clock_doubted: bool = False
    readers: Readers = ""

    def money(self, money: Money) -> str:
        """An amount in its column."""
        return amount(money, self.language)


def keys(view: View, left: str, right: str = "", *, brief: str = "") -> str:
    """Line 4: what the keys do, and the countdown in place of what else stands on the right.

    `brief` says the same beside the countdown, where `left` is too long for that.
    """
    _ = view.text
    if view.remaining_s is None or view.remaining_s > COUNTDOWN_S:
        return row(left, right)
    return row(brief or left, _("Ends in {seconds}s").format(seconds=f"{view.remaining_s:2}"))
