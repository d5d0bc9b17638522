"""Top up, pay out, transfer, and deposit back."""

from __future__ import annotations

from kpos.checkout.empties import value_of
from kpos.checkout.layout import Frame, goods, named, row
from kpos.checkout.screens.notices import N_, notice_lines
from kpos.checkout.screens.view import View, keys
from kpos.checkout.states import (
    Empties,
    EmptiesHolder,
    MoveAmount,
    MoveConfirm,
    MoveDone,
    MoveHolder,
    MoveKind,
)
from kpos.domain.cart import Entry
from kpos.domain.money import Money

_BY: dict[MoveKind, str] = {
    "top_up": N_("Top-up by "),
    "payout": N_("Payout by "),
    "transfer": N_("Transfer from "),
}
_FOR: dict[MoveKind, str] = {
    "top_up": N_("Top up for "),
    "payout": N_("Pay out to "),
    "transfer": N_("Transfer to "),
}
_ASK: dict[MoveKind, str] = {
    "top_up": N_("Cash received from "),
    "payout": N_("Cash handed to "),
    "transfer": N_("Transfer to "),
}
_DONE: dict[MoveKind, str] = {
    "top_up": N_("Topped up for "),
    "payout": N_("Paid out to "),
    "transfer": N_("Transferred to "),
}


def holder(asked: MoveHolder, view: View) -> Frame:
    """Whose card?"""
    _ = view.text
    buyer = asked.login.buyer
    title = named(_(_BY[asked.kind]), buyer.name if buyer is not None else "")
    return ask_for_card(asked, title, view)


def empties_holder(asked: EmptiesHolder, view: View) -> Frame:
    """Whose card?"""
    _ = view.text
    return ask_for_card(asked, row(_("Deposit by hand")), view)


def ask_for_card(asked: MoveHolder | EmptiesHolder, title: str, view: View) -> Frame:
    """A card, or a number."""
    _ = view.text
    second = row(_("Show the receiver's card"))
    if asked.notice is not None:
        title, second = notice_lines(asked.notice, view)
    third = row(_("Number {digits}").format(digits=asked.typed)) if asked.typed else row()
    return title, second, third, keys(view, _("or number+#   * back"))


def amount_typed(asked: MoveAmount, view: View) -> Frame:
    """The amount grows as it is typed."""
    _ = view.text
    credit = _("Credit") + " " + view.money(asked.holder.credit)
    if asked.kind == "transfer":
        credit = ""  # theirs to know
    first = named(_(_FOR[asked.kind]), asked.holder.name or _("guest"), right=credit)
    second = row()
    if asked.notice is not None:
        first, second = notice_lines(asked.notice, view)
    typed = view.money(Money(int(asked.typed or "0")))
    label = _("Amount in cents") if asked.kind == "transfer" else _("Amount, cash, in cents")
    return first, second, row(label, typed), keys(view, _("# go on   * back"))


def confirm(move: MoveConfirm, view: View) -> Frame:
    """Both names and what will be."""
    _ = view.text
    after = move.holder.credit + (-move.amount if move.kind == "payout" else move.amount)
    name = move.holder.name or _("guest")
    buyer = move.login.buyer
    third = row()
    if move.kind != "transfer" and buyer is not None:
        third = named(_(_BY[move.kind]), buyer.name)
    second = row(_("Credit afterwards"), view.money(after))
    if move.kind == "transfer":
        # How much somebody else has is theirs to know.
        own = buyer.credit - move.amount if buyer is not None else Money(0)
        second = row(_("Your credit afterwards"), view.money(own))
    return (
        named(_(_ASK[move.kind]), name, "?", view.money(move.amount)),
        second,
        third,
        keys(view, _("# yes, book it   * no")),
    )


def done(done: MoveDone, view: View) -> Frame:
    """Booked; the next card goes on."""
    _ = view.text
    move = done.move
    receipt = _("Receipt {number}").format(number=done.receipt_number)
    credit = _("Credit") + " " + view.money(done.credit)
    return (
        named(_(_DONE[move.kind]), move.holder.name or _("guest"), right=view.money(move.amount)),
        row(receipt, credit),
        row(),
        keys(view, _("Next card   * done")),
    )


def empties(empties: Empties, view: View) -> Frame:
    """Bottle by bottle."""
    _ = view.text
    first = named(_("Deposit back for "), empties.holder.name or _("guest"))
    second = row(_("Scan the empties"))
    if empties.notice is not None:
        first, second = notice_lines(empties.notice, view)
    elif empties.typed:
        second = row(_("{digits}x ...").format(digits=empties.typed))
    elif empties.scanned:
        last = Entry(*empties.scanned[-1])
        second = named("", goods(last, view.language), right=view.money(last.charged))
    pieces = sum(quantity for _offer, quantity in empties.scanned)
    third = row(_("{pieces} empties").format(pieces=pieces), view.money(value_of(empties)))
    return first, second, third, _empties_keys(view)


def _empties_keys(view: View) -> str:
    _ = view.text
    return keys(view, _("# book  * back  3 then scan = 3 of it"), brief=_("# book  * back"))
