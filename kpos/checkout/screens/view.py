"""What stands around a state: language, clock, countdown, the name on the door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kpos.checkout.layout import amount, row
from kpos.checkout.states import Rules
from kpos.domain.member import Language
from kpos.domain.money import Money

# The countdown is shown for the last seconds of whatever waits for somebody.
COUNTDOWN_S = 10


@dataclass(frozen=True, slots=True)
class View:
    """`text` translates from English; `remaining_s` is None where nothing runs out soon."""

    language: Language
    text: Callable[[str], str]
    rules: Rules
    till_name: str = "kpos"
    prefix: str = "K1"
    time_of_day: str = ""
    remaining_s: int | None = None
    wawi: str = ""
    clock_doubted: bool = False

    def money(self, money: Money) -> str:
        """An amount in its column."""
        return amount(money, self.language)


def keys(view: View, left: str, right: str = "") -> str:
    """Line 4: what the keys do, and the countdown in place of what else stands on the right."""
    _ = view.text
    if view.remaining_s is not None and view.remaining_s <= COUNTDOWN_S:
        right = _("Ends in {seconds}s").format(seconds=f"{view.remaining_s:2}")
    return row(left, right)
