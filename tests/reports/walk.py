"""The reports' figures once more, the slow way: a walk over all documents, without a database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from kpos.domain.document import Document, Ref
from kpos.domain.instant import Instant
from kpos.ledger.reading import position_of
from tests.ledger.kasse import Kasse
from tests.reports.conftest import BERLIN


@dataclass(frozen=True)
class Piece:
    """A part of a line that was sold (+) or came back (-), for one member or nobody."""

    day: date
    group: str
    product: str
    member: str
    sale: bool
    quantity: int
    turnover: int
    tax: int
    deposit: int


class Walk:
    """Everything that was sold at a till, and what it cost, from its documents alone."""

    def __init__(self, kasse: Kasse) -> None:
        self.documents = {document.ref: document for document in kasse.documents()}
        self._kasse = kasse
        self._names: dict[str, str] = {each.id: each.name for each in kasse.products()}
        db = kasse.books.current()
        self._groups = dict(db.execute("SELECT id, name FROM member_group").fetchall())
        keeps = "SELECT id, name FROM member WHERE history"
        self._members: dict[str, str] = dict(db.execute(keeps).fetchall())

    def pieces(self) -> Iterator[Piece]:
        for document in self.documents.values():
            sale = self._sale_of(document)
            if sale is None:
                continue
            sign = 1 if document is sale else -1
            sold = {line["line"]: line for line in sale.body["lines"]}
            for line in document.body["lines"] or sale.body["lines"]:
                charges = line["charges"]
                deposit = sum(c["gross_cents"] for c in charges if c["account"] == "deposit")
                yield Piece(
                    day_of(document),
                    self._groups[sale.body["group"]],
                    self._names[sold[line["line"]]["product"]],
                    self._member(document),
                    document is sale and line is sale.body["lines"][0],
                    sign * line["quantity"],
                    sign * line["gross_cents"],
                    sign * line["tax_cents"],
                    sign * deposit,
                )

    def costs(self) -> Iterator[tuple[date, str, int]]:
        """Day of the sale or its reversal, product, cost; also what a costing said later."""
        for document in self.documents.values():
            if self._sale_of(document) is not None:
                for movement in document.movements:
                    cost = -(movement.cost_cents or 0)
                    yield day_of(document), self._names[movement.product], cost
            elif document.kind == "costing":
                for item in document.body["items"]:
                    sale = self.documents[Ref(**item["of"])]
                    if sale.kind == "sale":
                        yield day_of(sale), self._names[item["product"]], item["cost_cents"]

    def posted(self, account: str) -> Counter[date]:
        """What was posted by day to accounts that begin so."""
        sums: Counter[date] = Counter()
        for document in self.documents.values():
            for posting in document.postings:
                if posting.account.startswith(account):
                    sums[day_of(document)] += posting.cents
        return sums

    def _sale_of(self, document: Document) -> Document | None:
        if document.kind == "reversal":
            document = self.documents[Ref(**document.body["original"])]
        return document if document.kind == "sale" else None

    def _member(self, document: Document) -> str:
        private = self._kasse.books.journal.private_part(position_of(document.ref)) or {}
        return self._members.get(private.get("member") or "", "(without history)")


def day_of(document: Document) -> date:
    return Instant.parse(document.at).as_datetime().astimezone(BERLIN).date()


def summed(pieces: Iterable[Piece], *keys: str) -> dict[Any, tuple[int, ...]]:
    """Sales, quantity, turnover, tax and deposit by the values of some fields."""
    sums: dict[Any, tuple[int, ...]] = {}
    for piece in pieces:
        key = tuple(getattr(piece, name) for name in keys)
        numbers = (piece.sale, piece.quantity, piece.turnover, piece.tax, piece.deposit)
        before = sums.get(key, (0,) * len(numbers))
        sums[key] = tuple(map(int.__add__, before, numbers))
    return sums
