"""What the books of a till must say, in dictionaries of integers.

No SQLite, no documents, nothing of the ledger: who has how much, and what each thing that somebody
does changes. As plain as can be, so that where it and the till disagree, reading it settles which
of them is wrong. Cents, pieces (grams where it is weighed) and milliseconds of the script clock.
`counter.py` is what stands on the display meanwhile.
"""

from collections import Counter
from copy import deepcopy
from typing import Any

from tests.faults.model.pins import ModelPins
from tests.faults.model.shop import DEPOSIT, GUEST, WEIGHED, units_of, worth
from tests.kiosk import MEMBERS

UNDO_MS = 5 * 60_000


class Refusal(Exception):
    """Nothing was booked, and why."""


class ModelBooks:
    """Wallets go by the name of their holder, a guest's by the code of its first card."""

    def __init__(self) -> None:
        self.now_ms = 0
        names = [member["name"] for member in MEMBERS]
        self.members = {member["name"]: member for member in MEMBERS}
        self.credit = dict.fromkeys([*names, GUEST], 0)
        self.held: dict[str, Counter[int]] = {who: Counter() for who in self.credit}
        self.history = {name: "history" in self.members[name] for name in names}
        # How many purchases and returns of each member somebody could still look up.
        self.named = dict.fromkeys(names, 0)
        self.cards = {GUEST: GUEST}
        self.cards |= {f"CARD-{name.upper()}": name for name in names if self._has_card(name)}
        self.blocked: set[str] = set()
        self.stock: Counter[str] = Counter()
        self.cash = 0
        self.pins = ModelPins()
        self.epoch, self.number = 1, 0
        self.receipts: dict[str, dict[str, Any]] = {}
        # Until when (trusted time) the buyer of a sale is remembered.
        self.links: dict[str, int] = {}
        # When an opening credit was booked does not matter, but that it was an hour ago does.
        self.trusted_ms, self.trusted_since_ms = -3_600_000, 0
        self.starts()
        for member in MEMBERS:
            self.opens(member["name"], member["cents"])
        self.opens(GUEST, 500)

    def _has_card(self, name: str) -> bool:
        return self.members[name].get("card", name) is not None

    # The machine

    def starts(self) -> None:
        """What a process knows only by itself begins anew."""
        self.pins.starts(self.now_ms)
        self.trusted_since_ms = self.now_ms

    def waits(self, ms: int) -> None:
        """Every full minute the till erases whose time to undo is over."""
        minute = (self.now_ms + ms) // 60_000
        if minute > self.now_ms // 60_000:
            self.forgets(self.trusted_at(minute * 60_000))
        self.now_ms += ms

    def trusted_at(self, now_ms: int) -> int:
        return self.trusted_ms + now_ms - self.trusted_since_ms

    def forgets(self, trusted_ms: int) -> None:
        self.links = {number: until for number, until in self.links.items() if until > trusted_ms}

    def comes_back_from(self, backup: "ModelBooks", epochs: int) -> None:
        """A restore: everything as it was, but time goes on, and so do wrong PINs and numbers."""
        attempts, now_ms = self.pins.attempts, self.now_ms
        self.__dict__ = deepcopy(backup.__dict__)
        self.now_ms = now_ms
        self.pins.attempts |= attempts  # of each the higher one
        self.epoch, self.number = epochs, 0
        self.starts()

    # Money

    def opens(self, who: str, cents: int) -> str:
        self.credit[who] += cents
        return self._receipt(kind="top_up", who=who, cents=cents, account="opening")

    def tops_up(self, who: str, cents: int) -> str:
        self.credit[who] += cents
        self.cash += cents
        return self._receipt(kind="top_up", who=who, cents=cents, account="cash")

    def pays_out(self, who: str, cents: int) -> str:
        self._must(cents <= self.credit[who], "credit")
        self._must(cents <= self.cash, "cash")
        self.credit[who] -= cents
        self.cash -= cents
        return self._receipt(kind="payout", who=who, cents=cents)

    def transfers(self, giver: str, receiver: str, cents: int) -> str:
        self._must(cents <= self.credit[giver], "credit")
        self.credit[giver] -= cents
        self.credit[receiver] += cents
        return self._receipt(kind="transfer", who=giver, cents=cents, receiver=receiver)

    def brings_back(self, who: str, bottles: dict[str, int], *, limited: bool) -> str:
        units = units_of(bottles)
        for value, quantity in units.items():
            self._must(not limited or quantity <= self.held[who][value], "units")
        cents = sum(value * quantity for value, quantity in units.items())
        self.credit[who] += cents
        self.held[who].subtract(units)
        return self._receipt(kind="deposit_return", who=who, cents=cents, units=units)

    def buys(self, who: str, cart: list[tuple[str, int]]) -> str:
        """What was scanned, as (product, quantity); the same goods are one line."""
        total = sum(worth(*scanned) for scanned in cart)
        self._must(total <= self.credit[who], "credit")
        lines: dict[Any, list[Any]] = {}
        for place, (product, quantity) in enumerate(cart):
            key = place if product in WEIGHED else product
            lines.setdefault(key, [product, 0])[1] += quantity
        self._moves_goods(who, lines.values(), -1)
        self.forgets(self.trusted_at(self.now_ms))
        named = self.history.get(who, False)
        if named:
            self.named[who] += 1
        number = self._receipt(kind="sale", who=who, named=named)
        left = dict(enumerate(lines.values(), start=1))
        self.receipts[number]["left"] = left
        self.links[number] = self.now_ms + UNDO_MS
        return number

    def _moves_goods(self, who: str, lines: Any, sign: int) -> None:
        for product, quantity in lines:
            self.credit[who] += sign * worth(product, quantity)
            self.stock[product] += sign * quantity
            if DEPOSIT[product]:
                self.held[who][DEPOSIT[product]] -= sign * quantity

    # Taking back

    def last_purchase(self, who: str) -> str | None:
        """The receipt that somebody may still undo alone."""
        linked = [number for number in self.links if self._is_linked(number)]
        mine = [number for number in linked if self.receipts[number]["who"] == who]
        return mine[-1] if mine else None

    def receipt_of(self, number: int) -> str | None:
        """The newest receipt of this number of which anything can be taken back."""
        found = [name for name in self.receipts if int(name.rpartition("-")[2]) == number]
        if not found:
            return None
        receipt = self.receipts[found[-1]]
        taken = receipt["kind"] == "reversal" or receipt.get("undone") or receipt.get("left") == {}
        return None if taken else found[-1]

    def buyer_of(self, number: str) -> str | None:
        """Whose purchase it was, as long as somebody knows."""
        receipt = self.receipts[number]
        return receipt["who"] if self._is_linked(number) or receipt["named"] else None

    def takes_back(self, number: str, part: tuple[int, int] | None, who: str | None) -> str:
        """All that is left, or (line, quantity) of it; `who` showed a card, where one was asked."""
        receipt = self.receipts[number]
        if receipt["kind"] != "sale":
            return self._takes_back_money(receipt)
        buyer = self.buyer_of(number) or who
        assert buyer is not None, "somebody gets the credit"
        left = receipt["left"]
        gone = [tuple(line) for line in left.values()]
        if part is None:
            left.clear()
        else:
            line, quantity = part
            gone = [(left[line][0], quantity)]
            left[line][1] -= quantity
            if not left[line][1]:
                del left[line]
        if not left:
            self.links.pop(number, None)
        self._moves_goods(buyer, gone, 1)
        if receipt["named"] and buyer == receipt["who"]:
            self.named[buyer] += 1
        return self._receipt(kind="reversal")

    def _takes_back_money(self, receipt: dict[str, Any]) -> str:
        kind, who, cents = receipt["kind"], receipt["who"], receipt["cents"]
        if kind == "top_up" and receipt["account"] == "cash":
            self._must(cents <= self.cash, "cash")
            self.cash -= cents
        if kind == "payout":
            self.cash += cents
        if kind == "transfer":
            self.credit[receipt["receiver"]] -= cents
        if kind == "deposit_return":
            self.held[who].update(receipt["units"])
        self.credit[who] += cents if kind in {"payout", "transfer"} else -cents
        receipt["undone"] = True
        return self._receipt(kind="reversal")

    def _is_linked(self, number: str) -> bool:
        return self.links.get(number, 0) > self.trusted_at(self.now_ms)

    # People

    def switches_history(self, who: str) -> None:
        self.history[who] = not self.history[who]
        if not self.history[who]:
            self.named[who] = 0
            for receipt in self.receipts.values():
                if receipt.get("who") == who and "named" in receipt:
                    receipt["named"] = False
        self._booked()

    def gets_new_card(self, who: str, code: str) -> None:
        self.blocked |= {old for old, holder in self.cards.items() if holder == who}
        self.cards[code] = who
        self._booked()

    def welcomes_guest(self, code: str) -> None:
        self.cards[code] = code
        self.credit[code], self.held[code] = 0, Counter()
        self._booked()

    def resets_pin(self, who: str, digits: str) -> None:
        self.pins.digits[who] = digits
        self.pins.attempts[who] = 0
        self._booked()

    # Helpers

    @property
    def prefix(self) -> str:
        """K1, then K1A, K1B … K1Z, K1ZA: one more with each restore."""
        zeds, letter = divmod(self.epoch - 2, 26)
        return "K1" if self.epoch == 1 else f"K1{'Z' * zeds}{chr(ord('A') + letter)}"

    def _receipt(self, **receipt: Any) -> str:
        self.number += 1
        number = f"{self.prefix}-{self.number:06}"
        self.receipts[number] = receipt
        self._booked()
        return number

    def _booked(self) -> None:
        """Each document whose time is believed moves the trusted time on."""
        self.trusted_ms = self.trusted_since_ms = self.now_ms

    def _must(self, holds: bool, why: str) -> None:
        if not holds:
            raise Refusal(why)
