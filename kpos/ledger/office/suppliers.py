"""Suppliers: who delivers, and to whom the house owes."""

from __future__ import annotations

from kpos.domain.document import Json
from kpos.domain.refusal import refuse
from kpos.domain.values import replace
from kpos.ledger import master, stammdaten
from kpos.ledger.checks import new_id
from kpos.ledger.office import find
from kpos.ledger.seam import Books
from kpos.ledger.suppliers import Supplier, suppliers


def supplier_add(books: Books, author: str, *, name: str) -> dict[str, Json]:
    """Add a supplier."""
    return _book(books, author, Supplier(new_id(), _free_name(books, name)))


def supplier_set(books: Books, author: str, *, supplier: str, name: str) -> dict[str, Json]:
    """Rename a supplier; one that was retired delivers again."""
    before = find.supplier(books.current(), supplier)
    checked = _free_name(books, name, besides=before)
    return _book(books, author, replace(before, name=checked, retired=False))


def supplier_retire(books: Books, author: str, *, supplier: str) -> dict[str, Json]:
    """Deal with a supplier no more, once nothing is owed."""
    before = find.supplier(books.current(), supplier)
    owed = -stammdaten.balance(books.current(), f"payable:{before.id}")
    if owed:
        raise refuse("credit", f"{before.name} is owed {owed}: settle that first")
    return _book(books, author, replace(before, retired=True))


def _book(books: Books, author: str, supplier: Supplier) -> dict[str, Json]:
    with books.booking() as booking:
        booking.append(master.supplier_row(supplier, author))
    return {"id": supplier.id}


def _free_name(books: Books, text: str, besides: Supplier | None = None) -> str:
    name = master.checked_name(text)
    others = [each for each in suppliers(books.current()) if each != besides]
    if any(each.name == name and not each.retired for each in others):
        raise refuse("taken", f"there is a supplier {name!r} already")
    return name
