"""The messages as they are on the wire: one golden file each, which no release may break."""

import json
from pathlib import Path
from typing import Any

import pytest

from kpos.domain.document import Ref
from kpos.domain.ids import Id
from kpos.ledger.pins import Verifier
from kpos.sync import wire
from kpos.sync.codec import Codec, Malformed, nullable
from kpos.sync.wire import Change, Entry, Point, Private, SetPin
from tests.ledger.kasse import FRIDAY_EVENING

GOLDEN = Path(__file__).parent / "golden"
A, B = Point(1, 41, "a" * 64), Point(1, 42, "b" * 64)
TILL, PLACE, WALLET = Id("00000000000000a1"), Id("00000000000000b1"), Id("00000000000000c1")
PLAIN = Entry(A, "9" * 64, '["0000","ü",1]')
NAMED = Entry(B, A.hash, "[]", Private(bytes(range(16)), '{"name":"Zoë"}'))

MESSAGES: dict[str, tuple[Codec[Any], Any]] = {
    "point": (wire.POINT, A),
    "points": (wire.POINTS, (A, B)),
    "points_none": (wire.POINTS, ()),
    "common": (nullable(wire.POINT), B),
    "common_none": (nullable(wire.POINT), None),
    "push": (wire.PUSH, wire.Push(Point(1, 40, "9" * 64), (PLAIN, NAMED), B)),
    "push_first": (wire.PUSH, wire.Push(None, (), None)),
    "push_fork": (wire.PUSH, wire.Push(A, (NAMED,), B, fork=A)),
    "push_pins": (
        wire.PUSH,
        wire.Push(
            A,
            (NAMED,),
            B,
            pins=(
                SetPin(WALLET, 0, Verifier(bytes(range(16)), bytes(range(32)), 8192, 8, 1)),
                SetPin(TILL, 7, None),
            ),
        ),
    ),
    "ack": (wire.ACK, wire.Ack(B, A)),
    "ack_none": (wire.ACK, wire.Ack(None, None)),
    "page": (
        wire.PAGE,
        wire.Page(
            (
                Change("group", "00000000000000e1", "set", {"name": "Gäste"}),
                Change("card", "00000000000000f1", "set", {"blocked": 0}, {"code": "CARD-ADA"}),
                Change("balance", WALLET, "set", {"cents": -5, "home": None}),
                Change("product", "0000000000000011", "gone", {}),
            ),
            "1.17",
            True,
            {TILL: B},
        ),
    ),
    "page_empty": (wire.PAGE, wire.Page((), "1.0", False, {})),
    "tail": (wire.TAIL, wire.Tail((PLAIN, NAMED), True)),
    "hold": (wire.HOLD, wire.Hold(True, 1835)),
    "heartbeat": (wire.HEARTBEAT, wire.Heartbeat("1.0", 3, FRIDAY_EVENING)),
    "application": (
        wire.APPLICATION,
        wire.Application("CODE-7", TILL, PLACE, "K1", "K1", B, "1.0"),
    ),
    "application_again": (
        wire.APPLICATION,
        wire.Application("CODE-7", TILL, PLACE, "K1", "K1", B, "1.0", own=Ref(1, 0)),
    ),
    "paired": (wire.PAIRED, wire.Paired("token", TILL, PLACE, "K2", "Keller")),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_written_and_read_as_ever(name: str) -> None:
    codec, value = MESSAGES[name]
    golden = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert codec.write(value) == golden
    assert codec.read(golden) == value


def test_no_golden_file_is_forgotten() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == MESSAGES.keys()


@pytest.mark.parametrize("name", ["push", "ack", "page", "tail", "hold", "application", "paired"])
def test_what_a_newer_side_says_more_is_ignored(name: str) -> None:
    codec, value = MESSAGES[name]
    assert codec.read(codec.write(value) | {"since": "version 2"}) == value


# Golden file, where it is spoilt, with what, and what is said of it.
SPOILT: list[tuple[str, list[str | int], object, str]] = [
    ("push", [], [], "/: must be an object"),
    ("push", ["after"], ..., "/after: is missing"),
    ("push", ["after"], [1, 2], "/after: must be [epoch, seq, hash]"),
    ("push", ["after", 0], 0, "/after/epoch: must be a whole number from 1 to 999999999"),
    ("push", ["after", 0], True, "/after/epoch: must be a whole number from 1 to 999999999"),
    ("push", ["after", 1], 1.0, "/after/seq: must be a whole number from 1 to 999999999"),
    ("push", ["after", 1], 10**9, "/after/seq: must be a whole number from 1 to 999999999"),
    ("push", ["head", 2], "B" * 64, "/head/hash: must be 64 lower-case hex digits"),
    ("push", ["head", 2], "b" * 63, "/head/hash: must be 64 lower-case hex digits"),
    ("push", ["entries"], {}, "/entries: must be an array"),
    ("push", ["entries", 1], None, "/entries/1: must be an object"),
    ("push", ["entries", 0, "content"], 7, "/entries/0/content: must be a text"),
    ("push", ["entries", 0, "content"], "a\0b", "/entries/0/content: must be a text"),
    ("push", ["entries", 0, "content"], "\ud800", "/entries/0/content: must be a text"),
    ("push", ["entries", 1, "private", "salt"], "00", "/entries/1/private/salt: must be 32 lower"),
    ("push", ["entries", 1, "private", "part"], ..., "/entries/1/private/part: is missing"),
    ("push", ["fork"], "no", "/fork: must be [epoch, seq, hash]"),
    ("push_pins", ["pins", 0, "subject"], "till", "/pins/0/subject: must be 16 lower"),
    ("push_pins", ["pins", 0, "replaces"], -1, "/pins/0/replaces: must be a whole number from 0"),
    ("push_pins", ["pins", 0, "verifier", "salt"], "00", "/pins/0/verifier/salt: must be 32 low"),
    ("push_pins", ["pins", 0, "verifier", "n"], 8191, "/pins/0/verifier/n: must be one of 2, 4,"),
    ("push_pins", ["pins", 0, "verifier", "n"], 32768, "/pins/0/verifier/n: must be one of 2, 4,"),
    ("push_pins", ["pins", 0, "verifier", "r"], 9, "/pins/0/verifier/r: must be a whole number"),
    ("push_pins", ["pins", 1, "verifier"], ..., "/pins/1/verifier: is missing"),
    ("heartbeat", ["at"], "yesterday", "/at: must be a time"),
    ("heartbeat", ["at"], 7, "/at: must be a text"),
    ("points", [], [None] * 501, "/: has more than 500 items"),
    ("ack", ["acked"], {}, "/acked: must be [epoch, seq, hash]"),
    ("page", ["is_last"], 1, "/is_last: must be true or false"),
    ("page", ["cursor"], None, "/cursor: must be a text"),
    ("page", ["changes", 0, "fields"], [], "/changes/0/fields: must be an object"),
    ("page", ["changes", 1, "private"], "x", "/changes/1/private: must be an object"),
    ("page", ["applied", TILL], None, f"/applied/{TILL}: must be [epoch, seq, hash]"),
    ("tail", ["entries", 0, "prev_hash"], None, "/entries/0/prev_hash: must be 64 lower"),
    ("hold", ["balance_cents"], 1 << 63, "/balance_cents: must be a whole number from -"),
    ("hold", ["balance_cents"], "1", "/balance_cents: must be a whole number from -"),
    ("application", ["till"], "K1", "/till: must be 16 lower-case hex digits"),
    ("paired", ["token"], ["t"], "/token: must be a text"),
]


@pytest.mark.parametrize(("name", "where", "with_what", "said"), SPOILT)
def test_what_is_malformed_is_pointed_at(
    name: str, where: list[str | int], with_what: object, said: str
) -> None:
    codec, value = MESSAGES[name]
    message = json.loads(json.dumps(codec.write(value)))
    if not where:
        message = with_what
    else:
        *path, last = where
        inner = message
        for step in path:
            inner = inner[step]
        if with_what is ...:
            del inner[last]
        else:
            inner[last] = with_what
    with pytest.raises(Malformed) as told:
        codec.read(message)
    assert str(told.value).startswith(said)
