"""A till that sells for years does not grow: the real process, looked at from outside."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.bench.soak import receipts, soak
from tests.faults.cuts import memory
from tests.process.jsonl_till import run_kpos

SEED = 20261122
RESIDENT_GROWTH_MAX = 1 << 20
WAL_MAX = 4 << 20


@pytest.fixture
def data() -> Iterator[Path]:
    """In memory where there is some: how long a disk takes is not judged here."""
    with TemporaryDirectory(prefix="kpos-soak-", dir=memory()) as folder:
        yield Path(folder) / "till"


@pytest.mark.minutes(6)
def test_a_till_that_sells_for_years_does_not_grow(data: Path, size):
    soaked = soak(data, size(quick=200, ci=50_000, long=1_000_000), SEED)
    looks = "\n".join(map(str, soaked.looks))
    assert soaked.growth <= RESIDENT_GROWTH_MAX, looks
    assert soaked.wal_max <= WAL_MAX, looks
    assert soaked.left_open == (0, 0), looks

    booked = receipts(data)
    before = len(booked) - len(soaked.acknowledged)  # the shop's own, when the till began
    assert booked[before:] == soaked.acknowledged, f"seed {SEED}"
    run_kpos("verify", "--data", data)
