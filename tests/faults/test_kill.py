"""Killed at any moment, the till loses nothing that it thanked for, and forgets no wrong PIN."""

import pytest

from tests.faults.runs import run_beside


@pytest.mark.minutes(2)
def test_killed_again_and_again_nothing_acknowledged_is_lost(size):
    """A failure says the command that repeats it."""
    kills = size(quick=5, ci=1000, long=100_000)
    for said in run_beside("tests.faults.kill", "--kills", kills):
        assert "nothing lost" in said
