"""What must stand on the display while somebody buys, after each key, scan and second.

`ModelCounter` knows the dialogue of a purchase key by key. What is behind the menu it knows only as
errands (`errands.py`): `at` is then "menu" or "errand", and the display is not foretold.
"""

from tests.faults.model.session import Session
from tests.faults.model.shop import (
    ASKS_PIN,
    CODES,
    GOODS_NUMBERS,
    MEMBER_NUMBERS,
    MISREAD,
    TRUSTED,
    WEIGHED,
    worth,
)

FREE_LIMIT = 2000
CARD_REPEAT_MS = 1500
NUMBER_DIGITS_MAX = 5


def short(number: str) -> str:
    """Zeros before a short number do not count."""
    return number if len(number) > NUMBER_DIGITS_MAX else str(int(number))


class ModelCounter(Session):
    """What each input makes of the session."""

    # Inputs

    def key(self, key: str) -> None:
        self.receipt = None
        getattr(self, f"_key_{self.at.replace(' ', '_').rstrip('?')}")(key)
        self._begins_to_wait()

    def scan(self, code: str) -> None:
        self.receipt = None
        now_ms = self.books.now_ms
        recent = {each: at for each, at in self.recent.items() if now_ms - at < CARD_REPEAT_MS}
        self.recent = recent
        if code in recent:
            recent[code] = now_ms
            return
        if code not in CODES and code not in MISREAD:
            recent[code] = now_ms
        if self.at == "thanks":
            self._idle()
        if self.at in {"idle", "shopping"}:
            self._scanned(code)
        self._begins_to_wait()

    def wait(self, ms: int) -> None:
        self.receipt = None
        self.books.waits(ms)
        if self.deadline_ms is not None and self.books.now_ms >= self.deadline_ms:
            self._idle()

    # Idle and shopping

    def _key_idle(self, key: str) -> None:
        number = self.typed
        if key != "#":
            self._types(key)
        elif number == "0":
            self.at = "menu"
        elif number:
            self._idle()
            self._looked_up(number)

    def _key_shopping(self, key: str) -> None:
        if key not in "*#" or (key == "*" and self.typed):
            self._types(key)
        elif key == "*":
            self._takes_back()
        elif self.typed == "0":
            self.typed = ""
            self._opens_menu()
        elif self.typed:
            number, self.typed, self.notice = short(self.typed), "", None
            if number in GOODS_NUMBERS:
                self._product(GOODS_NUMBERS[number], 1)
            else:
                self._says()
        else:
            self._pays()

    def _key_thanks(self, key: str) -> None:
        if key != "#":
            self._idle()
            self._key_idle(key)

    def _key_cancel(self, key: str) -> None:
        if key == "#":
            self.cart = []
            self.at = "shopping"
            self._says()
            if self.buyer is None:
                self._idle()
                self._says()
        elif key == "*":
            self.at = "shopping"

    def _key_switch(self, key: str) -> None:
        if key == "#":
            other = self.other
            self._idle()
            self._identified(other)
        elif key == "*":
            self.at = "shopping"

    def _looked_up(self, number: str) -> None:
        """A number typed at an idle till: goods, then members."""
        number = short(number)
        who = MEMBER_NUMBERS.get(number)
        if number in GOODS_NUMBERS:
            self._product(GOODS_NUMBERS[number], 1)
        elif who is None or who not in self.books.pins.digits:
            self._says()
        else:
            self._asks_pin("login", who)

    def _scanned(self, code: str) -> None:
        holder = self.books.cards.get(code)
        if code in CODES:
            self._product(*CODES[code])
        elif holder is not None and code not in self.books.blocked:
            self._card(holder)
        else:
            self._says()

    def _product(self, product: str, quantity: int) -> None:
        times = int(self.typed or "1")
        weighed = product in WEIGHED
        fits = quantity > 1 and times == 1 if weighed else 1 <= times <= 99
        if not fits or len(self.cart) >= 100:
            self._says()
            return
        scanned = (product, quantity if weighed else times)
        missing = self.total + worth(*scanned) - self.credit
        if self.buyer is not None and missing > 0:
            self._says(missing=missing)
            return
        self.at = "shopping"
        self.cart.append(scanned)
        self.typed, self.notice = "", None

    def _takes_back(self) -> None:
        if not self.cart:
            self._idle()
            return
        self.cart.pop()
        if not self.cart and self.buyer is None:
            self._idle()
        self._says()

    def _card(self, holder: str) -> None:
        if self.buyer == holder:
            self.typed, self.notice = "", None
            if self.cart:
                self._pays()
        elif self.buyer is not None and self.cart:
            self.at, self.typed, self.other = "switch?", "", holder
        else:
            cart = self.cart
            self._idle()
            self.cart = cart
            self._identified(holder)

    def _identified(self, holder: str) -> None:
        if holder in ASKS_PIN:
            self._asks_pin("login", holder)
        else:
            self._welcomes(holder)

    def _welcomes(self, holder: str) -> None:
        self.at, self.buyer = "shopping", holder
        self.typed, self.notice = "", None
        if self.cart and self.total > self.credit:
            self._says(missing=self.total - self.credit)

    def _pays(self) -> None:
        if not self.cart:
            return
        if self.buyer is None:
            self._says()
        elif self.total > self.credit:
            self._says(missing=self.total - self.credit)
        elif self.total > FREE_LIMIT and self._needs_pin():
            self._asks_pin("pay", self.buyer)
        else:
            self.receipt = self.books.buys(self.buyer, self.cart)
            self.at = "thanks"
            self.notice = {"receipt": self.receipt, "paid": self.total, "credit": self.credit}

    def _opens_menu(self) -> None:
        if self.cart:
            self.at = "cancel?"
        elif self.buyer in TRUSTED and self._needs_pin():
            assert self.buyer is not None
            self._asks_pin("menu", self.buyer)
        else:
            self.at = "menu"

    # PIN

    def _needs_pin(self) -> bool:
        return self.buyer in self.books.pins.digits and not self.pin_given

    def _asks_pin(self, wants: str, who: str) -> None:
        self.wants, self.other, self.digits = wants, who, ""
        if wants != "menu":
            self.typed = ""
        self.notice = None
        self._stands(who)
        self.at = "pin" if self.locked_ms is None else "pin refused"

    def _stands(self, who: str) -> None:
        """As it is told at this moment; a waiting time does not run down on the display."""
        self.attempts, self.locked_ms = self.books.pins.standing(who, self.books.now_ms)

    def _key_pin(self, key: str) -> None:
        if key == "*":
            if not self.digits:
                self._gives_up()
            self.digits = self.digits[:-1]
        elif key != "#":
            self.digits = (self.digits + key)[:8]
        elif len(self.digits) < 4:
            self.digits = ""
        else:
            self._tries(self.digits)

    def _tries(self, digits: str) -> None:
        who = self.other
        self.digits = ""
        if not self.books.pins.tries(who, digits, self.books.now_ms):
            self._stands(who)
            self.at = "pin refused"
            return
        self.pin_given = True
        if self.wants == "login":
            self._welcomes(who)
        elif self.wants == "pay":
            self.at = "shopping"
            self._pays()
        else:
            self.at = "menu"

    def _key_pin_refused(self, key: str) -> None:
        if key == "*":
            self._gives_up()
        elif key == "#" and self.locked_ms is None:
            self.at = "pin"

    def _gives_up(self) -> None:
        """Goods without a buyer stay on the display."""
        self.at = "shopping" if self.cart or self.wants != "login" else "idle"
        if self.at == "idle":
            self._idle()
