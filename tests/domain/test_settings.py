"""What a person may type for a setting."""

import pytest

from kpos.domain.settings import Settings, parse_setting, with_setting


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("default_tax_key", "1", "1"),
        ("rate_1_bp", "1600", 1600),
        ("rate_2_bp", "0", 0),
        ("free_limit_cents", "20,00", 2000),
        ("undo_minutes", "10080", 10080),
        ("deposit_return", "house", "house"),
        ("guest_group", "Gäste", "Gäste"),
        ("in_store_layouts", "28IIIIcWWWWWC 22IIIIIPPPPPC", ("28IIIIcWWWWWC", "22IIIIIPPPPPC")),
        ("in_store_layouts", "", ()),
        ("zone", "Europe/Vienna", "Europe/Vienna"),
        ("price_step_cents", "0.10", 10),
        ("tax_rates", "", ()),
        # A tax that is suspended.
        ("tax_rates", "1:2027-01-01:0", ("1:2027-01-01:0",)),
        (
            "tax_rates",
            "2:2027-01-01:800 1:2027-01-01:2000 2:2027-01-01:900",
            ("1:2027-01-01:2000", "2:2027-01-01:900"),
        ),
    ],
)
def test_a_setting_is_read_as_typed_and_then_in_force(key, typed, value):
    parsed = parse_setting(key, typed)
    assert parsed == value
    stored = list(parsed) if isinstance(parsed, tuple) else parsed
    assert getattr(with_setting(Settings(), key, stored), key) == value


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("no_such_setting", "1"),
        ("default_tax_key", "3"),
        ("rate_1_bp", "19 %"),
        ("rate_1_bp", "5001"),
        ("rate_1_bp", "-1"),
        ("undo_minutes", "10081"),
        ("undo_minutes", "9" * 5000),
        ("free_limit_cents", "-1"),
        ("free_limit_cents", "lots"),
        ("deposit_return", "never"),
        ("guest_group", "  "),
        ("zone", ""),
        ("in_store_layouts", "99IIIIcWWWWWC"),
        ("price_step_cents", "0"),
        ("price_step_cents", "1.01"),
        ("tax_rates", "1"),
        ("tax_rates", "1:2027-01-01"),
        ("tax_rates", "1:2027-01-01:5001"),
        ("tax_rates", "1:2027-02-30:1900"),
        ("tax_rates", "1:20270101:1900"),
        ("tax_rates", "6:2027-01-01:1900"),
    ],
)
def test_a_value_out_of_range_is_refused_with_what_there_is(key, typed):
    with pytest.raises(ValueError, match=r"\w"):
        parse_setting(key, typed)


def test_a_setting_of_a_newer_version_is_passed_over():
    assert with_setting(Settings(), "colour", "blue") == Settings()


def test_rates_and_layouts_follow_from_the_settings():
    settings = Settings(rate_1_bp=1600, in_store_layouts=("28IIIIcWWWWWC",))
    assert [settings.rate_bp(key, "2026-11-22") for key in "1256"] == [1600, 700, 0, 0]
    assert [layout.pattern for layout in settings.layouts] == ["28IIIIcWWWWWC"]


def test_a_rate_is_that_of_the_day():
    rates = ("1:2020-07-01:1600", "1:2021-01-01:1900", "2:2020-07-01:500")
    settings = Settings(tax_rates=rates)
    days = ["2020-06-30", "2020-07-01", "2020-12-31", "2021-01-01"]
    assert [settings.rate_bp("1", day) for day in days] == [1900, 1600, 1600, 1900]
    assert [settings.rate_bp("2", day) for day in days] == [700, 500, 500, 500]
    assert [settings.rate_bp("6", day) for day in days] == [0, 0, 0, 0]
