"""What affects bookings is a setting in the books: in force at once, and checked before."""

import pytest

from tests.ledger.test_office_goods import refused


@pytest.mark.parametrize(
    ("key", "value", "stored"),
    [
        ("undo_minutes", "10", 10),
        ("zone", "Europe/Vienna", "Europe/Vienna"),
        ("in_store_layouts", "28IIIIcWWWWWC", ["28IIIIcWWWWWC"]),
        ("free_limit_cents", "5,00", 500),
    ],
)
def test_a_setting_is_in_force_at_once_and_after_a_rebuild(kasse, key, value, stored):
    assert kasse.office("setting_set", key=key, value=value) == {"key": key, "value": stored}
    expected = tuple(stored) if isinstance(stored, list) else stored
    assert getattr(kasse.books.settings, key) == expected
    kasse.rebuild()
    assert getattr(kasse.books.settings, key) == expected


@pytest.mark.parametrize(
    ("key", "value"),
    [("colour", "blue"), ("undo_minutes", "soon"), ("zone", "Berlin"), ("zone", "../etc/passwd"),
     ("zone", "Europe"), ("zone", "Europe/Berlin\0")],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_refused(kasse, key, value):
    code, message = refused(kasse, "setting_set", key=key, value=value)
    assert code == "invalid"
    assert key in message
