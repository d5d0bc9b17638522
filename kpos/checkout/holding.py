"""Asking the WaWi to hold what a purchase takes from a wallet that other tills may debit as well.

    Shopping --#--> HoldAsked --granted--> Posting
                              --no answer in time--> Posting, within the offline limit
                              --refused--> Shopping      --*--> Shopping

Nobody waits longer than the effect's budget; `*` need not even wait for that.
"""

from __future__ import annotations

from kpos.checkout.effects import AskHold
from kpos.checkout.events import Event, HoldAnswered, HoldMissed, KeyPressed
from kpos.checkout.states import HoldAsked, Shopping, State
from kpos.checkout.steps import ACCEPT, Step, book, go, refuse, reject, stay
from kpos.domain.member import Holder
from kpos.domain.orders import Purchase


def pay(state: State, shopping: Shopping, buyer: Holder) -> Step:
    """Book the cart; a wallet that others may debit is asked for first."""
    if buyer.shared:
        total = shopping.cart.total
        return go(state, HoldAsked(shopping), AskHold(buyer.wallet, total))
    return book(state, shopping, Purchase(shopping.cart, buyer))


def when_asked(state: State, asked: HoldAsked, event: Event) -> Step:
    """The WaWi is asked."""
    shopping = asked.shopping
    buyer, total = shopping.buyer, shopping.cart.total
    assert buyer is not None, "somebody pays"
    match event:
        case KeyPressed("*"):
            return go(state, shopping, ACCEPT)
        case HoldMissed():
            return book(state, shopping, Purchase(shopping.cart, buyer))
        case HoldAnswered(amount=amount) if amount != total:
            return stay(state)  # the answer to a question that was taken back
        case HoldAnswered(granted=True):
            return book(state, shopping, Purchase(shopping.cart, buyer, total))
        case HoldAnswered(balance=balance) if balance < total:
            return refuse(state, shopping, "credit_short", missing=total - balance)
        case HoldAnswered():
            return refuse(state, shopping, "held_elsewhere")
        case KeyPressed():
            return reject(state)
        case _:
            return stay(state)
