"""A till against a plain dict: whatever an evening brings, they agree after each step."""

import tempfile
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
)

from kpos.domain import orders
from kpos.domain.money import Money
from kpos.domain.refusal import RefusalCode, Refused
from kpos.ledger import undo
from kpos.ledger.checks import Booked
from tests.ledger.kasse import MINUTE_MS, Kasse

Sold: TypeAlias = tuple[str, Booked, dict[str, int]]
PEOPLE = ("Ada", "Linus", "Guest")
PRICES = {"Mate": (150, 15), "Snack": (100, 0)}
people = st.sampled_from(PEOPLE)
members = st.sampled_from(PEOPLE[:2])
cents = st.integers(1, 3000)


class Evening(RuleBasedStateMachine):
    """Everything that may happen at a till, mixed."""

    purchases: Bundle[Sold] = Bundle("purchases")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.kasse = Kasse(Path(self.folder.name))
        for name, (price, deposit) in PRICES.items():
            self.kasse.add_product(name, price, deposit_cents=deposit)
        self.wallets = {
            name: (self.kasse.add_guest if name == "Guest" else self.kasse.add_member)(name).wallet
            for name in PEOPLE
        }
        self.credit = dict.fromkeys(PEOPLE, 0)
        self.held = dict.fromkeys(PEOPLE, 0)
        self.cash = 0
        self.stock = dict.fromkeys(PRICES, 0)
        self.history = {"Ada": False, "Linus": False}
        # How many purchases somebody may look up, by whether history was on when they happened.
        self.named = {"Ada": 0, "Linus": 0}

    def teardown(self) -> None:
        verified = self.kasse.verify()
        numbers = [d.receipt_number for d in self.kasse.documents() if d.receipt_number]
        assert numbers == [f"K1-{number:06}" for number in range(1, len(numbers) + 1)]
        assert verified.receipts == len(numbers)
        before = self.kasse.tables()
        self.kasse.rebuild()
        assert self.kasse.tables() == before
        self.kasse.close()
        self.folder.cleanup()

    def refused(self, order: orders.Order) -> RefusalCode | None:
        """Book; the code of the refusal, or None."""
        try:
            self.kasse.book(order)
        except Refused as refused:
            return refused.refusal.code
        return None

    @rule(who=people, amount=cents)
    def tops_up(self, who: str, amount: int) -> None:
        assert self.refused(orders.TopUp(self.wallets[who], Money(amount))) is None
        self.credit[who] += amount
        self.cash += amount

    @rule(who=people, amount=cents)
    def is_paid_out(self, who: str, amount: int) -> None:
        code = self.refused(orders.Payout(self.wallets[who], Money(amount)))
        if amount > self.credit[who]:
            assert code == "credit"
        elif amount > self.cash:
            assert code == "cash"
        else:
            self.credit[who] -= amount
            self.cash -= amount

    @rule(giver=people, receiver=people, amount=cents)
    def gives(self, giver: str, receiver: str, amount: int) -> None:
        wallets = (self.wallets[giver], self.wallets[receiver])
        code = self.refused(orders.Transfer(*wallets, Money(amount)))
        if giver == receiver:
            assert code == "invalid"
        elif amount > self.credit[giver]:
            assert code == "credit"
        else:
            self.credit[giver] -= amount
            self.credit[receiver] += amount

    @rule(target=purchases, who=people, mates=st.integers(0, 6), snacks=st.integers(0, 3))
    def buys(self, who: str, mates: int, snacks: int) -> Sold | MultipleResults[Sold]:
        goods = {name: n for name, n in (("Mate", mates), ("Snack", snacks)) if n}
        total = sum(sum(PRICES[name]) * n for name, n in goods.items())
        if total > self.credit[who] or not goods:
            with pytest.raises(Refused) as refused:
                self.kasse.buy(who, *goods.items())
            assert refused.value.refusal.code == ("credit" if total else "amount")
            return multiple()
        booked = self.kasse.buy(who, *goods.items())
        self.move(who, goods, -1)
        if self.history.get(who):
            self.named[who] += 1
        assert booked.credit == Money(self.credit[who])
        return (who, booked, goods)

    def move(self, who: str, goods: dict[str, int], sign: int) -> None:
        """Goods leave the shop (-1) or come back (+1), with credit and bottles."""
        for name, quantity in goods.items():
            self.credit[who] += sign * sum(PRICES[name]) * quantity
            self.stock[name] += sign * quantity
        self.held[who] -= sign * goods.get("Mate", 0)

    @rule(target=purchases, sold=consumes(purchases), data=st.data())
    def takes_back_a_part(self, sold: Sold, data: st.DataObject) -> Sold | MultipleResults[Sold]:
        who, booked, goods = sold
        if not goods:
            document = booked.documents[0]
            assert self.refused(orders.Reverse(document.ref)) == "undone"
            return multiple()
        names = list(booked_names(booked))
        name = data.draw(st.sampled_from(sorted(goods)))
        quantity = data.draw(st.integers(1, goods[name] + 1))
        part = orders.LinePart(names.index(name) + 1, quantity)
        order = orders.Reverse(booked.documents[0].ref, (part,), self.wallets[who])
        code = self.refused(order)
        if quantity > goods[name]:
            assert code == "undone"
            return (who, booked, goods)
        assert code is None
        if booked.documents[0].private_digest and self.history[who] and self.is_named(booked):
            self.named[who] += 1
        self.move(who, {name: quantity}, 1)
        left = {**goods, name: goods[name] - quantity}
        return (who, booked, {each: n for each, n in left.items() if n})

    def is_named(self, booked: Booked) -> bool:
        ref = booked.documents[0].ref
        return self.kasse.books.journal.private_part(ref.epoch << 32 | ref.seq) is not None

    @rule(who=people, bottles=st.integers(1, 4))
    def returns_bottles(self, who: str, bottles: int) -> None:
        if bottles > self.held[who]:
            with pytest.raises(Refused, match="at most"):
                self.kasse.bring_back(who, bottles)
        else:
            self.kasse.bring_back(who, bottles)
            self.held[who] -= bottles
            self.credit[who] += 15 * bottles

    @rule(who=members, on=st.booleans())
    def switches_history(self, who: str, on: bool) -> None:
        member = self.kasse.holder(who).member
        assert member is not None
        assert self.refused(orders.SetHistory(member, on)) is None
        self.history[who] = on
        if not on:
            self.named[who] = 0

    @rule(minutes=st.integers(1, 9))
    def time_goes_by(self, minutes: int) -> None:
        self.kasse.wait(minutes * MINUTE_MS)
        undo.tidy(self.kasse.books)

    @rule()
    def the_till_restarts(self) -> None:
        self.kasse.reopen()

    @rule()
    def stammdaten_is_lost(self) -> None:
        self.kasse.rebuild()

    @invariant()
    def the_books_agree(self) -> None:
        balance = self.kasse.balance
        for who, wallet in self.wallets.items():
            assert -balance(f"wallet:{wallet}") == self.credit[who]
        assert balance("cash:K1") == self.cash
        assert balance("clearing") == 0
        assert balance("deposit") == -15 * sum(self.held.values())

    @invariant()
    def bottles_and_goods_agree(self) -> None:
        db = self.kasse.books.current()
        for who, wallet in self.wallets.items():
            held = db.execute("SELECT sum(quantity) FROM held_units WHERE wallet = ?", (wallet,))
            assert (held.fetchone()[0] or 0) == self.held[who]
        for name, expected in self.stock.items():
            moved = db.execute(
                "SELECT quantity FROM stock WHERE product = ?", (self.kasse.product(name).id,)
            ).fetchone()
            assert (moved[0] if moved else 0) == expected

    @invariant()
    def a_history_shows_what_it_may(self) -> None:
        db = self.kasse.books.current()
        for who, expected in self.named.items():
            named = "SELECT count(*) FROM history WHERE wallet = ? AND named"
            assert db.execute(named, (self.wallets[who],)).fetchone()[0] == expected


def booked_names(booked: Booked) -> list[str]:
    return [line["name"] for line in booked.documents[0].body["lines"]]


TestAnEvening = Evening.TestCase
TestAnEvening.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
