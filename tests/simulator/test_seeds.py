"""Many tills and a server come together again, whatever happens to them; a seed says it all."""

import pytest

from tests.simulator import judge
from tests.simulator.__main__ import main, played
from tests.simulator.run import Failed, evening, play
from tests.simulator.situations import IMPORTANT, Count
from tests.simulator.world import World

# For as many processes as there may be.
PARTS = 8
# So many seeds have each situation that matters: it is aimed at 3 % (`--statistics` counts).
ENOUGH_SEEDS = 250


@pytest.mark.minutes(2)
@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_happens_all_agree_in_the_end(size, part: int):
    """A failure says how to repeat it."""
    seeds = size(quick=16, ci=2000, long=50_000)
    count = Count()
    for seed in range(1 + part, seeds + 1, PARTS):
        told = evening(seed)
        if told.why:
            raise Failed(told)
        count.add(told.happened)
    missed = [name for name in IMPORTANT if not count.share(name)]
    assert count.seeds < ENOUGH_SEEDS or not missed, f"never, though it matters: {missed}"


def test_a_seed_says_all_that_happens():
    assert play(7) == play(7)
    assert play(7) != play(8)


def test_seeds_come_in_their_order_however_many_are_played_at_a_time():
    seeds = range(7, 12)
    with played(seeds, jobs=1) as alone, played(seeds, jobs=3) as together:
        told = [(each.seed, each.trace) for each in alone]
        assert told == [(each.seed, each.trace) for each in together]
    assert [seed for seed, _ in told] == list(seeds)


def test_the_first_seed_that_fails_is_said_in_a_line_that_repeats_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def fails_later(world: World) -> None:
        judge.must(world.seed < 8, "everything is wrong")

    monkeypatch.setattr(judge, "everything", fails_later)
    assert main(["--seed", "7", "--seeds", "1"]) == 0
    assert main(["--seed", "7", "--seeds", "3", "--jobs", "2"]) == 1
    *_, why, again = capsys.readouterr().out.splitlines()
    assert why.startswith("seed 8, step ")
    assert why.endswith("Violation: everything is wrong")
    assert again == "python -m tests.simulator --seed 8"
