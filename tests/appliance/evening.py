"""An evening at the till in the machine: people who buy, trusted persons who take their cash.

It is typed as a scanner and a keypad type, and nobody goes on before the display has answered.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from tests.appliance.shop import IDLE
from vm.rig import Rig

GOODS: Final = {
    "4029764001807": "Club-Mate", "4066600603405": "Paulaner", "7613032872731": "Nescaf",
    "4015533019562": "BioZisch", "5000159461122": "Snickers",
}  # fmt: skip
BUYERS: Final = {"CARD-ADA": "Ada", "CARD-LINUS": "Linus"}
TRUSTED, TRUSTED_NUMBER, TRUSTED_PIN = "Grace", "7", "161803"
PREFIX: Final = "K1"
# More than anybody drinks until the next one.
TOP_UP_CENTS: Final = 5000
_TOP_UP_EVERY: Final = 8
# Between two keys of the pad.
KEY_S: Final = 0.1
# How long somebody waits for an answer before doing it again, and how often they begin anew: on a
# busy machine the guest stands still for longer than a scanner pauses within a code.
ANSWERED_S: Final = 30
SCANS_MAX: Final = 3
TRIES_MAX: Final = 10
# More than a cart of three has, each of them scanned twice.
BACK_MAX: Final = 8
_FIGURES: Final = ("Käufe", "Aufladungen", "Bar ein", "Guthaben aller", "Tag abschließen")


class Evening:
    """Errands one after the other; the same seed tells the same evening."""

    def __init__(self, till: Rig, seed: int, receipts: int) -> None:
        """`receipts`: how many the till has given out."""
        self._till = till
        self._random = random.Random(seed)
        self._receipts = receipts
        self._errands = 0

    def errand(self) -> str:
        """The next one, up to its receipt on the display; its number."""
        number, self._errands = self._errands, self._errands + 1
        if number % _TOP_UP_EVERY == 0:
            return self.tops_up(list(BUYERS)[number // _TOP_UP_EVERY % len(BUYERS)])
        # Who was given cash for first has most of it.
        return self.buys(next(iter(BUYERS)) if number < _TOP_UP_EVERY else self._anybody())

    def buys(self, card: str) -> str:
        """Up to three bottles."""
        goods = self._some_goods()
        return self._until_booked(lambda: self._buys(card, goods), "Danke")

    def fills_a_cart(self, card: str) -> None:
        """What is left is to press #."""
        goods = self._some_goods()
        self._until_done(lambda: self._fills_a_cart(card, goods), lambda: False)

    def tops_up(self, card: str) -> str:
        """A trusted person takes cash, and goes."""
        return self._until_booked(lambda: self._tops_up(card), "Aufgeladen")

    def closes_the_day(self) -> str:
        """All figures are looked at."""
        return self._until_booked(self._closes_the_day, "Abgeschlossen")

    def _buys(self, card: str, goods: Sequence[str]) -> None:
        self._fills_a_cart(card, goods)
        self._press("#")

    def _fills_a_cart(self, card: str, goods: Sequence[str]) -> None:
        self._scan(card, f"Hallo {BUYERS[card]}")
        for code in goods:
            self._scan(code, GOODS[code])

    def _tops_up(self, card: str) -> None:
        self._opens_menu()
        self._press("1")
        self._sees("Karte des Empf")
        self._scan(card, f"für {BUYERS[card]}")
        self._press(f"{TOP_UP_CENTS}##")

    def _closes_the_day(self) -> None:
        self._opens_menu()
        keys = "4####"
        for key, page in zip(keys, _FIGURES, strict=True):
            self._press(key)
            self._sees(page)
        self._press("#")

    def _opens_menu(self) -> None:
        self._press(f"{TRUSTED_NUMBER}#")
        self._sees("PIN")
        self._press(f"{TRUSTED_PIN}#")
        self._sees(f"Hallo {TRUSTED}")
        self._press("0#")
        self._sees("1 Aufladen")

    def _until_booked(self, does: Callable[[], None], *texts: str) -> str:
        """Do it, anew if something came to nothing, up to the next receipt."""
        receipt = f"{PREFIX}-{self._receipts + 1:06}"
        seen = len(self._till.glass.history)

        def is_booked() -> bool:
            pictures = self._till.glass.history[seen:]
            return any(shown.has(receipt) for shown in pictures)

        def does_and_sees() -> None:
            does()
            self._sees(receipt, *texts)

        self._until_done(does_and_sees, is_booked)
        self._receipts += 1
        self._leaves()
        return receipt

    def _until_done(self, does: Callable[[], None], is_done: Callable[[], bool]) -> None:
        """As members do: whoever is not answered leaves, and begins anew."""
        for _ in range(TRIES_MAX):
            with suppress(TimeoutError):
                does()
                return
            # What was typed has been answered when the till is idle.
            self._leaves()
            if is_done():
                return
        does()

    def _leaves(self) -> None:
        """Each * takes back one thing of what is open."""
        self._press("*" * BACK_MAX)
        self._till.wait_for(IDLE)

    def _sees(self, *texts: str) -> None:
        self._till.wait_for(*texts, timeout_s=ANSWERED_S)

    def _scan(self, code: str, shows: str) -> None:
        """Again, if it was misread."""
        for _ in range(SCANS_MAX):
            self._till.scan(code)
            with suppress(TimeoutError):
                self._sees(shows)
                return
        self._sees(shows)

    def _press(self, keys: str) -> None:
        """One key after the other, as fingers do."""
        for key in keys:
            self._till.press(key)
            time.sleep(KEY_S)

    def _some_goods(self) -> Sequence[str]:
        return self._random.sample(list(GOODS), self._random.randint(1, 3))

    def _anybody(self) -> str:
        return self._random.choice(list(BUYERS))
