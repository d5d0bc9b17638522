"""What the till says when the books refuse an order, and where it goes on then."""

from typing import get_args

import pytest

from kpos.checkout import states
from kpos.checkout.effects import Effect
from kpos.checkout.events import DiskFailed, Event, Posted, PostingFailed
from kpos.checkout.machine import step
from kpos.checkout.states import Dialogue, Notice, State
from kpos.checkout.states.purchase import NoticeCode
from kpos.checkout.steps import ERROR, REFUSE
from kpos.domain.money import ZERO, Money
from kpos.domain.refusal import Refusal, RefusalCode
from tests.checkout.samples import Samples

# Who gave the order -> where it goes on, what is said to each refusal, and to any other.
SAID: dict[str, tuple[str, dict[str, NoticeCode], NoticeCode]] = {
    "Shopping": (
        "Shopping",
        {
            "credit": "credit_short",
            "blocked": "blocked",
            "stock": "stock_short",
            "limit": "offline_limit",
            "offline": "offline",
        },
        "refused",
    ),
    "MoveConfirm": ("MoveAmount", {"cash": "cash_short", "credit": "credit_short"}, "refused"),
    "Empties": ("Empties", {"units": "units"}, "refused"),
    "UndoChoice": (
        "UndoChoice",
        {"cash": "cash_short", "wrong_holder": "wrong_holder", "card_needed": "no_undo"},
        "not_undone",
    ),
    "HistoryConfirm": ("Shopping", {}, "refused"),
    "NewCardConfirm": (
        "NewCard",
        {"unknown": "no_guest_group", "taken": "code_taken", "invalid": "code_taken"},
        "refused",
    ),
    "CashCounted": ("CashCounting", {"changed": "cash_changed"}, "refused"),
    "CashConfirm": ("CashAmount", {"cash": "cash_short", "invalid": "same_box"}, "refused"),
    "ClosingConfirm": ("ClosingConfirm", {"amount": "nothing_to_close"}, "refused"),
    "WriteOffConfirm": ("WriteOffGoods", {}, "refused"),
    "DeliveryConfirm": ("DeliveryGoods", {"cash": "cash_short"}, "refused"),
    "CountConfirm": ("CountGoods", {}, "refused"),
    "CountDecision": ("CountChoice", {}, "not_counted"),
}
SAID["UndoCard"] = ("UndoCard", *SAID["UndoChoice"][1:])
LACKING = {"offline_limit", "credit_short", "cash_short"}
DIALOGUES = [each for each in Samples().dialogues() if type(each).__name__ in SAID]


def answered(dialogue: Dialogue, event: Event) -> tuple[str, Notice | None, tuple[Effect, ...]]:
    """Where it goes on, what is said there, and what is heard."""
    after, effects = step(State(states.Posting(dialogue)), event)
    return type(after.dialogue).__name__, getattr(after.dialogue, "notice", None), effects


@pytest.mark.parametrize("name", SAID)
def test_every_refusal_is_said_in_words_of_its_own_or_as_one(name):
    where, said, otherwise = SAID[name]
    for dialogue in DIALOGUES:
        if type(dialogue).__name__ != name:
            continue
        for code in get_args(RefusalCode):
            notice = said.get(code, otherwise)
            missing = Money(7) if notice in LACKING else ZERO
            told = answered(dialogue, PostingFailed(Refusal(code, "", Money(7))))
            assert told == (where, Notice(notice, missing=missing), (REFUSE,))


@pytest.mark.parametrize("name", [name for name in SAID if name != "Shopping"])
def test_a_full_disk_is_nobodys_fault_and_the_order_can_be_given_again(name):
    """A purchase has a picture of its own: its cart is kept."""
    where = "UndoChoice" if name == "UndoCard" else SAID[name][0]
    for dialogue in DIALOGUES:
        if type(dialogue).__name__ == name:
            assert answered(dialogue, DiskFailed()) == (where, Notice("disk"), (ERROR,))


def test_every_dialogue_that_gives_an_order_is_named_here():
    """But those that set a language or a PIN, of which there is nothing to refuse."""
    given = set()
    for dialogue in Samples().dialogues():
        try:
            answered(dialogue, Posted("K1-000001", ZERO, ""))
        except KeyError:
            continue
        given.add(type(dialogue).__name__)
    assert given - {"Menu", "NewPin"} == SAID.keys()
