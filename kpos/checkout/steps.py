"""The small words that all dialogues are written in."""

from __future__ import annotations

from typing import Any, TypeAlias

from kpos.checkout.effects import Book, Effect, NoteUnknown, PlaySound
from kpos.checkout.states import (
    Dialogue,
    Idle,
    Menu,
    Notice,
    NoticeCode,
    Posting,
    Shopping,
    State,
)
from kpos.domain.ids import Id
from kpos.domain.money import Money
from kpos.domain.orders import Order
from kpos.domain.values import replace

Step: TypeAlias = tuple[State, tuple[Effect, ...]]

ACCEPT = PlaySound("accept")
REFUSE = PlaySound("refuse")
PAID = PlaySound("paid")
ERROR = PlaySound("error")

CANCELLED = Notice("cancelled")

# A typed number longer than this is no number: short and member numbers have 5 digits, codes
# that somebody types from a card up to 20.
TYPED_MAX = 20
DIGITS = "0123456789"


def go(state: State, dialogue: Dialogue, *effects: Effect) -> Step:
    """On to `dialogue`."""
    return replace(state, dialogue=dialogue), effects


def reject(state: State) -> Step:
    """Stay, with the sound of a refusal: the answer to what means nothing here."""
    return state, (REFUSE,)


def stay(state: State) -> Step:
    """Stay, silently: the answer to what happens by itself and means nothing here."""
    return state, ()


def refuse(state: State, dialogue: Any, code: NoticeCode, **values: Any) -> Step:
    """Stay in (a variant of) a dialogue that can carry a notice, and say why not."""
    return go(state, replace(dialogue, notice=Notice(code, **values), typed=""), REFUSE)


def disk_failed(state: State, dialogue: Any) -> Step:
    """Nothing was booked, by nobody's fault: the sound says that this is no refusal."""
    answered, _refusal = refuse(state, dialogue, "disk")
    return answered, (ERROR,)


def unknown(state: State, dialogue: Any, code: str) -> Step:
    """A barcode nobody knows: the till says so, and keeps it for the admin."""
    answered, effects = refuse(state, dialogue, "unknown", name=code)
    return answered, (*effects, NoteUnknown(code))


def typed(state: State, dialogue: Any, key: str, digits_max: int = TYPED_MAX) -> Step:
    """One more digit, or (``*``) one less, of what a dialogue collects in `typed`."""
    if key == "*":
        return go(state, replace(dialogue, typed=dialogue.typed[:-1], notice=None))
    if len(dialogue.typed) >= digits_max:
        return reject(state)
    return go(state, replace(dialogue, typed=dialogue.typed + key, notice=None))


def book(state: State, origin: Dialogue, order: Order) -> Step:
    """Hand an order to the books; `origin` is told how it went."""
    return go(state, Posting(origin), Book(order))


def leave(state: State, notice: Notice | None = None, *effects: Effect) -> Step:
    """Back to the idle till, in the language of the house."""
    idle = replace(state, dialogue=Idle(notice=notice), language=state.rules.language)
    return idle, effects


def log_in(state: State, login: Shopping, *effects: Effect) -> Step:
    """A purchase opens for its buyer, in the buyer's language."""
    language = state.language
    if login.buyer is not None and login.buyer.language is not None:
        language = login.buyer.language
    return replace(state, dialogue=login, language=language), effects


def credited(login: Shopping, wallet: Id, credit: Money) -> Shopping:
    """The login after something was booked: its own credit is what it is now."""
    buyer = login.buyer
    if buyer is None or buyer.wallet != wallet:
        return login
    return replace(login, buyer=replace(buyer, credit=credit), notice=None)


def menu_of(login: Shopping) -> Menu:
    """The menu a login begins with: trusted persons need their PIN for theirs."""
    buyer = login.buyer
    trusted = buyer is not None and buyer.is_trusted and login.pin_given
    return Menu(login, "trusted" if trusted else "member")
