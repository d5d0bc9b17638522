"""Write-off: goods that are gone without being sold, and why.

    Menu --> WriteOffReason --1..4--> WriteOffGoods --#--> WriteOffConfirm --#--> Posting --> Done

What was booked by mistake is taken back by its receipt number (`undo`).
"""

from __future__ import annotations

from kpos.checkout.events import (
    DiskFailed,
    Event,
    KeyPressed,
    Posted,
    PostingFailed,
    TimedOut,
)
from kpos.checkout.listing import by_product, when_listing, when_nobody_comes
from kpos.checkout.states import (
    Done,
    State,
    WriteOffConfirm,
    WriteOffGoods,
    WriteOffReason,
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
from kpos.domain.goods import Reason
from kpos.domain.orders import WriteOff
from kpos.domain.values import replace

REASON_OF_KEY: dict[str, Reason] = {"1": "breakage", "2": "expiry", "3": "own_use", "4": "gift"}


def when_reason(state: State, asked: WriteOffReason, event: Event) -> Step:
    """Why?"""
    match event:
        case KeyPressed("*"):
            return go(state, menu_of(asked.login))
        case KeyPressed(key) if key in REASON_OF_KEY:
            return go(state, WriteOffGoods(asked.login, REASON_OF_KEY[key]), ACCEPT)
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def when_goods(state: State, goods: WriteOffGoods, event: Event) -> Step:
    """What?"""

    def confirm() -> Step:
        return go(state, WriteOffConfirm(replace(goods, notice=None)), ACCEPT)

    return when_listing(state, goods, event, WriteOffReason(goods.login), confirm)


def when_confirming(state: State, asked: WriteOffConfirm, event: Event) -> Step:
    """Really?"""
    goods = asked.goods
    match event:
        case KeyPressed("#"):
            lines = by_product(goods.scanned)
            return book(state, asked, WriteOff(goods.reason, lines, author=author_of(goods.login)))
        case KeyPressed("*"):
            return go(state, goods)
        case _:
            return when_nobody_comes(state, goods, event)


def when_posted(state: State, asked: WriteOffConfirm, event: Event) -> Step:
    """The disk has answered."""
    match event:
        case Posted(receipt_number):
            return go(state, Done("written_off", asked.goods.login, receipt_number), PAID)
        case PostingFailed():
            return refuse(state, asked.goods, "refused")
        case DiskFailed():
            return disk_failed(state, asked.goods)
        case _:
            return stay(state)
