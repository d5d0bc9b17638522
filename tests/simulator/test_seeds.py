"""Many tills and a server come together again, whatever happens to them; a seed says it all."""

import pytest

from tests.simulator.run import play

# Two halves, for two processes.
HALVES = 2


@pytest.mark.parametrize("half", range(HALVES))
def test_whatever_happens_all_agree_in_the_end(size, half: int):
    """A failure says how to repeat it."""
    seeds = size(quick=16, ci=200, long=50_000)
    for seed in range(1 + half, seeds + 1, HALVES):
        play(seed)


def test_a_seed_says_all_that_happens():
    assert play(7) == play(7)
    assert play(7) != play(8)
