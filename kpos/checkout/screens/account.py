"""History, PIN, cards, the machine, and when it is out of order."""

from __future__ import annotations

from kpos.checkout.layout import Frame, named, row
from kpos.checkout.screens.notices import N_, notice_lines
from kpos.checkout.screens.view import View, keys
from kpos.checkout.states import (
    CardHolder,
    Done,
    DoneCode,
    GoingDown,
    HistoryConfirm,
    NewCard,
    NewCardConfirm,
    NewPin,
    OutOfOrder,
    SystemConfirm,
)

# The journal lost its last documents (`kpos.ledger.errors`).
_CUT_OFF = "J-12"


def history(asked: HistoryConfirm, view: View) -> Frame:
    """What it means, before it is done."""
    _ = view.text
    buyer = asked.login.buyer
    if buyer is not None and buyer.history:
        lines = _("Switch your history off?"), _("What you bought so far is forgotten.")
    else:
        lines = _("Keep a history of your purchases?"), _("You can read it, and so can admins.")
    return row(lines[0]), row(lines[1]), row(), keys(view, _("# yes   * no"))


def new_pin(new: NewPin, view: View) -> Frame:
    """Typed twice."""
    _ = view.text
    first = named(_("New PIN for "), new.holder.name or _("guest"))
    if new.notice is not None:
        first = notice_lines(new.notice, view)[0]
    stars = "*" * len(new.pin.digits)
    label = _("PIN {stars}") if new.first is None else _("Once more {stars}")
    digits = _("6 to 8 digits") if new.holder.is_trusted else _("4 to 8 digits")
    return first, row(label.format(stars=stars)), row(digits), keys(view, _("# go on   * back"))


def card_holder(asked: CardHolder, view: View) -> Frame:
    """Whose?"""
    _ = view.text
    title = _("Reset a PIN") if asked.task == "reset_pin" else _("A card was lost")
    first, second = row(title), row(_("Show a card or type the number"))
    if asked.notice is not None:
        first, second = notice_lines(asked.notice, view)
    third = row(_("Number {digits}").format(digits=asked.typed)) if asked.typed else row()
    return first, second, third, keys(view, _("# look up   * back"))


def new_card(new: NewCard, view: View) -> Frame:
    """Show what shall be the card."""
    _ = view.text
    first = row(_("New guest card"))
    if new.holder is not None:
        first = named(_("New card for "), new.holder.name or _("guest"))
    second = row(_("Show the new card"))
    if new.notice is not None:
        first, second = notice_lines(new.notice, view)
    third = row(_("Number {digits}").format(digits=new.typed)) if new.typed else row()
    return first, second, third, keys(view, _("# look up   * back"))


def new_card_confirm(asked: NewCardConfirm, view: View) -> Frame:
    """The code, and what happens to the old ones."""
    _ = view.text
    holder = asked.new_card.holder
    second = row(_("A new, empty guest card"))
    if holder is not None:
        second = named(_("Old cards are blocked: "), holder.name or _("guest"))
    return named(_("New card "), asked.code), second, row(), keys(view, _("# yes   * no"))


def system(asked: SystemConfirm, view: View) -> Frame:
    """Really?"""
    _ = view.text
    title = _("Restart the till?") if asked.mode == "reboot" else _("Power the till off?")
    return row(title), row(), row(), keys(view, _("# yes   * no"))


def going_down(_down: GoingDown, view: View) -> Frame:
    """Everything is closed."""
    _ = view.text
    return row(_("The till is going down")), row(_("Everything is saved")), row(), row()


# What needs no name and no credit; without a second line, the receipt's number.
_DONE: dict[DoneCode, tuple[str, str]] = {
    "undone_goods": (N_("Taken back"), ""),
    "written_off": (N_("The goods are written off"), ""),
    "delivered": (N_("The goods are in stock"), ""),
    "count_kept": (N_("The count is kept"), N_("It waits for approval")),
    "counted": (N_("The differences are booked"), ""),
    "count_dropped": (N_("The count is discarded"), N_("Nothing was booked")),
    "history_on": (N_("Your history is on"), N_("From the next purchase on")),
    "history_off": (N_("Your history is off"), N_("Past purchases are forgotten")),
    "guest_card": (N_("New guest card"), N_("Top it up and hand it out")),
}


def done(done: Done, view: View) -> Frame:
    """What worked."""
    _ = view.text
    receipt, credit = _receipt(done, view), row(_("Credit"), view.money(done.credit))
    name = done.name or _("guest")
    lines: tuple[str, str, str]
    match done.code:
        case "empties":
            lines = named(_("Deposit credited for "), name), receipt, credit
        case "undone":
            lines = row(_("Taken back")), receipt, credit
        case "pin":
            lines = named(_("New PIN for "), name), row(_("It is valid now")), row()
        case "card_replaced":
            lines = named(_("New card for "), name), row(_("It works now")), credit
        case "cash_counted" | "cash_moved" | "closed":
            lines = _cash_done(done, view)
        case code:
            first, second = _DONE[code]
            lines = row(_(first)), row(_(second)) if second else receipt, row()
    return (*lines, row(_("Any key goes on")))


def _cash_done(done: Done, view: View) -> tuple[str, str, str]:
    """What worked with the house's cash."""
    _ = view.text
    receipt, amount = _receipt(done, view), view.money(done.credit)
    match done.code:
        case "cash_counted":
            return row(_("The cash is counted")), receipt, row(_("Difference"), amount)
        case "cash_moved":
            return row(_("The cash is moved")), receipt, row(_("Amount"), amount)
        case _:
            return named(_("Closed: Z "), done.name), receipt, row(_("Admin: kpos closing show"))


def _receipt(done: Done, view: View) -> str:
    _ = view.text
    return row(_("Receipt {number}").format(number=done.receipt_number))


def out_of_order(locked: OutOfOrder, view: View) -> Frame:
    """It stops selling rather than guess, and promises no more than it knows."""
    _ = view.text
    what = _("No credit is lost.")
    if locked.code == _CUT_OFF:
        what = _("The last bookings are missing.")
    return (
        row(_("Till out of order"), _("Code {code}").format(code=locked.code)),
        row(what),
        row(_("Please call the admin: kpos verify")),
        row(),
    )
