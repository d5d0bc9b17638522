"""Taking a purchase back."""

from __future__ import annotations

from kpos.checkout.events import UndoLine
from kpos.checkout.layout import Frame, named, row, weight
from kpos.checkout.screens.notices import notice_lines
from kpos.checkout.screens.view import View, keys
from kpos.checkout.states import UndoCard, UndoChoice, UndoPart, UndoReceipt
from kpos.checkout.undo import line_of, line_of_part


def receipt(asked: UndoReceipt, view: View) -> Frame:
    """The receipt's number."""
    _ = view.text
    first, second = row(_("Take back a receipt")), row(_("Type its number, without zeros"))
    if asked.notice is not None:
        first, second = notice_lines(asked.notice, view)
    third = row(_("Receipt {prefix}-{digits}").format(prefix=view.prefix, digits=asked.typed))
    return first, second, third, keys(view, _("# look up   * back"))


def choice(choice: UndoChoice, view: View) -> Frame:
    """All of it or a line."""
    _ = view.text
    found = choice.found
    title = _("Take back {number}").format(number=found.receipt_number)
    first = row(title, view.money(found.total))
    if choice.notice is not None:
        first = notice_lines(choice.notice, view)[0]
    second = row(_("Everything on it"))
    if found.lines:
        count = len(found.lines)
        words = _("Everything, or its only line: 1#")
        if count > 1:
            words = _("Everything, or a line: 1# to {last}#").format(last=found.lines[-1].line)
        second = row(words)
    third = row()
    if choice.typed:
        line = line_of(choice)
        third = row(_("Line {digits}").format(digits=choice.typed))
        if line is not None:
            third = named(f"{line.line}: ", _goods(line, view), right=view.money(line.total))
    hint, brief = _("# take all back   * back"), _("# all   * back")
    if choice.typed:
        hint, brief = _("# take this line   * delete"), _("# line   * delete")
    return first, second, third, keys(view, hint, brief=brief)


def part(part: UndoPart, view: View) -> Frame:
    """How many of it."""
    _ = view.text
    line = line_of_part(part)
    first = named("", _goods(line, view), right=view.money(line.total))
    second = row(_("How many? Nothing typed = all of it"))
    if part.notice is not None:
        second = notice_lines(part.notice, view)[0]
    third = row(part.typed + "x" if part.typed else "")
    return first, second, third, keys(view, _("# take back   * back"))


def card(asked: UndoCard, view: View) -> Frame:
    """Who gets the credit."""
    _ = view.text
    first, second = row(_("Nobody knows any more who bought it")), row(_("Show the buyer's card"))
    if asked.notice is not None:
        first, second = notice_lines(asked.notice, view)
    third = row(_("Receipt {number}").format(number=asked.choice.found.receipt_number))
    if asked.typed:
        third = row(_("Number {digits}").format(digits=asked.typed))
    return first, second, third, keys(view, _("or number+#   * back"))


def _goods(line: UndoLine, view: View) -> str:
    if not line.by_piece:
        return f"{weight(line.quantity, view.language)} {line.name}"
    return f"{line.quantity}x {line.name}"
