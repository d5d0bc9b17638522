"""The report of balances, on a database that is not even the till's."""

import sqlite3
from contextlib import closing

from kpos.reports.balances import balances
from tests.reports.conftest import asked


def test_accounts_at_zero_are_left_out_and_holders_named():
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(
            """
            CREATE TABLE balance (account TEXT, cents INTEGER);
            CREATE TABLE wallet (id TEXT, member TEXT);
            CREATE TABLE member (id TEXT, name TEXT);
            CREATE TABLE supplier (id TEXT, name TEXT);
            INSERT INTO supplier VALUES ('s1', 'Meier');
            INSERT INTO member VALUES ('m1', 'Ada'), ('m2', '');
            INSERT INTO wallet VALUES ('w1', 'm1'), ('w2', 'm2'), ('w3', NULL);
            INSERT INTO balance VALUES ('wallet:w1', -500), ('wallet:w2', -1), ('wallet:w3', -2),
                ('cash:K1', 503), ('clearing', 0), ('payable:s1', -20), ('cash:m1', 20);
            """
        )
        report = balances(db, asked())
    assert [tuple(row[name] for name in report.columns) for row in report.rows] == [
        ("cash:K1", None, 503),
        ("cash:m1", "Ada", 20),
        ("payable:s1", "Meier", -20),
        ("wallet:w1", "Ada", -500),
        ("wallet:w2", None, -1),
        ("wallet:w3", None, -2),
    ]
