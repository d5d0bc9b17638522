"""A million streams of nonsense with something sensible in it: no decoder ever raises.

`test_fuzz.py` has the properties and looks for the smallest stream that breaks one; this is the
number. Seeded, so that a failure names the stream that made it.
"""

import random
from collections.abc import Callable
from typing import Any

import pytest

from hardware import cctalk, ssp
from hardware import linux_input as li
from hardware.cash import CashDevice, Dialogue, Trouble
from hardware.cctalk import CoinAcceptor
from hardware.keypad import KEYS, KeypadDecoder
from hardware.keys import DE, US
from hardware.linux_input import InputEvent
from hardware.scanner import ScanDecoder
from hardware.serial_keypad import SerialKeypadDecoder
from hardware.serial_rfid import RfidDecoder
from hardware.serial_scanner import SerialScanDecoder
from hardware.ssp import NoteValidator
from tests.hardware.test_fuzz import check

OK_OF_SSP, ACK_OF_CCTALK = ssp.frame(0x80, b"\xf0"), cctalk.message(1, 2, 0)
KEYS_PRESSED = [*range(1, 127), 0x200, 0x20B, 0x2FF, 0xFFFF]
VALUES = (0, 0, 1, 1, 1, 1, 2, -1, 2**31 - 1)
PIECES = (
    b"\r", b"\n", b"\r\n", b"\t", b"\x02", b"\x03", b"\x1d", b"\x00", b"F", b"]C1", b"#*",
    b"4029764001807", b"62E3086CED08", b"0415AB12CD", b"7" * 130, b"\xff", b"\xc3",
    b"\xa4", b"\xef\xbf\xbd",
)  # fmt: skip


def events(chance: random.Random) -> list[InputEvent]:
    now_ms = chance.randrange(2_000)
    stream = []
    for _ in range(chance.randrange(24)):
        now_ms += chance.choice((0, 1, 4, 4, 50, 120, -30))
        if chance.random() < 0.05:
            kind, code = chance.choice(((li.EV_SYN, 3), (4, 4), (0xFFFF, 0xFFFF), (li.EV_SYN, 0)))
            stream.append(InputEvent(now_ms, kind, code, 0))
        else:
            code, value = chance.choice(KEYS_PRESSED), chance.choice(VALUES)
            stream.append(InputEvent(now_ms, li.EV_KEY, code, value))
    return stream


def octets(chance: random.Random) -> bytes:
    pieces = (
        chance.choice(PIECES) if chance.random() < 0.7 else chance.randbytes(chance.randrange(9))
        for _ in range(chance.randrange(12))
    )
    return b"".join(pieces)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ScanDecoder(US),
        lambda: ScanDecoder(DE, ("F", "FF")),
        KeypadDecoder,
    ],
    ids=["scanner-us", "scanner-de", "keypad"],
)
def test_no_stream_of_events_raises(make: Callable[[], Any], size):
    chance = random.Random(7)
    decoder = make()  # one for all: what a stream leaves behind is part of the next
    for _ in range(size(quick=1_000, ci=170_000, long=1_000_000)):
        answers = decoder.feed(events(chance)) + decoder.flush(chance.randrange(4_000))
        judge(answers)


@pytest.mark.parametrize(
    "make",
    [lambda: SerialScanDecoder(("F", "FF")), RfidDecoder, SerialKeypadDecoder],
    ids=["scanner", "reader", "keypad"],
)
def test_no_stream_of_bytes_raises(make: Callable[[], Any], size):
    chance = random.Random(7)
    decoder = make()
    for now_ms in range(0, 60 * size(quick=1_000, ci=170_000, long=1_000_000), 60):
        answers = decoder.feed(octets(chance), now_ms) + decoder.flush(
            now_ms + chance.randrange(200)
        )
        judge(answers)


@pytest.mark.parametrize("make", [CoinAcceptor, NoteValidator], ids=["coins", "notes"])
def test_no_answer_raises_or_is_money(make: Callable[[], CashDevice], size):
    chance = random.Random(7)
    dialogue = Dialogue(make())
    dialogue.accept()
    now_ms = 0
    for _ in range(size(quick=1_000, ci=100_000, long=500_000)):
        now_ms += chance.choice((1, 50, 1_000))
        asked = dialogue.to_send()
        answer = b"".join(chance.choices((asked, OK_OF_SSP, ACK_OF_CCTALK, octets(chance)), k=2))
        for event in dialogue.feed(answer, now_ms) + dialogue.flush(now_ms):
            assert isinstance(event, Trouble)


def judge(answers: list[Any]) -> None:
    if answers and isinstance(answers[0], str):
        assert set(answers) <= set(KEYS)
    else:
        check(answers)
