"""Where a WaWi may be, and how long a till waits before it asks again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpos.domain.refusal import Refused
from kpos.sync.address import checked_fingerprint, checked_url
from kpos.sync.waiting import backoff_ms, poll_ms


@pytest.mark.parametrize(
    "url",
    [
        "https://wawi.example",
        "https://wawi.example:8443/kpos",
        "https://192.168.1.7",
        "http://localhost:8000",
        "http://127.0.0.1",
        "http://127.1.2.3:80",
        "http://[::1]:8000",
    ],
)
def test_these_are_addresses(url: str) -> None:
    assert checked_url(url) == checked_url(url + "/") == url


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://wawi.example", "this machine alone: write https://wawi.example"),
        ("http://192.168.1.7", "this machine alone"),
        ("http://localhost.evil.example", "this machine alone"),
        ("wawi.example", "no address"),
        ("ftp://wawi.example", "no address"),
        ("https://", "no address"),
        ("https://wawi.example/?a=b", "no address"),
        ("https://wawi.example/#a", "no address"),
        ("https://wawi.example:port", "no address"),
        ("https://[::1", "no address"),
        ("https://ada:secret@wawi.example", "neither name nor password"),
        ("https://:secret@wawi.example", "neither name nor password"),
        ("", "no address"),
    ],
)
def test_these_are_none(url: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        checked_url(url)


def test_a_fingerprint_is_read_as_tools_print_it() -> None:
    digits = "0123456789abcdef" * 4
    pairs = ":".join(digits[at : at + 2] for at in range(0, 64, 2)).upper()
    assert checked_fingerprint(pairs) == checked_fingerprint(digits) == digits
    for wrong in ("", digits[1:], "g" * 64):
        with pytest.raises(Refused, match="64 hex digits"):
            checked_fingerprint(wrong)


FRACTION = st.floats(0, 1, exclude_max=True)


@given(st.integers(1, 10_000), st.none() | st.integers(0, 3600), FRACTION)
def test_whoever_failed_waits_longer_and_never_for_ever(failures, retry_after_s, fraction):
    wait_ms = backoff_ms(failures, retry_after_s, fraction)
    least_ms = (retry_after_s or 0) * 1000
    assert least_ms <= wait_ms <= least_ms + min(1000 * 2**failures, 300_000)


def test_tills_do_not_come_back_all_at_once() -> None:
    waits = [backoff_ms(20, None, number / 100) for number in range(100)]
    assert len(set(waits)) == 100
    assert backoff_ms(1, None, 0.5) == 1000
    assert [backoff_ms(failures, None, 1) for failures in (1, 2, 3)] == [2000, 4000, 8000]


@given(FRACTION)
def test_a_till_asks_about_twice_a_minute(fraction):
    assert 15_000 <= poll_ms(fraction) <= 45_000
