"""Adding documents up for a closing (X and Z alike).

Nothing is reset by a closing: balances are those of the last one plus what was posted since, so
that one reads the documents after the last and nothing else. What is taken back counts against
what it takes back, on the day it is taken back; what a delivery costs later, on that day too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from kpos.domain.bodies import ChargeLine, Line, Reversal, Sale, read_reversal, read_sale
from kpos.domain.cashing import CASH
from kpos.domain.closing import (
    ROWS,
    WALLETS,
    BalanceTotal,
    CashTotal,
    Closing,
    End,
    GroupTotal,
    KindTotal,
    LevyTotal,
    MeansTotal,
    ProductTotal,
    TaxTotal,
)
from kpos.domain.document import Document, Ref
from kpos.domain.product import DEPOSIT
from kpos.domain.undoing import value_of
from kpos.domain.values import replace

_WALLET = "wallet:"
_TAX = "tax:"


class Names(Protocol):
    """What goods and price groups are called today; a closing freezes it."""

    def group(self, identifier: str) -> str:
        """The name of a price group."""
        ...

    def product(self, identifier: str) -> tuple[str, str]:
        """Name and unit of a product."""
        ...


class Tally:
    """Adds documents up, in their order; `original` finds the document a reversal names."""

    def __init__(
        self,
        before: Closing | None,
        original: Callable[[Ref], Document | None],
        names: Names,
    ) -> None:
        self._original = original
        self._names = names
        self._z_number = before.z_number + 1 if before is not None else 1
        self._ends: list[End] = []
        self._documents = 0
        self._rows: dict[str, dict[Any, Any]] = {name: {} for name in ROWS}
        self._sums = {"charged": 0, "returned": 0, "reversals": 0, "reversed": 0}
        self._balances = {each.account: each.cents for each in before.balances} if before else {}
        for cash in before.cash if before is not None else ():
            opened = CashTotal(cash.account, cash.entries, opening_cents=cash.expected_cents)
            self._rows["cash"][cash.account] = opened

    def add(self, document: Document) -> None:
        """The next document."""
        end = End(document.epoch, document.seq, document.hash)
        self._ends = [*self._ends[:1], end]
        self._documents += 1
        for posting in document.postings:
            self._post(posting.account, posting.cents)
        cents = 0 if document.kind == "reversal" else cents_of(document)
        self._plus("kinds", document.kind, KindTotal(document.kind), count=1, cents=cents)
        add = _KINDS.get(document.kind)
        if add is not None:
            add(self, document)

    def closing(self) -> Closing | None:
        """The figures by now; None if there is nothing to close."""
        if not self._ends:
            return None
        rows: dict[str, Any] = {
            name: tuple(row for _key, row in sorted(by_key.items(), key=lambda item: item[0]))
            for name, by_key in self._rows.items()
        }
        held = sorted(self._balances.items())
        rows["balances"] = tuple(BalanceTotal(account, cents) for account, cents in held if cents)
        rows["cash"] = tuple(_at_the_end(each) for each in rows["cash"])
        rows["taxes"] = tuple(_with_sums(each) for each in rows["taxes"])
        return Closing(
            z_number=self._z_number,
            from_document=self._ends[0],
            to_document=self._ends[-1],
            documents=self._documents,
            deposit_charged_cents=self._sums["charged"],
            deposit_returned_cents=self._sums["returned"],
            reversals=self._sums["reversals"],
            reversed_cents=self._sums["reversed"],
            **rows,
        )

    # Kinds; `sign` is -1 where they are taken back

    def sale(self, document: Document) -> None:
        """A purchase."""
        sale = read_sale(document.body)
        self._sold(sale, sale.lines, 1)
        self._costs(document)

    def top_up(self, document: Document, sign: int = 1) -> None:
        """Credit was bought."""
        body = document.body
        self._means("top_ups", body["means"], sign, body["cents"])

    def deposit_return(self, document: Document, sign: int = 1) -> None:
        """Empties came back: less deposit, less tax."""
        units = document.body["units"]
        self._sums["returned"] += sign * document.body["cents"]
        for each in units:
            value = each["cents_per_unit"] * each["quantity"]
            self._tax(each["tax_key"], each["rate_bp"], deposit_cents=-sign * value)
        rates = {each["tax_key"]: each["rate_bp"] for each in units}
        for posting in document.postings:
            if posting.account.startswith(_TAX):
                key = posting.account.removeprefix(_TAX)
                self._tax(key, rates[key], tax_cents=-sign * posting.cents)

    def cash_count(self, document: Document) -> None:
        """What was in the box."""
        account, counted = document.body["account"], document.body["counted_cents"]
        difference = cents_of(document)
        # One that found no difference posts nothing, and is an entry all the same.
        entries = 0 if difference else 1
        row = CashTotal(account)
        self._plus("cash", account, row, entries=entries, difference_cents=difference)
        rows = self._rows["cash"]
        rows[account] = replace(rows[account], counted_cents=counted)

    def costing(self, document: Document) -> None:
        """Goods that were sold before their delivery was booked cost what they cost."""
        for item in document.body["items"]:
            if item["account"] == "cost":
                self._cost(item["product"], item["cost_cents"])

    def reversal(self, document: Document) -> None:
        """Something is taken back."""
        reversal = read_reversal(document.body)
        original = self._original(reversal.original)
        assert original is not None, "a reversal names a document that is there"
        cents = cents_of(original)
        if original.kind == "sale":
            sale = read_sale(original.body)
            lines = lines_taken_back(sale, reversal)
            cents = value_of(lines)
            self._sold(sale, lines, -1)
            self._costs(document)
        elif original.kind == "top_up":
            self.top_up(original, -1)
        elif original.kind == "deposit_return":
            self.deposit_return(original, -1)
        self._sums["reversals"] += 1
        self._sums["reversed"] += cents
        self._plus("kinds", document.kind, KindTotal(document.kind), cents=cents)

    # What they are made of

    def _post(self, account: str, cents: int) -> None:
        key = WALLETS if account.startswith(_WALLET) else account
        self._balances[key] = self._balances.get(key, 0) + cents
        if account.startswith(CASH):
            way = "in_cents" if cents > 0 else "out_cents"
            self._plus("cash", account, CashTotal(account), entries=1, **{way: abs(cents)})

    def _sold(self, sale: Sale, lines: tuple[Line, ...], sign: int) -> None:
        total = sign * value_of(lines)
        once = max(sign, 0)
        group = GroupTotal(sale.group, self._names.group(sale.group))
        self._plus("groups", sale.group, group, count=once, cents=total)
        self._means("payments", sale.payments[0].means, sign, abs(total))
        for line in lines:
            self._line(line, sign)

    def _line(self, line: Line, sign: int) -> None:
        gross, tax = sign * line.gross_cents, sign * line.tax_cents
        product = ProductTotal(line.product, line.name, line.unit)
        quantity = sign * line.quantity
        self._plus(
            "products", line.product, product, quantity=quantity, gross_cents=gross, tax_cents=tax
        )
        self._tax(line.tax_key, line.rate_bp, goods_cents=gross, tax_cents=tax)
        for charge in line.charges:
            self._charge(charge, sign)

    def _charge(self, charge: ChargeLine, sign: int) -> None:
        gross, tax = sign * charge.gross_cents, sign * charge.tax_cents
        if charge.account == DEPOSIT:
            self._sums["charged"] += gross
            self._tax(charge.tax_key, charge.rate_bp, deposit_cents=gross, tax_cents=tax)
            return
        levy = LevyTotal(charge.account)
        self._plus("levies", charge.account, levy, gross_cents=gross, tax_cents=tax)
        self._tax(charge.tax_key, charge.rate_bp, levies_cents=gross, tax_cents=tax)

    def _tax(self, key: str, rate_bp: int, **cents: int) -> None:
        self._plus("taxes", (key, rate_bp), TaxTotal(key, rate_bp), **cents)

    def _means(self, table: str, means: str, sign: int, cents: int) -> None:
        self._plus(table, means, MeansTotal(means), count=max(sign, 0), cents=sign * cents)

    def _costs(self, document: Document) -> None:
        """What the goods of a sale cost, or those that came back."""
        for movement in document.movements:
            self._cost(movement.product, -(movement.cost_cents or 0))

    def _cost(self, product: str, cents: int) -> None:
        named = ProductTotal(product, *self._names.product(product))
        self._plus("products", product, named, cost_cents=cents)

    def _plus(self, table: str, key: Any, empty: Any, **numbers: int) -> None:  # noqa: ANN401
        """Add to the numbers of a row, which begins as `empty`."""
        rows = self._rows[table]
        row = rows.get(key, empty)
        rows[key] = replace(row, **{n: getattr(row, n) + cents for n, cents in numbers.items()})


def cents_of(document: Document) -> int:
    """What a document went over, by its own word, or else the sum of its debits."""
    body = document.body
    if document.kind == "cash_count":
        return int(body["counted_cents"] - body["expected_cents"])
    for name in ("total_cents", "cents"):
        if name in body:
            return int(body[name])
    return sum(posting.cents for posting in document.postings if posting.cents > 0)


def lines_taken_back(sale: Sale, reversal: Reversal) -> tuple[Line, ...]:
    """The lines of a sale with as much of them as a reversal took back."""
    if not reversal.lines:
        return sale.lines
    sold = {line.line: line for line in sale.lines}
    return tuple(
        replace(
            sold[gone.line],
            quantity=gone.quantity,
            gross_cents=gone.gross_cents,
            tax_cents=gone.tax_cents,
            charges=gone.charges,
        )
        for gone in reversal.lines
    )


def _at_the_end(cash: CashTotal) -> CashTotal:
    return replace(cash, expected_cents=cash.opening_cents + cash.in_cents - cash.out_cents)


def _with_sums(tax: TaxTotal) -> TaxTotal:
    gross = tax.goods_cents + tax.levies_cents + tax.deposit_cents
    return replace(tax, gross_cents=gross, net_cents=gross - tax.tax_cents)


_KINDS: dict[str, Callable[[Tally, Document], None]] = {
    "sale": Tally.sale,
    "top_up": Tally.top_up,
    "deposit_return": Tally.deposit_return,
    "cash_count": Tally.cash_count,
    "costing": Tally.costing,
    "reversal": Tally.reversal,
}
