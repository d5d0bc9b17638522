"""The front end of lines: what a turn says goes out together, but an acknowledgement at once."""

import json
import os
from contextlib import suppress

import pytest

from kpos.domain.document import read_content
from kpos.terminal.jsonl import JsonlFront

FRAME = (" " * 40,) * 4
CONTENT = '["t",1,7,"K1-000003","sale","2026-11-22T20:00:00.000Z","ok",null,{},[],[],null,"0"]'
SALE = read_content(CONTENT, "0")


@pytest.fixture
def pipe():
    reader, writer = os.pipe2(os.O_NONBLOCK)
    yield reader, writer
    os.close(reader)
    os.close(writer)


def heard(reader):
    """What was said, by the names of the messages, since the last look."""
    try:
        return [next(iter(json.loads(line))) for line in os.read(reader, 1 << 20).splitlines()]
    except BlockingIOError:
        return []


def test_a_turn_is_one_write_and_an_acknowledgement_waits_for_nothing(pipe):
    reader, writer = pipe
    front = JsonlFront(writer)
    front.show(FRAME)
    assert heard(reader) == ["frame"]
    with front.at_once():
        front.play("accept")
        assert heard(reader) == []
        front.booked(SALE)
        assert heard(reader) == ["sound", "booked"]
        front.play("paid")
        front.show(FRAME)
        assert heard(reader) == []
    assert heard(reader) == ["sound", "frame"]


def test_what_was_said_before_a_crash_is_heard(pipe):
    reader, writer = pipe
    front = JsonlFront(writer)
    with suppress(AssertionError), front.at_once():
        front.play("accept")
        raise AssertionError
    assert heard(reader) == ["sound"]


def test_a_turn_that_says_much_says_it_bit_by_bit(pipe):
    reader, writer = pipe
    front = JsonlFront(writer)
    shown = 0
    with front.at_once():
        while not (said := heard(reader)):
            front.show(FRAME)
            shown += 1
    assert said == ["frame"] * shown
    assert shown < 1000
