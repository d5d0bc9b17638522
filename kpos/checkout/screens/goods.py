"""What is gone, what came in, what is there."""

from __future__ import annotations

from kpos.checkout.layout import Frame, goods, named, row
from kpos.checkout.listing import pieces_of
from kpos.checkout.screens.notices import N_, notice_lines
from kpos.checkout.screens.view import View, keys
from kpos.checkout.states import HowMany, WriteOffConfirm, WriteOffGoods, WriteOffReason
from kpos.checkout.states.goods import Listing
from kpos.domain.goods import Reason

_REASONS: dict[Reason, str] = {
    "breakage": N_("breakage"),
    "expiry": N_("expired"),
    "own_use": N_("own use"),
    "gift": N_("gift"),
}
_LEFT_COLUMNS = 20


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
    first, second = _answer(listing, title, view)
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


def _answer(listing: Listing, title: str, view: View) -> tuple[str, str]:
    """What the last input led to."""
    _ = view.text
    if listing.notice is not None:
        return notice_lines(listing.notice, view)
    if listing.typed:
        return row(_("{digits}x ...").format(digits=listing.typed)), row(_("Now scan goods"))
    if listing.scanned:
        return title, named("", goods(listing.scanned[-1], view.language))
    return title, row(_("Scan goods"))


def listing_keys(listing: Listing, view: View) -> str:
    """What the keys do while goods are listed."""
    _ = view.text
    if listing.typed:
        return keys(view, _("# look up the number   * delete"), brief=_("# look up   * delete"))
    if listing.scanned:
        return keys(view, _("# go on  * back  3 then scan = 3 of it"), brief=_("# go on   * back"))
    return keys(view, _("* back   3 then scan = 3 of it"), brief=_("* back"))


def _pieces(listing: Listing, view: View) -> str:
    _ = view.text
    pieces = pieces_of(listing.scanned)
    return _("1 piece") if pieces == 1 else _("{pieces} pieces").format(pieces=pieces)


def _pair(left: str, right: str) -> str:
    return row(left.ljust(_LEFT_COLUMNS) + right)
