"""Charts: round numbers at the axis, names that fit, bars that add up."""

from itertools import pairwise
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpos.reports.charts.axis import axis_for, tick_text, value_text
from kpos.reports.charts.svg import svg
from kpos.reports.charts.terminal import terminal_chart
from kpos.reports.charts.words import columns, fitted, fitted_pixels, pixels, printable
from kpos.reports.result import BARS_MAX, SERIES_MAX, Chart, Series, bars, stacked

SVG = "{http://www.w3.org/2000/svg}"
WIDTH = 60
NARROW = "\N{NARROW NO-BREAK SPACE}"

names = st.text(st.characters(codec="utf-8"), max_size=60)
amounts = st.integers(-(10**12), 10**12)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    labels = draw(st.lists(names, max_size=12))
    series = draw(st.lists(names, min_size=1, max_size=SERIES_MAX))
    size = len(labels)
    return Chart(
        draw(names),
        draw(st.sampled_from(["EUR", "days"])),
        tuple(labels),
        tuple(
            Series(name, tuple(draw(st.lists(amounts, min_size=size, max_size=size))))
            for name in series
        ),
        over_time=draw(st.booleans()),
        lines=draw(st.booleans()),
        note=draw(names),
    )


def bar_chart(*values: int, **more) -> Chart:
    labels = tuple(f"{number}" for number in range(len(values)))
    return Chart("Title", "EUR", labels, (Series("one", values),), **more)


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([123456], [0, 50000, 100000, 150000]),
        ([7], [0, 2, 4, 6, 8]),
        ([-4300, 12345], [-5000, 0, 5000, 10000, 15000]),
        ([-350, -2000], [-2000, -1500, -1000, -500, 0]),
        ([], [0, 100]),
        ([0, 0], [0, 100]),
        ([100], [0, 20, 40, 60, 80, 100]),
    ],
)
def test_the_axis_has_round_numbers(values, ticks):
    assert list(axis_for(values, "EUR").ticks) == ticks


@given(st.lists(amounts), st.sampled_from(["EUR", "days"]))
def test_the_axis_holds_every_value_and_zero_in_a_few_steps(values, unit):
    axis = axis_for(values, unit)
    assert all(0 <= axis.share(value) <= 1 for value in [0, *values])
    assert 2 <= len(axis.ticks) <= 8
    texts = [tick_text(tick, axis, unit) for tick in axis.ticks]
    assert len(set(texts)) == len(texts)


def test_numbers_are_grouped_and_amounts_have_cents_where_they_matter():
    assert value_text(-123456789, "EUR") == f"\N{MINUS SIGN}1{NARROW}234{NARROW}567.89"
    assert value_text(-5, "EUR") == "\N{MINUS SIGN}0.05"
    assert value_text(1200, "days") == f"1{NARROW}200"
    assert tick_text(50, axis_for([100], "EUR"), "EUR") == "0.50"
    assert tick_text(5000, axis_for([20000], "EUR"), "EUR") == "50"
    assert tick_text(50, axis_for([100], "days"), "days") == "50"


@given(names, st.integers(1, 30))
def test_a_text_that_is_cut_fits_and_says_so(text, width):
    cut = fitted(text, width)
    assert columns(cut) <= width
    assert cut.endswith("…") or cut == printable(text)
    assert pixels(fitted_pixels(text, 40)) <= 40


def test_words_are_cut_by_the_columns_they_take():
    assert fitted("漢字の飲み物", 6) == "漢字…"
    assert fitted("Käse", 4) == "Käse"
    assert fitted("a\nb\x1b[2J", 9) == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}[2J"


def test_a_terminal_shows_bars_to_the_eighth():
    chart = Chart("Turnover", "EUR", ("Mate", "Käse"), (Series("x", (16000, 1000)),), note="and 3")
    assert list(terminal_chart(chart, 33)) == [
        "Turnover (EUR)",
        "Mate 160.00 ████████████████████",
        "Käse  10.00 █▎",
        "and 3",
    ]
    assert list(terminal_chart(chart, 33, blocks=False))[1:3] == [
        "Mate 160.00 ####################",
        "Käse  10.00 ##",
    ]


def test_a_terminal_shows_losses_left_of_zero_and_stacks_with_a_legend():
    assert list(terminal_chart(bar_chart(1000, -500, 0), 30))[1:] == [
        "0 10.00        ██████████████",
        "1 −5.00 ███████",
        "2  0.00",
    ]
    series = (Series("here", (300, -100)), Series("there", (100, 200)))
    chart = Chart("Deposit", "EUR", ("a", "b"), series)
    assert list(terminal_chart(chart, 30))[1:] == [
        "█ here  ▓ there",
        "a 4.00      ██████████████▓▓▓▓",
        "b 1.00 █████▓▓▓▓▓▓▓▓▓",
    ]


def test_a_terminal_breaks_a_legend_that_is_too_long():
    series = tuple(Series(name * 12, (1,)) for name in "abc")
    lines = list(terminal_chart(Chart("T", "EUR", ("x",), series), 32))
    assert lines[1:3] == [f"█ {'a' * 12}  ▓ {'b' * 12}", f"▒ {'c' * 12}"]


def test_nothing_is_said_to_be_nothing():
    assert list(terminal_chart(bar_chart(), 40)) == ["Title (EUR)", "(none)"]
    for chart in (bar_chart(), bar_chart(over_time=True)):
        assert "nothing in this time" in texts(fromstring(svg(chart)))


@given(charts(), st.integers(1, 200), st.booleans())
def test_no_line_of_a_terminal_is_too_long(chart, width, blocks):
    for line in terminal_chart(chart, width, blocks=blocks):
        assert columns(line) <= max(width, WIDTH)
        assert "\n" not in line


def texts(picture: Element) -> list[str]:
    return ["".join(each.itertext()) for each in picture.iter(f"{SVG}text")]


def boxes(picture: Element) -> list[tuple[float, float, float]]:
    """Left, right and base line of each text."""
    found = []
    for each in picture.iter(f"{SVG}text"):
        shown = (each.text or "") + "".join(child.tail or "" for child in each)
        x, y, kind = float(each.get("x", 0)), float(each.get("y", 0)), each.get("class", "")
        wide = pixels(shown, 15 if kind == "title" else 12)
        left = {"end": x - wide, "middle": x - wide / 2}.get(kind, x)
        found.append((left, left + wide, y))
    return found


@given(charts())
def test_every_picture_can_be_read_whatever_it_is_called(chart):
    picture = fromstring(svg(chart))
    assert all(float(each.get("width", 0)) > 0 for each in picture.iter(f"{SVG}rect"))
    width, height = map(float, picture.get("viewBox", "").split()[2:])
    for each in picture.iter(f"{SVG}rect"):
        x, y = float(each.get("x", -1)), float(each.get("y", -1))
        assert 0 <= x <= width
        assert 0 <= y <= height


CASES = {
    "one": bar_chart(123456),
    "long names": Chart(
        "T", "EUR", ("Fritz-Kola ohne Zucker " * 4, "x"), (Series("a", (99_999_999_999, 3)),)
    ),
    "losses": bar_chart(1000, -99_999, 0),
    "only losses": bar_chart(-1000, -99_999),
    "a year of days": bar_chart(*range(365), over_time=True),
    "a line": bar_chart(*range(40), over_time=True, lines=True),
    "one point": bar_chart(5, over_time=True, lines=True),
    "many names": Chart(
        "T", "EUR", ("2026-11",) * 9,
        tuple(Series(f"Sehr langer Name einer Limonade {n}", (5,) * 9) for n in range(SERIES_MAX)),
        over_time=True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_no_text_lies_on_another_or_leaves_the_picture(case):
    picture = fromstring(svg(CASES[case]))
    width = float(picture.get("viewBox", "").split()[2])
    found = boxes(picture)
    assert all(left >= 0 and right <= width for left, right, _ in found)
    for line in {y for _, _, y in found}:
        on_it = sorted((left, right) for left, right, y in found if abs(y - line) < 11)
        assert all(before[1] <= after[0] for before, after in pairwise(on_it)), on_it


def test_a_bar_is_as_long_as_its_number():
    picture = fromstring(svg(bar_chart(1000, 500)))
    long, short = (float(each.get("width", 0)) for each in picture.iter(f"{SVG}rect"))
    assert long == pytest.approx(2 * short, rel=0.001)


def test_a_picture_says_in_words_what_it_draws_and_fetches_nothing():
    picture = svg(Chart("Mix", "EUR", ('<Mate> & "Co"',), (Series("a", (150,)),)))
    assert "<title>&lt;Mate&gt; &amp; &quot;Co&quot;: 1.50</title>" in picture
    assert "<script" not in picture
    assert picture.count("http") == 1  # the name of the format


def test_few_are_drawn_and_the_others_are_told():
    rows = [{"product": f"p{n}", "net_cents": 100 - n} for n in range(BARS_MAX + 2)]
    chart = bars("Mix", rows, "product", "net_cents")
    assert len(chart.labels) == BARS_MAX
    assert chart.note == "and 2 others, 1.59 together"
    assert bars("Low", rows, "product", "net_cents", "days").note == "and 2 others"


def test_the_largest_are_stacked_and_the_others_are_one():
    rows = [
        {"period": period, "product": f"p{n}", "net_cents": 100 * n}
        for period in ("a", "b") for n in range(SERIES_MAX + 1)
    ]  # fmt: skip
    chart = stacked("Mix", [*rows, rows[-1]], ["a", "b", "c"], "product", "net_cents")
    assert [each.name for each in chart.series] == ["p7", "p6", "p5", "p4", "p3", "p2", "2 others"]
    assert chart.series[0].values == (700, 1400, 0)
    assert chart.series[-1].values == (100, 100, 0)


def test_what_is_stacked_adds_up_upwards_and_losses_downwards():
    series = tuple(
        Series(name, (cents,)) for name, cents in zip("abcd", (100, 200, 300, -100), strict=True)
    )
    picture = fromstring(svg(Chart("T", "EUR", ("2026",), series, over_time=True)))
    drawn = [each for each in picture.iter(f"{SVG}rect") if each.get("rx") is None]
    a, b, c, d = ((float(each.get("y", 0)), float(each.get("height", 0))) for each in drawn)
    for below, above in ((a, b), (b, c), (d, a)):
        assert below[0] == pytest.approx(above[0] + above[1], abs=0.02)
    assert [each[1] / a[1] for each in (b, c, d)] == pytest.approx([2, 3, 1], rel=0.001)
