"""What terminals send for a key."""

import pytest

from kpos.terminal.tty_keys import (
    BACKSPACE,
    ENTER,
    ESCAPE,
    ESCAPE_MS,
    F2,
    INTERRUPT,
    TAB,
    KeyReader,
)

SENT = [
    (b"12#", ["1", "2", "#"]),
    (b"\r", [ENTER]),
    (b"\n\t", [ENTER, TAB]),
    (b"\x7f\b\x1b[3~", [BACKSPACE] * 3),
    (b"\x03", [INTERRUPT]),
    (b"\x1bOQ\x1b[12~\x1b[[B", [F2, F2, F2]),
    (b"\x1b[A\x1b[1;5C\x1bOP\x1b[15~\x1b[[A", []),  # arrows, Ctrl-arrow, F1, F5, F1 of a console
    (b"\x1b5", [ESCAPE, "5"]),
    (b"\x1b\x1b[A1", [ESCAPE, "1"]),
    ("ä€".encode(), ["ä", "€"]),
    (b"\xff1", ["\ufffd", "1"]),
    (b"\x00\x01\x1a", []),
]


@pytest.mark.parametrize(("sent", "keys"), SENT)
def test_bytes_become_keys(sent, keys):
    assert KeyReader().feed(sent, 0) == keys


# An Esc alone is another key: what it begins is the only thing that must come in one go.
@pytest.mark.parametrize(("sent", "keys"), [row for row in SENT if ESCAPE not in row[1]])
def test_however_a_bad_line_cuts_them(sent, keys):
    reader = KeyReader()
    assert [key for byte in sent for key in reader.feed(bytes([byte]), 0)] == keys


def test_an_esc_that_nothing_follows_is_one_after_a_moment():
    reader = KeyReader()
    assert reader.feed(b"\x1b", 1000) == []
    assert reader.deadline_ms == 1000 + ESCAPE_MS
    assert reader.flush(1000 + ESCAPE_MS - 1) == []
    assert reader.flush(1000 + ESCAPE_MS) == [ESCAPE]
    assert reader.deadline_ms is None


def test_half_a_sequence_types_nothing():
    reader = KeyReader()
    reader.feed(b"\x1b[", 0)
    assert reader.flush(ESCAPE_MS) == []
    assert reader.feed(b"5", ESCAPE_MS) == ["5"]
