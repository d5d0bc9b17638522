"""What a member sees: the picture of a state, four lines of forty columns.

`render` is a pure function of the state and of what stands around it (`View`). Line 1 answers
the last input, line 4 says what the keys do now, with the countdown at its right end; a refusal
says what did not happen, then what to do. One module per dialogue; `notices` holds the answers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from kpos.checkout.layout import Frame
from kpos.checkout.screens import (
    account,
    buying,
    cashing,
    counting,
    goods,
    menus,
    moves,
    pin,
    undo,
)
from kpos.checkout.screens.view import View, keys
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
    UndoCard,
    UndoChoice,
    UndoPart,
    UndoReceipt,
    WriteOffConfirm,
    WriteOffGoods,
    WriteOffReason,
)

__all__ = ["View", "keys", "render"]

Screen: TypeAlias = Callable[[Any, View], Frame]


def render(state: State, view: View) -> Frame:
    """The picture of a state."""
    return _SCREENS[type(state.dialogue)](state.dialogue, view)


def _posting(posting: Posting, view: View) -> Frame:
    """The disk takes a moment: what was there stays, the keys say wait."""
    _ = view.text
    lines = _SCREENS[type(posting.origin)](posting.origin, view)
    return (*lines[:3], keys(view, _("Please wait")))


_SCREENS: dict[type[Dialogue], Screen] = {
    Idle: buying.idle,
    Shopping: buying.shopping,
    ConfirmCancel: buying.confirm_cancel,
    ConfirmSwitch: buying.confirm_switch,
    HoldAsked: buying.hold_asked,
    Bought: buying.bought,
    NotBooked: buying.not_booked,
    PinEntry: pin.entry,
    PinChecking: pin.checking,
    PinRefused: pin.refused,
    Menu: menus.menu,
    NumberList: menus.numbers,
    BookingList: menus.bookings,
    MoveHolder: moves.holder,
    MoveAmount: moves.amount_typed,
    MoveConfirm: moves.confirm,
    MoveDone: moves.done,
    EmptiesHolder: moves.empties_holder,
    Empties: moves.empties,
    UndoReceipt: undo.receipt,
    UndoChoice: undo.choice,
    UndoPart: undo.part,
    UndoCard: undo.card,
    WriteOffReason: goods.write_off_reason,
    WriteOffGoods: goods.write_off_goods,
    WriteOffConfirm: goods.write_off_confirm,
    HowMany: goods.how_many,
    DeliveryGoods: goods.delivery_goods,
    DeliveryCost: goods.delivery_cost,
    DeliveryExpiry: goods.delivery_expiry,
    DeliveryPaid: goods.delivery_paid,
    DeliverySupplier: goods.delivery_supplier,
    DeliveryConfirm: goods.delivery_confirm,
    CountGoods: counting.count_goods,
    CountConfirm: counting.count_confirm,
    CountChoice: counting.count_choice,
    CountReview: counting.count_review,
    CountDecision: counting.count_decision,
    HistoryConfirm: account.history,
    NewPin: account.new_pin,
    CardHolder: account.card_holder,
    NewCard: account.new_card,
    NewCardConfirm: account.new_card_confirm,
    CashAmount: cashing.amount,
    CashConfirm: cashing.confirm,
    CashCounted: cashing.counted,
    CashCounting: cashing.counting,
    CashReceiver: cashing.receiver,
    CashVoucher: cashing.voucher,
    ClosingConfirm: cashing.closing,
    ClosingPages: cashing.pages,
    SystemConfirm: account.system,
    GoingDown: account.going_down,
    Done: account.done,
    Posting: _posting,
    OutOfOrder: account.out_of_order,
}
