"""A story of `stories/`, played at one till: products, carts, cards and deliveries.

`as_told` says what was booked in the words of the story: names of people, goods, suppliers and
lots instead of ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kpos.domain import orders
from kpos.domain.bodies import TaxedUnits, Units
from kpos.domain.cart import Cart, Entry
from kpos.domain.document import Document, Movement, Posting
from kpos.domain.goods import PAID_BY
from kpos.domain.ids import Id
from kpos.domain.money import Money, portion
from kpos.domain.product import Charge, Offer, house_offer
from kpos.domain.values import replace
from kpos.ledger.checks import Booked
from kpos.ledger.counting import count
from kpos.ledger.stock import stock
from tests.ledger import story, story_cash
from tests.ledger.kasse import ADMIN, Kasse
from tests.ledger.story import Story, Told

GUEST_PRICE, DONATION = Money(180), Charge("levy:donation", Money(10), "6", 0)
DAY = "2026-11-20"


class Evening:
    """One story at one till; who and what it names exists there."""

    def __init__(self, kasse: Kasse, told: Story, units_tax: tuple[str, int]) -> None:
        name_it_after(kasse, told)
        self.kasse = kasse
        self.units_tax = units_tax
        self.wallets: dict[str, Id] = {}
        self.booked: dict[str, Document] = {}
        # Ids of wallets, products, lots and suppliers -> their names in the story.
        self.supplier = Id(kasse.office("supplier_add", name="bev")["id"])
        self.names: dict[str, str] = {self.supplier: "bev"}

    def play(self, told: Story) -> None:
        self.names |= {wallet: name for name, wallet in self.wallets.items()}
        for lines in in_transactions(told.told):
            decisive = next(line for line in lines if line.kind != "costing")
            documents = self._builders()[decisive.kind](decisive, lines[-1]).documents
            for line, document in zip(lines, documents, strict=True):
                self._name_lots(line, document)
                self.booked[line.line] = document

    def postings_of(self, document: Document) -> set[tuple[str, int]]:
        return {(self.named(posting.account), posting.cents) for posting in document.postings}

    def movements_of(self, document: Document) -> list[Movement]:
        return [
            replace(
                movement,
                product=self.names.get(movement.product) or self._name_of(movement.product),
                lot=None if movement.lot is None else self.names[movement.lot],
                best_before=None,
            )
            for movement in document.movements
        ]

    def ends_with(self) -> dict[str, str]:
        """What the projections say, in the words of a balances block; zeros are left out there."""
        db = self.kasse.books.current()
        found = {
            self.named(name): f"{cents}"
            for name, cents in db.execute("SELECT account, cents FROM balance")
            if cents
        }
        for lot, left, cents in db.execute("SELECT id, quantity_left, cost_left FROM lot"):
            found[f"lot {self.names[lot]}"] = f"{left} {cents}"
        for word, query in (
            ("stock", "SELECT product, quantity + open_quantity FROM stock"),
            ("holds", "SELECT wallet, sum(quantity) FROM held_units GROUP BY 1"),
            ("units", "SELECT cents_per_unit, quantity FROM house_units"),
        ):
            for key, quantity in db.execute(query):
                if quantity:
                    found[f"{word} {self.named(str(key))}"] = f"{quantity}"
        return found

    def named(self, account: str) -> str:
        return ":".join(self._name_of(part) for part in account.split(":"))

    def _name_of(self, part: str) -> str:
        if part not in self.names:
            for product in self.kasse.products():
                self.names[product.id] = product.name
        return self.names.get(part, part)

    def _name_lots(self, line: Told, document: Document) -> None:
        for told, booked in zip(line.movements, document.movements, strict=True):
            if told.lot is not None and booked.lot is not None:
                self.names.setdefault(booked.lot, told.lot)

    def _builders(self) -> dict[str, Callable[[Told, Told], Booked]]:
        return {
            "top_up": self._top_up,
            "sale": self._sale,
            "reversal": self._reversal,
            "payout": self._payout,
            "transfer": self._transfer,
            "deposit_return": self._deposit_return,
            "delivery": self._delivery,
            "write_off": self._write_off,
            "stocktake": self._stocktake,
            **story_cash.builders(self.kasse, f"payable:{self.supplier}"),
        }

    # Credit

    def _top_up(self, line: Told, _: Told) -> Booked:
        paid, credited = sorted(line.postings, key=lambda posting: -posting.cents)
        means: dict[str, orders.Means] = {"opening": "opening", "bank": "transfer"}
        means |= {"cash:K1-reader": "reader"}
        order = orders.TopUp(
            self._wallet(credited), Money(paid.cents), means.get(paid.account, "cash")
        )
        return self.kasse.book(order)

    def _wallet(self, posting: Posting) -> Id:
        return self.wallets[posting.account.removeprefix("wallet:")]

    def _payout(self, line: Told, _: Told) -> Booked:
        return self.kasse.book(orders.Payout(self._wallet(line.postings[0]), amount(line)))

    def _transfer(self, line: Told, _: Told) -> Booked:
        giver, receiver = sorted(line.postings, key=lambda posting: -posting.cents)
        order = orders.Transfer(self._wallet(giver), self._wallet(receiver), amount(line))
        return self.kasse.book(order)

    # Purchases

    def _sale(self, line: Told, debit: Told) -> Booked:
        assert debit.wallet is not None
        who = debit.wallet[0]
        cart = Cart(began_at=self.kasse.clock.now())
        for product, quantity in moved(line).items():
            cart = cart.plus(Entry(self._offer(product, guest=who.startswith("g")), -quantity))
        return self.kasse.book(orders.Purchase(cart, self.kasse.holder(who)))

    def _offer(self, name: str, *, guest: bool) -> Offer:
        product = self.kasse.product(name)
        offer = house_offer(product, self.kasse.books.settings.rate_bp(product.tax_key, ""))
        if not guest:
            return offer
        condition = Id("00000000000000c0")
        charges = (*offer.charges, DONATION)
        return Offer(product, GUEST_PRICE, 0, charges, "condition", condition)

    def _reversal(self, line: Told, _: Told) -> Booked:
        original = self.booked[line.original or ""]
        if original.kind != "sale":
            return self.kasse.book(orders.Reverse(original.ref))
        numbers = {sold["product"]: sold["line"] for sold in original.body["lines"]}
        parts = tuple(
            orders.LinePart(numbers[self.kasse.product(name).id], quantity)
            for name, quantity in moved(line).items()
        )
        return self.kasse.book(orders.Reverse(original.ref, parts))

    def _deposit_return(self, line: Told, _: Told) -> Booked:
        assert line.wallet is not None
        who, quantity = line.wallet
        units = (TaxedUnits(story.BOTTLE_CENTS, -quantity, *self.units_tax),)
        never_bought = who == "g2"
        order = orders.ReturnDeposit(self.wallets[who], units, limited=not never_bought)
        return self.kasse.book(order)

    # Goods

    def _delivery(self, line: Told, _: Told) -> Booked:
        accounts = {posting.account: posting.cents for posting in line.postings}
        means = dict(zip(("cash", "bank", "payable", "wallet"), PAID_BY, strict=False))
        [account] = [name for name in accounts if name.split(":")[0] in means]
        lines = tuple(self._delivered(movement) for movement in line.movements)
        tax = sum(cents for name, cents in accounts.items() if name.startswith("input_tax"))
        payer = account.removeprefix("wallet:")
        order = orders.Deliver(
            lines=lines,
            delivered_on=DAY,
            paid_by=means[account.split(":")[0]],
            supplier=self.supplier,
            units=tuple(Units(*units) for units in line.house),
            deposit_tax=Money(tax - sum(each.tax.cents for each in lines)),
            wallet=self.wallets.get(payer),
        )
        return self.kasse.book(order)

    def _delivered(self, movement: Movement) -> orders.DeliveredGoods:
        product = self.kasse.product(movement.product)
        rate_bp = self.kasse.books.settings.rate_bp(product.tax_key, "")
        cost = movement.cost_cents or 0
        tax = Money(portion(cost, rate_bp, 10_000))
        return orders.DeliveredGoods(
            product.id, movement.quantity, Money(cost), product.tax_key, tax
        )

    def _write_off(self, line: Told, _: Told) -> Booked:
        reason = line.postings[0].account.removeprefix("writeoff:")
        lines = tuple(
            (self.kasse.product(name).id, -quantity) for name, quantity in moved(line).items()
        )
        return self.kasse.book(orders.WriteOff(reason, lines))  # type: ignore[arg-type]

    def _stocktake(self, line: Told, _: Told) -> Booked:
        books = self.kasse.books
        lines = []
        for name, difference in moved(line).items():
            product = self.kasse.product(name).id
            lines.append((product, stock(books.current(), product, story.PLACE) + difference))
        waiting = count(books, orders.Count(tuple(lines), counted_by="uid:1000"))
        return self.kasse.book(orders.ApproveCount(waiting.id, ADMIN, author=ADMIN))


def name_it_after(kasse: Kasse, told: Story) -> None:
    """The till of the story: K1 in the club, K2 in the shop."""
    prefix = (told.told[0].number or "").partition("-")[0]
    identity = replace(
        kasse.books.identity, prefix=prefix, cash_prefix=prefix, place=Id(story.PLACE)
    )
    with kasse.books.journal.transaction() as booking:
        booking.become(identity)


def in_transactions(lines: Iterable[Told]) -> list[list[Told]]:
    """A debit follows its sale, a costing its delivery; one that takes costs back comes first."""
    groups: list[list[Told]] = []
    uncosted = False
    for line in lines:
        uncosts = line.kind == "costing" and line.movements[0].lot is not None
        follows = line.kind == "debit" or (line.kind == "costing" and not uncosts)
        if follows or uncosted:
            groups[-1].append(line)
        else:
            groups.append([line])
        uncosted = uncosts
    return groups


def moved(line: Told) -> dict[str, int]:
    """Products of a document and how many, whatever lots they came from."""
    products: dict[str, int] = {}
    for movement in line.movements:
        products[movement.product] = products.get(movement.product, 0) + movement.quantity
    return products


def amount(line: Told) -> Money:
    return Money(max(posting.cents for posting in line.postings))
