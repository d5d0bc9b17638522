"""PIN entry: masked, with the attempts that are left."""

from __future__ import annotations

from kpos.checkout.layout import Frame, fit, row
from kpos.checkout.screens.notices import notice_lines
from kpos.checkout.screens.view import View, keys
from kpos.checkout.states import PinChecking, PinEntry, PinRefused
from kpos.domain.member import LOCKED_FOR_GOOD, Holder

_SECOND_MS = 1000
_MINUTE_S = 60


def entry(entry: PinEntry, view: View) -> Frame:
    """Stars."""
    _ = view.text
    first = row(_who(entry, view))
    if entry.notice is not None:
        first = notice_lines(entry.notice, view)[0]
    return (
        first,
        row(_("PIN {stars}").format(stars="*" * len(entry.pin.digits))),
        row(_attempts(entry.holder.pin.attempts_left, view)),
        keys(view, _("# go on   * delete, then cancel"), brief=_("# go on   * delete")),
    )


def checking(checking: PinChecking, view: View) -> Frame:
    """A moment."""
    _ = view.text
    return (row(_who(checking.entry, view)), row(_("Checking the PIN ...")), row(), row())


def refused(refused: PinRefused, view: View) -> Frame:
    """Wrong, or locked."""
    _ = view.text
    standing = refused.standing
    if standing.locked_ms is None:
        attempts = row(_attempts(standing.attempts_left, view))
        return row(_("Wrong PIN")), attempts, row(), keys(view, _("# again   * cancel"))
    return (
        row(_("Locked: too many attempts")),
        row(_wait(standing.locked_ms, view)),
        row(_("A trusted person can set a new PIN")),
        keys(view, _("* back")),
    )


def _who(entry: PinEntry, view: View) -> str:
    """A name only for whom a card was shown: a typed number is no proof."""
    _ = view.text
    holder: Holder = entry.holder
    if holder.card is None and entry.then == "login":
        return _("Number {digits}").format(digits=holder.number or "")
    return fit(holder.name or _("guest"), 40)


def _attempts(left: int, view: View) -> str:
    _ = view.text
    return _("1 attempt left") if left == 1 else _("{left} attempts left").format(left=left)


def _wait(locked_ms: int, view: View) -> str:
    _ = view.text
    if locked_ms == LOCKED_FOR_GOOD:
        return _("Until a new PIN is set")
    seconds = -(-locked_ms // _SECOND_MS)
    if seconds < _MINUTE_S:
        return _("Free again in {seconds} s").format(seconds=seconds)
    return _("Free again in {minutes} min").format(minutes=-(-seconds // _MINUTE_S))
