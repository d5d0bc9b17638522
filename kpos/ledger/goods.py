"""Goods in, goods lost, goods counted: orders become documents, and costs follow what left.

Whatever brings goods onto a shelf is followed, in the same transaction, by a `costing` of what
left that product before its lot was known. A delivery is reversed whole: what left its lots
loses its cost, then the lots leave with all that came, then what is still there covers the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kpos.domain import goods, orders
from kpos.domain.bodies import Line, Reversal
from kpos.domain.document import Document, Draft, Movement, Posting, body_of, merge_postings
from kpos.domain.ids import Id
from kpos.domain.lots import Lot, Take, cost_of, give_back
from kpos.domain.money import ZERO, portion
from kpos.domain.postings import WALLET
from kpos.domain.refusal import refuse
from kpos.domain.values import replace
from kpos.ledger import stammdaten, stock
from kpos.ledger.checks import Booked, booked, check_cash, check_note, new_id
from kpos.ledger.moving import by_line
from kpos.ledger.seam import Booking, Books
from kpos.ledger.stock import (
    SharedStockroom,
    Stockroom,
    first_cost,
    lots_of,
    newest_lot,
    takes_of,
)

# More than a truck brings, in pieces or grams; bounds what is multiplied.
QUANTITY_MAX = 10_000_000


def stockroom(books: Books, place: str | None = None) -> Stockroom:
    """The goods of this till as they are now, or those at a place at which it was before."""
    kind = SharedStockroom if books.is_led else Stockroom
    place = place or books.identity.place
    return kind(books.current(), books.places, place, books.settings.cost_flow)


def room_of(books: Books, document: Document) -> Stockroom:
    """The goods among which those of a document are: at the place where they moved.

    A till that joined a WaWi, or came to another branch, left them at their place, with their lots.
    """
    return stockroom(books, next((each.place for each in document.movements), None))


def kept(books: Books, product: Id) -> int | None:
    """How much is there of a product; None where nobody keeps stock of it."""
    db, place = books.current(), books.identity.place
    if books.journal.is_fed:
        from kpos.ledger import feed  # a till of its own need not know how

        return stock.stock(db, product, place) if feed.stock(db, product) is not None else None
    return stock.kept(db, product, place)


def is_out_of(books: Books, product: Id, quantity: int) -> bool:
    """Whether there is less of a product, whose stock is kept, than would leave without a lot."""
    if books.is_led:
        there = kept(books, product)
        return there is not None and there < quantity
    return stock.is_tracked(books.current(), product, books.identity.place)


def write_off(books: Books, order: orders.WriteOff) -> Booked:
    """Goods are gone."""
    check_note(order.note)
    if not order.lines:
        raise refuse("amount", "nothing to write off")
    place = books.identity.place
    lines = tuple(
        goods.WriteOffLine(number, known_product(books, product), place, checked_quantity(quantity))
        for number, (product, quantity) in enumerate(order.lines, start=1)
    )
    lost = order.reason in goods.LOSES_DEPOSIT
    units = goods.merged_units(
        (_deposit(books, line.product), -line.quantity) for line in lines if lost
    )
    room = stockroom(books)
    takes = [room.take(line.product, line.quantity) for line in lines]
    body = goods.WriteOff(order.reason, lines, units)
    with books.booking() as booking:
        booking.append(goods.write_off(body, takes, order.author, order.note))
    return Booked(tuple(booking.documents), ZERO)


def book_stocktake(
    books: Books, count: int, body: goods.Stocktake, author: str | None, note: str | None
) -> Booked:
    """The differences of a count, which waits no longer; its lines have distinct products."""
    place = body.place
    room = stockroom(books, place)
    moved: list[tuple[Movement, ...]] = []
    deposits = []
    found: list[tuple[int, Movement]] = []
    for line in body.lines:
        more = line.counted - line.expected
        movements: tuple[Movement, ...] = ()
        if more < 0:
            movements = goods.leaving(line.product, place, room.take(line.product, -more))
        elif more > 0:
            cost = _cost_of_found(books, line.product, more)
            movements = (Movement(line.product, place, new_id(), more, cost),)
            found.append((sum(map(len, moved)), movements[0]))
        moved.append(movements)
        loses = line.reason in goods.LOSES_DEPOSIT
        deposits.append(_deposit(books, line.product) * more if loses else 0)
    with books.booking() as booking:
        document = booking.append(goods.stocktake(body, moved, deposits, author, note))
        for ordinal, movement in found:
            lot = Lot(Id(str(movement.lot)), (books.places.position(document), ordinal))
            room.move(Id(movement.product), lot, movement.quantity, movement.cost_cents or 0)
        cover(booking, room, [Id(movement.product) for _, movement in found])
        booking.db.execute("DELETE FROM stocktake WHERE id = ?", (count,))
    return Booked(tuple(booking.documents), ZERO)


def _cost_of_found(books: Books, product: Id, quantity: int) -> int:
    """What goods that were found are worth: what the last ones cost."""
    if books.journal.is_fed:
        from kpos.ledger import feed  # a till of its own need not know how

        found = feed.cost(books.current(), product)
        return portion(found[0], quantity, found[1]) if found is not None else 0
    return first_cost(newest_lot(books.current(), product, books.identity.place), quantity)


def reverse(books: Books, order: orders.Reverse, document: Document) -> Booked:
    """Take back a delivery, a write-off or a stocktake, whole.

    At a till of a WaWi that is done there: goods of it may have left at other tills.
    """
    if books.is_led:
        raise refuse("paired", f"{document.receipt_number} is taken back at the WaWi")
    room = room_of(books, document)
    made = _lots_made(books, document, room.place)
    uncosted = [item for product, lots in made.items() for item in room.uncost(product, lots)]
    movements, corrected = _undone(books, room, document, made)
    draft = Draft(
        kind="reversal",
        body=body_of(Reversal(document.ref, document.receipt_number or "", ())),
        postings=merge_postings(
            *(Posting(posting.account, -posting.cents) for posting in document.postings),
            *corrected,
        ),
        movements=movements,
        author=order.author,
    )
    check_cash(books, draft.postings)
    # Whoever laid a delivery out: a correction may leave them with less than nothing.
    account = str(document.body.get("account", ""))
    wallet = Id(account.removeprefix(WALLET)) if account.startswith(WALLET) else None
    credit = books.credit(wallet) if wallet is not None else ZERO
    with books.booking() as booking:
        _append_costing(booking, room, uncosted)
        booking.append(draft)
        cover(booking, room, [Id(movement.product) for movement in movements])
    return booked(booking, wallet, credit)


def returned(
    books: Books, room: Stockroom, document: Document, parts: Iterable[Line]
) -> list[tuple[Take, ...]]:
    """What each of these parts of a sale gives back, the last first, at the cost it left with."""
    position = books.places.position(document)
    given = []
    for line in parts:
        takes = give_back(takes_of(books.current(), position, line.line), line.quantity)
        _put_back(room, (position, line.line), line.product, takes)
        given.append(takes)
    return given


def cover(booking: Booking, room: Stockroom, products: Iterable[Id]) -> None:
    """Goods that left these products before their lot was known get what is there now."""
    _append_costing(booking, room, room.cover(products))


def _append_costing(booking: Booking, room: Stockroom, items: Sequence[goods.CostingItem]) -> None:
    if items:
        booking.append(goods.costing(items, room.place))


def _put_back(room: Stockroom, key: tuple[int, int], product: Id, takes: Iterable[Take]) -> None:
    for take in takes:
        if take.lot is None:
            room.give_back_open(*key, product, take.quantity)
        else:
            room.put_back(product, take)


def _lots_made(books: Books, document: Document, place: str) -> dict[Id, list[Lot]]:
    """The lots that a document made, by product, in the order of its movements."""
    position = books.places.position(document)
    made = dict.fromkeys(Id(each.product) for each in document.movements if each.quantity > 0)
    return {
        product: [row.lot for row in lots_of(books.current(), position, product, place)]
        for product in made
    }


def _undone(
    books: Books, room: Stockroom, document: Document, made: Mapping[Id, Sequence[Lot]]
) -> tuple[tuple[Movement, ...], list[Posting]]:
    """Movements that undo a document's, and what later costings changed in its postings."""
    position = books.places.position(document)
    if document.kind == "delivery":
        pairs = [(0, "", movement) for movement in document.movements]
    else:
        pairs = list(by_line(document, document))
    movements: list[Movement] = []
    postings: list[Posting] = []
    seen: set[int] = set()
    for line, account, movement in pairs:
        product = Id(movement.product)
        if movement.quantity > 0:
            lot = next(each for each in made[product] if each.id == movement.lot)
            cost = movement.cost_cents or 0
            room.move(product, lot, -movement.quantity, -cost)
            gone = replace(movement, quantity=-movement.quantity, cost_cents=-cost)
            movements.append(replace(gone, best_before=None))
        elif line not in seen:
            seen.add(line)
            takes = takes_of(books.current(), position, line)
            back = give_back(takes, sum(take.quantity for take in takes))
            _put_back(room, (position, line), product, back)
            movements += goods.returning(product, movement.place, back)
            before = -sum(m.cost_cents or 0 for at, _, m in pairs if at == line)
            later = cost_of(back) - before
            postings += [Posting(account, -later), Posting(goods.INVENTORY, later)]
    return tuple(movements), postings


def known_product(books: Books, product: Id) -> Id:
    """The product, which is there."""
    if stammdaten.product(books.current(), product) is None:
        raise refuse("unknown", f"there is no product {product}")
    return product


def checked_quantity(quantity: int) -> int:
    """A quantity of goods: more than nothing, and no more than a truck brings."""
    if not 1 <= quantity <= QUANTITY_MAX:
        raise refuse("amount", f"a quantity is from 1 to {QUANTITY_MAX}")
    return quantity


def _deposit(books: Books, product: Id) -> int:
    known = stammdaten.product(books.current(), product)
    return known.deposit.cents if known is not None else 0
