"""Bad days between a real till and a real server: it sells on, says why, and loses nothing."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.faults.audit import audit
from tests.wawi.line import answer
from tests.wawi.server import kpos_wawi
from tests.wawi.shop import Shop, rows

HTML = b"<html><body>Please log in to the guest network</body></html>"


def sells_and_says(shop: Shop, said: str, corner: str) -> None:
    """Twice a bottle, while something is wrong; status, sync and display say what."""
    shop.buys()
    assert said in shop.admin.refused("sync")
    status = shop.status()
    assert said in status["wawi_trouble"]
    assert status["wawi_unsent"] >= 2
    assert shop.corner == corner
    shop.buys("CARD-LINUS")


def says(what: bytes) -> Callable[[Shop], None]:
    def begin(shop: Shop) -> None:
        shop.line.says = what
        shop.line.hang_up()

    return begin


def cut(*, up: int | None = None, down: int | None = None) -> Callable[[Shop], None]:
    def begin(shop: Shop) -> None:
        shop.line.up_max, shop.line.down_max = up, down
        shop.line.hang_up()

    return begin


def well_again(shop: Shop) -> None:
    shop.line.says = shop.line.up_max = shop.line.down_max = None
    shop.line.lead_to(shop.server.url)
    shop.line.hang_up()


def unplugged(shop: Shop) -> None:
    shop.line.to = None
    shop.line.hang_up()


OUT, ASK = "no WaWi for 0 min", "WaWi: kpos status"
NO_VERSION = b'{"status": 404, "code": "not-found", "detail": "there is nothing here"}'
# What happens on the way, what is said of it, and what stands in the corner of the display.
ON_THE_WAY: dict[str, tuple[Callable[[Shop], None], str, str]] = {
    "nobody is there": (unplugged, "no answer from", OUT),
    "a proxy's page": (says(answer("200 OK", HTML)), "in a form of its own", OUT),
    "a proxy's error": (says(answer("502 Bad Gateway", HTML)), "502 with text/html", OUT),
    "a way to a login": (
        says(answer("302 Found", b"", Location="http://x/in")),
        "http://x/in",
        OUT,
    ),
    "a question cut short": (cut(up=700), "no answer from", OUT),
    "an answer cut short": (cut(down=200), "no answer from", OUT),
    "an answer that stops in its head": (cut(down=40), "no answer from", OUT),
    "half of what was promised": (
        says(answer("200 OK", b'{"acked":', "application/json").replace(b": 9", b": 900")),
        "no answer from",
        OUT,
    ),
    "a server of another time": (
        says(answer("404 Not Found", NO_VERSION, "application/problem+json")),
        "does not speak /api/v1 as this till does",
        ASK,
    ),
}


def test_whatever_happens_on_the_way_the_till_sells_on(shop: Shop) -> None:
    for begin, said, corner in ON_THE_WAY.values():
        begin(shop)
        sells_and_says(shop, said, corner)
        well_again(shop)
        shop.admin.does("sync")
        assert shop.corner == "WaWi ok"
    shop.agrees()


def test_a_database_that_somebody_keeps_locked_is_waited_for(shop: Shop) -> None:
    with closing(sqlite3.connect(shop.house / "wawi.db", isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        sells_and_says(shop, "the database is busy: try again", OUT)
    shop.agrees()


def test_a_till_whose_token_is_void_sells_on_and_is_paired_anew(shop: Shop) -> None:
    shop.server.kpos("till", "lost", "K1")
    sells_and_says(shop, "kpos pair URL CODE", "WaWi: pair anew")
    shop.pairs()
    shop.agrees()


# Clocks

# Its clock is so many milliseconds from the right one.
SKEWED = """
import sys
from kpos.cli import main
from kpos.clock import SystemClock
right, skew_ms = SystemClock.now, int(sys.argv.pop(1))
SystemClock.now = lambda self: right(self).plus_ms(skew_ms)
main(sys.argv[1:])
"""
YEAR_MS = 365 * 86_400_000


def test_clocks_may_be_years_apart(shop: Shop) -> None:
    for at, trust in (("2041-02-03T04:05:06Z", "ahead"), ("1999-12-31T23:59:59Z", "back")):
        shop.ends()
        shop.starts("--at", at)
        shop.buys()
        shop.admin.does("sync")
        assert shop.status()["clock"] == trust
        flags = rows(shop.house / "wawi.db", "SELECT flags FROM document ORDER BY id DESC LIMIT 1")
        assert flags == [("clock",)]
        shop.agrees()
    for years in (8, -8, 0):
        shop.closes()
        shop.buys()
        shop.opens([sys.executable, "-c", SKEWED, str(years * YEAR_MS)])
        shop.agrees()


# Either side was restored


def test_a_till_restored_from_a_backup_takes_its_end_from_the_server(
    shop: Shop, tmp_path: Path
) -> None:
    shop.buys()
    shop.admin.does("backup", tmp_path / "old.db")
    shop.buys()
    shop.admin.does("sync")
    shop.ends()
    shop.admin.does("restore", tmp_path / "old.db")
    shop.starts()
    # Until the server is reached nobody knows a credit.
    shop.admin.does("sync")
    shop.buys("CARD-LINUS")
    shop.agrees()


def test_a_disk_of_yesterday_sells_on_beside_itself_and_both_count(
    shop: Shop, tmp_path: Path
) -> None:
    shop.ends()
    shutil.copytree(shop.data, tmp_path / "yesterday")
    shop.starts()
    shop.buys()
    shop.admin.does("sync")
    shop.ends()
    shutil.rmtree(shop.data)
    shutil.copytree(tmp_path / "yesterday", shop.data)
    unplugged(shop)
    shop.starts()
    shop.buys("CARD-LINUS")
    assert "no answer from" in shop.admin.refused("sync")
    well_again(shop)
    shop.admin.does("sync")
    assert shop.corner == "WaWi ok"
    shop.buys("CARD-LINUS")
    shop.admin.does("sync")
    shop.ends()
    shop.is_whole()
    shop.same_credit()
    audit(shop.data)
    sold = rows(shop.house / "wawi.db", "SELECT receipt FROM document WHERE kind = 'sale'")
    told = [each["receipt_number"] for each in shop.acknowledged if each["kind"] == "sale"]
    # One number was given twice, once on either disk; both purchases are in the books.
    assert [told.count(number) for number in sorted(set(told))] == [2, 1]
    assert sorted(number for (number,) in sold if number in told) == sorted(told)
    assert rows(shop.house / "wawi.db", "SELECT kind FROM alarm") == [("fork",)]


def test_a_server_restored_from_a_backup_is_given_what_it_lost(shop: Shop, tmp_path: Path) -> None:
    shop.server.kpos("backup", str(tmp_path / "old.db"))
    shop.buys()
    shop.admin.does("sync")
    shop.closes()
    sells_and_says(shop, "no answer from", OUT)
    kpos_wawi(shop.house, "restore", str(tmp_path / "old.db"))
    shop.opens()
    shop.agrees()
