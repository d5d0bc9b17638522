"""How often somebody may ask, on a clock that only the test moves."""

import pytest

from kpos.wawi.api.limits import Limit
from kpos.wawi.api.problems import Problem


class Clock:
    def __init__(self) -> None:
        self.ms = 0

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def clock():
    return Clock()


def waits(limit, key):
    with pytest.raises(Problem) as told:
        limit.check(key)
    assert told.value.status == 429
    return int(told.value.headers["Retry-After"])


def test_who_waits_as_long_as_it_says_is_let_in(clock):
    limit = Limit(burst=3, per_minute=20, now_ms=clock)
    for _ in range(3):
        limit.check("K1")
    assert waits(limit, "K1") == 4
    limit.check("K2")
    clock.ms += 4000
    limit.check("K1")
    assert waits(limit, "K1") > 0


def test_nobody_saves_up_more_than_a_burst(clock):
    limit = Limit(burst=2, per_minute=60, now_ms=clock)
    clock.ms += 3_600_000
    limit.check("K1")
    limit.check("K1")
    waits(limit, "K1")


def test_strangers_by_the_thousand_are_forgotten_but_not_who_waits(clock):
    limit = Limit(burst=1, per_minute=1, now_ms=clock)
    for number in range(10_000):
        limit.check(f"192.0.2.{number}")
    clock.ms += 59_000
    limit.check("late")
    clock.ms += 1_000
    limit.check("new")
    assert waits(limit, "late") > 0
