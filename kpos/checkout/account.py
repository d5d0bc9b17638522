"""History, PIN, cards and the machine itself.

Menu --> HistoryConfirm --> Done            NewPin --twice--> Done
Menu --> CardHolder --card--> NewPin        (a trusted person resets a PIN)
Menu --> CardHolder --card--> NewCard --unknown code--> NewCardConfirm --> Done   (lost card)
Menu --> NewCard --unknown code--> NewCardConfirm --> Done                   (guest card)
Menu --> SystemConfirm --> GoingDown
"""

from __future__ import annotations

from kpos.checkout.asking import ask_for_holder
from kpos.checkout.buying import when_shopping
from kpos.checkout.effects import LookUp, Pin, ShutDown, StorePin
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
    PinStored,
    Posted,
    PostingFailed,
    ProductScanned,
    TimedOut,
)
from kpos.checkout.states import (
    CardHolder,
    Done,
    GoingDown,
    HistoryConfirm,
    Menu,
    NewCard,
    NewCardConfirm,
    NewPin,
    Notice,
    NoticeCode,
    Posting,
    State,
    SystemConfirm,
    author_of,
)
from kpos.checkout.steps import (
    ACCEPT,
    REFUSE,
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
from kpos.domain.member import (
    PIN_DIGITS_MAX,
    PIN_DIGITS_MIN,
    PIN_DIGITS_MIN_TRUSTED,
    Holder,
)
from kpos.domain.orders import NewGuestCard, Order, ReplaceCard, SetHistory
from kpos.domain.values import replace


def when_history(state: State, asked: HistoryConfirm, event: Event) -> Step:
    """Switch my history?"""
    buyer = asked.login.buyer
    match event:
        case KeyPressed("#"):
            assert buyer is not None, "a login has a buyer"
            assert buyer.member is not None, "a guest is not asked"
            return book(state, asked, SetHistory(buyer.member, not buyer.history))
        case KeyPressed("*"):
            return go(state, menu_of(asked.login))
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def when_history_posted(state: State, asked: HistoryConfirm, event: Event) -> Step:
    """The disk has answered."""
    login, buyer = asked.login, asked.login.buyer
    assert buyer is not None, "a login has a buyer"
    match event:
        case Posted():
            login = replace(login, buyer=replace(buyer, history=not buyer.history), notice=None)
            done = Done("history_off" if buyer.history else "history_on", login)
            return go(state, done, ACCEPT)
        case PostingFailed():
            return refuse(state, login, "refused")
        case DiskFailed():
            return disk_failed(state, login)
        case _:
            return stay(state)


def when_new_pin(state: State, new: NewPin, event: Event) -> Step:
    """Twice the same, or it is not taken."""
    match event:
        case KeyPressed("*") if new.pin.digits:
            return go(state, replace(new, pin=Pin(new.pin.digits[:-1]), notice=None))
        case KeyPressed("*"):
            return go(state, menu_of(new.login))
        case KeyPressed("#"):
            return _new_pin(state, new)
        case KeyPressed(key) if len(new.pin.digits) < PIN_DIGITS_MAX:
            return go(state, replace(new, pin=Pin(new.pin.digits + key), notice=None))
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def when_pin_stored(state: State, new: NewPin, event: Event) -> Step:
    """The disk has answered."""
    match event:
        case PinStored():
            login = new.login
            if new.author is None and login.buyer is not None:
                standing = replace(login.buyer.pin, exists=True)
                login = replace(login, buyer=replace(login.buyer, pin=standing), notice=None)
            return go(state, Done("pin", login, name=new.holder.name), ACCEPT)
        case PostingFailed() | DiskFailed():
            return disk_failed(state, new.login)
        case _:
            return stay(state)


def when_card_holder(state: State, asked: CardHolder, event: Event) -> Step:
    """Whose?"""
    back = menu_of(asked.login)
    return ask_for_holder(
        state, asked, event, back, lambda holder: _for_holder(state, asked, holder)
    )


def when_new_card(state: State, new: NewCard, event: Event) -> Step:
    """A code that is nobody's yet becomes a card."""
    match event:
        case CodeUnknown(code) | NumberUnknown(code):
            return go(state, NewCardConfirm(replace(new, notice=None), code), ACCEPT)
        case CardPresented() | CardRefused() | ProductScanned() | NumberEntered():
            return refuse(state, new, "code_taken")
        case CodeMisread():
            return refuse(state, new, "misread")
        case KeyPressed("*") if not new.typed:
            return go(state, menu_of(new.login))
        case KeyPressed("#") if new.typed:
            return go(state, replace(new, typed=""), LookUp(new.typed, "everything"))
        case KeyPressed("#"):
            return reject(state)
        case KeyPressed(key):
            return typed(state, new, key)
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def when_confirming_card(state: State, asked: NewCardConfirm, event: Event) -> Step:
    """Give it out?"""
    new = asked.new_card
    author = author_of(new.login)
    order: Order
    match event:
        case KeyPressed("#"):
            if new.holder is None:
                order = NewGuestCard(asked.code, author)
            else:
                order = ReplaceCard(new.holder.wallet, asked.code, author)
            return book(state, asked, order)
        case KeyPressed("*"):
            return go(state, new)
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def when_card_posted(state: State, asked: NewCardConfirm, event: Event) -> Step:
    """The disk has answered."""
    new = asked.new_card
    match event:
        case Posted(credit=credit):
            if new.holder is None:
                done = Done("guest_card", new.login, credit=credit)
            else:
                done = Done("card_replaced", new.login, name=new.holder.name, credit=credit)
            return go(state, done, ACCEPT)
        case PostingFailed(refusal) if refusal.code == "unknown":
            return refuse(state, new, "no_guest_group")
        case PostingFailed(refusal) if refusal.code in ("taken", "invalid"):
            return refuse(state, new, "code_taken")
        case PostingFailed():
            return refuse(state, new, "refused")
        case DiskFailed():
            return disk_failed(state, new)
        case _:
            return stay(state)


def when_system(state: State, asked: SystemConfirm, event: Event) -> Step:
    """Really?"""
    match event:
        case KeyPressed("#"):
            return go(state, GoingDown(), ShutDown(asked.mode))
        case KeyPressed("*"):
            return go(state, Menu(asked.login, "system"))
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def when_done(state: State, done: Done, event: Event) -> Step:
    """Said for a few seconds; any key or card goes on at once."""
    match event:
        case TimedOut() if done.code == "empties":
            return leave(state)
        case TimedOut() | KeyPressed():
            return go(state, menu_of(done.login))
        case _:
            # What was scanned belongs to the purchase that is open behind this.
            return when_shopping(state, replace(done.login, notice=None), event)


def _new_pin(state: State, new: NewPin) -> Step:
    code: NoticeCode
    trusted = new.holder.is_trusted
    if len(new.pin.digits) < (PIN_DIGITS_MIN_TRUSTED if trusted else PIN_DIGITS_MIN):
        code = "pin_short"
    elif new.first is None:
        return go(state, replace(new, first=new.pin, pin=Pin(), notice=None), ACCEPT)
    elif new.first != new.pin:
        code = "pin_differs"
    else:
        kept = replace(new, first=None, pin=Pin(), notice=None)
        return go(state, Posting(kept), StorePin(new.holder.pin_subject, new.pin, new.author))
    again = replace(new, first=None, pin=Pin(), notice=Notice(code))
    return go(state, again, REFUSE)


def _for_holder(state: State, asked: CardHolder, holder: Holder) -> Step:
    actor = asked.login.buyer
    if holder.role == "admin" and actor is not None and actor.role != "admin":
        # Or a trusted person could become an admin with a PIN of their own choice.
        return refuse(state, asked, "admins_only")
    if asked.task == "reset_pin":
        return go(state, NewPin(asked.login, holder, author_of(asked.login)), ACCEPT)
    return go(state, NewCard(asked.login, holder), ACCEPT)
