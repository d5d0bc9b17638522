"""Who stands before the model's display, what they did so far, and what it must show them."""

from typing import Any, TypeAlias

from tests.faults.model.books import ModelBooks
from tests.faults.model.shop import worth

Shows: TypeAlias = dict[str, Any]

PURCHASE_MS, MENU_MS, PIN_MS, RESULT_MS = 60_000, 30_000, 20_000, 5_000
COUNTDOWN_MS = 10_000
WAITS_MS = {
    "shopping": PURCHASE_MS, "cancel?": PURCHASE_MS, "switch?": PURCHASE_MS, "menu": MENU_MS,
    "pin": PIN_MS, "pin refused": PIN_MS, "thanks": RESULT_MS,
}  # fmt: skip


class Session:
    """One display; `receipt` is what the last input booked, or None."""

    def __init__(self, books: ModelBooks) -> None:
        self.books = books
        self.starts()

    def starts(self) -> None:
        """Nobody is there, nothing was read."""
        self.receipt: str | None = None
        self.recent: dict[str, int] = {}
        self._idle()

    def _idle(self) -> None:
        self.at = "idle"
        self.buyer: str | None = None
        self.cart: list[tuple[str, int]] = []
        self.typed, self.digits = "", ""
        self.pin_given = False
        self.notice: Shows | None = None
        self.wants = ""  # what a PIN opens
        self.other = ""  # who is asked for a PIN, or comes between
        self.attempts = 0
        self.locked_ms: int | None = None
        self.deadline_ms: int | None = None

    def _begins_to_wait(self) -> None:
        wait_ms = WAITS_MS.get(self.at)
        if self.at == "idle" and (self.typed or self.notice is not None):
            wait_ms = PIN_MS if self.typed else RESULT_MS
        self.deadline_ms = None if wait_ms is None else self.books.now_ms + wait_ms

    def _types(self, key: str) -> None:
        if key == "*":
            self.typed, self.notice = self.typed[:-1], None
        elif len(self.typed) < 20:
            self.typed, self.notice = self.typed + key, None

    def _says(self, **amounts: int) -> None:
        self.typed, self.notice = "", amounts

    # The display

    @property
    def total(self) -> int:
        return sum(worth(*scanned) for scanned in self.cart)

    @property
    def credit(self) -> int:
        """The buyer's, as it is now."""
        return self.books.credit[self.buyer] if self.buyer is not None else 0

    @property
    def shows(self) -> Shows:
        """The figures a person reads there; cents."""
        if self.at == "thanks":
            return self.notice or {}
        if self.at in {"pin", "pin refused"}:
            return {"locked": True} if self.locked_ms is not None else {"attempts": self.attempts}
        if self.at == "cancel?":
            return {"total": self.total}
        if self.at != "shopping":
            return {}
        if not self.cart:
            return {"credit": self.credit} if self.notice is None else self.notice
        shows = {"total": self.total}
        if not self.typed:
            shows |= self.notice or {}
            assert self.deadline_ms is not None, "somebody is there"
            # What is left gives way to the countdown.
            counts_down = self.deadline_ms - self.books.now_ms <= COUNTDOWN_MS
            if self.buyer is not None and self.credit >= self.total and not counts_down:
                shows["left"] = self.credit - self.total
        return shows
