"""A weekend that was spent, and questions about it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kpos.reports.asked import Asked, Connection, parse_days
from kpos.reports.result import Report
from tests.ledger.kasse import Kasse
from tests.reports.weekend import spend_a_weekend

BERLIN = ZoneInfo("Europe/Berlin")
Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def weekend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kasse]:
    """Read by every test of a module, changed by none."""
    path: Path = tmp_path_factory.mktemp("weekend") / "data"
    kasse = Kasse(path)
    spend_a_weekend(kasse)
    yield kasse
    kasse.close()


@pytest.fixture(scope="module")
def db(weekend: Kasse) -> Connection:
    """Its stammdaten.db."""
    return weekend.books.current()


def asked(first: str | None = None, last: str | None = None, **more: Any) -> Asked:
    """In Berlin; days as people type them."""
    begin = parse_days(first)[0] if first else None
    end = parse_days(last)[1] if last else None
    return Asked(BERLIN, begin, end, **more)


def rows(
    report: Callable[..., Report], db: Connection, of: Asked, *columns: str, **more: Any
) -> Rows:
    """Some columns of a report's rows, all of them if none is named."""
    found = report(db, of, **more)
    return [tuple(row[name] for name in columns or found.columns) for row in found.rows]
