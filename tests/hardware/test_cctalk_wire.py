"""ccTalk on the wire: messages, their echo, and what is damaged."""

import pytest

from hardware.cash import Ask
from hardware.cctalk import (
    MODIFY_MASTER_INHIBIT,
    REQUEST_EQUIPMENT_CATEGORY,
    CcTalkLink,
    euro_cents,
    message,
)


class TestVectors:
    """Of the protocol's public description, and of the manual of a Suzo Flow-18."""

    @pytest.mark.parametrize(
        ("sent", "header", "data"),
        [
            ("02 00 01 FE FF", 254, ""),
            ("02 00 01 F5 08", 245, ""),
            ("03 00 01 F6 06", 246, ""),
            ("03 00 01 04 F8", 4, ""),
            ("03 00 01 01 FB", 1, ""),
        ],
    )
    def test_requests(self, sent, header, data):
        octets = bytes.fromhex(sent)
        assert message(octets[0], 1, header, bytes.fromhex(data)) == octets

    @pytest.mark.parametrize(
        ("sent", "answer"),
        [
            ("02 00 01 F5 08", "01 0D 02 00 43 6F 69 6E 20 41 63 63 65 70 74 6F 72 16"),
            ("03 00 01 F6 06", "01 09 03 00 53 75 7A 6F 2D 48 61 70 70 8C"),
            ("03 00 01 01 FB", "01 00 03 00 FC"),
        ],
    )
    def test_answers_with_and_without_the_echo_of_the_wire(self, sent, answer):
        asked, answered = bytes.fromhex(sent), bytes.fromhex(answer)
        for heard in (asked + answered, answered):
            link = CcTalkLink(asked[0])
            assert link.frame(Ask(asked[3:-1])) == asked
            # Byte by byte: whole only with the last.
            told = [link.answer(bytes([byte])) for byte in heard]
            assert told == [None] * (len(heard) - 1) + [answered[4:-1]]


class TestLink:
    @pytest.mark.parametrize("at", range(18))
    @pytest.mark.parametrize("bit", range(8))
    def test_one_wrong_bit_and_there_is_no_answer(self, at, bit):
        answer = bytearray(message(1, 2, 0, b"Coin Acceptor"))
        answer[at] ^= 1 << bit
        link = CcTalkLink()
        sent = link.frame(Ask(bytes([REQUEST_EQUIPMENT_CATEGORY])))
        assert link.answer(sent + bytes(answer)) is None

    def test_the_echo_alone_is_no_answer(self):
        link = CcTalkLink()
        assert link.answer(link.frame(Ask(bytes([MODIFY_MASTER_INHIBIT, 1])))) is None

    def test_an_answer_of_another_length_is_none_to_this_question(self):
        link = CcTalkLink()
        sent = link.frame(Ask(bytes([229]), 11))
        assert link.answer(sent + message(1, 2, 0)) is None

    @pytest.mark.parametrize(
        ("coin", "cents"),
        [
            (b"EU200A", 200),
            (b"EU005B", 5),
            (b"EU500A", 0),
            (b"GB100A", 0),
            (b"......", 0),
            (b"EU1K0A", 0),
            (b"TK001A", 0),
        ],
    )
    def test_only_euro_coins_have_a_value(self, coin, cents):
        assert euro_cents(coin) == cents
