"""What is gone, and what came in."""

from __future__ import annotations

from kpos.checkout.delivering import PER_PAGE, cost_of, day_of, deposit_of, suppliers_on_page
from kpos.checkout.layout import Frame, goods, named, row
from kpos.checkout.listing import pieces_of
from kpos.checkout.screens.notices import N_, notice_lines
from kpos.checkout.screens.view import View, keys
from kpos.checkout.states import (
    DeliveryConfirm,
    DeliveryCost,
    DeliveryExpiry,
    DeliveryGoods,
    DeliveryPaid,
    DeliverySupplier,
    HowMany,
    WriteOffConfirm,
    WriteOffGoods,
    WriteOffReason,
)
from kpos.checkout.states.goods import Listing
from kpos.domain.cart import Entry
from kpos.domain.goods import PaidBy, Reason
from kpos.domain.money import Money, portion
from kpos.domain.product import THOUSANDTHS

_REASONS: dict[Reason, str] = {
    "breakage": N_("breakage"),
    "expiry": N_("expired"),
    "own_use": N_("own use"),
    "gift": N_("gift"),
}
_ASK_PAID: dict[PaidBy, str] = {
    "cash": N_("Paid from the cash box?"),
    "bank": N_("Paid by bank transfer?"),
    "owed": N_("Owed to "),
    "member": N_("Laid out by "),
}
_LEFT_COLUMNS = 20
# A day as it is typed, and where it is divided when it is shown.
_DAY_PARTS = (slice(0, 2), slice(2, 4), slice(4, 6))


def write_off_reason(_asked: WriteOffReason, view: View) -> Frame:
    """Four reasons."""
    _ = view.text
    return (
        row(_("Write-off: why are the goods gone?")),
        _pair(_("1 breakage"), _("3 own use")),
        _pair(_("2 expired"), _("4 gift")),
        keys(view, _("* back")),
    )


def write_off_goods(listing: WriteOffGoods, view: View) -> Frame:
    """Scan by scan."""
    _ = view.text
    title = row(_("Write-off: {reason}").format(reason=_(_REASONS[listing.reason])))
    first, second = answer(listing, title, view)
    return first, second, row(_pieces(listing, view)), listing_keys(listing, view)


def write_off_confirm(asked: WriteOffConfirm, view: View) -> Frame:
    """All of it."""
    _ = view.text
    reason = _(_REASONS[asked.goods.reason])
    return (
        row(_("Write-off: {reason}").format(reason=reason), _pieces(asked.goods, view)),
        row(_("These goods leave the stock")),
        row(),
        keys(view, _("# yes, book it   * no")),
    )


def how_many(asked: HowMany, view: View) -> Frame:
    """A quantity."""
    _ = view.text
    by_piece = asked.offer.product.unit == "piece"
    first = named("", asked.offer.product.name)
    second = row(_("How many pieces?") if by_piece else _("How many grams?"))
    if asked.notice is not None:
        first, second = notice_lines(asked.notice, view)
    return first, second, row(asked.typed), keys(view, _("# go on   * back"))


def delivery_goods(listing: DeliveryGoods, view: View) -> Frame:
    """Scan by scan, each with its cost; the total with deposit, as on the invoice."""
    _ = view.text
    first, second = answer(listing, row(_("Goods in")), view)
    if listing.scanned and not listing.typed and listing.notice is None:
        last = listing.scanned[-1]
        first = named("", goods(last.goods, view.language), right=view.money(last.cost))
        second = row(_("   + deposit"), view.money(last.deposit)) if last.deposit else row()
    total = cost_of(listing) + deposit_of(listing)
    third = row(_pieces(listing, view), view.money(total))
    return first, second, third, listing_keys(listing, view)


def delivery_cost(asked: DeliveryCost, view: View) -> Frame:
    """Of the whole line, and what that makes of one."""
    _ = view.text
    first = named("", goods(asked.goods, view.language))
    second = row(_("What all of it cost, without deposit"))
    if asked.notice is not None:
        first, second = notice_lines(asked.notice, view)
    cost = Money(int(asked.typed or "0"))
    each = view.money(_cost_of_one(asked.goods, cost)).strip()
    by_piece = asked.goods.offer.product.unit == "piece"
    words = _("In cents ({each} each)") if by_piece else _("In cents ({each} per kg)")
    return first, second, row(words.format(each=each), view.money(cost)), _go_on(view)


def delivery_expiry(asked: DeliveryExpiry, view: View) -> Frame:
    """Day, month, year."""
    _ = view.text
    cost = Money(int(asked.asked.typed))
    first = named("", goods(asked.asked.goods, view.language), right=view.money(cost))
    second = row(_("Best before, as DDMMYY; none: #"))
    if asked.notice is not None:
        first, second = notice_lines(asked.notice, view)
    day = ".".join(asked.typed[part] for part in _DAY_PARTS if asked.typed[part])
    is_day = day_of(asked.typed) is not None
    third = row(_("Best before {day}").format(day=day) if is_day else day)
    return first, second, third, _go_on(view)


def delivery_paid(asked: DeliveryPaid, view: View) -> Frame:
    """Who paid?"""
    _ = view.text
    total = cost_of(asked.listing) + deposit_of(asked.listing)
    return (
        row(_("Goods in: paid how?"), view.money(total)),
        _pair(_("1 cash box"), _("3 owed, to whom")),
        _pair(_("2 bank"), _("4 I laid it out")),
        keys(view, _("* back")),
    )


def delivery_supplier(asked: DeliverySupplier, view: View) -> Frame:
    """Three of them."""
    _ = view.text
    rows = [
        named(f"{number} ", supplier.name)
        for number, supplier in enumerate(suppliers_on_page(asked), start=1)
    ]
    first, second, third, *_rest = [*rows, row(), row()]
    hint = _("* back")
    if len(asked.suppliers) > PER_PAGE:
        hint = _("# next page   * back")
    return first, second, third, keys(view, hint)


def delivery_confirm(asked: DeliveryConfirm, view: View) -> Frame:
    """All of it."""
    _ = view.text
    listing = asked.listing
    cost, deposit = cost_of(listing), deposit_of(listing)
    total, title = view.money(cost + deposit), _(_ASK_PAID[asked.paid_by])
    first, buyer = row(title, total), listing.login.buyer
    if asked.supplier is not None:
        first = named(title, asked.supplier.name, "?", total)
    elif asked.paid_by == "member" and buyer is not None:
        first = named(title, buyer.name, "?", total)
    second = row(_("Goods, {pieces}").format(pieces=_pieces(listing, view)), view.money(cost))
    third = row(_("Deposit"), view.money(deposit)) if deposit else row()
    return first, second, third, keys(view, _("# yes, book it   * no"))


def answer(listing: Listing, title: str, view: View) -> tuple[str, str]:
    """What the last input led to."""
    _ = view.text
    if listing.notice is not None:
        return notice_lines(listing.notice, view)
    if listing.typed:
        return row(_("{digits}x ...").format(digits=listing.typed)), row(_("Now scan goods"))
    last = listing.scanned[-1] if listing.scanned else None
    if isinstance(last, Entry):
        return title, named("", goods(last, view.language))
    return title, row(_("Scan goods"))


def listing_keys(listing: Listing, view: View) -> str:
    """What the keys do while goods are listed."""
    _ = view.text
    if listing.typed:
        return keys(view, _("# look up the number   * delete"), brief=_("# look up   * delete"))
    if listing.scanned:
        return keys(view, _("# go on  * back  3 then scan = 3 of it"), brief=_("# go on   * back"))
    return keys(view, _("* back   3 then scan = 3 of it"), brief=_("* back"))


def _go_on(view: View) -> str:
    _ = view.text
    return keys(view, _("# go on   * back"))


def _cost_of_one(entry: Entry, cost: Money) -> Money:
    """A piece's or a kilogram's share, to the nearest cent: for the eye alone."""
    unit = THOUSANDTHS if entry.offer.product.unit == "kg" else 1
    return Money(portion(cost.cents, unit, entry.quantity))


def _pieces(listing: Listing, view: View) -> str:
    _ = view.text
    pieces = pieces_of(listing)
    return _("1 piece") if pieces == 1 else _("{pieces} pieces").format(pieces=pieces)


def _pair(left: str, right: str) -> str:
    return row(left.ljust(_LEFT_COLUMNS) + right)
