"""Counting the cash, moving it, closing the day."""

from __future__ import annotations

from kpos.checkout.cashing import pieces_of
from kpos.checkout.figures import PER_PAGE, Figure, FigureCode, figures_of
from kpos.checkout.layout import Frame, named, row
from kpos.checkout.screens.notices import N_, notice_lines
from kpos.checkout.screens.view import View, keys
from kpos.checkout.states import (
    CashAmount,
    CashConfirm,
    CashCounted,
    CashCounting,
    CashReceiver,
    CashVoucher,
    ClosingConfirm,
    ClosingPages,
)
from kpos.checkout.states.cashing import CashPurpose
from kpos.domain.cashing import DENOMINATIONS, value_of
from kpos.domain.money import ZERO, Money

_TITLES: dict[CashPurpose, str] = {
    "skim": N_("From the till to the bank"),
    "float": N_("Change from the bank"),
    "pay_in": N_("Pay in: other income"),
    "pay_out": N_("Pay out: an expense"),
    "collect": N_("From the reader to the till"),
    "handover": N_("Hand over cash"),
}
_FIGURES: dict[FigureCode, str] = {
    "purchases": N_("Purchases, less undone"),
    "deposit_charged": N_("Deposit charged"),
    "deposit_returned": N_("Deposit returned"),
    "reversed": N_("Taken back"),
    "levies": N_("Levies"),
    "cash_in": N_("Cash in"),
    "cash_out": N_("Cash out"),
    "cash": N_("Cash in the till"),
    "reader": N_("Cash in the reader"),
    "persons": N_("Cash of persons"),
    "credit": N_("Credit of all"),
    "gross": N_("Gross, tax key {detail}"),
    "tax": N_("Tax, tax key {detail}"),
    "top_up": N_("Top-ups"),
}
_MEANS = {
    "cash": N_("Top-ups, cash"),
    "transfer": N_("Top-ups, transfer"),
    "reader": N_("Top-ups, reader"),
    "opening": N_("Top-ups, opening"),
}


def counting(counting: CashCounting, view: View) -> Frame:
    """One note or coin after the other; the sum grows."""
    _ = view.text
    at = len(counting.pieces)
    worth = Money(DENOMINATIONS[at]) if at < len(DENOMINATIONS) else ZERO
    value = worth * int(counting.typed or "0")
    first = row(_("Count the cash: how many of"), view.money(worth))
    if at == len(DENOMINATIONS):
        first = row(_("All is counted"))
    second = row(_("{digits}x").format(digits=counting.typed), view.money(value))
    if not counting.typed:
        second = row(_("Nothing typed = none"))
    if counting.notice is not None:
        first, second = notice_lines(counting.notice, view)
    total = value_of(pieces_of(counting)) + value
    return first, second, row(_("Sum"), view.money(total)), keys(view, _("# go on   * back"))


def counted(counted: CashCounted, view: View) -> Frame:
    """What was found, what should be there, and what lies between."""
    _ = view.text
    total = value_of(pieces_of(counted.counting))
    difference = total - counted.expected
    third = row(_("It is right"))
    if difference:
        third = row(
            _("Too much") if difference > ZERO else _("Missing"), _unsigned(difference, view)
        )
    return (
        row(_("Counted"), view.money(total)),
        row(_("Should be there"), view.money(counted.expected)),
        third,
        keys(view, _("# book   * count again")),
    )


def amount(asked: CashAmount, view: View) -> Frame:
    """The amount grows as it is typed."""
    _ = view.text
    first, second = row(_(_TITLES[asked.purpose])), row()
    if asked.notice is not None:
        first, second = notice_lines(asked.notice, view)
    typed = view.money(Money(int(asked.typed or "0")))
    return first, second, row(_("Amount, cash, in cents"), typed), keys(view, _("# go on   * back"))


def voucher(asked: CashVoucher, view: View) -> Frame:
    """The number of a paper."""
    _ = view.text
    first = row(_(_TITLES[asked.purpose]), view.money(asked.amount))
    second = row(_("Write what for on a paper, number it"))
    if asked.notice is not None:
        first, second = notice_lines(asked.notice, view)
    third = row(_("Number {digits}").format(digits=asked.typed))
    return first, second, third, keys(view, _("# go on   * back"))


def receiver(asked: CashReceiver, view: View) -> Frame:
    """Whose card?"""
    _ = view.text
    title = _TITLES["handover"]
    first = row(_(title), view.money(asked.amount))
    second = row(_("Show the receiver's card"))
    if asked.notice is not None:
        first, second = notice_lines(asked.notice, view)
    third = row(_("# alone: into the box of the till"))
    if asked.typed:
        third = row(_("Number {digits}").format(digits=asked.typed))
    return first, second, third, keys(view, _("or number+#   * back"))


def confirm(move: CashConfirm, view: View) -> Frame:
    """Once more."""
    _ = view.text
    second = row()
    if move.voucher:
        second = row(_("Paper number {digits}").format(digits=move.voucher))
    elif move.receiver is not None:
        second = named(_("To "), move.receiver.name)
    elif move.purpose == "handover":
        second = row(_("Into the box of the till"))
    return (
        row(_(_TITLES[move.purpose]), view.money(move.amount)),
        second,
        row(),
        keys(view, _("# yes, book it   * no")),
    )


def pages(pages: ClosingPages, view: View) -> Frame:
    """Three figures."""
    _ = view.text
    shown = figures_of(pages.figures)[pages.page * PER_PAGE : (pages.page + 1) * PER_PAGE]
    first, second, third, *_rest = [*(_figure(each, view) for each in shown), row(), row()]
    return first, second, third, keys(view, _("# next page   * back"))


def closing(asked: ClosingConfirm, view: View) -> Frame:
    """Close?"""
    _ = view.text
    first = row(_("Close the day with Z {number}?").format(number=asked.pages.figures.z_number))
    second = row(_("Was the cash counted before?"))
    if asked.notice is not None:
        first, second = notice_lines(asked.notice, view)
    documents = _("{count} documents").format(count=asked.pages.figures.documents)
    return first, second, row(documents), keys(view, _("# yes, close   * no"))


def _figure(figure: Figure, view: View) -> str:
    _ = view.text
    label = _(_FIGURES[figure.code])
    if figure.code == "top_up" and figure.detail in _MEANS:
        label = _(_MEANS[figure.detail])
    return row(label.format(detail=figure.detail), view.money(figure.amount))


def _unsigned(difference: Money, view: View) -> str:
    return view.money(Money(abs(difference.cents)))
