"""What a till of a WaWi knows from there, and what its own documents changed since.

    balance here = balance of the feed - effects of own documents after the feed's `applied`

`fed_wallet` and `fed_stock` hold what the feed said, `own_move` what own documents took from each
wallet after it. `switching` takes pages of the feed over; a till of its own has none of this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kpos.domain.document import Document
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.money import Money
from kpos.domain.values import dataclass
from kpos.ledger import sealed
from kpos.ledger.credit import Home, Standing
from kpos.ledger.database import Database
from kpos.ledger.reading import Identity, position_of

_WALLET = "wallet:"


@dataclass(frozen=True, slots=True)
class Taken:
    """Up to where the feed was taken over; `position` of the own document it includes, or 0.

    An empty `cursor`: to be read from its beginning, what is known stays until then.
    """

    cursor: str
    position: int
    hash: str


def taken(db: Database) -> Taken | None:
    """None before the first complete switch, and where the file had to begin anew."""
    row = sealed.one(db, "feed", "one", 1)
    return Taken(*row[1:]) if row is not None else None


def reached_at(db: Database) -> Instant | None:
    """When the WaWi last answered, give or take an hour; None if it never did."""
    row = sealed.one(db, "reached", "one", 1)
    return Instant(row[1]) if row is not None else None


def note_reached(db: Database, at: Instant) -> None:
    """It answered."""
    sealed.put(db, "reached", 1, at.ms)


def standing(db: Database, till: Id, wallet: Id) -> Standing:
    """Where a wallet may be spent, and how much of it the WaWi does not know of yet."""
    row = sealed.one(db, "fed_wallet", "wallet", wallet)
    if row is None:
        return Standing("unknown")
    home: Home = "free" if row[2] is None else "here" if row[2] == till else "elsewhere"
    return Standing(home, Money(_risk(db, wallet)))


def _risk(db: Database, wallet: Id) -> int:
    """The most that any last stretch of own documents took from a wallet.

    The WaWi may have been told of any first stretch without this till knowing, so that only this
    bounds what it and all other tills do not know of. What came back lowers it, what came before
    does not.
    """
    risk = 0
    for _, _, cents, held in sealed.every(
        db, "own_move", "WHERE wallet = ? ORDER BY position", wallet
    ):
        spent = max(cents - held, 0) if held else cents
        risk = max(risk + spent, 0)
    return risk


def stock(db: Database, product: Id) -> int | None:
    """What the WaWi said is there, before own documents; None if it keeps no stock of it."""
    row = sealed.one(db, "fed_stock", "product", product)
    return row[1] if row is not None else None


def cost(db: Database, product: Id) -> tuple[int, int] | None:
    """(cost in cents, quantity) of what the next unit comes from, as the WaWi says."""
    row = sealed.one(db, "fed_stock", "product", product)
    return (row[2], row[3]) if row is not None and row[2] is not None else None


def follow(db: Database, identity: Identity, document: Document, held_cents: int) -> None:
    """Remember what an own document took from wallets; nothing before the first switch."""
    known = taken(db)
    if known is None:
        return
    if is_change(document, "pairing"):
        _begin_anew(db, known, identity.place)
    for wallet, cents in moves_of(document).items():
        sealed.put(db, "own_move", wallet, position_of(document.ref), cents, held_cents)
    if is_change(document, "wallet"):
        begin_wallet(db, identity.till, document.body["id"])


def _begin_anew(db: Database, known: Taken, place: Id) -> None:
    """Whoever was paired again may be in another branch: of its goods nothing is known yet."""
    sealed.put(db, "feed", 1, "", known.position, known.hash)
    db.execute("DELETE FROM staged")
    db.execute("DELETE FROM staging")
    elsewhere = db.execute(
        "SELECT 1 FROM fed_stock WHERE NOT EXISTS (SELECT 1 FROM stock"
        " WHERE stock.product = fed_stock.product AND place = ?) LIMIT 1",
        (place,),
    )
    if elsewhere.fetchone() is not None:
        db.execute("DELETE FROM fed_stock")
        db.execute("DELETE FROM stock WHERE place <> ?", (place,))


def begin_wallet(db: Database, till: Id, wallet: str) -> None:
    """A wallet that was made here is known here alone."""
    if sealed.one(db, "fed_wallet", "wallet", wallet) is None:
        sealed.put(db, "fed_wallet", wallet, 0, till)


def is_change(document: Document, entity: str) -> bool:
    """Whether a document changes master data of this kind."""
    return document.kind == "master_change" and document.body["entity"] == entity


def moves_of(document: Document) -> dict[str, int]:
    """What a document took from (+) or gave to (-) each wallet."""
    return {
        posting.account.removeprefix(_WALLET): posting.cents
        for posting in document.postings
        if posting.account.startswith(_WALLET)
    }


@dataclass(frozen=True, slots=True)
class Effects:
    """What own documents after the feed's do to wallets and to goods at the till's place.

    `changes` are those of master data; `moves` what each took from a wallet, and where it stands.
    """

    changes: tuple[Document, ...]
    moves: tuple[tuple[str, int, int], ...]
    wallets: Mapping[str, int]
    goods: Mapping[str, int]


def effects_of(documents: Iterable[Document], place: str) -> Effects:
    """Gather them."""
    wallets: dict[str, int] = {}
    goods: dict[str, int] = {}
    changes, moves = [], []
    for document in documents:
        for wallet, cents in moves_of(document).items():
            wallets[wallet] = wallets.get(wallet, 0) + cents
            moves.append((wallet, position_of(document.ref), cents))
        for each in document.movements:
            if each.place == place:
                goods[each.product] = goods.get(each.product, 0) + each.quantity
        if document.kind == "master_change":
            changes.append(document)
    return Effects(tuple(changes), tuple(moves), wallets, goods)
