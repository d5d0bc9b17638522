"""Becoming a till of a WaWi, and nobody's again; going on beside documents that only it has.

Whoever pairs begins an epoch where the WaWi gives another prefix or place: no number is given
twice, no sale stands at two places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpos.domain.bodies import MasterChange
from kpos.domain.document import Draft, Json, Ref, body_of, read_content, receipt_number
from kpos.domain.exchange import Point
from kpos.domain.ids import Id
from kpos.domain.refusal import refuse
from kpos.domain.values import dataclass, replace
from kpos.ledger.pairing import Pairing, later_prefix, next_prefix, unsent, write_pairing
from kpos.ledger.reading import Identity

if TYPE_CHECKING:
    from kpos.ledger.books import Books
    from kpos.ledger.journal import Journal


@dataclass(frozen=True, slots=True)
class Assigned:
    """What the WaWi says a till is from now on."""

    till: Id
    place: Id
    prefix: str


def pair(books: Books, pairing: Pairing, assigned: Assigned, author: str | None) -> Identity:
    """Become a till of a WaWi; a document says so.

    Raises:
        Refused: if this till cannot be the one that was assigned; nothing was changed.
    """
    identity = books.identity
    if assigned.till != identity.till:
        raise refuse("invalid", f"the WaWi took this till for till {assigned.till}")
    if (assigned.place, assigned.prefix) != (identity.place, identity.prefix):
        prefix = assigned.prefix
        if prefix == identity.prefix:
            prefix = _unused(books.journal, next_prefix(prefix))
        elif _is_used(books.journal, prefix):
            raise refuse("taken", f"this till has given out receipts {prefix}-… before")
        epoch = identity.epoch + 1
        identity = replace(identity, place=assigned.place, prefix=prefix, epoch=epoch)
    row = {"url": pairing.url, "branch": pairing.branch, "prefix": identity.prefix}
    change = MasterChange("pairing", identity.till, "set", row)
    with books.booking() as booking:
        booking.become(identity)
        write_pairing(booking.db, pairing, is_fed=books.journal.is_fed)
        booking.append(Draft("master_change", body_of(change), author=author))
    books.journal_changed()
    return identity


def own_until(books: Books) -> Ref:
    """Up to where this till was its own master: before the document that says it was paired.

    Since then it changed no master data by itself, be it nobody's again, unless it was that before
    it ever heard of the WaWi's: then it was its own master once more. Reads the whole journal.
    """
    rows = books.journal.rows(
        "SELECT epoch, seq - 1, content FROM document WHERE kind = 'master_change'"
        """ AND instr(content, '"entity":"pairing"') ORDER BY position"""
    )
    own: Ref | None = None
    for epoch, seq, content in rows:
        body = read_content(content, "").body
        if body["action"] == "set":
            own = own or Ref(epoch, seq)
        elif not body["fields"].get("is_fed", 1):
            own = None
    return own or books.journal.head.ref


def unpair(books: Books, author: str | None, reason: str | None) -> None:
    """Be nobody's till. With documents that the WaWi does not hold only for a reason.

    Raises:
        Refused: if there is none.
    """
    pairing = books.journal.pairing
    if pairing is None:
        raise refuse("invalid", "this till is not paired")
    waiting = unsent(books.journal.db)
    if waiting and not reason:
        msg = (
            f"not at the WaWi yet: {waiting} of the documents here; kpos sync first, or"
            " kpos unpair --force --reason WHY"
        )
        raise refuse("invalid", msg)
    is_fed = books.journal.is_fed
    row: dict[str, Json] = {"url": pairing.url, "unsent": waiting, "reason": reason}
    row["is_fed"] = int(is_fed)
    change = MasterChange("pairing", books.identity.till, "retire", row)
    with books.booking() as booking:
        write_pairing(booking.db, None, is_fed=is_fed)
        booking.append(Draft("master_change", body_of(change), author=author))
    books.journal_changed()


def acknowledge(books: Books, acked: Point | None) -> None:
    """Remember up to where the WaWi holds the journal; one write, if that is news."""
    journal, pairing = books.journal, books.journal.pairing
    if pairing is not None and pairing.acked != acked:
        pairing = replace(pairing, acked=acked)
        with journal.transaction() as booking:
            write_pairing(booking.db, pairing, is_fed=journal.is_fed)
        journal.pairing = pairing


def begin_epoch(books: Books, held: Point, common: Point) -> Identity:
    """Go on beside documents of this till that only the WaWi has, up to `held`; a document says so.

    The prefix changes with each epoch, so that those who began one do not share its numbers.
    """
    identity = books.identity
    epoch = held.epoch + 1
    prefix = _unused(books.journal, later_prefix(identity.prefix, epoch - identity.epoch))
    identity = replace(identity, epoch=epoch, prefix=prefix)
    places = {name: str(point.ref) for name, point in (("held", held), ("common", common))}
    change = MasterChange("fork", identity.till, "set", {"prefix": prefix, **places})
    with books.booking() as booking:
        booking.become(identity)
        booking.append(Draft("master_change", body_of(change), author="till"))
    return identity


def _unused(journal: Journal, prefix: str) -> str:
    while _is_used(journal, prefix):
        prefix = next_prefix(prefix)
    return prefix


def _is_used(journal: Journal, prefix: str) -> bool:
    """Whether an epoch gave numbers out under a prefix: the next one must not."""
    return journal.find_receipt(receipt_number(prefix, 1)) is not None
