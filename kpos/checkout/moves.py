"""Money: top up and pay out by a trusted person, transfer by the member.

    MoveHolder --card--> MoveAmount --#--> MoveConfirm --#--> Posting --> MoveDone --card--> …

Both names are shown before anything is booked. A transfer above the free limit asks the PIN.
"""

from __future__ import annotations

from kpos.checkout import pin
from kpos.checkout.asking import ask_for_holder
from kpos.checkout.events import (
    DiskFailed,
    Event,
    KeyPressed,
    Posted,
    PostingFailed,
    TimedOut,
)
from kpos.checkout.states import MoveAmount, MoveConfirm, MoveDone, MoveHolder, State, author_of
from kpos.checkout.steps import (
    ACCEPT,
    PAID,
    Step,
    book,
    credited,
    disk_failed,
    go,
    leave,
    menu_of,
    refuse,
    reject,
    stay,
    typed,
)
from kpos.domain.member import Holder
from kpos.domain.money import Money
from kpos.domain.orders import Order, Payout, TopUp, Transfer
from kpos.domain.values import replace

# 9999.99: more cash than a till of this kind takes in one go.
AMOUNT_DIGITS_MAX = 6


def when_holder(state: State, asked: MoveHolder, event: Event) -> Step:
    """Whose wallet?"""
    back = menu_of(asked.login)
    return ask_for_holder(state, asked, event, back, lambda holder: _holder(state, asked, holder))


def when_amount(state: State, asked: MoveAmount, event: Event) -> Step:
    """How much?"""
    match event:
        case KeyPressed("*") if not asked.typed:
            return go(state, MoveHolder(asked.kind, asked.login))
        case KeyPressed("#"):
            return _amount(state, asked)
        case KeyPressed(key):
            return typed(state, asked, key, AMOUNT_DIGITS_MAX)
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def when_confirming(state: State, move: MoveConfirm, event: Event) -> Step:
    """Really?"""
    match event:
        case KeyPressed("#"):
            return _book(state, move)
        case KeyPressed("*"):
            return go(state, MoveAmount(move.kind, move.login, move.holder))
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def when_posted(state: State, move: MoveConfirm, event: Event) -> Step:
    """The disk has answered."""
    amount = MoveAmount(move.kind, move.login, move.holder)
    match event:
        case Posted(receipt_number, credit):
            wallet = move.holder.wallet
            if move.kind == "transfer" and move.login.buyer is not None:
                wallet = move.login.buyer.wallet
            move = replace(move, login=credited(move.login, wallet, credit))
            return go(state, MoveDone(move, receipt_number, credit), PAID)
        case PostingFailed(refusal) if refusal.code == "cash":
            return refuse(state, amount, "cash_short", missing=refusal.missing)
        case PostingFailed(refusal) if refusal.code == "credit":
            return refuse(state, amount, "credit_short", missing=refusal.missing)
        case PostingFailed():
            return refuse(state, amount, "refused")
        case DiskFailed():
            return disk_failed(state, amount)
        case _:
            return stay(state)


def when_done(state: State, done: MoveDone, event: Event) -> Step:
    """The next card, or number, goes on with the next receiver."""
    again = MoveHolder(done.move.kind, done.move.login)
    if event == KeyPressed("#"):
        return go(state, again)
    return when_holder(state, again, event)


def _holder(state: State, asked: MoveHolder, holder: Holder) -> Step:
    own = asked.login.buyer
    if asked.kind == "transfer" and own is not None and own.wallet == holder.wallet:
        return refuse(state, asked, "own_wallet")
    return go(state, MoveAmount(asked.kind, asked.login, holder), ACCEPT)


def _amount(state: State, asked: MoveAmount) -> Step:
    amount = Money(int(asked.typed or "0"))
    if not amount:
        return refuse(state, asked, "amount")
    payer = {"payout": asked.holder, "transfer": asked.login.buyer}.get(asked.kind)
    if payer is not None and payer.credit < amount:
        return refuse(state, asked, "credit_short", missing=amount - payer.credit)
    return go(state, MoveConfirm(asked.kind, asked.login, asked.holder, amount), ACCEPT)


def _book(state: State, move: MoveConfirm) -> Step:
    buyer = move.login.buyer
    assert buyer is not None, "a login has a buyer"
    above = move.kind == "transfer" and move.amount > state.rules.free_limit
    if above and buyer.pin.exists and not move.login.pin_given:
        return pin.ask(state, buyer, move, "press")
    order: Order
    author = author_of(move.login)
    if move.kind == "top_up":
        order = TopUp(move.holder.wallet, move.amount, author=author)
    elif move.kind == "payout":
        order = Payout(move.holder.wallet, move.amount, author=author)
    else:
        order = Transfer(buyer.wallet, move.holder.wallet, move.amount)
    return book(state, move, order)
