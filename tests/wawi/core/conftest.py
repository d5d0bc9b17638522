"""Houses on every database that a server may have."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpos.ledger.database import Database
from kpos.ledger.files import connect
from tests.wawi.core.haus import Haus


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = connect(tmp_path / "house.db", code="S-01", synchronous="OFF")
    yield db
    db.close()


@pytest.fixture
def haus(db: Database, tmp_path: Path) -> Iterator[Haus]:
    haus = Haus(db, tmp_path)
    yield haus
    for till in haus.tills:
        till.close()
