"""Whole lists at once, all of it or nothing: a row that names an id changes what has it.

An id that nothing has yet is taken as it is, so that a list exported elsewhere can come twice.
Each row also says its `line` in the file; every bad one is named with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kpos.domain.document import Draft, Json
from kpos.domain.ids import Id, is_id
from kpos.domain.member import Member
from kpos.domain.money import Money
from kpos.domain.product import Product, ProductCode
from kpos.domain.refusal import Refused, refuse
from kpos.domain.values import dataclass, fields, replace
from kpos.ledger import master, stammdaten
from kpos.ledger.books import Books
from kpos.ledger.checks import new_id
from kpos.ledger.office import find, goods, people
from kpos.ledger.office.forms import checked_fields
from kpos.ledger.pins import store_verifier

_EMPTY_IS_NONE = ("number", "language")
_MEMBER = "line id name number group role language cards credit"
_PRODUCT = "line id name price deposit tax_key number unit barcodes"


@dataclass(frozen=True, slots=True)
class Work:
    """What a row comes to. `pin_removed` is a member whose PIN has become too short."""

    does: str
    what: str
    drafts: tuple[Draft, ...] = ()
    pin_removed: Id | None = None


def member_import(
    books: Books, author: str, *, rows: Sequence[dict[str, Any]], dry_run: bool = False
) -> dict[str, Json]:
    """Add and change members; `credit` is what a new one brings along.

    Raises:
        Refused: nothing was done; the message names every bad line with its reason.
    """
    done = _import(books, rows, _MEMBER, lambda row: _member(books, author, row), dry_run=dry_run)
    news = {each["line"] for each in done["changes"] if each["does"] == "add"}
    brought = (row.get("credit") or 0 for row in rows if row["line"] in news)
    return done | {"credit_cents": sum(brought)}


def product_import(
    books: Books, author: str, *, rows: Sequence[dict[str, Any]], dry_run: bool = False
) -> dict[str, Json]:
    """Add and change products; one without an id is known by any of its barcodes.

    Raises:
        Refused: nothing was done; the message names every bad line with its reason.
    """
    return _import(books, rows, _PRODUCT, lambda row: _product(books, author, row), dry_run=dry_run)


def _import(
    books: Books,
    rows: Sequence[dict[str, Any]],
    known: str,
    work_of: Callable[[dict[str, Any]], Work],
    *,
    dry_run: bool,
) -> dict[str, Json]:
    faults: list[str] = []
    done: list[tuple[int, Work]] = []
    claimed: set[object] = set()
    for each in rows:
        # An empty cell takes a number or language away, and leaves everything else as it is.
        row = {key: cell for key, cell in each.items() if cell is not None or key in _EMPTY_IS_NONE}
        checked_fields(row, known)
        try:
            _claim(claimed, row)
            done.append((row["line"], work_of(row)))
        except Refused as refused:
            faults.append(f"line {row['line']}: {refused.refusal.message}")
    if faults:
        raise refuse("invalid", "\n".join(["nothing was imported:", *faults]))
    drafts = [draft for _line, work in done for draft in work.drafts]
    if drafts and not dry_run:
        with books.booking() as booking:
            for draft in drafts:
                booking.append(draft)
            for _line, work in done:
                if work.pin_removed is not None:
                    store_verifier(booking, work.pin_removed, None)
    return {
        "changes": [{"line": line, "does": work.does, "what": work.what} for line, work in done]
    }


def _claim(claimed: set[object], row: Mapping[str, Any]) -> None:
    """Ids, numbers and codes are somebody's once."""
    codes = [*(row.get("cards") or ()), *(row.get("barcodes") or ())]
    claims = [("id", row.get("id")), ("number", row.get("number"))]
    claims += [("code", master.canonical_code(code) or code) for code in codes]
    for claim in claims:
        if claim[1] is not None and claim in claimed:
            raise refuse("taken", f"{claim[1]} stands in an earlier line too")
        claimed.add(claim)


def _member(books: Books, author: str, row: dict[str, Any]) -> Work:
    identifier = _id(row)
    db = books.current()
    before = stammdaten.member(db, identifier) if identifier else None
    if before is None:
        return _new_member(books, author, row, identifier)
    changes: dict[str, Any] = {
        key: row[key] for key in ("name", "number", "language", "role") if key in row
    }
    if "group" in row:
        changes["group"] = find.group(db, row["group"]).id
    after = replace(before, **changes)
    after = replace(after, name=master.checked_name(after.name))
    master.free_number(books, after.number, after.id)
    cards, issued = _cards(books, author, row, after)
    raised = before.role == "member" != after.role
    pin_removed = after.id if raised and books.pins.standing(after.id).exists else None
    drafts = [master.member_row(after, author)] if after != before else []
    if pin_removed is not None:
        drafts.append(master.pin_row(after.id, author, exists=False))
    said = [*_differences(before, after), *issued]
    return _work(before.name, said, (*drafts, *cards), pin_removed)


def _new_member(books: Books, author: str, row: dict[str, Any], identifier: Id | None) -> Work:
    fresh = people.new_member(
        books,
        row.get("name") or "",
        row.get("number"),
        row.get("group"),
        row.get("role", "member"),
        row.get("language"),
    )
    fresh = replace(fresh, id=identifier or fresh.id)
    credit = row.get("credit", 0)
    cards, _issued = _cards(books, author, row, fresh)
    what = f"{fresh.name}, credit {Money(credit)}" if credit else fresh.name
    return Work("add", what, (*people.member_drafts(fresh, credit, author), *cards))


def _cards(
    books: Books, author: str, row: dict[str, Any], member: Member
) -> tuple[list[Draft], list[str]]:
    """Cards of the row that the member has not yet."""
    held = {card.code for card in stammdaten.cards(books.current(), member.wallet)}
    drafts, said = [], []
    for text in row.get("cards") or ():
        if (master.canonical_code(text) or text) not in held:
            code = master.free_code(books, text)
            card = master.new_card(new_id(), code, member.wallet, asks_pin=False)
            drafts.append(master.card_row(card, author))
            said.append(f"card {code}")
    return drafts, said


def _product(books: Books, author: str, row: dict[str, Any]) -> Work:
    before = _known_product(books, row)
    columns = ("name", "tax_key", "number", "unit")
    values = {key: row[key] for key in columns if key in row}
    values |= {key: Money(row[key]) for key in ("price", "deposit") if key in row}
    values["name"] = master.checked_name(values.get("name", before.name if before else ""))
    if before is None and "price" not in row:
        raise refuse("invalid", "a new product needs a price")
    blank = Product(_id(row) or new_id(), "", Money(0), tax_key=books.settings.default_tax_key)
    after = replace(before or blank, **values, retired=False)
    goods.check_product(books, after)
    known = stammdaten.barcodes(books.current(), after.id)
    held = {code for code, _own, _product in known}
    fresh = [
        goods.free_barcode(books, text)
        for text in row.get("barcodes") or ()
        if (master.canonical_code(text) or text) not in held
    ]
    drafts = [master.product_row(after, author)] if after != before else []
    drafts += [master.barcode_row(ProductCode(new_id(), code, after.id), author) for code in fresh]
    if before is None:
        return Work("add", f"{after.name} {after.price}", tuple(drafts))
    said = [*_differences(before, after), *(f"barcode {code}" for code in fresh)]
    return _work(before.name, said, tuple(drafts))


def _known_product(books: Books, row: dict[str, Any]) -> Product | None:
    identifier, db = _id(row), books.current()
    if identifier is not None:
        return stammdaten.product(db, identifier)
    for text in row.get("barcodes") or ():
        found = stammdaten.product_of_code(db, master.canonical_code(text) or "")
        if found is not None:
            return found
    return None


def _id(row: Mapping[str, Any]) -> Id | None:
    identifier = row.get("id")
    if identifier is not None and not is_id(identifier):
        raise refuse("invalid", f"{identifier[:20]!r} is no id: leave it empty for a new one")
    return identifier


def _work(
    name: str, said: Sequence[str], drafts: tuple[Draft, ...], pin_removed: Id | None = None
) -> Work:
    if not drafts:
        return Work("same", name)
    return Work("change", f"{name}: {', '.join(said)}", drafts, pin_removed)


def _differences(before: Any, after: Any) -> list[str]:  # noqa: ANN401 - a product or a member
    said = []
    for field in fields(before):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old != new:
            said.append(f"{field.name} {_shown(old)} -> {_shown(new)}")
    return said


def _shown(value: object) -> str:
    return "none" if value is None else str(value)
