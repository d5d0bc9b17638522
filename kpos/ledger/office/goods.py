"""Products and their barcodes."""

from __future__ import annotations

from collections.abc import Sequence

from kpos.domain.barcode import Barcode, parse
from kpos.domain.document import Draft, Json
from kpos.domain.ids import Id
from kpos.domain.money import CENTS_MAX, ZERO, Money
from kpos.domain.product import PACK_MAX, PIECE, Pack, Product, ProductCode, Unit, parse_quantity
from kpos.domain.refusal import refuse
from kpos.domain.tax import TAX_KEYS
from kpos.domain.values import replace
from kpos.ledger import master, stammdaten
from kpos.ledger.checks import new_id
from kpos.ledger.office import find
from kpos.ledger.office.forms import checked_fields
from kpos.ledger.seam import Books
from kpos.ledger.stock import is_known

_CHANGEABLE = "name price_cents deposit_cents tax_key number unit low_stock"


def product_add(
    books: Books,
    author: str,
    *,
    name: str,
    price_cents: int | None = None,
    deposit_cents: int = 0,
    tax_key: str | None = None,
    number: int | None = None,
    unit: Unit = "piece",
    low_stock: str | None = None,
    barcodes: Sequence[str] = (),
) -> dict[str, Json]:
    """Add a product with any number of barcodes."""
    product = Product(
        id=new_id(),
        name=master.checked_name(name),
        price=Money(price_cents) if price_cents is not None else None,
        deposit=Money(deposit_cents),
        tax_key=tax_key or books.settings.default_tax_key,
        number=number,
        unit=unit,
        low_stock=_low_stock(low_stock, unit),
    )
    check_product(books, product)
    drafts = [master.product_row(product, author)]
    codes = [free_barcode(books, text) for text in barcodes]
    if len(set(codes)) < len(codes):
        raise refuse("taken", "the same barcode is given twice")
    drafts += [
        master.barcode_row(ProductCode(new_id(), code, product.id), author) for code in codes
    ]
    _book(books, drafts)
    return {"id": product.id}


def product_set(
    books: Books, author: str, *, product: str, changes: dict[str, Json]
) -> dict[str, Json]:
    """Change a product: name, price_cents, deposit_cents, tax_key, number, unit, low_stock."""
    before = find.product(books.current(), product)
    values = checked_fields(changes, _CHANGEABLE)
    for field in ("price", "deposit"):
        if f"{field}_cents" in values:
            cents = values.pop(f"{field}_cents")
            values[field] = Money(cents) if cents is not None else None
    if "low_stock" in values:
        values["low_stock"] = _low_stock(values["low_stock"], values.get("unit", before.unit))
    after = replace(before, **values, retired=False)
    after = replace(after, name=master.checked_name(after.name))
    check_product(books, after)
    _book(books, [master.product_row(after, author)])
    return {"id": after.id}


def product_retire(books: Books, author: str, *, product: str) -> dict[str, Json]:
    """Take a product out of sale; its short number and barcodes are free again."""
    before = find.product(books.current(), product)
    drafts = [master.product_row(replace(before, number=None, retired=True), author)]
    drafts += [
        master.barcode_row(ProductCode(own, code, before.id), author, retired=True)
        for code, own, _ in stammdaten.barcodes(books.current(), before.id)
    ]
    _book(books, drafts)
    return {"id": before.id}


def barcode_add(
    books: Books,
    author: str,
    *,
    product: str,
    code: str,
    pack: int | None = None,
    pack_deposit_cents: int = 0,
) -> dict[str, Json]:
    """One more barcode that leads to a product, or to a crate of `pack` pieces of it.

    It leaves the list of unknown ones.
    """
    target = find.product(books.current(), product)
    canonical = free_barcode(books, code)
    crate = _pack(target, pack, pack_deposit_cents)
    fresh = ProductCode(new_id(), canonical, target.id, crate)
    _book(books, [master.barcode_row(fresh, author)])
    return {"code": canonical, "product": target.id}


def barcode_set(
    books: Books,
    author: str,
    *,
    code: str,
    product: str | None = None,
    pack: int | None = None,
    pack_deposit_cents: int | None = None,
) -> dict[str, Json]:
    """Let a barcode lead to another product, or stand for a crate; for a piece with a pack of 1."""
    known, own, before = _barcode(books, code)
    db = books.current()
    target = find.product(db, product or before)
    crate = stammdaten.packs(db, before).get(known, PIECE)
    size = crate.size if pack is None else pack
    deposit = crate.deposit.cents if pack_deposit_cents is None else pack_deposit_cents
    changed = _pack(target, None if size == 1 else size, 0 if pack == 1 else deposit)
    _book(books, [master.barcode_row(ProductCode(own, known, target.id, changed), author)])
    return {"code": known, "product": target.id}


def barcode_retire(books: Books, author: str, *, code: str) -> dict[str, Json]:
    """Forget a barcode."""
    known, own, product = _barcode(books, code)
    _book(books, [master.barcode_row(ProductCode(own, known, product), author, retired=True)])
    return {"code": known, "product": product}


def unknown_clear(books: Books, author: str) -> dict[str, Json]:  # noqa: ARG001 - one shape
    """Empty the list of barcodes nobody knew."""
    removed = books.current().execute("DELETE FROM unknown_code").rowcount
    return {"removed": removed}


def _barcode(books: Books, code: str) -> tuple[str, Id, Id]:
    """Code, own id and product of a barcode that is there."""
    canonical = master.canonical_code(code)
    for known in stammdaten.barcodes(books.current()):
        if known[0] == canonical:
            return known
    raise refuse("unknown", f"there is no barcode {code[:40]!r}: see kpos barcode list")


def check_product(books: Books, product: Product) -> None:
    """A product that can be sold.

    Raises:
        Refused: naming what is wrong with it.
    """
    for amount in (product.price or ZERO, product.deposit):
        if not ZERO <= amount <= Money(CENTS_MAX):
            raise refuse("amount", f"price and deposit are from 0.00 to {Money(CENTS_MAX)}")
    if product.tax_key not in TAX_KEYS:
        raise refuse("invalid", f"tax key {product.tax_key!r} is none of {', '.join(TAX_KEYS)}")
    if product.unit == "kg" and product.deposit:
        raise refuse("invalid", "deposit is charged per piece, not on weighed goods")
    before = stammdaten.product(books.current(), product.id)
    if before is not None and before.unit != product.unit and is_known(books.current(), before.id):
        raise refuse(
            "invalid", f"{before.name} was booked by the {before.unit}: retire it and add a new one"
        )
    master.free_number(books, product.number, product.id)


def _pack(product: Product, size: int | None, deposit_cents: int) -> Pack:
    if size is None and not deposit_cents:
        return PIECE
    if size is None or not 2 <= size <= PACK_MAX:
        raise refuse("invalid", f"a crate holds 2 to {PACK_MAX} pieces: say how many")
    if product.unit == "kg":
        raise refuse("invalid", f"{product.name} is sold by weight, not in crates")
    if not 0 <= deposit_cents <= CENTS_MAX:
        raise refuse("amount", f"a crate's deposit is from 0.00 to {Money(CENTS_MAX)}")
    return Pack(size, Money(deposit_cents))


def _low_stock(text: str | None, unit: Unit) -> int | None:
    if text is None:
        return None
    try:
        return parse_quantity(text, unit)
    except ValueError as error:
        raise refuse("amount", str(error)) from error


def free_barcode(books: Books, text: str) -> str:
    """A barcode that can be scanned and is free; on a shelf a wrong check digit is a typo."""
    read = parse(text)
    if isinstance(read, Barcode) and read.check_failed:
        raise refuse("invalid", f"{text[:40]!r}: the check digit is wrong, look again")
    return master.free_code(books, text)


def _book(books: Books, drafts: list[Draft]) -> None:
    with books.booking() as booking:
        for draft in drafts:
            booking.append(draft)
