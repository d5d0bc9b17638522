"""Days, weeks and months of a time zone, as the bounds of queries."""

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpos.reports.asked import BUCKETS_MAX, Asked, parse_days

BERLIN = ZoneInfo("Europe/Berlin")


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * 1000


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-11-22", date(2026, 11, 22), date(2026, 11, 22)),
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_day_a_month_and_a_year_can_be_typed(text, first, last):
    assert parse_days(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        *("", "today", "22.11.2026", "2026-13", "2026-02-30", "2026-00", "2026-11-00", "26-11-22"),
        *(
            "2026-1-1",
            "2026-11-22-1",
            "1999-01-01",
            "9999-12-31",
            "２０２６",
            "2026-11-2x",
            "-2026",
        ),
    ],
)
def test_what_is_no_day_says_how_one_is_written(text):
    with pytest.raises(ValueError, match=r"is no day \(write 2026-11-22, 2026-11 for a month"):
        parse_days(text)


def test_a_day_of_summer_time_is_as_long_as_it_is():
    spring = Asked(BERLIN, date(2026, 3, 29), date(2026, 3, 29), per="day").buckets(0, 0)
    autumn = Asked(BERLIN, date(2026, 10, 25), date(2026, 10, 25), per="day").buckets(0, 0)
    assert [(each.end_ms - each.begin_ms) // 3_600_000 for each in spring + autumn] == [23, 25]
    assert spring[0].begin_ms == ms("2026-03-28T23:00:00Z")


def test_weeks_are_iso_weeks_and_are_cut_where_the_question_ends():
    asked = Asked(UTC, date(2026, 12, 30), date(2027, 1, 4), per="week")
    found = asked.buckets(ms("2026-01-01T00:00:00Z"), ms("2028-01-01T00:00:00Z"))
    assert [(each.label, each.begin_ms, each.end_ms) for each in found] == [
        ("2026-W53", ms("2026-12-30T00:00:00Z"), ms("2027-01-04T00:00:00Z")),
        ("2027-W01", ms("2027-01-04T00:00:00Z"), ms("2027-01-05T00:00:00Z")),
    ]


def test_what_is_not_limited_ends_where_there_is_something():
    asked = Asked(BERLIN, per="month")
    first, last = ms("2026-10-31T23:30:00Z"), ms("2026-12-31T22:59:59Z")
    assert [each.label for each in asked.buckets(first, last)] == ["2026-11", "2026-12"]
    assert asked.buckets(None, None) == []


def test_a_clock_that_was_wrong_once_makes_no_endless_table():
    asked = Asked(UTC, per="day")
    with pytest.raises(ValueError, match=f"more than {BUCKETS_MAX} days from 1970-01-01 to 2026"):
        asked.buckets(0, ms("2026-11-22T00:00:00Z"))
    assert len(asked.buckets(0, BUCKETS_MAX * 86_400_000 - 1)) == BUCKETS_MAX


@given(
    zone=st.sampled_from(["Europe/Berlin", "Asia/Kathmandu", "America/Havana", "Pacific/Apia"]),
    first=st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    days=st.integers(0, 400),
    per=st.sampled_from(["day", "week", "month"]),
)
def test_periods_follow_each_other_without_a_gap_and_begin_with_a_quarter(zone, first, days, per):
    """Midnight in Havana may not exist, Apia once left a day out, Kathmandu is 5:45 ahead."""
    last = date.fromordinal(first.toordinal() + days)
    asked = Asked(ZoneInfo(zone), first, last, per=per)
    found = asked.buckets(0, 0)
    whole = asked.whole()
    assert (found[0].begin_ms, found[-1].end_ms) == (whole.begin_ms, whole.end_ms)
    for before, after in pairwise(found):
        assert before.end_ms == after.begin_ms
    assert all(each.begin_ms % 900_000 == 0 for each in found)
    assert len({each.label for each in found}) == len(found)
