"""Taking the feed over: its pages are staged, and switched to in one transaction.

Rows become what a `master_change` would make of them, by the same code. What own documents said
after the feed's `applied` is done anew on top: until the WaWi has applied them, they win.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING

from kpos.domain.document import INTEGER_MAX
from kpos.domain.exchange import Change, Point
from kpos.domain.ids import Id
from kpos.domain.values import dataclass
from kpos.ledger import feed, privacy, sealed, yielding
from kpos.ledger.errors import Damaged, LedgerError, NotWritable, sqlite_errors
from kpos.ledger.files import sync_folder
from kpos.ledger.opening import durable, transaction
from kpos.ledger.pairing import write_pairing
from kpos.ledger.pins import Verifier, store_verifier
from kpos.ledger.projection import hide_purchases, put_entity
from kpos.ledger.reading import position_of
from kpos.ledger.replica import is_own

if TYPE_CHECKING:
    from kpos.ledger.books import Books
    from kpos.ledger.journal import Booking

# What a whole feed takes the place of; with all wallets' balances.
_TABLES = (
    "product", "barcode", "member_group", "member", "wallet", "card", "supplier", "setting",
    "condition", "fed_wallet", "fed_stock",
)  # fmt: skip
_PLACES = {"group": "member_group", "stock": "fed_stock", "balance": "fed_wallet"}
_KEYS = {"fed_stock": "product", "fed_wallet": "wallet"}
# What a row of another form than its entity's makes of the code that writes it.
_NEWEST = INTEGER_MAX
_MALFORMED = (LookupError, TypeError, ValueError, AttributeError, sqlite3.IntegrityError)


class Unusable(LedgerError):
    """A row of the feed has not the form of its entity: nothing was taken over."""


def staged_cursor(books: Books) -> str | None:
    """Where to go on reading behind the pages that are staged; None if none is."""
    row = sealed.one(books.current(), "staging", "one", 1)
    return row[1] if row is not None else None


def stage(books: Books, changes: Sequence[Change], cursor: str, *, whole: bool) -> None:
    """Keep a page until one comes that is the last. `whole`: the feed is read from its beginning.

    Raises:
        LedgerError: if it cannot be written; the pages before it are still there.
    """
    db = books.current()
    with sqlite_errors("S-01", str(books.folder.stammdaten)), transaction(db):
        last = db.execute("SELECT coalesce(max(ordinal), 0) FROM staged").fetchone()[0]
        for ordinal, each in enumerate(changes, start=last + 1):
            private = dict(each.private) if each.private is not None else None
            row = [each.entity, each.id, each.action, dict(each.fields), private]
            sealed.put(db, "staged", ordinal, json.dumps(row))
        begun = sealed.one(db, "staging", "one", 1)
        is_whole = bool(begun[2]) if begun is not None else whole
        sealed.put(db, "staging", 1, cursor, int(is_whole))


def discard(books: Books) -> None:
    """Forget what is staged."""
    db = books.current()
    with sqlite_errors("S-01", str(books.folder.stammdaten)), transaction(db):
        _unstage(db)


def switch(books: Books, applied: Point | None) -> bool:
    """Take over what is staged; whether the copy beside the file is worth making anew.

    `applied` is the last own document that the balances of its last page include. The copy is
    worth it after a whole feed, after somebody was erased, of whom nothing is left in either file
    by then, and where this till may spend less of a wallet than before: whoever asks for the next
    page says that it knows, and then others are told. So no power cut may bring back what was; it
    is on the disk, and the older copy gone, when this returns.

    Raises:
        Unusable: if a row is none; nothing was taken over.
        LedgerError: if it cannot be written; nothing was taken over.
    """
    assert is_own(books.journal, applied), "who switches has looked"
    position = position_of(applied.ref) if applied is not None else 0
    db, place = books.current(), books.identity.place
    effects = feed.effects_of(books.journal.documents_after(position), place)
    cursor, whole = sealed.every(db, "staging", "")[0][1:]
    own = {(each.body["entity"], each.body["id"]) for each in effects.changes}
    is_erasing = _keep_beside(books, own)
    is_losing = bool(whole) or _loses_rights(db, books.identity.till)
    if is_losing or is_erasing:
        _drop_copy(books)
    taking = _Taking(books, db, effects, own, bool(whole))
    synced = durable(db) if is_losing else nullcontext()
    with sqlite_errors("S-01", str(books.folder.stammdaten)), synced, transaction(db):
        taking.rows(_staged(db))
        taking.own_documents(position)
        _unstage(db)
        sealed.put(db, "feed", 1, cursor, position, applied.hash if applied is not None else "")
    books.settings_changed()
    if is_erasing:
        books.wipe()
    return is_losing or is_erasing


def _loses_rights(db: sqlite3.Connection, till: Id) -> bool:
    """Whether this till may spend less of a wallet by what is staged than by what it knows."""
    for each in _staged(db):
        if each.entity == "balance" and each.action != "gone":
            with _reading(each):
                before = sealed.one(db, "fed_wallet", "wallet", each.id)
                home = each.fields["home"]
                if before is not None and _rights(home, till) < _rights(before[2], till):
                    return True
    return False


def _rights(home: str | None, till: Id) -> int:
    """To spend all of a wallet, up to the offline limit, or nothing."""
    return 2 if home == till else 1 if home is None else 0


def _drop_copy(books: Books) -> None:
    """Remove the copy beside stammdaten.db, for good.

    Raises:
        NotWritable: if it stays.
    """
    try:
        books.folder.good_copy.unlink(missing_ok=True)
        sync_folder(books.folder.path)
    except OSError as error:
        msg = f"{books.folder.good_copy} cannot be removed: {error.strerror}"
        raise NotWritable(msg) from error


def _staged(db: sqlite3.Connection) -> Iterator[Change]:
    after = 0
    while True:
        found = sealed.every(db, "staged", "WHERE ordinal > ? ORDER BY ordinal LIMIT 500", after)
        for after, row in found:  # noqa: B007 - where the next batch goes on
            yield Change(*json.loads(row))
        if not found:
            return


def _unstage(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM staged")
    db.execute("DELETE FROM staging")


def _keep_beside(books: Books, own: set[tuple[str, str]]) -> bool:
    """What journal.db keeps beside its documents: PINs, and who is named no more; if anybody is.

    Done before the rest, and no worse for being done twice. PINs that were set here meanwhile, and
    histories switched on here, stay.
    """
    pins: dict[Id, tuple[int, Verifier | None]] = {}
    silent: list[Change] = []
    for each in _staged(books.current()):
        with _reading(each):
            if each.entity == "pin" and ("pin", each.id) not in own:
                pins[Id(each.id)] = _pin(each)
            elif each.entity == "member" and ("member", each.id) not in own:
                silent += [each] if each.action != "gone" and privacy.is_silent(each) else []
    gone = privacy.forgotten_elsewhere(books, silent)
    is_erasing = bool(gone.positions or gone.nobodies)
    journal = books.journal
    if not pins and not is_erasing and journal.is_fed:
        return False
    with journal.transaction() as booking:
        write_pairing(booking.db, journal.pairing, is_fed=True)
        for subject, (version, verifier) in pins.items():
            _store_pin(booking, subject, version, verifier)
        booking.forget(gone.positions)
        privacy.forget_beside(booking, gone.nobodies)
    journal.is_fed = True
    return is_erasing


@contextmanager
def _reading(change: Change) -> Iterator[None]:
    """A row that is none is the WaWi's to mend; what is known here stays."""
    try:
        yield
    except _MALFORMED as error:
        msg = f"the WaWi sent {change.entity} {change.id} in a form of its own: {error!r}"
        raise Unusable(msg) from error


def _pin(change: Change) -> tuple[int, Verifier | None]:
    if change.action == "gone":
        return _NEWEST, None
    fields = change.fields
    salt, key = bytes.fromhex(fields["salt"]), bytes.fromhex(fields["verifier"])
    verifier = Verifier(salt, key, int(fields["n"]), int(fields["r"]), int(fields["p"]))
    return int(fields["version"]), verifier


def _store_pin(booking: Booking, subject: Id, version: int, verifier: Verifier | None) -> None:
    """A PIN of the WaWi, unless that gave it before: it may have been changed here since."""
    row = None
    with suppress(Damaged):  # then it is as if it had not given one
        row = sealed.one(booking.db, "fed_pin", "subject", subject)
    if row is None or row[1] < version:
        store_verifier(booking, subject, verifier)
        sealed.put(booking.db, "fed_pin", subject, 0 if verifier is None else version)


@dataclass(frozen=True, slots=True)
class _Taking:
    """One switch, inside its transaction."""

    books: Books
    db: sqlite3.Connection
    effects: feed.Effects
    own: set[tuple[str, str]]
    whole: bool

    def rows(self, changes: Iterator[Change]) -> None:
        """What the feed says."""
        if self.whole:
            for table in _TABLES:
                self.db.execute(f"DELETE FROM {table}")  # noqa: S608 - own names
            self.db.execute("DELETE FROM stock")
            self.db.execute("DELETE FROM balance WHERE account LIKE 'wallet:%'")
        for change in changes:
            with _reading(change):
                self._row(change)

    def _row(self, change: Change) -> None:
        special = _SPECIAL.get(change.entity)
        if change.action == "gone":
            table = _PLACES.get(change.entity, change.entity)
            if table in _TABLES:
                key = _KEYS.get(table, "id")
                self.db.execute(f"DELETE FROM {table} WHERE {key} = ?", (change.id,))  # noqa: S608
        elif special is not None:
            special(self, change)
        elif change.entity != "pin":
            body = {"entity": change.entity, "id": change.id, "action": change.action}
            put_entity(self.db, body | {"fields": change.fields}, change.private)
            if change.entity == "member" and ("member", change.id) not in self.own:
                hide_purchases(self.db, change.fields)

    def balance(self, change: Change) -> None:
        """What may be spent by all that the WaWi knows, less what own documents took since."""
        fields = change.fields
        sealed.put(self.db, "fed_wallet", change.id, fields["cents"], fields["home"])
        self._put_balance(change.id)

    def _put_balance(self, wallet: str) -> None:
        row = sealed.one(self.db, "fed_wallet", "wallet", wallet)
        fed_cents = row[1] if row is not None else 0
        taken = self.effects.wallets.get(wallet, 0)
        sealed.put(self.db, "balance", f"wallet:{wallet}", taken - fed_cents)

    def stock(self, change: Change) -> None:
        """What is there by all that the WaWi knows, and what own documents moved since."""
        names = ("quantity", "cost_cents", "cost_quantity")
        sealed.put(self.db, "fed_stock", change.id, *map(change.fields.get, names))
        self._put_stock(change.id)

    def _put_stock(self, product: str) -> None:
        place, moved = self.books.identity.place, self.effects.goods.get(product, 0)
        quantity = feed.stock(self.db, Id(product)) or 0
        sealed.put(self.db, "stock", product, place, quantity, 0, moved)

    def own_documents(self, position: int) -> None:
        """What the WaWi has not applied yet."""
        db, effects = self.db, self.effects
        for document in effects.changes:
            private = self.books.journal.private_part(position_of(document.ref))
            yielding.put_own(db, document.body, private)
            if document.body["entity"] == "wallet":
                feed.begin_wallet(db, self.books.identity.till, document.body["id"])
        for wallet in effects.wallets:
            self._put_balance(wallet)
        for product in effects.goods:
            self._put_stock(product)
        db.execute("DELETE FROM own_move WHERE position <= ?", (position,))
        for move in effects.moves:
            sealed.put(db, "own_move", *move, 0, verb="INSERT OR IGNORE")


_SPECIAL: dict[str, Callable[[_Taking, Change], None]] = {
    "balance": _Taking.balance,
    "stock": _Taking.stock,
}
