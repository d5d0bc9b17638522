"""What the clock says, and how far it is believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpos.domain.instant import DAY_MS, EARLIEST, Instant, judge

FRIDAY = Instant.parse("2026-11-20T19:00:00Z")


@given(st.integers(0, 253_402_300_799_999))
def test_an_instant_reads_back_what_it_wrote(ms):
    assert Instant.parse(str(Instant(ms))) == Instant(ms)


def test_an_instant_is_written_in_utc_with_milliseconds():
    assert str(Instant.parse("2026-11-20T20:00:00.007+01:00")) == "2026-11-20T19:00:00.007Z"


@pytest.mark.parametrize("text", ["2026-11-20T19:00:00", "yesterday", ""])
def test_a_time_without_a_zone_is_no_instant(text):
    with pytest.raises(ValueError):  # noqa: PT011 - one of datetime's own, or ours
        Instant.parse(text)


@pytest.mark.parametrize("ms", [-1, -DAY_MS, 1 << 62])
def test_a_mad_clock_can_still_be_written_down(ms):
    assert Instant.parse(str(Instant(ms))).ms >= 0


@pytest.mark.parametrize(
    ("at", "trust"),
    [
        (FRIDAY, "ok"),
        (FRIDAY.plus_ms(DAY_MS), "ok"),
        (FRIDAY.plus_ms(DAY_MS + 1), "ahead"),
        (FRIDAY.plus_ms(-1), "back"),
        (Instant(0), "back"),
        (Instant.parse("2036-02-07T06:28:16Z"), "ahead"),
    ],
)
def test_a_reading_is_believed_from_its_predecessor_to_a_day_past_the_trusted_time(at, trust):
    assert judge(at, predecessor=FRIDAY, trusted_at=FRIDAY, trusted_now=FRIDAY) == trust


def test_a_clock_that_was_ahead_once_is_believed_again_when_it_is_right():
    wrong = Instant.parse("2036-01-01T00:00:00Z")
    right = FRIDAY.plus_ms(60_000)
    assert judge(right, predecessor=wrong, trusted_at=FRIDAY, trusted_now=right) == "back"
    assert judge(right, predecessor=right, trusted_at=FRIDAY, trusted_now=right) == "ok"


def test_a_time_between_predecessor_and_last_trusted_one_is_back():
    assert judge(FRIDAY, EARLIEST, FRIDAY.plus_ms(1), FRIDAY.plus_ms(1)) == "back"
