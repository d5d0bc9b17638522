"""Cash and closings of the stories, ordered as they are told."""

from collections.abc import Callable

from kpos.domain import orders
from kpos.domain.cashing import Pieces, Purpose
from kpos.domain.money import Money
from kpos.ledger.checks import Booked
from tests.ledger.kasse import Kasse
from tests.ledger.story import Told

# Club 42: 52.60 in the box.
COUNTED = (Pieces(5000, 1), Pieces(200, 1), Pieces(50, 1), Pieces(10, 1))
# First part of the account the money comes from, and of the one it goes to.
PURPOSES: dict[tuple[str, str], Purpose] = {
    ("opening", "cash"): "float",
    ("cash", "bank"): "skim",
    ("cash", "cash"): "collect",
    ("income", "cash"): "pay_in",
    ("cash", "expense"): "pay_out",
    ("bank", "payable"): "settle",
}

Builder = Callable[[Told, Told], Booked]


def builders(kasse: Kasse, payable: str) -> dict[str, Builder]:
    def cash_move(line: Told, _: Told) -> Booked:
        to, source = sorted(line.postings, key=lambda posting: -posting.cents)
        ends = (source.account.partition(":")[0], to.account.partition(":")[0])
        other = payable if ends[1] == "payable" else None
        return kasse.book(orders.CashMove(PURPOSES[ends], Money(to.cents), other=other))

    def cash_count(_line: Told, _: Told) -> Booked:
        return kasse.book(orders.CashCount(COUNTED))

    def closing(_line: Told, _: Told) -> Booked:
        return kasse.book(orders.Close())

    return {"cash_move": cash_move, "cash_count": cash_count, "closing": closing}
