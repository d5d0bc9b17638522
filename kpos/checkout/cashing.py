"""Cash and closing, by trusted persons.

    Menu --3--> CashCounting --# for each coin--> CashCounted --#--> Posting --> Done
    Menu --9 7--> CashAmount --#--> (CashVoucher | CashReceiver) --#--> CashConfirm --#--> Done
    Menu --4--> ClosingPages --# for each page--> ClosingConfirm --#--> Posting --> Done

Counting is blind: what must be there is fetched and shown when all is counted. Whose box it is,
the books know by the author.
"""

from __future__ import annotations

from kpos.checkout.asking import ask_for_holder
from kpos.checkout.effects import FetchCash
from kpos.checkout.events import (
    CashFound,
    DiskFailed,
    Event,
    KeyPressed,
    Posted,
    PostingFailed,
    TimedOut,
)
from kpos.checkout.figures import pages_of
from kpos.checkout.moves import AMOUNT_DIGITS_MAX
from kpos.checkout.states import (
    CashAmount,
    CashConfirm,
    CashCounted,
    CashCounting,
    CashReceiver,
    CashVoucher,
    ClosingConfirm,
    ClosingPages,
    Dialogue,
    Done,
    Menu,
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
    typed,
)
from kpos.domain.cashing import DENOMINATIONS, Pieces, member_cash, value_of
from kpos.domain.member import Holder
from kpos.domain.money import Money
from kpos.domain.orders import CashCount, CashMove, Close
from kpos.domain.values import replace

# 9999 pieces: more than a box of this kind holds.
PIECES_DIGITS_MAX = 4
VOUCHER_DIGITS_MAX = 9


def when_counting(state: State, counting: CashCounting, event: Event) -> Step:
    """How many of this note or coin? Nothing typed is none."""
    match event:
        case KeyPressed("*") if not counting.typed:
            return go(state, _before(counting))
        case KeyPressed("#"):
            return _counted(state, counting)
        case KeyPressed(key):
            return typed(state, counting, key, PIECES_DIGITS_MAX)
        case CashFound(expected) if len(counting.pieces) == len(DENOMINATIONS):
            return go(state, CashCounted(counting, expected), ACCEPT)
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def when_counted(state: State, counted: CashCounted, event: Event) -> Step:
    """Book the difference?"""
    match event:
        case KeyPressed("#"):
            author = author_of(counted.counting.login)
            order = CashCount(pieces_of(counted.counting), expected=counted.expected, author=author)
            return book(state, counted, order)
        case KeyPressed("*"):
            return go(state, _before(counted.counting))
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def when_count_posted(state: State, counted: CashCounted, event: Event) -> Step:
    """The disk has answered."""
    login = counted.counting.login
    match event:
        case Posted(receipt_number):
            difference = value_of(pieces_of(counted.counting)) - counted.expected
            return go(state, Done("cash_counted", login, receipt_number, credit=difference), PAID)
        case PostingFailed(refusal) if refusal.code == "changed":
            return refuse(state, CashCounting(login), "cash_changed")
        case PostingFailed():
            return refuse(state, CashCounting(login), "refused")
        case DiskFailed():
            return disk_failed(state, _before(counted.counting))
        case _:
            return stay(state)


def when_amount(state: State, asked: CashAmount, event: Event) -> Step:
    """How much?"""
    match event:
        case KeyPressed("*") if not asked.typed:
            return go(state, Menu(asked.login, "cash"))
        case KeyPressed("#"):
            return _amount(state, asked)
        case KeyPressed(key):
            return typed(state, asked, key, AMOUNT_DIGITS_MAX)
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def when_voucher(state: State, asked: CashVoucher, event: Event) -> Step:
    """Which paper says what for? Without one nothing is booked."""
    match event:
        case KeyPressed("*") if not asked.typed:
            return go(state, CashAmount(asked.purpose, asked.login))
        case KeyPressed("#") if asked.typed:
            confirm = CashConfirm(asked.purpose, asked.login, asked.amount, asked.typed)
            return go(state, confirm, ACCEPT)
        case KeyPressed("#"):
            return refuse(state, asked, "voucher")
        case KeyPressed(key):
            return typed(state, asked, key, VOUCHER_DIGITS_MAX)
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def when_receiver(state: State, asked: CashReceiver, event: Event) -> Step:
    """Who gets it?"""
    if event == KeyPressed("#") and not asked.typed:
        return go(state, CashConfirm("handover", asked.login, asked.amount), ACCEPT)
    back = CashAmount("handover", asked.login)
    return ask_for_holder(state, asked, event, back, lambda to: _receiver(state, asked, to))


def when_confirming(state: State, move: CashConfirm, event: Event) -> Step:
    """Really?"""
    match event:
        case KeyPressed("#"):
            return book(state, move, _order(move))
        case KeyPressed("*"):
            return go(state, CashAmount(move.purpose, move.login))
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def when_move_posted(state: State, move: CashConfirm, event: Event) -> Step:
    """The disk has answered."""
    amount = CashAmount(move.purpose, move.login)
    match event:
        case Posted(receipt_number):
            return go(
                state, Done("cash_moved", move.login, receipt_number, credit=move.amount), PAID
            )
        case PostingFailed(refusal) if refusal.code == "cash":
            return refuse(state, amount, "cash_short", missing=refusal.missing)
        case PostingFailed(refusal) if refusal.code == "invalid":
            return refuse(state, amount, "same_box")
        case PostingFailed():
            return refuse(state, amount, "refused")
        case DiskFailed():
            return disk_failed(state, amount)
        case _:
            return stay(state)


def when_pages(state: State, pages: ClosingPages, event: Event) -> Step:
    """`#` turns the page; behind the last one the day can be closed."""
    match event:
        case KeyPressed("#") if pages.page + 1 < pages_of(pages.figures):
            return go(state, replace(pages, page=pages.page + 1))
        case KeyPressed("#"):
            return go(state, ClosingConfirm(pages), ACCEPT)
        case KeyPressed("*") if pages.page:
            return go(state, replace(pages, page=pages.page - 1))
        case KeyPressed("*"):
            return go(state, menu_of(pages.login))
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def when_closing(state: State, asked: ClosingConfirm, event: Event) -> Step:
    """Close?"""
    match event:
        case KeyPressed("#"):
            return book(state, asked, Close(author_of(asked.pages.login)))
        case KeyPressed("*"):
            return go(state, asked.pages)
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def when_closed(state: State, asked: ClosingConfirm, event: Event) -> Step:
    """The disk has answered."""
    match event:
        case Posted(receipt_number):
            name = str(asked.pages.figures.z_number)
            return go(state, Done("closed", asked.pages.login, receipt_number, name=name), PAID)
        case PostingFailed(refusal) if refusal.code == "amount":
            return refuse(state, asked, "nothing_to_close")
        case PostingFailed():
            return refuse(state, asked, "refused")
        case DiskFailed():
            return disk_failed(state, asked)
        case _:
            return stay(state)


def pieces_of(counting: CashCounting) -> tuple[Pieces, ...]:
    """What was counted so far, without what is not there."""
    counted = zip(DENOMINATIONS, counting.pieces, strict=False)
    return tuple(Pieces(cents, pieces) for cents, pieces in counted if pieces)


def _before(counting: CashCounting) -> Dialogue:
    """Back to the note before, with what was typed; before the first one is the menu."""
    if not counting.pieces:
        return menu_of(counting.login)
    last = counting.pieces[-1]
    typed_then = str(last) if last else ""
    return CashCounting(counting.login, counting.pieces[:-1], typed_then)


def _counted(state: State, counting: CashCounting) -> Step:
    pieces = (*counting.pieces, int(counting.typed or "0"))
    counting = CashCounting(counting.login, pieces[: len(DENOMINATIONS)])
    if len(pieces) < len(DENOMINATIONS):
        return go(state, counting, ACCEPT)
    return go(state, counting, FetchCash(author_of(counting.login)))


def _amount(state: State, asked: CashAmount) -> Step:
    amount = Money(int(asked.typed or "0"))
    if not amount:
        return refuse(state, asked, "amount")
    if asked.purpose in ("pay_in", "pay_out"):
        return go(state, CashVoucher(asked.purpose, asked.login, amount), ACCEPT)
    if asked.purpose == "handover":
        return go(state, CashReceiver(asked.login, amount), ACCEPT)
    return go(state, CashConfirm(asked.purpose, asked.login, amount), ACCEPT)


def _receiver(state: State, asked: CashReceiver, receiver: Holder) -> Step:
    if receiver.member is None or not receiver.is_trusted:
        return refuse(state, asked, "trusted_only")
    confirm = CashConfirm("handover", asked.login, asked.amount, receiver=receiver)
    return go(state, confirm, ACCEPT)


def _order(move: CashConfirm) -> CashMove:
    other = "bank" if move.purpose == "float" else None
    if move.receiver is not None and move.receiver.member is not None:
        other = member_cash(move.receiver.member)
    note = f"voucher {move.voucher}" if move.voucher else None
    author = author_of(move.login)
    return CashMove(move.purpose, move.amount, other=other, note=note, author=author)
