"""Writes that wait: nobody who asks sees less than if they had been run at once."""

from __future__ import annotations

import sqlite3

import pytest

from kpos.wawi.core.gathering import Gathering

ADD = "INSERT INTO beer VALUES (?, ?)"


class Counted:
    """A connection that counts what reaches it."""

    def __init__(self) -> None:
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        self.db.execute("CREATE TABLE beer (id INTEGER PRIMARY KEY, name TEXT)")
        self.db.execute("CREATE TABLE wine (id INTEGER PRIMARY KEY, name TEXT)")
        self.asked: list[str] = []

    def execute(self, query, values=()):
        self.asked.append(query)
        return self.db.execute(query, values)

    def executemany(self, query, rows):
        rows = list(rows)
        self.asked.append(f"{len(rows)} x {query}")
        return self.db.executemany(query, rows)

    def names(self, table: str) -> list[str]:
        return [name for (name,) in self.db.execute(f"SELECT name FROM {table} ORDER BY id")]


@pytest.fixture
def counted() -> Counted:
    return Counted()


def test_what_is_written_waits_and_travels_together(counted):
    gathering = Gathering(counted)
    for number in range(3):
        said = gathering.execute(ADD, (number, "Helles"))
        assert (said.fetchone(), said.fetchall(), list(said)) == (None, [], [])
    assert counted.asked == []
    gathering.write()
    assert counted.asked == [f"3 x {ADD}"]


def test_who_asks_for_a_table_sees_all_that_was_written_to_it(counted):
    gathering = Gathering(counted)
    gathering.execute(ADD, (1, "Helles"))
    gathering.execute("INSERT INTO wine VALUES (?, ?)", (1, "Grauer"))
    rows = gathering.execute("SELECT beer.name FROM beer WHERE id = ?", (1,)).fetchall()
    assert rows == [("Helles",)]
    assert counted.names("wine") == []
    gathering.write()
    assert counted.names("wine") == ["Grauer"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE beer SET name = 'Dunkles' WHERE id = 1",
        "INSERT INTO beer SELECT 2, 'Dunkles'",
        "INSERT INTO beer VALUES (2, 'Dunkles') RETURNING id",
    ],
)
def test_what_looks_at_rows_comes_after_those_that_wait(counted, change):
    gathering = Gathering(counted)
    gathering.execute(ADD, (1, "Helles"))
    gathering.execute(change)
    assert "Dunkles" in counted.names("beer")


def test_two_statements_of_one_table_stay_in_their_order(counted):
    gathering = Gathering(counted)
    gathering.execute(ADD, (1, "Helles"))
    gathering.execute("REPLACE INTO beer VALUES (?, ?)", (1, "Dunkles"))
    gathering.execute("REPLACE INTO beer VALUES (?, ?)", (1, "Pils"))
    gathering.executemany("DELETE FROM beer WHERE id = ?", [(2,)])
    assert counted.names("beer") == ["Pils"]


def test_no_more_than_a_thousand_rows_wait(counted):
    gathering = Gathering(counted)
    for number in range(1001):
        gathering.execute(ADD, (number, "Helles"))
    assert len(counted.names("beer")) == 1000


def test_what_does_not_fit_is_said_at_the_end_at_the_latest(counted):
    gathering = Gathering(counted)
    gathering.execute(ADD, (1, "Helles"))
    gathering.execute(ADD, (1, "Helles"))
    with pytest.raises(sqlite3.IntegrityError):
        gathering.write()
