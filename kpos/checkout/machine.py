"""`step`: one event in, the next state and what the shell must do out.

Total: every event is answered in every state, because a member may press anything at any time.
This file only says which dialogue answers, and where a PIN leads to; the dialogues are `buying`,
`holding`, `pin`, `menus`, `moves`, `empties`, `undo`, `account` and `cashing`; and about goods
`writing_off`, `delivering` and `counting`, which list them alike (`listing`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from kpos.checkout import (
    account,
    buying,
    cashing,
    counting,
    delivering,
    empties,
    holding,
    listing,
    menus,
    moves,
    pin,
    undo,
    writing_off,
)
from kpos.checkout.events import (
    BooksLocked,
    CountsChanged,
    DiskFailed,
    Event,
    KeyPressed,
    PinChecked,
    PinStored,
    Posted,
    PostingFailed,
)
from kpos.checkout.states import (
    BookingList,
    Bought,
    CardHolder,
    CashAmount,
    CashConfirm,
    CashCounted,
    CashCounting,
    CashReceiver,
    CashVoucher,
    ClosingConfirm,
    ClosingPages,
    ConfirmCancel,
    ConfirmSwitch,
    CountChoice,
    CountConfirm,
    CountDecision,
    CountGoods,
    CountReview,
    DeliveryConfirm,
    DeliveryCost,
    DeliveryExpiry,
    DeliveryGoods,
    DeliveryPaid,
    DeliverySupplier,
    Dialogue,
    Done,
    Empties,
    EmptiesHolder,
    GoingDown,
    HistoryConfirm,
    HoldAsked,
    HowMany,
    Idle,
    Menu,
    MoveAmount,
    MoveConfirm,
    MoveDone,
    MoveHolder,
    NewCard,
    NewCardConfirm,
    NewPin,
    NotBooked,
    NumberList,
    OutOfOrder,
    PinChecking,
    PinEntry,
    PinRefused,
    Posting,
    Shopping,
    State,
    SystemConfirm,
    Timeouts,
    UndoCard,
    UndoChoice,
    UndoPart,
    UndoReceipt,
    WriteOffConfirm,
    WriteOffGoods,
    WriteOffReason,
)
from kpos.checkout.steps import ACCEPT, ERROR, Step, go, stay
from kpos.domain.values import replace

_MS = 1000
# What the disk answers.
_ANSWERS = (Posted, PostingFailed, DiskFailed, PinStored, CountsChanged)


def step(state: State, event: Event) -> Step:
    """Advance the till by one event."""
    if isinstance(event, BooksLocked):
        return go(state, OutOfOrder(event.code), ERROR)
    return _DIALOGUES[type(state.dialogue)](state, state.dialogue, event)


def timeout_ms(state: State) -> int | None:
    """How long this state waits for somebody before `TimedOut`; None: for ever."""
    dialogue = state.dialogue
    timeouts: Timeouts = state.rules.timeouts
    if dialogue == Idle():
        # A guest's language is theirs for a while.
        return None if state.language == state.rules.language else timeouts.menu_s * _MS
    if isinstance(dialogue, Idle) and dialogue.typed:
        return timeouts.pin_s * _MS
    if dialogue.waits == "for_ever":
        return None
    seconds: int = getattr(timeouts, f"{dialogue.waits}_s")
    return seconds * _MS


def _when_checking(state: State, checking: PinChecking, event: Event) -> Step:
    """A right PIN opens what it was asked for."""
    if not (isinstance(event, PinChecked) and event.right):
        return pin.when_checking(state, checking, event)
    entry = checking.entry
    known: Any = pin.with_pin_given(entry, event.standing)
    if entry.then == "login":
        return buying.welcome(state, known)
    if entry.then == "enter":
        return go(state, known, ACCEPT)
    return step(replace(state, dialogue=known), KeyPressed("#"))


def _when_posting(state: State, posting: Posting, event: Event) -> Step:
    """Nothing but the disk's answer counts; whatever is pressed meanwhile is not."""
    if not isinstance(event, _ANSWERS):
        return stay(state)
    return _ORIGINS[type(posting.origin)](state, posting.origin, event)


def _when_down(state: State, _dialogue: Dialogue, _event: Event) -> Step:
    return stay(state)


Handler: TypeAlias = Callable[[State, Any, Event], Step]

_DIALOGUES: dict[type[Dialogue], Handler] = {
    Idle: buying.when_idle,
    Shopping: buying.when_shopping,
    ConfirmCancel: buying.when_confirming_cancel,
    ConfirmSwitch: buying.when_confirming_switch,
    HoldAsked: holding.when_asked,
    Bought: buying.when_bought,
    NotBooked: buying.when_not_booked,
    PinEntry: pin.when_entering,
    PinChecking: _when_checking,
    PinRefused: pin.when_refused,
    Menu: menus.when_menu,
    NumberList: menus.when_numbers,
    BookingList: menus.when_bookings,
    MoveHolder: moves.when_holder,
    MoveAmount: moves.when_amount,
    MoveConfirm: moves.when_confirming,
    MoveDone: moves.when_done,
    EmptiesHolder: empties.when_holder,
    Empties: empties.when_scanning,
    UndoReceipt: undo.when_receipt,
    UndoChoice: undo.when_choosing,
    UndoPart: undo.when_part,
    UndoCard: undo.when_card,
    WriteOffReason: writing_off.when_reason,
    WriteOffGoods: writing_off.when_goods,
    WriteOffConfirm: writing_off.when_confirming,
    HowMany: listing.when_how_many,
    DeliveryGoods: delivering.when_goods,
    DeliveryCost: delivering.when_cost,
    DeliveryExpiry: delivering.when_expiry,
    DeliveryPaid: delivering.when_paid,
    DeliverySupplier: delivering.when_supplier,
    DeliveryConfirm: delivering.when_confirming,
    CountGoods: counting.when_goods,
    CountConfirm: counting.when_confirming,
    CountChoice: counting.when_choosing,
    CountReview: counting.when_reviewing,
    CountDecision: counting.when_deciding,
    HistoryConfirm: account.when_history,
    NewPin: account.when_new_pin,
    CardHolder: account.when_card_holder,
    NewCard: account.when_new_card,
    NewCardConfirm: account.when_confirming_card,
    CashAmount: cashing.when_amount,
    CashConfirm: cashing.when_confirming,
    CashCounted: cashing.when_counted,
    CashCounting: cashing.when_counting,
    CashReceiver: cashing.when_receiver,
    CashVoucher: cashing.when_voucher,
    ClosingConfirm: cashing.when_closing,
    ClosingPages: cashing.when_pages,
    SystemConfirm: account.when_system,
    Done: account.when_done,
    Posting: _when_posting,
    GoingDown: _when_down,
    OutOfOrder: _when_down,
}

# Who is told how an order went: the dialogue that gave it.
_ORIGINS: dict[type[Dialogue], Handler] = {
    Shopping: buying.when_posted,
    Menu: menus.when_language_set,
    MoveConfirm: moves.when_posted,
    Empties: empties.when_posted,
    UndoChoice: undo.when_posted,
    UndoCard: undo.when_posted,
    WriteOffConfirm: writing_off.when_posted,
    DeliveryConfirm: delivering.when_posted,
    CountConfirm: counting.when_kept,
    CountDecision: counting.when_decided,
    HistoryConfirm: account.when_history_posted,
    NewPin: account.when_pin_stored,
    NewCardConfirm: account.when_card_posted,
    CashCounted: cashing.when_count_posted,
    CashConfirm: cashing.when_move_posted,
    ClosingConfirm: cashing.when_closed,
}
