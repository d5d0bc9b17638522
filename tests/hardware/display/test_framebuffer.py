"""Differences: what is sent, and above all what is not."""

from __future__ import annotations

import random

import pytest

from hardware.display.framebuffer import Changes, Framebuffer, Run


def padded(*rows: str) -> list[bytes]:
    return [row.ljust(10).encode() for row in rows]


@pytest.mark.parametrize(
    ("before", "after", "runs"),
    [
        ("abc", "abc", []),
        ("", "abc", [Run(0, 0, b"abc")]),
        ("abc", "abd", [Run(0, 2, b"d")]),
        # One equal cell between costs what placing the cursor costs; two cost more.
        ("aXbYc", "a1b2c", [Run(0, 1, b"1b2")]),
        ("aXbbYc", "a1bb2c", [Run(0, 1, b"1"), Run(0, 4, b"2")]),
        ("XbYbZ", "1b2b3", [Run(0, 0, b"1b2b3")]),
        ("", "         x", [Run(0, 9, b"x")]),
        ("abc", "", [Run(0, 0, b"   ")]),
    ],
)
def test_only_what_differs_is_sent(before, after, runs):
    buffer = Framebuffer(1, 10, gap=1)
    buffer.replace(padded(before))
    assert buffer.replace(padded(after)) == Changes((), tuple(runs))


def test_a_blank_picture_on_a_blank_display_is_nothing():
    assert Framebuffer(4, 10, gap=1).replace(padded("", "", "", "")) == Changes((), ())


def test_after_a_blank_everything_is_sent_again():
    buffer = Framebuffer(2, 10, gap=1)
    buffer.replace(padded("a", "b"))
    buffer.blank()
    assert buffer.replace(padded("a", "b")).runs == (Run(0, 0, b"a"), Run(1, 0, b"b"))


def test_a_gap_never_joins_two_rows():
    buffer = Framebuffer(2, 10, gap=99)
    assert [run.row for run in buffer.replace(padded("x        x", "x        x")).runs] == [0, 1]


def test_an_area_is_blanked_where_little_of_it_would_stay():
    buffer = Framebuffer(2, 10, gap=1, areas=(range(1), range(1, 2)), blanking=1)
    buffer.replace(padded("abcdefghij", "abcdefghij"))
    changes = buffer.replace(padded("x", "abcdefghix"))
    assert changes == Changes((0,), (Run(0, 0, b"x"), Run(1, 9, b"x")))


def test_blanking_is_not_worth_it_for_what_it_costs():
    buffer = Framebuffer(1, 10, gap=1, areas=(range(1),), blanking=4)
    buffer.replace(padded("abc"))
    assert buffer.replace(padded("")) == Changes((), (Run(0, 0, b"   "),))
    buffer.replace(padded("abcd"))
    assert buffer.replace(padded("")) == Changes((0,), ())


@pytest.mark.parametrize("areas", [(), (range(4),), (range(2), range(2, 4))])
@pytest.mark.parametrize("gap", [0, 1, 4, 40])
def test_the_changes_make_the_new_picture_of_the_old_one(gap, areas):
    rng = random.Random(gap)
    buffer = Framebuffer(4, 40, gap, areas, blanking=1)
    glass = [bytearray(b" " * 40) for _ in range(4)]
    for _ in range(300):
        rows = [bytes(rng.choices(b"ab ", (1, 1, rng.random() * 9), k=40)) for _ in range(4)]
        changes = buffer.replace(rows)
        for area in changes.blanked:
            for row in areas[area]:
                glass[row][:] = b" " * 40
        for run in changes.runs:
            glass[run.row][run.column : run.end] = run.codes
        assert glass == rows
