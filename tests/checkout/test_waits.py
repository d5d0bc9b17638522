"""How long each dialogue waits for somebody; what is for ever is ended by a worker or by nobody."""

import inspect

import pytest

from kpos.checkout import states

WAITS = {
    "purchase": "CashCounted CashCounting ConfirmCancel ConfirmSwitch Empties NotBooked Shopping",
    "menu": """
        BookingList CardHolder CashAmount CashConfirm CashReceiver CashVoucher ClosingConfirm
        ClosingPages EmptiesHolder HistoryConfirm Menu MoveAmount MoveConfirm MoveDone
        MoveHolder NewCard NewCardConfirm NewPin NumberList SystemConfirm UndoCard UndoChoice
        UndoPart UndoReceipt WriteOffReason
    """,
    "goods": """
        CountChoice CountConfirm CountDecision CountGoods CountReview
        DeliveryConfirm DeliveryCost DeliveryExpiry DeliveryGoods DeliveryPaid DeliverySupplier
        HowMany WriteOffConfirm WriteOffGoods
    """,
    "pin": "PinEntry PinRefused",
    "result": "Bought Done Idle",
    "for_ever": "GoingDown HoldAsked OutOfOrder PinChecking Posting",
}
EACH = [(name, waits) for waits, names in WAITS.items() for name in names.split()]


@pytest.mark.parametrize(("name", "waits"), EACH)
def test_a_dialogue_waits_as_long_as_its_kind_does(name, waits):
    assert getattr(states, name).waits == waits


def test_every_dialogue_is_named_here():
    known = {
        name for name, kind in inspect.getmembers(states, inspect.isclass) if hasattr(kind, "waits")
    }
    assert {name for name, _waits in EACH} == known
