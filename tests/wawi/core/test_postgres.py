"""What differs between the two databases, said in the SQL of SQLite."""

from pathlib import Path

import psycopg
import pytest

from kpos.ledger.database import MISFITS, Database
from kpos.wawi.core import house
from kpos.wawi.core.postgres import connected, translated
from kpos.wawi.core.transactions import transaction
from tests.reports.postgres import Postgres
from tests.wawi.core.haus import OFFICE, Haus

SAID = [
    (
        "SELECT '?%' FROM a WHERE b LIKE ? AND c % 2",
        "SELECT '?%%' FROM a WHERE b LIKE %s AND c %% 2",
        (0,),
    ),
    ("SELECT ?2, ?1, ?2", "SELECT %s, %s, %s", (1, 0, 1)),
    (
        "a IS ? AND NOT retired AND named",
        "a IS NOT DISTINCT FROM %s AND retired = 0 AND named = 1",
        (0,),
    ),
    ("BEGIN IMMEDIATE", "BEGIN", ()),
    (
        "REPLACE INTO stock VALUES (?, ?, ?, ?, ?, ?)",
        "INSERT INTO stock VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (product, place) DO UPDATE SET product = excluded.product,"
        " place = excluded.place, quantity = excluded.quantity,"
        " cost_cents = excluded.cost_cents, open_quantity = excluded.open_quantity,"
        " seal = excluded.seal",
        (0, 1, 2, 3, 4, 5),
    ),
    (
        "INSERT OR IGNORE INTO a VALUES (?)",
        "INSERT INTO a VALUES (%s) ON CONFLICT DO NOTHING",
        (0,),
    ),
    (
        "CREATE TABLE a (b TEXT, c INTEGER, -- why\n d BLOB\n) STRICT, WITHOUT ROWID;",
        'CREATE TABLE a (b TEXT COLLATE "C", c BIGINT, \n d BYTEA\n);',
        (),
    ),
]


@pytest.mark.parametrize(("said", "meant", "places"), SAID)
def test_a_statement_is_translated(said: str, meant: str, places: tuple[int, ...]):
    assert translated(said) == (meant, places)


def test_two_who_book_at_the_office_at_once_follow_each_other(cluster: Postgres, tmp_path: Path):
    """One has opened the books when the other one, a till's batch or a person, commits."""
    cluster.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public;")
    where = f"host={cluster.socket} user=kpos dbname=postgres"
    with (
        psycopg.connect(where, autocommit=True) as one,
        psycopg.connect(where, autocommit=True) as other,
    ):
        haus = Haus(connected(one), tmp_path)
        place = haus.branch("Keller").place
        slow = connected(other)
        with transaction(slow):
            books = house.House(slow, haus.clock, place)
            haus.add_product("Mate", 150)
            house.perform(books, "product_add", {"name": "Limo", "price_cents": 100}, OFFICE)
        haus.is_sound()


def test_what_does_not_fit_is_told_apart_from_a_disk_that_fails(haus: Haus, db: Database):
    row = ("0" * 16, "f" * 16)
    query = "INSERT INTO assortment VALUES (?, ?)"
    db.executemany(query, [row])
    assert [tuple(each) for each in db.execute("SELECT * FROM assortment")] == [row]
    assert db.execute("DELETE FROM assortment").rowcount == 1
    for write in (
        lambda: db.execute(query, (row[0], None)),
        lambda: db.executemany(query, [row, row]),
    ):
        with pytest.raises(MISFITS):
            write()
