"""The PIN: asked at login, for the trusted menu, and above the free limit.

    PinEntry --#--> PinChecking --right--> what was asked for
                                --wrong--> PinRefused --#--> PinEntry

What follows is kept in the entry: ``login`` opens the purchase in `origin`, ``press`` repeats
the ``#`` that needed the PIN, ``enter`` lets into `origin`, and without it back to the menu.
Digits come from keys only; a scan is never a PIN.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from kpos.checkout.effects import CheckPin, FetchStanding, Pin
from kpos.checkout.events import (
    DiskFailed,
    Event,
    KeyPressed,
    PinChecked,
    PinStands,
    TimedOut,
)
from kpos.checkout.states import (
    Dialogue,
    Idle,
    Notice,
    PinChecking,
    PinEntry,
    PinRefused,
    Shopping,
    State,
)
from kpos.checkout.steps import (
    ACCEPT,
    CANCELLED,
    ERROR,
    REFUSE,
    Step,
    go,
    leave,
    menu_of,
    reject,
    stay,
)
from kpos.domain.member import PIN_DIGITS_MAX, PIN_DIGITS_MIN, Holder, PinStanding
from kpos.domain.values import replace

Then: TypeAlias = Literal["login", "press", "enter"]


def ask(state: State, holder: Holder, origin: Dialogue, then: Then) -> Step:
    """Ask for the PIN, unless it is locked, and still is: then say so."""
    entry = PinEntry(holder, origin, then)
    if holder.pin.locked_ms is not None:
        return go(state, PinRefused(entry, holder.pin), FetchStanding(holder.pin_subject))
    return go(state, entry, ACCEPT)


def when_entering(state: State, entry: PinEntry, event: Event) -> Step:
    """Digits, masked."""
    match event:
        case KeyPressed("*") if entry.pin.digits:
            return go(state, replace(entry, pin=Pin(entry.pin.digits[:-1]), notice=None))
        case KeyPressed("*"):
            return _give_up(state, entry)
        case KeyPressed("#") if len(entry.pin.digits) < PIN_DIGITS_MIN:
            return go(state, replace(entry, notice=Notice("pin_short"), pin=Pin()), REFUSE)
        case KeyPressed("#"):
            checking = PinChecking(replace(entry, pin=Pin(), notice=None))
            return go(state, checking, CheckPin(entry.holder.pin_subject, entry.pin))
        case KeyPressed(key) if len(entry.pin.digits) < PIN_DIGITS_MAX:
            return go(state, replace(entry, pin=Pin(entry.pin.digits + key), notice=None))
        case TimedOut():
            return _run_out(state, entry)
        case _:
            return reject(state)


def when_checking(state: State, checking: PinChecking, event: Event) -> Step:
    """A worker is deriving the key; where a right PIN leads to is `machine`'s to know."""
    match event:
        case PinChecked(right=False, standing=standing):
            return go(state, PinRefused(_standing(checking.entry, standing), standing), REFUSE)
        case DiskFailed():
            # An attempt that cannot be counted is not made; the cart stays.
            back, _ = _give_up(state, checking.entry)
            if not isinstance(back.dialogue, Idle | Shopping):
                return back, (ERROR,)
            return go(back, replace(back.dialogue, notice=Notice("disk")), ERROR)
        case _:
            return stay(state)


def when_refused(state: State, refused: PinRefused, event: Event) -> Step:
    """Wrong or locked."""
    match event:
        case PinStands(standing):
            entry = _standing(refused.entry, standing)
            if standing.locked_ms is None:
                return go(state, entry, ACCEPT)
            return go(state, PinRefused(entry, standing), REFUSE)
        case KeyPressed("#") if refused.standing.locked_ms is None:
            return go(state, refused.entry)
        case KeyPressed("*"):
            return _give_up(state, refused.entry)
        case TimedOut():
            return _run_out(state, refused.entry)
        case _:
            return reject(state)


def with_pin_given(entry: PinEntry, standing: PinStanding) -> Dialogue:
    """What was asked from: its login now counts as confirmed by PIN."""
    origin: Any = _standing(entry, standing).origin
    if isinstance(origin, Shopping):
        return replace(origin, pin_given=True)
    known: Dialogue = replace(origin, login=replace(origin.login, pin_given=True))
    return known


def _give_up(state: State, entry: PinEntry) -> Step:
    """Back to where the PIN was asked; a cart without a buyer stays on the display."""
    origin: Any = entry.origin
    if entry.then == "enter":
        return go(state, menu_of(origin.login))
    if entry.then == "press":
        return go(state, replace(origin, typed="") if isinstance(origin, Shopping) else origin)
    return go(state, Shopping(None, origin.cart) if origin.cart else Idle())


def _standing(entry: PinEntry, standing: PinStanding) -> PinEntry:
    """The entry, and what was asked from, know how many attempts are left now."""
    origin: Any = entry.origin
    if isinstance(origin, Shopping):
        known = replace(origin, buyer=_stands(origin.buyer, standing))
    else:
        buyer = _stands(origin.login.buyer, standing)
        known = replace(origin, login=replace(origin.login, buyer=buyer))
    return replace(entry, holder=replace(entry.holder, pin=standing), origin=known)


def _stands(buyer: Holder | None, standing: PinStanding) -> Holder | None:
    return replace(buyer, pin=standing) if buyer is not None else None


def _run_out(state: State, entry: PinEntry) -> Step:
    """Nobody typed: a cart is cancelled, never bought."""
    if isinstance(entry.origin, Shopping) and entry.origin.cart:
        return leave(state, CANCELLED, REFUSE)
    return leave(state)
