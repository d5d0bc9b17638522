"""A note validator on a line that loses, repeats and garbles: every note is credited once."""

import random

import pytest

from hardware import ssp
from hardware.cash import Ask, Credit
from hardware.ssp import FrameReader, NoteValidator, SspLink, crc16, euro_notes, frame
from tests.hardware.cash_devices import Bench, EmulatedNoteValidator, Noise

CENTS = (500, 1000, 2000, 5000)


@pytest.fixture
def bench_of(tmp_path):
    benches: list[Bench[EmulatedNoteValidator]] = []

    def bench_of(noise: Noise | None = None, **options) -> Bench[EmulatedNoteValidator]:
        device = EmulatedNoteValidator(noise or Noise(), **options)
        benches.append(Bench(tmp_path / f"notes{len(benches)}", device, NoteValidator))
        return benches[-1]

    yield bench_of
    for bench in benches:
        bench.close()


@pytest.fixture
def bench(bench_of) -> Bench[EmulatedNoteValidator]:
    bench: Bench[EmulatedNoteValidator] = bench_of()
    bench.source.accept()
    bench.turns_until(lambda: bench.device.is_enabled)
    return bench


def read(data: bytes) -> list[tuple[int, bytes]]:
    return list(FrameReader().feed(data))


class TestVectors:
    @pytest.mark.parametrize(
        ("head", "data", "sent"),
        [
            (0x80, "11", "7F 80 01 11 65 82"),
            (0x80, "07", "7F 80 01 07 12 02"),
            (0x00, "07", "7F 00 01 07 11 88"),
            (0x80, "0A", "7F 80 01 0A 3F 82"),
            (0x80, "F0", "7F 80 01 F0 23 80"),
        ],
    )
    def test_frames(self, head, data, sent):
        assert frame(head, bytes.fromhex(data)) == bytes.fromhex(sent)
        assert read(bytes.fromhex(sent)) == [(head, bytes.fromhex(data))]

    def test_the_first_request_is_sync_with_the_bit_and_the_next_is_without(self):
        link = SspLink()
        assert link.frame(Ask(bytes([ssp.SYNC]))) == bytes.fromhex("7F 80 01 11 65 82")
        assert link.frame(Ask(bytes([ssp.POLL]))) == bytes.fromhex("7F 00 01 07 11 88")
        assert link.again() == bytes.fromhex("7F 00 01 07 11 88")
        assert link.frame(Ask(bytes([ssp.POLL]))) == bytes.fromhex("7F 80 01 07 12 02")


class TestFrames:
    @pytest.mark.parametrize("data", [b"\x7f", b"\x7f\x7f", b"\xef\x7f\x7f\x01", b"\x7f" * 40])
    def test_a_7f_is_doubled_and_read_as_one(self, data):
        sent = frame(0x80, data)
        assert sent.count(b"\x7f") >= 1 + 2 * data.count(b"\x7f")
        assert read(sent) == [(0x80, data)]
        # However it is cut into reads.
        reader = FrameReader()
        assert [each for byte in sent for each in reader.feed(bytes([byte]))] == [(0x80, data)]

    def test_a_checksum_with_7f_in_it_is_doubled_too(self):
        data = next(
            data
            for number in range(1 << 16)
            if 0x7F in crc16(b"\x80\x02" + (data := number.to_bytes(2, "big"))).to_bytes(2, "big")
        )
        assert read(frame(0x80, data)) == [(0x80, data)]

    def test_noise_before_a_frame_and_half_a_frame_do_no_harm(self):
        whole = frame(0, b"\xf0")
        assert read(b"\x00\xff" + whole[:3] + whole) == [(0, b"\xf0")]

    @pytest.mark.parametrize("bit", range(8 * 5))
    def test_one_wrong_bit_and_it_is_dropped(self, bit):
        sent = bytearray(frame(0x80, b"\xf0"))
        sent[1 + bit // 8] ^= 1 << bit % 8
        assert read(bytes(sent)) == []

    def test_an_answer_with_the_other_bit_is_an_old_one(self):
        link = SspLink()
        link.frame(Ask(bytes([ssp.SYNC])))
        assert link.answer(frame(0x00, b"\xf0")) is None
        assert link.answer(frame(0x80, b"\xf0")) == b"\xf0"


class TestSetup:
    @pytest.mark.parametrize("protocol", [4, 6, 8])
    def test_the_values_of_the_channels(self, protocol):
        assert euro_notes(EmulatedNoteValidator(Noise(), protocol=protocol).setup()) == list(CENTS)

    @pytest.mark.parametrize("length", range(60))
    def test_half_an_answer_raises_nothing_and_has_no_wrong_value(self, length):
        cut = EmulatedNoteValidator(Noise()).setup()[:length]
        assert set(euro_notes(cut)) <= {0, *CENTS}

    def test_other_money_has_no_value(self):
        setup = EmulatedNoteValidator(Noise(), protocol=4).setup().replace(b"EUR", b"GBP")
        assert euro_notes(setup) == [0, 0, 0, 0]


@pytest.mark.parametrize("protocol", [4, 6])
def test_each_note_is_credited_with_its_value(bench_of, protocol):
    bench = bench_of(protocol=protocol)
    bench.source.accept()
    bench.turns_until(lambda: bench.device.is_enabled)
    for channel in range(1, 5):
        assert bench.device.insert(channel)
        bench.turns(4)
    assert bench.events[-4:] == [Credit(cents, at + 1) for at, cents in enumerate(CENTS)]


def test_nothing_is_accepted_unless_it_was_asked_for(bench_of):
    bench = bench_of()
    bench.turns()
    assert not bench.device.insert(1)
    bench.source.accept()
    bench.turns_until(lambda: bench.device.is_enabled)
    assert bench.device.insert(1)
    bench.turns_until(lambda: bench.cents)
    bench.source.inhibit()
    bench.turns_until(lambda: not bench.device.is_enabled)
    assert not bench.device.insert(1)
    assert bench.cents == [500]


def test_a_note_that_waits_when_nobody_wants_it_any_more_is_given_back(bench):
    bench.device.insert(4)
    bench.source.inhibit()
    bench.turns(4)
    assert (bench.device.returned, bench.device.stacked, bench.cents) == ([4], [], [])


def test_the_device_is_asked_nothing_until_a_credit_is_booked(bench):
    bench.settles = False
    bench.device.insert(3)
    bench.turns_until(lambda: bench.cents)
    polls = bench.device.polls
    for _ in range(20):
        bench.turn()
    assert (bench.source.deadline_ms, bench.device.polls) == (None, polls)
    bench.source.settle()
    bench.turns()


def test_a_device_that_lost_its_power_is_set_up_again(bench):
    bench.device.loses_power()
    bench.turns_until(lambda: bench.device.is_enabled)
    bench.device.insert(2)
    bench.turns(4)
    assert bench.cents == [1000]
    assert bench.troubles[-1] == "was reset"


def test_an_answer_that_was_lost_for_long_is_repeated_and_credited(bench):
    bench.device.insert(4)
    bench.turns_until(lambda: bench.device.stacked)  # the device has told it
    bench.events.clear()
    bench.device.insert(1)
    bench.is_dead = True
    for _ in range(50):
        bench.turn()
    bench.is_dead = False
    bench.turns_until(lambda: 500 in bench.cents)
    assert bench.troubles == ["does not answer", "answers again"]


def test_a_note_that_was_told_when_the_wire_was_pulled_out_is_credited(bench):
    bench.device.insert(4)
    bench.device.noise = Deaf(bench.device)
    bench.turns_until(lambda: bench.device.stacked)
    assert bench.cents == []
    bench.device.noise = Noise()
    bench.replug()
    bench.turns_until(lambda: bench.device.is_enabled and bench.cents)
    bench.turns()
    assert bench.cents == [5000]


class Deaf(Noise):
    """The answer that tells a credit is lost."""

    def __init__(self, device: EmulatedNoteValidator) -> None:
        super().__init__()
        self._device = device

    def passes(self, message: bytes) -> bytes:
        return b"" if ssp.NOTE_CREDIT in message and self._device.stacked else message


def test_trouble_that_lasts_is_said_once(bench):
    for _ in range(5):
        bench.device.news.append(b"\xe9")
        bench.turns(1)
    assert bench.troubles.count("a note is stuck at the front") == 1


def test_a_note_without_a_value_and_a_code_nobody_knows_are_for_the_admin(bench):
    bench.device.news.append(b"\xee\x09")
    bench.turns()
    bench.device.news.append(b"\x99\xee\x01")
    bench.turns()
    assert bench.cents == []
    assert bench.troubles[-2:] == [
        "has taken a note whose value is unknown (channel 9)",
        "said 99, which is unknown, and perhaps more after it",
    ]


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
def test_whatever_is_lost_repeated_or_garbled_each_note_is_credited_once(bench_of, share, size):
    for seed in range(size(quick=2, ci=20, long=200)):
        noise = Noise(seed, share=share)
        bench = bench_of(noise)
        evening(bench, random.Random(seed))
        noise.share = 0
        bench.turns(5)
        assert bench.cents == [CENTS[channel - 1] for channel in bench.device.stacked]
        assert len(bench.cents) == 40
        assert noise.spoiled > 5
        bench.close()


def evening(bench: Bench[EmulatedNoteValidator], chance: random.Random) -> None:
    bench.source.accept()
    for _ in range(40):
        bench.turns_until(lambda: bench.device.is_enabled)
        bench.device.insert(chance.randrange(1, 5))
        bench.turns_until(lambda: not bench.device.escrow)
        if chance.random() < 0.2:
            bench.turns(2)
