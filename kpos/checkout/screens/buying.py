"""Idle, the cart, and thanks."""

from __future__ import annotations

from kpos.checkout.layout import COLUMNS, Frame, goods, named, row
from kpos.checkout.screens.notices import N_, notice_lines
from kpos.checkout.screens.view import Readers, View, keys
from kpos.checkout.screens.wawi import wawi_seen
from kpos.checkout.states import (
    Bought,
    ConfirmCancel,
    ConfirmSwitch,
    HoldAsked,
    Idle,
    NotBooked,
    Shopping,
)
from kpos.domain.cart import Entry
from kpos.domain.money import Money
from kpos.domain.product import DEPOSIT

# What somebody may do who has nothing in the cart, by who takes money in.
_INVITATIONS: dict[Readers, str] = {
    "": N_("Scan goods"),
    "coins": N_("Scan goods or insert coins"),
    "notes": N_("Scan goods or insert notes"),
    "both": N_("Scan goods or insert coins, notes"),
}
# Longer ones are barcodes or slips; a hint has no room to repeat them.
# The number that is none: what opens the menu.
_MENU = "0"
# Left in stock after a purchase: as few as this are said.
_FEW = 3
_SHORT_NUMBER_DIGITS = 5


def idle(idle: Idle, view: View) -> Frame:
    """Nobody's name or credit on an idle display."""
    _ = view.text
    invitation = row(_("Show card or scan goods"))
    if idle.notice is not None:
        first, second = notice_lines(idle.notice, view)
        return first, second, row(), invitation
    title = named(
        "", view.till_name, _("  Till {prefix}").format(prefix=view.prefix), view.time_of_day
    )
    second = row(_("Clock in doubt: please call the admin")) if view.clock_doubted else row()
    if idle.typed:
        third = row(_("Number {digits}").format(digits=idle.typed))
        hint = _("# look up   * delete   or scan goods")
        return title, second, third, keys(view, hint, brief=_("# look up   * delete"))
    return title, second, invitation, row(_("Number+#   0# menu"), wawi_seen(view))


def shopping(shopping: Shopping, view: View) -> Frame:
    """An open purchase: the last answer, the total, the keys."""
    if not shopping.cart:
        return _identified(shopping, view)
    first, second = _answer(shopping, view)
    third = _total(shopping, view)
    if shopping.guests is not None and shopping.notice is None and not shopping.typed:
        _ = view.text
        third = row(_("   guests"), view.money(shopping.guests))
    return first, second, third, _keys(shopping, view)


def confirm_cancel(asked: ConfirmCancel, view: View) -> Frame:
    """Cancel all?"""
    _ = view.text
    return (
        row(_("Cancel everything in the cart?")),
        row(),
        _total(asked.shopping, view),
        keys(view, _("# yes   * no, go on")),
    )


def confirm_switch(asked: ConfirmSwitch, view: View) -> Frame:
    """Somebody else's card."""
    _ = view.text
    buyer = asked.shopping.buyer
    assert buyer is not None, "a cart without a buyer is nobody's to keep"
    name = _name(buyer.name, view)
    total = view.money(asked.shopping.cart.total).strip()
    return (
        named(_("Cart of "), name, _(" ({total}) is open").format(total=total)),
        named(_("Cancel it, go on with "), _name(asked.other.name, view), "?"),
        row(),
        keys(view, named(_("# yes   * no, go on with "), name).rstrip(), brief=_("# yes   * no")),
    )


def hold_asked(asked: HoldAsked, view: View) -> Frame:
    """The cart stays; the WaWi takes a moment."""
    _ = view.text
    lines = shopping(asked.shopping, view)
    return (row(_("Asking the WaWi ...")), *lines[1:3], keys(view, _("Please wait   * back")))


def bought(bought: Bought, view: View) -> Frame:
    """Thanks."""
    _ = view.text
    last = row()
    if bought.undo_until:
        last = row(_("Undo until {time} in the menu").format(time=bought.undo_until))
    thanks = named(_("Thank you, "), bought.name, "!") if bought.name else row(_("Thank you!"))
    return (
        thanks,
        row(_("Receipt {number}").format(number=bought.receipt_number), view.money(bought.total)),
        row(_("Credit"), view.money(bought.credit)),
        last,
    )


def not_booked(failed: NotBooked, view: View) -> Frame:
    """The disk."""
    _ = view.text
    return (
        row(_("Not booked: disk full")),
        row(_("The cart stays. Please call the admin")),
        _total(failed.shopping, view),
        keys(view, _("# again   * cancel")),
    )


def _identified(shopping: Shopping, view: View) -> Frame:
    _ = view.text
    assert shopping.buyer is not None, "without goods there is a buyer"
    name = _name(shopping.buyer.name, view)
    credit = _("Credit") + " " + view.money(shopping.buyer.credit)
    first, second = named(_("Hello "), name, right=credit), row()
    if shopping.notice is not None:
        first, second = notice_lines(shopping.notice, view)
    if shopping.typed:
        third = _quantity(shopping, view)
        return first, second, third, _typed_keys(shopping, view)
    return first, second, row(_(_INVITATIONS[view.readers])), keys(view, _("* back   0# menu"))


def _answer(shopping: Shopping, view: View) -> tuple[str, str]:
    _ = view.text
    if shopping.typed:
        return _quantity(shopping, view), row(_("Now scan goods"))
    if shopping.notice is not None:
        return notice_lines(shopping.notice, view)
    line = shopping.cart.line_of_last()
    first = named("", goods(line, view.language), right=view.money(line.gross))
    label, charged = (_charges(line, view), view.money(line.charged)) if line.charged else ("", "")
    hint = _stock(shopping, view)
    together = f"{label}   {hint}" if hint else label
    if len(together) + len(charged) >= COLUMNS:
        together = f"   {hint}"
    return first, row(together, charged)


def _stock(shopping: Shopping, view: View) -> str:
    """What the books say is left, where that is not many; of weighed goods, whether it is any."""
    _ = view.text
    left, product = shopping.left, shopping.cart.entries[-1].offer.product
    by_piece = product.unit == "piece"
    if left is None or left > (_FEW if by_piece else 0):
        return ""
    if left > 0:
        return _("{left} left").format(left=left)
    if left == 0:
        return _("now sold out")
    there = left + shopping.cart.quantity_of(product.id)
    if there > 0 and by_piece:
        return _("books say {there}").format(there=there)
    return _("books say none")


def _charges(line: Entry, view: View) -> str:
    _ = view.text
    accounts = {charge.account for charge in line.offer.charges}
    if DEPOSIT not in accounts:
        return _("   + levy")
    return _("   + deposit") if len(accounts) == 1 else _("   + deposit and levy")


def _quantity(shopping: Shopping, view: View) -> str:
    _ = view.text
    if shopping.typed == _MENU:
        return row(_MENU)
    return row(_("{digits}x ...").format(digits=shopping.typed))


def _total(shopping: Shopping, view: View) -> str:
    _ = view.text
    pieces = shopping.cart.pieces
    words = _("Total 1 article") if pieces == 1 else _("Total {pieces} articles")
    return row(words.format(pieces=pieces), view.money(shopping.cart.total))


def _keys(shopping: Shopping, view: View) -> str:
    _ = view.text
    if shopping.typed:
        return _typed_keys(shopping, view)
    if shopping.buyer is None:
        return keys(
            view, _("Show card, then # to buy   * back"), brief=_("Card, then # to buy  * back")
        )
    left = shopping.buyer.credit - shopping.cart.total
    if left < Money(0):
        return keys(view, _("* back   0# cancel"))
    return keys(view, _("# buy  * back"), _("Left") + " " + view.money(left))


def _typed_keys(shopping: Shopping, view: View) -> str:
    """A quantity, or the number of a product: the next scan or ``#`` decides."""
    _ = view.text
    if shopping.typed == _MENU:
        return keys(view, _("0# cancel   * back") if shopping.cart else _("0# menu   * back"))
    if len(shopping.typed) > _SHORT_NUMBER_DIGITS:
        return keys(view, _("# look up   * delete"))
    hint = _("{digits}# = number {digits}   * back").format(digits=shopping.typed)
    return keys(view, hint, brief=_("# look up   * delete"))


def _name(name: str, view: View) -> str:
    """A guest's card has no name."""
    _ = view.text
    return name or _("guest")
