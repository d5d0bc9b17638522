"""Undo: my last purchase within its time limit, or any receipt by a trusted person.

Menu --> UndoChoice --#--> Posting --> Done          all that is left
--n#--> UndoPart --#--> Posting   some of line n
UndoReceipt --number#--> UndoChoice --> (UndoCard)    whose card gets the credit
"""

from __future__ import annotations

from kpos.checkout.asking import ask_for_holder
from kpos.checkout.effects import FindReceipt
from kpos.checkout.events import (
    DiskFailed,
    Event,
    KeyPressed,
    Posted,
    PostingFailed,
    TimedOut,
    UndoFound,
    UndoLine,
)
from kpos.checkout.states import (
    Dialogue,
    Done,
    Shopping,
    State,
    UndoCard,
    UndoChoice,
    UndoPart,
    UndoReceipt,
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
from kpos.domain.ids import Id
from kpos.domain.member import Holder
from kpos.domain.money import Money
from kpos.domain.orders import LinePart, Reverse
from kpos.domain.values import replace

_RECEIPT_DIGITS_MAX = 9
_LINE_DIGITS_MAX = 3
_QUANTITY_DIGITS_MAX = 6


def when_receipt(state: State, asked: UndoReceipt, event: Event) -> Step:
    """A trusted person types a receipt number, without prefix and zeros."""
    match event:
        case KeyPressed("*") if not asked.typed:
            return go(state, menu_of(asked.login))
        case KeyPressed("#") if asked.typed:
            return go(state, asked, FindReceipt(asked.typed))
        case KeyPressed("#"):
            return reject(state)
        case KeyPressed(key):
            return typed(state, asked, key, _RECEIPT_DIGITS_MAX)
        case UndoFound(found):
            if found is None:
                return refuse(state, asked, "no_receipt")
            return go(state, UndoChoice(asked.login, found, by_trusted=True), ACCEPT)
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def when_choosing(state: State, choice: UndoChoice, event: Event) -> Step:
    """All, or one line."""
    match event:
        case KeyPressed("*") if not choice.typed:
            return go(state, menu_of(choice.login))
        case KeyPressed("#") if choice.typed:
            line = line_of(choice)
            if line is None:
                return refuse(state, choice, "no_number", name=choice.typed)
            return go(state, UndoPart(choice, line.line), ACCEPT)
        case KeyPressed("#"):
            return _take_back(state, choice, ())
        case KeyPressed(key):
            return typed(state, choice, key, _LINE_DIGITS_MAX)
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def when_part(state: State, part: UndoPart, event: Event) -> Step:
    """How many of the line."""
    match event:
        case KeyPressed("*") if not part.typed:
            return go(state, replace(part.choice, typed="", notice=None))
        case KeyPressed("#"):
            line = line_of_part(part)
            quantity = int(part.typed or line.quantity)
            if not 1 <= quantity <= line.quantity:
                return refuse(state, part, "too_many")
            return _take_back(state, part.choice, (LinePart(part.line, quantity),))
        case KeyPressed(key):
            return typed(state, part, key, _QUANTITY_DIGITS_MAX)
        case TimedOut():
            return leave(state)
        case _:
            return reject(state)


def when_card(state: State, asked: UndoCard, event: Event) -> Step:
    """Who gets the credit."""

    def credit_to(holder: Holder) -> Step:
        return _book(state, asked, asked.choice, asked.parts, holder.wallet)

    return ask_for_holder(state, asked, event, asked.choice, credit_to)


def when_posted(state: State, origin: UndoChoice | UndoCard, event: Event) -> Step:
    """The disk has answered."""
    choice = origin if isinstance(origin, UndoChoice) else origin.choice
    match event:
        case Posted(receipt_number) if choice.found.of_goods:
            return go(state, Done("undone_goods", choice.login, receipt_number), PAID)
        case Posted(receipt_number, credit):
            login = _richer(choice, credit) if not choice.by_trusted else choice.login
            return go(state, Done("undone", login, receipt_number, credit=credit), PAID)
        case PostingFailed(refusal) if refusal.code == "cash":
            return refuse(state, origin, "cash_short", missing=refusal.missing)
        case PostingFailed(refusal) if refusal.code == "wrong_holder":
            return refuse(state, origin, "wrong_holder")
        case PostingFailed(refusal) if refusal.code == "card_needed":
            # Its time ran out while it was on the display.
            return refuse(state, origin, "no_undo")
        case PostingFailed():
            return refuse(state, origin, "not_undone")
        case DiskFailed():
            return disk_failed(state, choice)
        case _:
            return stay(state)


def line_of(choice: UndoChoice) -> UndoLine | None:
    """The line whose number is typed."""
    number = int(choice.typed or "0")
    return next((line for line in choice.found.lines if line.line == number), None)


def line_of_part(part: UndoPart) -> UndoLine:
    """The line a part is taken of."""
    return next(line for line in part.choice.found.lines if line.line == part.line)


def _richer(choice: UndoChoice, credit: Money) -> Shopping:
    buyer = choice.login.buyer
    assert buyer is not None, "a login has a buyer"
    return replace(choice.login, buyer=replace(buyer, credit=credit), notice=None)


def _take_back(state: State, choice: UndoChoice, parts: tuple[LinePart, ...]) -> Step:
    choice = replace(choice, typed="", notice=None)
    if choice.found.needs_card:
        return go(state, UndoCard(choice, parts), ACCEPT)
    return _book(state, choice, choice, parts, None)


def _book(
    state: State,
    origin: Dialogue,
    choice: UndoChoice,
    parts: tuple[LinePart, ...],
    wallet: Id | None,
) -> Step:
    author = author_of(choice.login) if choice.by_trusted else None
    return book(state, origin, Reverse(choice.found.original, parts, wallet, author))
