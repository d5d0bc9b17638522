"""Buying: from the first scan or card to "thanks", every transition.

    Idle --card--> Shopping(buyer) --scan--> Shopping(buyer, cart) --#--> Posting --> Bought
    Idle --scan--> Shopping(no buyer, cart) --card--> Shopping(buyer, cart)
                   Shopping --0#--> ConfirmCancel, Menu     --other's card--> ConfirmSwitch
                   Posting --no--> Shopping (credit) | NotBooked (disk)

Quantity, `*` and `#` are those of DESIGN section 4. A scan that the credit does not cover never
enters the cart. A cart that was filled before the card came gets the prices of its holder.
"""

from __future__ import annotations

from kpos.checkout import holding, pin
from kpos.checkout.effects import LookUp, Reprice
from kpos.checkout.events import (
    CardPresented,
    CardRefused,
    CodeMisread,
    CodeUnknown,
    DiskFailed,
    Event,
    KeyPressed,
    NumberEntered,
    NumberUnknown,
    Posted,
    PostingFailed,
    ProductScanned,
    Repriced,
    TimedOut,
)
from kpos.checkout.scanning import repriced, scan
from kpos.checkout.states import (
    Bought,
    ConfirmCancel,
    ConfirmSwitch,
    Idle,
    Menu,
    NotBooked,
    Notice,
    Shopping,
    State,
)
from kpos.checkout.steps import (
    ACCEPT,
    CANCELLED,
    ERROR,
    PAID,
    REFUSE,
    Step,
    go,
    leave,
    log_in,
    menu_of,
    refuse,
    reject,
    stay,
    typed,
    unknown,
)
from kpos.domain.cart import Cart
from kpos.domain.member import Holder
from kpos.domain.values import replace


def when_idle(state: State, idle: Idle, event: Event) -> Step:
    """Nobody is buying."""
    match event:
        case KeyPressed(key):
            return _idle_key(state, idle, key)
        case ProductScanned():
            return scan(state, Shopping(None, typed=idle.typed), event)
        case CardPresented(holder):
            return _card(state, Shopping(None), holder)
        case NumberEntered(holder):
            if not holder.pin.exists:
                return refuse(state, Idle(), "number_needs_pin")
            return pin.ask(state, holder, Shopping(holder), "login")
        case TimedOut():
            return leave(state)
        case _:
            return _answer_to_scan(state, Idle(), event)


def when_bought(state: State, _bought: Bought, event: Event) -> Step:
    """Thanks is on the display; the next input finds an idle till."""
    if event == KeyPressed("#"):
        return stay(state)  # pressed twice in a hurry: it was bought once
    if isinstance(event, TimedOut):
        return leave(state)
    idle, _ = leave(state)
    assert isinstance(idle.dialogue, Idle)
    return when_idle(idle, idle.dialogue, event)


def when_shopping(state: State, shopping: Shopping, event: Event) -> Step:
    """A purchase is open."""
    match event:
        case KeyPressed(key):
            return _key(state, shopping, key)
        case ProductScanned():
            return scan(state, shopping, event)
        case CardPresented(holder):
            return _card(state, shopping, holder)
        case Repriced() if shopping.buyer is not None:
            return repriced(state, shopping, shopping.buyer, event)
        case TimedOut() if shopping.cart:
            return leave(state, CANCELLED, REFUSE)
        case TimedOut():
            return leave(state)
        case _:
            return _answer_to_scan(state, shopping, event)


def when_confirming_cancel(state: State, asked: ConfirmCancel, event: Event) -> Step:
    """Cancel all?"""
    match event:
        case KeyPressed("#") if asked.shopping.buyer is None:
            return leave(state, CANCELLED, ACCEPT)
        case KeyPressed("#"):
            return go(state, replace(asked.shopping, cart=Cart(), notice=CANCELLED), ACCEPT)
        case KeyPressed("*"):
            return go(state, asked.shopping)
        case TimedOut():
            return leave(state, CANCELLED, REFUSE)
        case _:
            return reject(state)


def when_confirming_switch(state: State, asked: ConfirmSwitch, event: Event) -> Step:
    """Cancel and go on with the other card?"""
    match event:
        case KeyPressed("#"):
            idle, _ = leave(state)
            return _card(idle, Shopping(None), asked.other)
        case KeyPressed("*"):
            return go(state, asked.shopping)
        case TimedOut():
            return leave(state, CANCELLED, REFUSE)
        case _:
            return reject(state)


def when_not_booked(state: State, failed: NotBooked, event: Event) -> Step:
    """The disk refused; nothing is lost."""
    match event:
        case KeyPressed("#"):
            return _pay(state, failed.shopping)
        case KeyPressed("*"):
            return leave(state, CANCELLED, ACCEPT)
        case TimedOut():
            return leave(state, CANCELLED, REFUSE)
        case _:
            return reject(state)


def when_posted(state: State, shopping: Shopping, event: Event) -> Step:
    """The disk has answered."""
    match event:
        case Posted(receipt_number, credit, undo_until):
            name = shopping.buyer.name if shopping.buyer is not None else ""
            total = shopping.cart.total
            return go(state, Bought(name, receipt_number, total, credit, undo_until), PAID)
        case PostingFailed(refusal) if refusal.code == "credit":
            return refuse(state, shopping, "credit_short", missing=refusal.missing)
        case PostingFailed(refusal) if refusal.code == "blocked":
            return refuse(state, shopping, "blocked")
        case PostingFailed(refusal) if refusal.code == "stock":
            return refuse(state, shopping, "stock_short")
        case PostingFailed(refusal) if refusal.code == "limit":
            return refuse(state, shopping, "offline_limit", missing=refusal.missing)
        case PostingFailed(refusal) if refusal.code == "offline":
            return refuse(state, shopping, "offline")
        case PostingFailed():
            return refuse(state, shopping, "refused")
        case DiskFailed():
            return go(state, NotBooked(shopping), ERROR)
        case _:
            return stay(state)


def _idle_key(state: State, idle: Idle, key: str) -> Step:
    if key != "#":
        return typed(state, idle, key)
    if not idle.typed:
        return reject(state)
    if idle.typed == "0":
        return go(state, Menu(None, "guest"))
    return go(state, Idle(), LookUp(idle.typed, "everything"))


def _key(state: State, shopping: Shopping, key: str) -> Step:
    if key not in "*#" or (key == "*" and shopping.typed):
        return typed(state, shopping, key)
    if key == "*":
        return _take_back(state, shopping)
    if shopping.typed == "0":
        return _menu(state, replace(shopping, typed=""))
    if shopping.typed:
        cleared = replace(shopping, typed="", notice=None)
        return go(state, cleared, LookUp(shopping.typed, "products", shopping.buyer))
    return _pay(state, shopping)


def _menu(state: State, shopping: Shopping) -> Step:
    if shopping.cart:
        return go(state, ConfirmCancel(shopping))
    buyer = shopping.buyer
    if buyer is not None and buyer.is_trusted and buyer.pin.exists and not shopping.pin_given:
        return pin.ask(state, buyer, replace(shopping, typed="0"), "press")
    return go(state, menu_of(shopping))


def _take_back(state: State, shopping: Shopping) -> Step:
    """Undo the last scan, or leave."""
    if not shopping.cart:
        return leave(state)
    gone = shopping.cart.entries[-1]
    rest = shopping.cart.minus_last()
    notice = Notice("taken_back", gone.offer.product.name, gone.total)
    if not rest and shopping.buyer is None:
        return leave(state, notice, ACCEPT)
    return go(state, replace(shopping, cart=rest, notice=notice, guests=None, left=None), ACCEPT)


def _pay(state: State, shopping: Shopping) -> Step:
    """`#`, or the same card again."""
    buyer, total = shopping.buyer, shopping.cart.total
    if not shopping.cart:
        return reject(state)
    if buyer is None:
        return refuse(state, shopping, "show_card")
    if total > buyer.credit:
        return refuse(state, shopping, "credit_short", missing=total - buyer.credit)
    if total > state.rules.free_limit and buyer.pin.exists and not shopping.pin_given:
        return pin.ask(state, buyer, replace(shopping, typed="", notice=None), "press")
    return holding.pay(state, replace(shopping, typed="", notice=None), buyer)


def _card(state: State, shopping: Shopping, holder: Holder) -> Step:
    """A card identifies, buys when it is the buyer's own again, or asks to switch."""
    buyer = shopping.buyer
    if buyer is not None and buyer.wallet == holder.wallet:
        known = replace(shopping, buyer=holder, typed="", notice=None)
        return _pay(state, known) if known.cart else welcome(state, known)
    if buyer is not None and shopping.cart:
        return go(state, ConfirmSwitch(replace(shopping, typed=""), holder), REFUSE)
    if buyer is not None:
        state, _ = leave(state)  # the language was theirs
    login = Shopping(holder, shopping.cart, left=shopping.left)
    if holder.asks_pin and holder.pin.exists:
        return pin.ask(state, holder, login, "login")
    return welcome(state, login)


def welcome(state: State, login: Shopping) -> Step:
    """Known, by card or PIN; a cart that was filled before is to have their prices."""
    assert login.buyer is not None
    if login.cart:
        return log_in(state, login, Reprice(login.cart, login.buyer))
    return log_in(state, login, ACCEPT)


def _answer_to_scan(state: State, dialogue: Idle | Shopping, event: Event) -> Step:
    """Scans and numbers that lead to nothing; the till says so and goes on."""
    match event:
        case CodeUnknown(code):
            return unknown(state, dialogue, code)
        case CodeMisread():
            return refuse(state, dialogue, "misread")
        case CardRefused():
            return refuse(state, dialogue, "blocked")
        case NumberUnknown(number):
            return refuse(state, dialogue, "no_number", name=number)
        case NumberEntered():
            return refuse(state, dialogue, "card_first")
        case _:
            return stay(state)
