"""The same reports on a real PostgreSQL, which the server will ask, and the same answers."""

import re
from collections.abc import Iterator

import pytest

from kpos.ledger.reported import TABLES as REPORTED
from kpos.ledger.tables import STAMMDATEN
from kpos.reports.balances import balances
from kpos.reports.credit import credit
from kpos.reports.deposit import deposit
from kpos.reports.expiring import expiring
from kpos.reports.low_stock import low_stock
from kpos.reports.product_mix import product_mix
from kpos.reports.profit import profit
from kpos.reports.turnover import turnover
from tests.ledger.kasse import Kasse
from tests.reports.conftest import asked
from tests.reports.postgres import Postgres, literal, postgres, programs
from tests.reports.weekend import MONDAY_EVENING

PROGRAMS = programs()
pytestmark = pytest.mark.skipif(PROGRAMS is None, reason="postgresql is not installed")


@pytest.fixture(scope="module")
def server(weekend: Kasse) -> Iterator[Postgres]:
    """A PostgreSQL with the tables of the till and their rows."""
    assert PROGRAMS is not None
    with postgres(PROGRAMS) as server:
        tables = (STAMMDATEN + REPORTED).replace(" STRICT", "").replace(", WITHOUT ROWID", "")
        server.run(tables.replace("WITHOUT ROWID", "").replace("INTEGER", "BIGINT"))
        db = weekend.books.current()
        rows = [
            f"INSERT INTO {name} VALUES ({', '.join(map(literal, row))});"
            for name in re.findall(r"CREATE TABLE (\w+)", tables)
            for row in db.execute(f"SELECT * FROM {name}")
        ]
        server.run("\n".join(rows))
        yield server


QUESTIONS = [
    (report, asked(per=per, by=by))
    for report in (turnover, profit)
    for per in (None, "day", "week")
    for by in (None, "group", "product", "member")
]
QUESTIONS += [(product_mix, asked(by=by)) for by in (None, "group")]
QUESTIONS += [
    (balances, question) for question in (asked(), asked(by="group"), asked(last="2026-11-21"))
]
QUESTIONS += [(report, asked(per=per)) for report in (credit, deposit) for per in (None, "day")]


def test_every_report_answers_alike(server: Postgres, weekend: Kasse):
    db = weekend.books.current()
    for report, question in QUESTIONS:
        expected, found = report(db, question), report(server, question)
        assert (found.columns, found.rows) == (expected.columns, expected.rows)
    for ahead in (low_stock, expiring):
        assert (
            ahead(server, asked(), MONDAY_EVENING).rows == ahead(db, asked(), MONDAY_EVENING).rows
        )
