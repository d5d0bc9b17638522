"""The closing (Tagesabschluss, Z-Bon): the body that freezes what a day added up to.

`kpos.domain.tally` adds it up. X shows the same figures without booking them. A closing that was
booked is shown from its body ever after, whatever is corrected, renamed or erased later.
"""

from __future__ import annotations

from collections.abc import Mapping

from kpos.domain.document import Draft, Json, body_of
from kpos.domain.values import dataclass

# All wallets together, among the balances.
WALLETS = "wallet"


@dataclass(frozen=True, slots=True)
class End:
    """The first or the last document that is covered."""

    epoch: int
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """One tax key at one rate: goods, levies and deposits (charged less returned), gross."""

    tax_key: str
    rate_bp: int
    goods_cents: int = 0
    levies_cents: int = 0
    deposit_cents: int = 0
    gross_cents: int = 0
    net_cents: int = 0
    tax_cents: int = 0


@dataclass(frozen=True, slots=True)
class GroupTotal:
    """Purchases of a price group, and their cents less what was taken back."""

    group: str
    name: str
    count: int = 0
    cents: int = 0


@dataclass(frozen=True, slots=True)
class KindTotal:
    """Documents of a kind, and the sum of what each went over."""

    kind: str
    count: int = 0
    cents: int = 0


@dataclass(frozen=True, slots=True)
class MeansTotal:
    """How purchases were paid or credit was bought; cents less what was taken back."""

    means: str
    count: int = 0
    cents: int = 0


@dataclass(frozen=True, slots=True)
class ProductTotal:
    """Goods alone, without charges; `quantity` in pieces or thousandths; cost where known."""

    product: str
    name: str
    unit: str
    quantity: int = 0
    gross_cents: int = 0
    tax_cents: int = 0
    cost_cents: int = 0


@dataclass(frozen=True, slots=True)
class LevyTotal:
    """One levy, gross, and the tax inside it."""

    account: str
    gross_cents: int = 0
    tax_cents: int = 0


@dataclass(frozen=True, slots=True)
class CashTotal:
    """One cash account; `counted_cents` of its last count, None where there was none.

    `difference_cents` is what all counts together found too much (+) or too little (-); it is
    part of what came in and went out. `entries` is the last number in the account's cash book.
    """

    account: str
    entries: int = 0
    opening_cents: int = 0
    in_cents: int = 0
    out_cents: int = 0
    expected_cents: int = 0
    counted_cents: int | None = None
    difference_cents: int = 0


@dataclass(frozen=True, slots=True)
class BalanceTotal:
    """What an account holds at the end, debit positive; all wallets are one."""

    account: str
    cents: int


@dataclass(frozen=True, slots=True)
class Closing:
    """The body of a closing; `from_document` and `to_document` are covered both."""

    z_number: int
    from_document: End
    to_document: End
    documents: int
    taxes: tuple[TaxTotal, ...]
    groups: tuple[GroupTotal, ...]
    kinds: tuple[KindTotal, ...]
    products: tuple[ProductTotal, ...]
    levies: tuple[LevyTotal, ...]
    payments: tuple[MeansTotal, ...]
    top_ups: tuple[MeansTotal, ...]
    deposit_charged_cents: int
    deposit_returned_cents: int
    reversals: int
    reversed_cents: int
    cash: tuple[CashTotal, ...]
    balances: tuple[BalanceTotal, ...]

    def balance(self, account: str) -> int:
        """Cents of one account at the end, or of all below it (``payable``), debit positive."""
        return sum(
            each.cents
            for each in self.balances
            if each.account == account or each.account.startswith(f"{account}:")
        )


ROWS: dict[str, type] = {
    "taxes": TaxTotal,
    "groups": GroupTotal,
    "kinds": KindTotal,
    "products": ProductTotal,
    "levies": LevyTotal,
    "payments": MeansTotal,
    "top_ups": MeansTotal,
    "cash": CashTotal,
    "balances": BalanceTotal,
}


def read_closing(body: Mapping[str, Json]) -> Closing:
    """A closing as it was booked."""
    values = {name: value for name, value in body.items() if name != "v"}
    for name in ("from_document", "to_document"):
        values[name] = End(**values[name])
    for name, row in ROWS.items():
        values[name] = tuple(row(**each) for each in values[name])
    return Closing(**values)


def closing(figures: Closing) -> Draft:
    """The figures, frozen; nothing is posted, for nothing is reset."""
    return Draft(kind="closing", body=body_of(figures))
