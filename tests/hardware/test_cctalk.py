"""A coin acceptor on a line that loses, repeats and garbles: every coin is credited once."""

import random

import pytest

from hardware.cash import Credit
from hardware.cctalk import CoinAcceptor
from tests.hardware.cash_devices import Bench, EmulatedCoinAcceptor, Noise

CENTS = (1, 2, 5, 10, 20, 50, 100, 200)


@pytest.fixture
def bench_of(tmp_path):
    benches: list[Bench[EmulatedCoinAcceptor]] = []

    def bench_of(
        noise: Noise | None = None, *, after: int | None = None, **options
    ) -> Bench[EmulatedCoinAcceptor]:
        device = EmulatedCoinAcceptor(noise or Noise(), **options)
        link = tmp_path / f"coins{len(benches)}"
        benches.append(Bench(link, device, lambda: CoinAcceptor(after=after)))
        return benches[-1]

    yield bench_of
    for bench in benches:
        bench.close()


@pytest.fixture
def bench(bench_of) -> Bench[EmulatedCoinAcceptor]:
    bench: Bench[EmulatedCoinAcceptor] = bench_of()
    bench.source.accept()
    bench.turns_until(lambda: bench.device.master)
    return bench


def test_each_coin_is_credited_with_its_value(bench):
    for position in range(1, 9):
        assert bench.device.insert(position)
        bench.turns()
    assert bench.cents == list(CENTS)
    assert bench.troubles == []


def test_coins_that_fall_between_two_polls_are_all_credited_in_their_order(bench):
    for position in (8, 8, 1, 6, 7):
        bench.device.insert(position)
    bench.turns()
    assert bench.events == [
        Credit(cents, at + 1) for at, cents in enumerate((200, 200, 1, 50, 100))
    ]


def test_without_an_echo_it_works_as_well(bench_of):
    bench = bench_of(has_echo=False)
    bench.source.accept()
    bench.turns_until(lambda: bench.device.master)
    bench.device.insert(7)
    bench.turns()
    assert bench.cents == [100]


def test_nothing_is_accepted_unless_it_was_asked_for(bench_of):
    bench = bench_of()
    bench.turns()
    assert not bench.device.insert(7)
    bench.source.accept()
    bench.turns_until(lambda: bench.device.master)
    assert bench.device.insert(7)
    bench.source.inhibit()
    bench.turns_until(lambda: not bench.device.master)
    assert not bench.device.insert(7)
    bench.turns()
    assert bench.cents == [100]


def test_accepting_is_not_a_matter_of_waiting(bench_of):
    bench = bench_of()
    bench.turns()
    bench.turns_until(lambda: (bench.source.deadline_ms or 0) - bench.now_ms > 500)  # it rests
    before = bench.now_ms
    bench.source.accept()
    bench.turns_until(lambda: bench.device.master)
    assert bench.now_ms - before <= 10 * 20, "nothing but its messages"


def test_a_reader_at_rest_is_asked_once_a_second(bench_of):
    bench = bench_of()
    bench.turns()
    before, polls = bench.now_ms, bench.device.polls
    bench.turns(10)
    assert bench.now_ms - before >= 1000 * (bench.device.polls - polls - 1)


def test_a_coin_that_was_falling_when_it_was_inhibited_is_credited(bench):
    bench.source.inhibit()
    bench.device.insert(8)
    bench.turns()
    assert bench.cents == [200]


def test_the_device_is_asked_nothing_until_a_credit_is_booked(bench):
    bench.settles = False
    bench.device.insert(8)
    bench.turns_until(lambda: bench.cents)
    polls = bench.device.polls
    bench.device.insert(7)
    for _ in range(20):
        bench.turn()
    assert (bench.source.deadline_ms, bench.device.polls) == (None, polls)
    bench.source.settle()
    bench.turns_until(lambda: len(bench.cents) == 2)
    assert bench.cents == [200, 100]


def test_the_counter_goes_from_255_to_1(bench):
    for _ in range(520):
        bench.device.insert(1)
        bench.turns(1)
    assert bench.cents == 520 * [1]
    assert bench.troubles == []
    numbers = [event.number for event in bench.events if isinstance(event, Credit)]
    assert numbers == [at % 255 + 1 for at in range(520)]


def test_more_coins_than_the_device_remembers_are_noticed(bench):
    for _ in range(7):
        bench.device.insert(8)
    bench.turns()
    assert bench.cents == 5 * [200]
    assert bench.troubles == ["2 events are lost, which may have been coins"]


def test_a_coin_that_was_refused_is_no_credit(bench):
    bench.device.happens(0, 1)
    bench.device.insert(8)
    bench.device.happens(0, 1)
    bench.turns()
    assert bench.cents == [200]


def test_a_coin_without_a_value_is_for_the_admin(bench):
    bench.device.happens(12, 0)
    bench.turns()
    assert (bench.cents, len(bench.troubles)) == ([], 1)


def test_what_it_took_before_anybody_listened_is_nobodys(bench_of):
    bench = bench_of()
    for _ in range(3):
        bench.device.happens(8, 0)
    bench.turns()
    assert bench.events == []


def test_what_it_took_after_the_last_booking_is_credited_when_the_till_is_back(bench_of):
    bench = bench_of(after=254)
    bench.device.counter = 252
    for position in (1, 1, 7, 8):  # 253, 254, 255, 1
        bench.device.happens(position, 0)
    bench.turns()
    assert bench.events == [Credit(100, 255, is_late=True), Credit(200, 1, is_late=True)]
    bench.device.happens(8, 0)
    bench.turns()
    assert bench.events[2:] == [Credit(200, 2)]


def test_a_counter_that_is_not_the_one_that_was_booked_credits_nothing(bench_of):
    bench = bench_of(after=100)
    for _ in range(3):
        bench.device.happens(8, 0)
    bench.turns()
    assert (bench.cents, len(bench.troubles)) == ([], 1)
    bench.device.happens(7, 0)
    bench.turns()
    assert bench.cents == [100]


def test_coins_that_fell_while_the_wire_was_pulled_out_are_credited(bench):
    bench.device.insert(7)
    bench.turns()
    bench.device.insert(8)
    bench.replug()
    bench.turns()
    bench.turns_until(lambda: bench.device.master)
    bench.device.insert(6)
    bench.turns()
    assert (bench.cents, bench.troubles) == ([100, 200, 50], [])


def test_a_garbled_poll_with_a_checksum_that_is_right_by_chance_is_no_coin(bench):
    class Forger(Noise):
        forgeries = 1

        def passes(self, message: bytes) -> bytes:
            if len(message) != 16 or not self.forgeries:
                return message
            self.forgeries -= 1
            changed = bytearray(message)
            changed[4] += 1  # the counter
            changed[5] += 8  # two euros
            changed[-1] = -sum(changed[:-1]) & 0xFF
            return bytes(changed)

    bench.device.noise = Forger()
    bench.turns(5)
    assert bench.device.noise.forgeries == 0
    assert bench.events == []


def test_a_device_that_lost_its_power_is_set_up_again(bench):
    bench.device.insert(8)
    bench.turns()
    bench.device.loses_power()
    bench.turns_until(lambda: bench.device.master)
    bench.device.insert(7)
    bench.turns()
    assert (bench.cents, bench.troubles) == ([200, 100], ["was reset"])


def test_a_device_that_does_not_answer_is_said_once_and_found_again(bench):
    bench.device.insert(8)
    bench.is_dead = True
    for _ in range(100):
        bench.turn()
    bench.is_dead = False
    bench.turns_until(lambda: bench.cents)
    assert (bench.cents, bench.troubles) == ([200], ["does not answer", "answers again"])


def test_something_else_at_its_address_is_said(bench_of):
    bench = bench_of()
    bench.device.category = b"Payout"
    bench.turns()
    assert bench.troubles == ["is no coin acceptor, but says it is b'Payout'"]


@pytest.mark.parametrize("share", [0.1, 0.3])
@pytest.mark.parametrize("has_echo", [True, False])
def test_whatever_is_lost_repeated_or_garbled_each_coin_is_credited_once(
    bench_of, share, has_echo, size
):
    for seed in range(size(quick=2, ci=20, long=200)):
        noise = Noise(seed, share=share)
        bench = bench_of(noise, has_echo=has_echo)
        taken = evening(bench, random.Random(seed))
        noise.share = 0
        bench.turns(5)
        assert bench.cents == taken, f"seed {seed}"
        assert not [text for text in bench.troubles if "lost" in text or "reset" in text]
        assert noise.spoiled > 5
        bench.close()


def evening(bench: Bench[EmulatedCoinAcceptor], chance: random.Random) -> list[int]:
    """Up to three coins at a time; returns what was taken."""
    bench.source.accept()
    taken: list[int] = []
    for _ in range(60):
        bench.turns_until(lambda: bench.device.master)
        for _ in range(chance.randrange(4)):
            position = chance.randrange(1, 9)
            if bench.device.insert(position):
                taken.append(CENTS[position - 1])
        bench.turns_until(lambda: len(bench.cents) >= len(taken))
        assert bench.cents == taken
    return taken
