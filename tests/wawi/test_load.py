"""The load tool in a small size: a crowd of tills, and books that agree afterwards."""

from pathlib import Path

import pytest

from tests.load.play import Sizes, play
from tests.reports.postgres import programs

SMALL = Sizes(tills=4, rounds=2, returning=2, week=60, products=220, documents=150)


@pytest.mark.parametrize("on_postgres", [False, True], ids=["sqlite", "postgres"])
def test_a_crowd_of_tills_and_a_server_agree(tmp_path: Path, *, on_postgres: bool) -> None:
    if on_postgres and programs() is None:
        pytest.skip("postgresql is not installed")
    figures = {each.name: each for each in play(SMALL, tmp_path, on_postgres=on_postgres)}
    assert figures["delta of 20 products after that"].verdict == "reached"
    assert figures["books of server and tills"].verdict == "reached"
    assert ("taking documents in, CPU, SQLite" in figures) is not on_postgres
