"""What becomes of the bytes of a scanner, a card reader and a keypad."""

import pytest

from hardware.scanner import GAP_MS, SCAN_LENGTH_MAX, Fault, Scan
from hardware.serial_keypad import SerialKeypadDecoder
from hardware.serial_rfid import RfidDecoder
from hardware.serial_scanner import SerialScanDecoder

MATE, COLA = b"4029764001807", b"5449000000996"
PARTIAL = Scan(fault=Fault.PARTIAL)
UNREADABLE = Scan(fault=Fault.UNREADABLE)


def scans(data: bytes, *preambles: str) -> list[Scan]:
    return SerialScanDecoder(preambles).feed(data, 0)


class TestAScanner:
    @pytest.mark.parametrize(
        "ending", [b"\r", b"\n", b"\r\n", b"\t", b"\x03", b"\x03\r\n", b"\x04"]
    )
    def test_two_codes_in_one_read_both_arrive_whatever_ends_them(self, ending):
        assert scans(MATE + ending + COLA + ending) == [Scan(MATE.decode()), Scan(COLA.decode())]

    def test_how_the_bytes_are_cut_into_reads_changes_nothing(self):
        decoder = SerialScanDecoder()
        arrived = [scan for byte in MATE + b"\r\n" for scan in decoder.feed(bytes([byte]), 0)]
        assert arrived == [Scan(MATE.decode())]

    def test_a_code_may_be_framed_by_stx_and_etx(self):
        assert scans(b"\x02" + MATE + b"\x03") == [Scan(MATE.decode())]

    def test_an_ending_alone_is_no_scan(self):
        assert scans(b"\r\n\r\n\x03") == []

    @pytest.mark.parametrize(
        ("sent", "text"),
        [
            (b"F4029764001807", "4029764001807"),
            (b"FF40678092", "40678092"),
            (b"A036000291452", "036000291452"),
            (b"4029764001807", "4029764001807"),
            (b"F", "F"),  # nothing of a code behind it: so it is one
            (b"GUEST-1", "GUEST-1"),
        ],
    )
    def test_the_letter_a_psc_sends_before_a_code_is_cut_off(self, sent, text):
        assert scans(sent + b"\r", "F", "FF", "A") == [Scan(text)]

    def test_nothing_is_cut_off_unless_it_was_asked_for(self):
        assert scans(b"F4029764001807\r") == [Scan("F4029764001807")]

    @pytest.mark.parametrize("identifier", ["]E0", "]E4", "]C1", "]d2", "]Q3"])
    def test_the_identifiers_of_aim_stay_for_whoever_reads_elements(self, identifier):
        assert scans(identifier.encode() + MATE + b"\r") == [Scan(identifier + MATE.decode())]

    def test_the_group_separator_of_gs1_arrives_and_no_other_control_character(self):
        sent = (
            b"]C1"
            + bytes(byte for byte in range(32) if byte not in b"\t\n\r\x03\x04")
            + b"17\x7f\r"
        )
        assert scans(sent) == [Scan("]C1\x1d17")]

    def test_characters_beyond_ascii_are_utf_8_or_else_latin_1(self):
        assert scans("Käse\r".encode() + "Käse\r".encode("latin-1")) == [Scan("Käse"), Scan("Käse")]

    @pytest.mark.parametrize("noise", [b"\x80\x81\x9f", "\u0085".encode(), "\ufffd".encode()])
    def test_what_a_line_at_the_wrong_speed_reads_as_is_refused(self, noise):
        assert scans(b"40" + noise + b"\r" + MATE + b"\r")[-1] == Scan(MATE.decode())
        assert noise != b"\x80\x81\x9f" or scans(noise + b"\r") == [UNREADABLE]

    def test_the_longest_code_arrives_and_a_longer_one_is_refused_once_to_its_end(self):
        assert scans(b"7" * SCAN_LENGTH_MAX + b"\r") == [Scan("7" * SCAN_LENGTH_MAX)]
        assert scans(b"7" * 3 * SCAN_LENGTH_MAX + b"\r" + MATE + b"\r") == [
            Scan(fault=Fault.OVERLONG),
            Scan(MATE.decode()),
        ]

    def test_an_endless_code_without_an_ending_ends_with_a_pause(self):
        decoder = SerialScanDecoder()
        decoder.feed(b"7" * 2 * SCAN_LENGTH_MAX, 0)
        assert decoder.deadline_ms == GAP_MS
        assert decoder.flush(GAP_MS) == []
        assert decoder.feed(MATE + b"\r", GAP_MS) == [Scan(MATE.decode())]

    def test_a_code_without_an_ending_ends_with_a_pause(self):
        decoder = SerialScanDecoder()
        assert decoder.feed(MATE, 50) == []
        assert decoder.flush(50 + GAP_MS - 1) == []
        assert decoder.flush(50 + GAP_MS) == [Scan(MATE.decode())]
        assert decoder.deadline_ms is None

    def test_a_code_that_breaks_off_is_refused_once_the_scanner_is_known_to_end_its_codes(self):
        decoder = SerialScanDecoder()
        decoder.feed(COLA + b"\r" + MATE[:4], 0)
        assert decoder.flush(GAP_MS) == [PARTIAL]
        assert decoder.feed(MATE + b"\r", GAP_MS) == [Scan(MATE.decode())]

    def test_a_loop_that_was_busy_does_not_tear_a_code_in_two(self):
        decoder = SerialScanDecoder()
        decoder.feed(MATE[:4], 0)
        assert decoder.feed(MATE[4:] + b"\r", 5_000) == [Scan(MATE.decode())]

    def test_unplugging_forgets_half_a_code_and_what_was_known_of_its_endings(self):
        decoder = SerialScanDecoder()
        decoder.feed(COLA + b"\r" + MATE[:4], 0)
        decoder.reset()
        assert decoder.deadline_ms is None
        decoder.feed(MATE, 0)
        assert decoder.flush(GAP_MS) == [Scan(MATE.decode())]

    def test_a_code_is_in_no_repr(self):
        decoder = SerialScanDecoder()
        assert "4029" not in repr(decoder.feed(MATE + b"\r" + MATE, 0)) + repr(decoder)


def message(card: str, checksum: str = "", *, end: bytes = b"\x03") -> bytes:
    octets = bytes.fromhex(card)
    right = octets[0] ^ octets[1] ^ octets[2] ^ octets[3] ^ octets[4]
    return b"\x02" + (card + (checksum or f"{right:02X}")).encode() + end


class TestACardReader:
    def test_a_card_is_read(self):
        # The card of the RDM6300's data sheet: 62 ^ E3 ^ 08 ^ 6C ^ ED = 08.
        assert RfidDecoder().feed(b"\x0262E3086CED08\x03", 0) == [Scan("62E3086CED")]

    def test_cr_lf_before_the_end_is_as_good(self):
        assert RfidDecoder().feed(message("0415AB12CD", end=b"\r\n\x03"), 0) == [Scan("0415AB12CD")]

    def test_lower_case_is_the_same_card(self):
        assert RfidDecoder().feed(message("0415AB12CD").lower(), 0) == [Scan("0415AB12CD")]

    def test_a_wrong_checksum_is_dropped_and_counted(self):
        reader = RfidDecoder()
        assert reader.feed(message("0415AB12CD", "00") + message("62E3086CED"), 0) == [
            Scan("62E3086CED")
        ]
        assert reader.dropped == 1

    @pytest.mark.parametrize("bit", range(8 * 12))
    def test_one_wrong_bit_never_makes_another_card(self, bit):
        reader = RfidDecoder()
        sent = bytearray(message("62E3086CED"))
        sent[1 + bit // 8] ^= 1 << bit % 8
        # Bit 5 turns a letter's case: the same card.
        assert reader.feed(bytes(sent), 0) in ([], [Scan("62E3086CED")])

    @pytest.mark.parametrize(
        "damaged", [b"\x0262E3086C", b"\x0262E3086CED088\x03", b"\x02\x03", b"\x0262E30X6CED08\x03"]
    )
    def test_a_damaged_message_does_not_spoil_the_next(self, damaged):
        reader = RfidDecoder()
        assert reader.feed(damaged + message("0415AB12CD"), 0) == [Scan("0415AB12CD")]
        assert reader.dropped == 1

    def test_noise_between_messages_counts_for_nothing(self):
        reader = RfidDecoder()
        sent = b"\xff\x00 12" + message("0415AB12CD") + b"\r\n\x03"
        assert reader.feed(sent, 0) == [Scan("0415AB12CD")]
        assert reader.dropped == 0

    def test_every_repeat_of_a_card_that_stays_is_passed_on(self):
        card = message("0415AB12CD")
        assert RfidDecoder().feed(3 * card, 0) == 3 * [Scan("0415AB12CD")]

    def test_unplugging_forgets_half_a_card(self):
        reader = RfidDecoder()
        reader.feed(b"\x0262E308", 0)
        reader.reset()
        assert reader.feed(b"6CED08\x03", 0) == []
        assert reader.flush(10**9) == []


class TestAKeypad:
    def test_one_byte_is_one_key(self):
        assert SerialKeypadDecoder().feed(b"0123456789*#", 0) == list("0123456789*#")

    def test_enter_and_backspace_are_ok_and_back(self):
        assert SerialKeypadDecoder().feed(b"1\r\n2\x08\x1b\x7f-", 0) == list("1#2****")

    def test_what_it_does_not_know_it_ignores(self):
        assert SerialKeypadDecoder().feed(b"ABCD\x00\xff 1", 0) == ["1"]

    def test_a_keymap_says_what_the_letters_are(self):
        pad = SerialKeypadDecoder({ord("A"): "#", ord("D"): "00", ord("#"): ""})
        assert pad.feed(b"1AD#", 0) == list("1#00")
        assert pad.flush(0) == []

    @pytest.mark.parametrize("keys", ["x", "0000", "1a"])
    def test_a_keymap_can_type_nothing_but_the_twelve_keys(self, keys):
        with pytest.raises(ValueError, match="may type up to 3 of"):
            SerialKeypadDecoder({ord("A"): keys})

    def test_a_pin_is_in_no_repr(self):
        assert "1234" not in repr(SerialKeypadDecoder())
