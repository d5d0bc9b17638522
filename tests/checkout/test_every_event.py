"""Every event is answered in every state: the whole product, and what must hold in all of it."""

from typing import get_args

import pytest

from kpos.checkout import events, states
from kpos.checkout.effects import Book, Effect
from kpos.checkout.empties import value_of
from kpos.checkout.events import BooksLocked, CardPresented, Event, KeyPressed, PinChecked, TimedOut
from kpos.checkout.machine import step, timeout_ms
from kpos.checkout.screens import View, render
from kpos.checkout.states import Dialogue, Idle, State
from kpos.domain.money import ZERO, Money
from kpos.domain.orders import Purchase
from tests.checkout.sample_events import events_of
from tests.checkout.samples import Samples

SAMPLES = Samples()
DIALOGUES, EVENTS = SAMPLES.dialogues(), events_of(SAMPLES)
VIEW = View("de", str, "kpos", "K1", "21:04")
# Who books: a key, the buyer's card, or the PIN or the WaWi that the key had asked for.
BOOKING = (
    KeyPressed, CardPresented, events.NumberEntered, PinChecked,
    events.HoldAnswered, events.HoldMissed,
)  # fmt: skip


def names(members: object) -> set[str]:
    return {member.__name__ for member in get_args(members)}


def named(sample: Dialogue | Event) -> str:
    return type(sample).__name__


def test_the_samples_leave_nothing_out():
    waiting = {
        name
        for name, value in vars(states).items()
        if isinstance(value, type) and hasattr(value, "waits")
    }
    assert waiting == names(Dialogue) == {named(dialogue) for dialogue in DIALOGUES}
    happening = {
        name
        for name, value in vars(events).items()
        if isinstance(value, type) and value.__module__ == events.__name__
    }
    carried = {"Undoable", "UndoLine", "WaitingCount", "Difference"}
    assert happening - carried == names(Event) == {named(event) for event in EVENTS}


@pytest.mark.parametrize("event_name", sorted(names(Event)))
@pytest.mark.parametrize("dialogue_name", sorted(names(Dialogue)))
def test_every_event_is_answered_in_every_state(dialogue_name, event_name):
    happening = [event for event in EVENTS if named(event) == event_name]
    for dialogue in DIALOGUES:
        if named(dialogue) == dialogue_name:
            for event in happening:
                answer(dialogue, event)


def answer(dialogue: Dialogue, event: Event) -> None:
    after, effects = step(State(dialogue), event)

    assert isinstance(after, State)
    assert all(isinstance(effect, get_args(Effect)) for effect in effects)
    assert [len(line) for line in render(after, VIEW)] == [40] * 4
    assert (timeout_ms(after) or 1) > 0
    if isinstance(event, BooksLocked):
        assert after.dialogue == states.OutOfOrder(event.code)
    for effect in effects:
        if isinstance(effect, Book):
            assert isinstance(event, BOOKING)
            assert isinstance(after.dialogue, states.Posting)
            if isinstance(effect.order, Purchase):
                assert effect.order.cart
                assert ZERO <= effect.order.cart.total <= effect.order.buyer.credit


@pytest.mark.parametrize("dialogue_name", sorted(names(Dialogue)))
def test_whoever_walks_away_leaves_an_idle_till(dialogue_name):
    stuck = (
        states.HoldAsked, states.PinChecking, states.Posting, states.GoingDown, states.OutOfOrder
    )  # fmt: skip
    for dialogue in DIALOGUES:
        if named(dialogue) == dialogue_name:
            state = State(dialogue, language="en")
            while timeout_ms(state) is not None:
                state, effects = step(state, TimedOut())
                assert not any(isinstance(effect, Book) for effect in effects)
            assert state == State() or isinstance(state.dialogue, stuck)


def test_counting_stays_blind_until_all_is_counted_whatever_the_books_say():
    counting = states.CashCounting(states.Shopping(SAMPLES.grace, pin_given=True), (1, 2))
    after, _effects = step(State(counting), events.CashFound(Money(500)))
    assert after.dialogue == counting


def test_a_state_that_is_printed_tells_no_pin():
    assert "739" not in repr(DIALOGUES)


def test_a_levy_is_no_deposit_and_never_comes_back():
    bottle = SAMPLES.levied
    assert bottle.charged(2) == Money(40)
    empties = states.Empties(states.Shopping(SAMPLES.ada), SAMPLES.ada, False, ((bottle, 2),))
    assert value_of(empties) == Money(30)


def test_an_idle_till_waits_for_ever():
    assert timeout_ms(State(Idle())) is None
    assert timeout_ms(State(states.OutOfOrder("J-01"))) is None
