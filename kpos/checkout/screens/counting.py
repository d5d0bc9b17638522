"""Stocktake: what was counted, and what differs."""

from __future__ import annotations

from kpos.checkout.counting import PER_PAGE, count_of, pages_of
from kpos.checkout.events import Difference, WaitingCount
from kpos.checkout.layout import Frame, goods, named, row, weight
from kpos.checkout.listing import by_product
from kpos.checkout.screens.goods import answer, listing_keys
from kpos.checkout.screens.notices import notice_lines
from kpos.checkout.screens.view import View, keys
from kpos.checkout.states import (
    CountChoice,
    CountConfirm,
    CountDecision,
    CountGoods,
    CountReview,
)
from kpos.domain.cart import Entry


def count_goods(listing: CountGoods, view: View) -> Frame:
    """Scan by scan: how many of it in all, not how many there should be."""
    _ = view.text
    first, second = answer(listing, row(_("Stocktake")), view)
    if listing.scanned and not listing.typed and listing.notice is None:
        last = listing.scanned[-1]
        in_all = Entry(last.offer, dict(by_product(listing.scanned))[last.offer.product.id])
        first = named("", _counted(last, view))
        second = row()
        if in_all.quantity != last.quantity:
            second = named(_("   together "), _counted(in_all, view))
    return first, second, row(_products(listing, view)), listing_keys(listing, view)


def count_confirm(asked: CountConfirm, view: View) -> Frame:
    """Is that all?"""
    _ = view.text
    return (
        row(_("Stocktake: is that all?"), _products(asked.listing, view)),
        row(_("It waits until somebody else")),
        row(_("approves it here or at the computer")),
        keys(view, _("# yes, keep it   * no")),
    )


def count_choice(choice: CountChoice, view: View) -> Frame:
    """Whose count, of when."""
    _ = view.text
    count = choice.counts[choice.number]
    first, second = _whose(count, view), row(_found(count, view))
    if choice.notice is not None:
        first, second = notice_lines(choice.notice, view)
    third = row()
    if len(choice.counts) > 1:
        words = _("Count {number} of {all} that wait").format(
            number=choice.number + 1, all=len(choice.counts)
        )
        third = row(words, _("# next"))
    hint = _("1 look at it   2 count anew   * back")
    return first, second, third, keys(view, hint, brief=_("1 look  2 anew  * back"))


def count_review(review: CountReview, view: View) -> Frame:
    """Three differences."""
    _ = view.text
    count = count_of(review)
    shown = count.differences[review.page * PER_PAGE : (review.page + 1) * PER_PAGE]
    rows = [_difference(each, view) for each in shown] or [row(_("No differences"))]
    first, second, third, *_rest = [*rows, row(), row()]
    if review.typed:
        return first, second, third, keys(view, _("# discard it   * back"))
    if review.page + 1 < pages_of(review):
        hint = _("# next page  0# discard  * back")
        return first, second, third, keys(view, hint, brief=_("# next page  * back"))
    hint = _("# approve  0# discard  * back")
    return first, second, third, keys(view, hint, brief=_("# approve  * back"))


def count_decision(asked: CountDecision, view: View) -> Frame:
    """Book it, or forget it?"""
    _ = view.text
    count = count_of(asked.review)
    title = _("Book these differences?") if asked.books else _("Discard this count?")
    hint = _("# yes, book it   * no") if asked.books else _("# yes, discard it   * no")
    return row(title), _whose(count, view), row(_found(count, view)), keys(view, hint)


def _whose(count: WaitingCount, view: View) -> str:
    _ = view.text
    return named(_("Count of "), count.name or "?", right=count.when)


def _found(count: WaitingCount, view: View) -> str:
    _ = view.text
    words = _("{products} counted, {differences} differ")
    return words.format(products=count.counted, differences=len(count.differences))


def _difference(found: Difference, view: View) -> str:
    """Name, what should be there, what is, and the difference where amounts stand."""
    _ = view.text
    more = found.counted - found.expected
    sign, size = "+" if more > 0 else "-", abs(more)
    if not found.by_piece:
        return named("", found.name, right=sign + weight(size, view.language))
    right = f"{sign}{size}".rjust(8)
    if found.deposit is not None:
        deposit = view.money(found.deposit).strip()
        return row(_("Empties at {deposit}").format(deposit=deposit), right)
    after = _("  books {expected}, is {counted}").format(
        expected=found.expected, counted=found.counted
    )
    return named("", found.name, after, right)


def _products(listing: CountGoods, view: View) -> str:
    _ = view.text
    products = len(by_product(listing.scanned))
    words = _("1 product") if products == 1 else _("{products} products")
    return words.format(products=products)


def _counted(entry: Entry, view: View) -> str:
    """Also one, or none, with its number."""
    if entry.offer.product.unit == "kg":
        return goods(entry, view.language)
    return f"{entry.quantity}x {entry.offer.product.name}"
