"""Menus in two or three columns, and lists of three to a page."""

from __future__ import annotations

from typing import TypeVar

from kpos.checkout.layout import Frame, fit, named, row
from kpos.checkout.menus import PER_PAGE, Item, items_of
from kpos.checkout.screens.notices import N_
from kpos.checkout.screens.view import View, keys
from kpos.checkout.states import BookingList, Menu, NumberList
from kpos.domain.product import Offer

_ITEMS: dict[Item, str] = {
    "undo": N_("Undo"),
    "transfer": N_("Transfer"),
    "deposit": N_("Return deposit"),
    "numbers": N_("Short numbers"),
    "bookings": N_("My bookings"),
    "pin": N_("Change PIN"),
    "language": N_("Deutsch"),
    "top_up": N_("Top up"),
    "payout": N_("Pay out"),
    "delivery": N_("Goods in"),
    "stocktake": N_("Stocktake"),
    "write_off": N_("Write-off"),
    "own_menu": N_("My menu"),
    "more": N_("more"),
    "undo_receipt": N_("Undo by receipt"),
    "lost_card": N_("Lost card"),
    "guest_card": N_("New guest card"),
    "reset_pin": N_("Reset PIN"),
    "deposit_by_hand": N_("Deposit by hand"),
    "system": N_("Restart, off"),
    "reboot": N_("Restart"),
    "poweroff": N_("Power off"),
    "first_page": N_("first page"),
    "count": N_("Count cash"),
    "closing": N_("Closing"),
    "cash": N_("Cash"),
    "skim": N_("To the bank"),
    "float": N_("Change"),
    "pay_in": N_("Pay in"),
    "cash_out": N_("Expense"),
    "collect": N_("Empty reader"),
    "handover": N_("Hand over"),
}
T = TypeVar("T")
_LEFT_COLUMNS = 20
_ROWS = 3


def menu(menu: Menu, view: View) -> Frame:
    """Digits 1 to 3 (or 4) on the left, 5 to 8 on the right, `*` and 9 in the last line."""
    _ = view.text
    items = items_of(menu)
    labels = {digit: f"{digit} {_label(menu, item, view)}" for digit, item in items.items()}
    right_from = 4 if menu.page in ("guest", "trusted_2", "cash", "system") else 5
    rows = []
    for line in range(_ROWS):
        left = labels.get(str(1 + line), "")
        right = labels.get(str(right_from + line), "")
        rows.append(row(left.ljust(_LEFT_COLUMNS) + right))
    if right_from == 4:
        left, right = _("* back"), labels.get("9", "")
        brief = f"{left}  {right}"
        left = f"{left}  {labels.get('7', '')}"
    else:
        left, right = labels.get("4", ""), f"{labels.get('8', '')}  {labels.get('9', _('* back'))}"
        brief = f"{left}  {_('* back')}" if left else right
    last = keys(view, left.ljust(_LEFT_COLUMNS) + right, brief=brief)
    return rows[0], rows[1], rows[2], last


def numbers(listed: NumberList, view: View) -> Frame:
    """Number, name, price."""
    _ = view.text
    rows = [
        named(f"{offer.product.number:>5} ", offer.product.name, right=_price(offer, view))
        for offer in _page(listed.offers, listed.page)
    ]
    if not rows:
        rows = [row(_("There are no short numbers"))]
    return _listed(rows, view)


def _price(offer: Offer, view: View) -> str:
    return view.money(offer.price) if offer.is_priced else ""


def bookings(listed: BookingList, view: View) -> Frame:
    """When, what, how much it changed the credit."""
    _ = view.text
    rows = []
    for booking in _page(listed.bookings, listed.page):
        what = booking.text or _(_KINDS.get(booking.kind, _ANY_KIND))
        rows.append(named(f"{booking.when} ", fit(what, 40), right=view.money(booking.amount)))
    if not rows:
        rows = [row(_("No bookings yet"))]
    return _listed(rows, view)


# What a newer version or another till booked.
_ANY_KIND = N_("Booking")
_KINDS = {
    "sale": N_("Purchase"),
    "reversal": N_("Taken back"),
    "top_up": N_("Top-up"),
    "payout": N_("Payout"),
    "transfer": N_("Transfer"),
    "deposit_return": N_("Deposit"),
}


def _label(menu: Menu, item: Item, view: View) -> str:
    _ = view.text
    if item == "history":
        buyer = menu.login.buyer if menu.login is not None else None
        on = buyer is not None and buyer.history
        return _("History off") if on else _("History on")
    return _(_ITEMS[item])


def _page(items: tuple[T, ...], page: int) -> tuple[T, ...]:
    return items[page * PER_PAGE : (page + 1) * PER_PAGE]


def _listed(rows: list[str], view: View) -> Frame:
    _ = view.text
    first, second, third, *_rest = [*rows, row(), row(), row()]
    return first, second, third, keys(view, _("# next page   * back"))
