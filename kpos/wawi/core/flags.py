"""What is remarkable about a document that was booked: nothing is refused for what it says."""

from __future__ import annotations

from collections.abc import Sequence

from kpos.domain.document import Document
from kpos.domain.ids import Id
from kpos.domain.instant import DAY_MS, Instant
from kpos.domain.postings import WALLET
from kpos.ledger import sealed, stammdaten
from kpos.ledger.database import Database

OVERDRAFT = "overdraft"
UNKNOWN_PRODUCT = "unknown_product"
BLOCKED = "blocked"
CLOCK = "clock"


class Flagger:
    """Looks at documents in their order, before they are projected."""

    def __init__(self, db: Database, now: Instant) -> None:
        self._db = db
        # As a text: documents write times so that their texts are in the same order.
        self._tomorrow = str(now.plus_ms(DAY_MS))
        self._balances: dict[str, int] = {}
        self._products: dict[str, bool] = {}
        self._blocked: dict[str, bool] = {}

    def flags(self, document: Document) -> str:
        """The words for one document, with a space between."""
        found = []
        if self._overdraws(document):
            found.append(OVERDRAFT)
        if document.kind == "master_change" and document.body.get("entity") == "product":
            self._products[str(document.body.get("id"))] = True
        if document.kind == "sale" and not all(map(self._is_known, _products(document))):
            found.append(UNKNOWN_PRODUCT)
        if document.kind == "debit" and self._is_blocked(str(document.body.get("wallet"))):
            found.append(BLOCKED)
        if document.clock != "ok" or document.at > self._tomorrow:
            found.append(CLOCK)
        return " ".join(found)

    def _overdraws(self, document: Document) -> bool:
        found = False
        for posting in document.postings:
            if posting.account.startswith(WALLET):
                if posting.account not in self._balances:
                    before = stammdaten.balance(self._db, posting.account)
                    self._balances[posting.account] = before.cents
                self._balances[posting.account] += posting.cents
                found |= posting.cents > 0 and self._balances[posting.account] > 0
        return found

    def _is_known(self, product: str) -> bool:
        if product not in self._products:
            self._products[product] = sealed.one(self._db, "product", "id", product) is not None
        return self._products[product]

    def _is_blocked(self, wallet: str) -> bool:
        """Whether all cards of a wallet are blocked, or its member has left."""
        if wallet not in self._blocked:
            cards = sealed.every(self._db, "card", "WHERE wallet = ?", wallet)
            member = sealed.one(self._db, "member", "wallet", wallet)
            has_left = member is not None and bool(member[-1])
            self._blocked[wallet] = has_left or (bool(cards) and all(card[3] for card in cards))
        return self._blocked[wallet]


def _products(document: Document) -> Sequence[Id]:
    return [line["product"] for line in document.body["lines"]]
