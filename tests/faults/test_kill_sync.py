"""Killed in turns while they speak over HTTP, till and server lose nothing and double nothing."""

import pytest

from tests.faults.runs import run_beside


@pytest.mark.minutes(1)
def test_killed_in_turns_till_and_server_agree(size):
    """A failure says the command that repeats it."""
    cycles = size(quick=2, ci=20, long=2000)
    for said in run_beside("tests.faults.kill_sync", "--cycles", cycles):
        assert "nothing lost" in said
