"""What the office may take from a wallet, beside tills that may be out of reach.

It is one more till that may debit a wallet, and one that always knows what the server knows: so it
takes nothing from a wallet that is at home at a till, which may have spent all of it, and of
another one no more than is there and held for nobody. The tills' own limits bound the rest.
"""

from __future__ import annotations

from collections.abc import Iterable

from kpos.domain.document import Document
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.money import Money
from kpos.domain.refusal import Refusal, Refused, refuse
from kpos.ledger import stammdaten
from kpos.ledger.database import Database
from kpos.ledger.feed import moves_of
from kpos.wawi.core import homes

# Corrections are none: who takes a top-up back says that it was never there.
_SPENDING = frozenset({"payout", "transfer"})


class AtHome(Refused):
    """Only one till knows what is left of a wallet; `release` lets others have it."""

    def __init__(self, wallet: Id, prefix: str) -> None:
        msg = (
            f"this credit is at home at till {prefix}, which may have spent it: it is asked to"
            " release it now; try again when it was in contact twice"
        )
        super().__init__(Refusal("offline", msg))
        self.wallet = wallet


def check(db: Database, documents: Iterable[Document]) -> list[Id]:
    """The wallets from which documents of the office take; they are not projected yet.

    Raises:
        Refused: if they may not be booked.
    """
    spent: dict[str, int] = {}
    for document in documents:
        if document.kind in _SPENDING:
            for wallet, cents in moves_of(document).items():
                if cents > 0:
                    spent[wallet] = spent.get(wallet, 0) + cents
    for wallet, cents in spent.items():
        _check(db, Id(wallet), cents)
    return [Id(wallet) for wallet in spent]


def _check(db: Database, wallet: Id, cents: int) -> None:
    home = homes.home_of(db, wallet)
    if home is not None:
        row = db.execute("SELECT prefix FROM till WHERE id = ?", (home,)).fetchone()
        raise AtHome(wallet, row[0])
    query = "SELECT coalesce(sum(cents), 0) FROM hold WHERE wallet = ?"
    held = Money(db.execute(query, (wallet,)).fetchone()[0])
    missing = Money(cents) + held - stammdaten.credit(db, wallet)
    if held and missing > Money(0):
        msg = f"the credit does not suffice: {held} of it is held for a purchase at a till"
        raise refuse("credit", msg, missing)


def release(db: Database, wallet: Id, now: Instant) -> None:
    """Let others than the till at home have a wallet, as soon as that till knows."""
    if not homes.is_moving(db, wallet):
        homes.set_home(db, wallet, None, now)


def give_back(db: Database, wallets: Iterable[Id], now: Instant) -> None:
    """Beside one till only the office spends: what is free again is at home at that till."""
    tills = homes.active_tills(db)
    if len(tills) == 1:
        for wallet in wallets:
            homes.set_home(db, wallet, tills[0], now)
