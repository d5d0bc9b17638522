"""Stocktake: count now, and let somebody else approve it.

    Menu --> CountGoods --#--> CountConfirm --#--> Posting --> Done    the count waits
    Menu --> CountChoice --2--> CountGoods       --#--> the next count that waits
             CountChoice --1--> CountReview --#--> CountDecision --#--> Posting --> Done
                                            --0#--> CountDecision      (discards)

Who counts does not see what should be there. What differs is that of the moment of the count, so
selling goes on. The menu begins with the counts of others, which this person may approve.
"""

from __future__ import annotations

from kpos.checkout.effects import ChangeCounts
from kpos.checkout.events import (
    CountsChanged,
    DiskFailed,
    Event,
    KeyPressed,
    Posted,
    PostingFailed,
    TimedOut,
    WaitingCount,
)
from kpos.checkout.listing import by_product, when_listing, when_nobody_comes
from kpos.checkout.states import (
    CountChoice,
    CountConfirm,
    CountDecision,
    CountGoods,
    CountReview,
    Done,
    Posting,
    Shopping,
    State,
    author_of,
)
from kpos.checkout.steps import (
    ACCEPT,
    PAID,
    Step,
    book,
    disk_failed,
    go,
    leave,
    menu_of,
    refuse,
    reject,
    stay,
)
from kpos.domain.orders import ApproveCount, Count, DiscardCount
from kpos.domain.values import replace

# Differences on one picture.
PER_PAGE = 3


def begin(state: State, login: Shopping, waiting: tuple[WaitingCount, ...]) -> Step:
    """Counts of others first, if there are any."""
    others = tuple(count for count in waiting if count.counted_by != author_of(login))
    if others:
        return go(state, CountChoice(login, others))
    return go(state, CountGoods(login))


def when_goods(state: State, listing: CountGoods, event: Event) -> Step:
    """What is there?"""

    def confirm() -> Step:
        return go(state, CountConfirm(replace(listing, notice=None)), ACCEPT)

    return when_listing(state, listing, event, menu_of(listing.login), confirm)


def when_confirming(state: State, asked: CountConfirm, event: Event) -> Step:
    """Is that all?"""
    listing = asked.listing
    match event:
        case KeyPressed("#"):
            counted_by = author_of(listing.login)
            assert counted_by is not None, "trusted persons are members"
            order = Count(by_product(listing.scanned), counted_by)
            return go(state, Posting(asked), ChangeCounts(order))
        case KeyPressed("*"):
            return go(state, listing)
        case _:
            return when_nobody_comes(state, listing, event)


def when_kept(state: State, asked: CountConfirm, event: Event) -> Step:
    """The disk has answered."""
    match event:
        case CountsChanged():
            return go(state, Done("count_kept", asked.listing.login), ACCEPT)
        case PostingFailed():
            return refuse(state, asked.listing, "refused")
        case DiskFailed():
            return disk_failed(state, asked.listing)
        case _:
            return stay(state)


def when_choosing(state: State, choice: CountChoice, event: Event) -> Step:
    """One of them, or anew?"""
    match event:
        case KeyPressed("1"):
            return go(state, CountReview(replace(choice, notice=None)))
        case KeyPressed("2"):
            return go(state, CountGoods(choice.login))
        case KeyPressed("#"):
            following = (choice.number + 1) % len(choice.counts)
            return go(state, replace(choice, number=following, notice=None))
        case KeyPressed("*"):
            return go(state, menu_of(choice.login))
        case _:
            return _nobody_comes(state, event)


def when_reviewing(state: State, review: CountReview, event: Event) -> Step:
    """Difference by difference."""
    match event:
        case KeyPressed("#") if review.typed:
            return go(state, CountDecision(replace(review, typed=""), books=False))
        case KeyPressed("#") if review.page + 1 < pages_of(review):
            return go(state, replace(review, page=review.page + 1))
        case KeyPressed("#"):
            return go(state, CountDecision(review, books=True))
        case KeyPressed("0") if not review.typed:
            return go(state, replace(review, typed="0"))
        case KeyPressed("*") if review.typed:
            return go(state, replace(review, typed=""))
        case KeyPressed("*") if review.page:
            return go(state, replace(review, page=review.page - 1))
        case KeyPressed("*"):
            return go(state, review.choice)
        case _:
            return _nobody_comes(state, event)


def when_deciding(state: State, asked: CountDecision, event: Event) -> Step:
    """Really?"""
    number = count_of(asked.review).number
    match event:
        case KeyPressed("#") if asked.books:
            author = author_of(asked.review.choice.login)
            assert author is not None, "trusted persons are members"
            return book(state, asked, ApproveCount(number, author, author=author))
        case KeyPressed("#"):
            return go(state, Posting(asked), ChangeCounts(DiscardCount(number)))
        case KeyPressed("*"):
            return go(state, asked.review)
        case _:
            return _nobody_comes(state, event)


def when_decided(state: State, asked: CountDecision, event: Event) -> Step:
    """The disk has answered."""
    choice = asked.review.choice
    match event:
        case Posted(receipt_number):
            return go(state, Done("counted", choice.login, receipt_number), PAID)
        case CountsChanged():
            return go(state, Done("count_dropped", choice.login), ACCEPT)
        case PostingFailed():
            return refuse(state, choice, "not_counted")
        case DiskFailed():
            return disk_failed(state, choice)
        case _:
            return stay(state)


def count_of(review: CountReview) -> WaitingCount:
    """The count that is looked at."""
    return review.choice.counts[review.choice.number]


def pages_of(review: CountReview) -> int:
    """How many pictures its differences fill; one says that there are none."""
    return max(-(-len(count_of(review).differences) // PER_PAGE), 1)


def _nobody_comes(state: State, event: Event) -> Step:
    return leave(state) if isinstance(event, TimedOut) else reject(state)
