"""Whole lists at once, all of it or nothing: a row that names an id changes what has it.

An id that nothing has yet is taken as it is, so that a list exported elsewhere can come twice.
Each row also says its `line` in the file; every bad one is named with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kpos.domain.condition import Condition
from kpos.domain.document import Draft, Json
from kpos.domain.ids import Id, is_id
from kpos.domain.member import Member
from kpos.domain.money import Money
from kpos.domain.product import Product, ProductCode
from kpos.domain.refusal import Refused, refuse
from kpos.domain.values import dataclass, fields, replace
from kpos.ledger import conditions, master, stammdaten
from kpos.ledger.checks import new_id
from kpos.ledger.office import find, goods, people
from kpos.ledger.office.conditions import changed
from kpos.ledger.office.forms import checked_fields
from kpos.ledger.pins import store_verifier
from kpos.ledger.seam import Books

_EMPTY_IS_NONE = ("number", "language", "price", "start", "end")
_MEMBER = "line id name number group role language cards credit"
_CONDITION = (
    "line id member group product from_quantity price markup levy levy_for start end comment"
)
_PRODUCT = "line id name price deposit tax_key number unit barcodes"


@dataclass(frozen=True, slots=True)
class Work:
    """What a row comes to. `pin_removed` is a member whose PIN has become too short."""

    does: str
    what: str
    drafts: tuple[Draft, ...] = ()
    pin_removed: Id | None = None


def member_import(
    books: Books, author: str, *, rows: Sequence[dict[str, Any]], dry_run: bool
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
    books: Books, author: str, *, rows: Sequence[dict[str, Any]], dry_run: bool
) -> dict[str, Json]:
    """Add and change products; one without an id is known by any of its barcodes.

    Raises:
        Refused: nothing was done; the message names every bad line with its reason.
    """
    return _import(books, rows, _PRODUCT, lambda row: _product(books, author, row), dry_run=dry_run)


def condition_import(
    books: Books, author: str, *, rows: Sequence[dict[str, Any]], dry_run: bool
) -> dict[str, Json]:
    """Add and change conditions; what one names stays, so that a new one begins a new history.

    Raises:
        Refused: nothing was done; the message names every bad line with its reason.
    """
    return _import(
        books, rows, _CONDITION, lambda row: _condition(books, author, row), dry_run=dry_run
    )


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
        # An empty cell takes these away, and leaves everything else as it is.
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
    claims += [("code", master.canonical_code(code)) for code in codes]
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
        if master.canonical_code(text) not in held:
            code = master.free_code(books, text)
            card = master.new_card(new_id(), code, member.wallet, asks_pin=False)
            drafts.append(master.card_row(card, author))
            said.append(f"card {code}")
    return drafts, said


def _product(books: Books, author: str, row: dict[str, Any]) -> Work:
    before = _known_product(books, row)
    columns = ("name", "tax_key", "number", "unit")
    values = {key: row[key] for key in columns if key in row}
    if "deposit" in row:
        values["deposit"] = Money(row["deposit"])
    if "price" in row:
        values["price"] = Money(row["price"]) if row["price"] is not None else None
    values["name"] = master.checked_name(values.get("name", before.name if before else ""))
    blank = Product(_id(row) or new_id(), "", None, tax_key=books.settings.default_tax_key)
    after = replace(before or blank, **values, retired=False)
    goods.check_product(books, after)
    known = stammdaten.barcodes(books.current(), after.id)
    held = {code for code, _own, _product in known}
    fresh = [
        goods.free_barcode(books, text)
        for text in row.get("barcodes") or ()
        if master.canonical_code(text) not in held
    ]
    drafts = [master.product_row(after, author)] if after != before else []
    drafts += [master.barcode_row(ProductCode(new_id(), code, after.id), author) for code in fresh]
    if before is None:
        price = after.price if after.price is not None else "without a price of its own"
        return Work("add", f"{after.name} {price}", tuple(drafts))
    said = [*_differences(before, after), *(f"barcode {code}" for code in fresh)]
    return _work(before.name, said, tuple(drafts))


def _condition(books: Books, author: str, row: dict[str, Any]) -> Work:
    identifier, db = _id(row), books.current()
    known = conditions.beginning_with(db, identifier) if identifier is not None else []
    before = known[0] if known else None
    named = Condition(
        id=identifier or new_id(),
        kind="fixed",
        value=0,
        member=find.member(db, row["member"]).id if "member" in row else None,
        group=find.group(db, row["group"]).id if "group" in row else None,
        product=find.product(db, row["product"]).id if "product" in row else None,
    )
    changes: dict[str, Any] = {
        key: row[key] for key in ("levy_for", "start", "end", "comment") if key in row
    }
    changes |= {"min_quantity": row["from_quantity"]} if "from_quantity" in row else {}
    changes |= {"levy_cents": row["levy"]} if "levy" in row else {}
    if (row.get("price") is None) == ("markup" not in row):
        raise refuse("invalid", "a condition has a price or a markup, one of the two")
    kind = "fixed" if row.get("price") is not None else "markup"
    changes |= {"kind": kind, "value": row["price"] if kind == "fixed" else row["markup"]}
    after = changed(books, before or named, changes)
    draft = master.condition_row(after, author)
    if before is None:
        return Work("add", f"condition for {_named(row)}", (draft,))
    if (before.member, before.group, before.product) != (named.member, named.group, named.product):
        raise refuse("invalid", "a condition keeps what it names: retire it, and add another")
    said = _differences(before, after)
    return _work(f"condition for {_named(row)}", said, (draft,) if said else ())


def _named(row: Mapping[str, Any]) -> str:
    named = [row[key] for key in ("member", "group", "product") if key in row]
    return " and ".join(named) or "everybody"


def _known_product(books: Books, row: dict[str, Any]) -> Product | None:
    identifier, db = _id(row), books.current()
    if identifier is not None:
        return stammdaten.product(db, identifier)
    for text in row.get("barcodes") or ():
        found = stammdaten.product_of_code(db, master.canonical_code(text))
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
