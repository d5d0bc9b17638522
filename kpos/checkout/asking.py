"""Asking for somebody: a card, or a number and ``#``; alike wherever a wallet is wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kpos.checkout.effects import LookUp
from kpos.checkout.events import (
    CardPresented,
    CardRefused,
    CodeMisread,
    CodeUnknown,
    Event,
    KeyPressed,
    NumberEntered,
    NumberUnknown,
    ProductScanned,
    TimedOut,
)
from kpos.checkout.states import Dialogue, State
from kpos.checkout.steps import Step, go, leave, refuse, reject, typed
from kpos.domain.member import Holder
from kpos.domain.values import replace


def ask_for_holder(
    state: State, asked: Any, event: Event, back: Dialogue, found: Callable[[Holder], Step]
) -> Step:
    """One event while a dialogue asks for somebody; `found` goes on, ``*`` goes `back`."""
    match event:
        case CardPresented(holder) | NumberEntered(holder):
            return found(holder)
        case KeyPressed("*") if not asked.typed:
            return go(state, back)
        case KeyPressed("#") if asked.typed:
            return go(state, replace(asked, typed=""), LookUp(asked.typed, "holders"))
        case KeyPressed("#"):
            return reject(state)
        case KeyPressed(key):
            return typed(state, asked, key)
        case TimedOut():
            return leave(state)
        case _:
            return answer_to_card(state, asked, event)


def answer_to_card(state: State, asked: Any, event: Event) -> Step:
    """What is nobody's card, while somebody's is asked for."""
    match event:
        case CodeUnknown(code):
            return refuse(state, asked, "no_card", name=code)
        case ProductScanned(offer):
            return refuse(state, asked, "no_card", name=offer.product.name)
        case CodeMisread():
            return refuse(state, asked, "misread")
        case CardRefused():
            return refuse(state, asked, "blocked")
        case NumberUnknown(number):
            return refuse(state, asked, "no_number", name=number)
        case _:
            return reject(state)
