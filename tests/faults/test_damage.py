"""Whatever a file suffers, the till finds it or it does no harm."""

import pytest

from tests.faults.runs import run_beside


@pytest.mark.minutes(2)
def test_damage_is_found_or_does_no_harm(size):
    """A failure says which mutant, and the command that repeats it."""
    mutants = size(quick=60, ci=2000, long=100_000)
    run_beside("tests.faults.damage", "--mutants", mutants)
