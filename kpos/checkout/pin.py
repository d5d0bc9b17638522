"""The PIN: asked at login, for the trusted menu, and above the free limit.

    PinEntry --#--> PinChecking --right--> what was asked for
                                --wrong--> PinRefused --#--> PinEntry

What follows is kept in the entry: ``login`` opens the purchase in `origin`, ``press`` repeats
the ``#`` that needed the PIN. Digits come from keys only; a scan is never a PIN.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from kpos.checkout.effects import CheckPin, Pin
from kpos.checkout.events import DiskFailed, Event, KeyPressed, PinChecked, TimedOut
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
from kpos.checkout.steps import ACCEPT, ERROR, REFUSE, Step, go, leave, reject, stay
from kpos.domain.member import PIN_DIGITS_MAX, PIN_DIGITS_MIN, Holder


def ask(state: State, holder: Holder, origin: Dialogue, then: Literal["login", "press"]) -> Step:
    """Ask for the PIN, unless it is locked: then say so."""
    entry = PinEntry(holder, origin, then)
    if holder.pin.locked_ms is not None:
        return go(state, PinRefused(entry, holder.pin), REFUSE)
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
            return leave(state, _cancelled(entry.origin))
        case _:
            return reject(state)


def when_checking(state: State, checking: PinChecking, event: Event) -> Step:
    """A worker is deriving the key."""
    match event:
        case PinChecked(right=True):
            return _go_on(state, checking.entry)
        case PinChecked(right=False, standing=standing):
            return go(state, PinRefused(checking.entry, standing), REFUSE)
        case DiskFailed():
            # An attempt that cannot be counted is not made.
            return leave(state, Notice("disk"), ERROR)
        case _:
            return stay(state)


def when_refused(state: State, refused: PinRefused, event: Event) -> Step:
    """Wrong or locked."""
    match event:
        case KeyPressed("#") if refused.standing.locked_ms is None:
            holder = replace(refused.entry.holder, pin=refused.standing)
            return go(state, replace(refused.entry, holder=holder))
        case KeyPressed("*"):
            return _give_up(state, refused.entry)
        case TimedOut():
            return leave(state, _cancelled(refused.entry.origin))
        case _:
            return reject(state)


def _go_on(state: State, entry: PinEntry) -> Step:
    """What the PIN was asked for."""
    # These modules ask for PINs themselves.
    from kpos.checkout.buying import logged_in
    from kpos.checkout.machine import step

    origin: Any = entry.origin
    if entry.then == "login":
        return logged_in(state, replace(origin, pin_given=True))
    known = with_pin_given(origin)
    return step(replace(state, dialogue=known), KeyPressed("#"))


def with_pin_given(origin: Any) -> Dialogue:
    """The dialogue whose login now counts as confirmed by PIN."""
    if isinstance(origin, Shopping):
        return replace(origin, pin_given=True)
    known: Dialogue = replace(origin, login=replace(origin.login, pin_given=True))
    return known


def _give_up(state: State, entry: PinEntry) -> Step:
    """Back to where the PIN was asked; a cart without a buyer stays on the display."""
    origin = entry.origin
    if entry.then == "press":
        if isinstance(origin, Shopping):
            return go(state, replace(origin, typed=""))
        return go(state, origin)
    assert isinstance(origin, Shopping)
    if origin.cart:
        return go(state, Shopping(None, origin.cart))
    return go(state, Idle())


def _cancelled(origin: Dialogue) -> Notice | None:
    if isinstance(origin, Shopping) and origin.cart:
        return Notice("cancelled")
    return None
