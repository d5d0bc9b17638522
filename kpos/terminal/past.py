"""Documents as their wallet's holder reads them."""

from __future__ import annotations

from typing import Any

from kpos.checkout.carried import PastBooking
from kpos.domain.document import Document
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.money import Money
from kpos.domain.postings import wallet_account
from kpos.terminal.localtime import Zone


def past_booking(document: Document, wallet: Id, zone: Zone) -> PastBooking:
    """How a document looks from its wallet: a sale's postings stand against clearing."""
    account = wallet_account(wallet)
    own = {posting.account: posting.cents for posting in document.postings}
    cents = -own[account] if account in own else -own.get("clearing", 0)
    text = ""
    if document.kind == "sale":
        text = ", ".join(_bought(line) for line in document.body["lines"])
    when = zone.day(Instant.parse(document.at))
    return PastBooking(when, document.kind, text, Money(cents))


def _bought(line: dict[str, Any]) -> str:
    by_piece = line["unit"] == "piece" and line["quantity"] > 1
    return f"{line['quantity']}x {line['name']}" if by_piece else str(line["name"])
