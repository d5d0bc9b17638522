"""Becoming a till of a WaWi, and nobody's again; whoever asks for it has spoken to the WaWi."""

from __future__ import annotations

from kpos.domain.document import Json
from kpos.domain.exchange import Point
from kpos.domain.ids import Id, is_id
from kpos.domain.refusal import refuse
from kpos.ledger import joining
from kpos.ledger.books import Books
from kpos.ledger.pairing import Pairing
from kpos.ledger.replica import head_of

_PREFIX_LENGTH_MAX = 12


def wawi_application(books: Books, author: str) -> dict[str, Json]:  # noqa: ARG001 - as any request
    """What a till says of itself to be paired."""
    identity, head = books.identity, head_of(books.journal)
    names = ("till", "place", "prefix", "cash_prefix")
    point = [head.epoch, head.seq, head.hash] if isinstance(head, Point) else None
    own = joining.own_until(books)
    said = {name: getattr(identity, name) for name in names}
    return {**said, "head": point, "own": [own.epoch, own.seq]}


def wawi_pair(
    books: Books,
    author: str,
    *,
    url: str,
    token: str,
    branch: str,
    fingerprint: str | None,
    till: str,
    place: str,
    prefix: str,
) -> dict[str, Json]:
    """Be the till that a WaWi says."""
    if not (is_id(till) and is_id(place)):
        raise refuse("invalid", "the WaWi did not say which till this is, and where")
    if not (prefix.isascii() and prefix.isalnum() and len(prefix) <= _PREFIX_LENGTH_MAX):
        raise refuse("invalid", f"receipts cannot begin with {prefix[:20]!r}")
    assigned = joining.Assigned(Id(till), Id(place), prefix)
    identity = joining.pair(books, Pairing(url, token, branch, fingerprint), assigned, author)
    return {"prefix": identity.prefix, "epoch": identity.epoch}


def wawi_unpair(books: Books, author: str, *, reason: str | None) -> dict[str, Json]:
    """Be nobody's till."""
    joining.unpair(books, author, reason)
    return {}
