"""How long reports take: every report over shops of up to a million sold lines.

A shop is the tables that reports read, as the ledger writes them, of a purchase a minute by a
thousand members of a thousand products; every fifth member keeps a history. Reports are called as
the command line calls them and make their rows; CPU is what is judged, for others may use the
machine. Growth is the CPU of the largest shop over that of the smallest.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from kpos.domain.ids import make_id
from kpos.ledger import sealed
from kpos.ledger.reported import QUARTER_MS
from kpos.ledger.schema import prepare_stammdaten
from kpos.reports.asked import Asked, By, Per
from kpos.reports.balances import balances
from kpos.reports.credit import credit
from kpos.reports.deposit import deposit
from kpos.reports.expiring import expiring
from kpos.reports.low_stock import low_stock
from kpos.reports.product_mix import product_mix
from kpos.reports.profit import profit
from kpos.reports.result import Report
from kpos.reports.turnover import turnover
from tests.bench.figures import Figure, verdict
from tests.kiosk import SUNDAY_EVENING

SECONDS_MAX = 2
_PRODUCTS = _MEMBERS = 1000
_POSTED = "INSERT INTO posting_sum VALUES (?, ?, ?, ?)"
_STEP_MS = 60_000
_RUNS = 3
_ZONE = ZoneInfo("Europe/Berlin")
Question = Callable[[sqlite3.Connection], Report]


def reports(scratch: Path, sizes: tuple[int, ...]) -> Iterator[Figure]:
    """A row for each report: the time of each size."""
    took: dict[str, list[tuple[int, float, float, int]]] = {}
    for lines in sizes:
        path = scratch / f"lines-{lines}.db"
        _fill(path, lines)
        db = sqlite3.connect(path)
        for name, ask in _questions().items():
            took.setdefault(name, []).append((lines, *_spent(db, ask)))
        db.close()
        path.unlink()
    for name, runs in took.items():
        (_, _, small, _), (lines, wall_s, cpu_s, rows) = runs[0], runs[-1]
        yield Figure(
            f"report {name}, {lines:,} sold lines",
            f"{cpu_s:.2f} s CPU ({wall_s:.2f} s), {rows:,} rows;"
            f" {cpu_s / max(small, 1e-6):.0f} x that of {runs[0][0]:,}",
            f"<= {SECONDS_MAX} s",
            verdict(reached=cpu_s <= SECONDS_MAX),
            _RUNS,
        )


def _questions() -> dict[str, Question]:
    now = SUNDAY_EVENING
    found: dict[str, Question] = {}

    def ask(name: str, report: Callable[..., Report], per: Per | None = None, by: By | None = None):
        asked = Asked(_ZONE, per=per, by=by)
        words = [name, *([f"--by {by}"] if by else []), *([f"--per {per}"] if per else [])]
        found[" ".join(words)] = lambda db: report(db, asked)

    for by in (None, "group", "product", "member"):
        ask("turnover", turnover, by=by)
    ask("turnover", turnover, per="day")
    ask("turnover", turnover, per="month", by="product")
    ask("product-mix", product_mix)
    ask("product-mix", product_mix, by="group")
    ask("profit", profit, per="month")
    ask("profit", profit, by="product")
    ask("balances", balances)
    ask("credit", credit, per="day")
    ask("deposit", deposit, per="month")
    ask("low-stock", lambda db, asked: low_stock(db, asked, now))
    ask("expiring", lambda db, asked: expiring(db, asked, now))
    return found


def _spent(db: sqlite3.Connection, ask: Question) -> tuple[float, float, int]:
    """Wall and CPU seconds of the best of a few, and the rows that came."""
    best, rows = (float("inf"), float("inf")), 0
    for _ in range(_RUNS):
        wall, cpu = time.perf_counter(), time.process_time()
        rows = len(ask(db).rows)
        best = min(
            best, (time.perf_counter() - wall, time.process_time() - cpu), key=lambda t: t[1]
        )
    return *best, rows


def _fill(path: Path, lines: int) -> None:
    path.unlink(missing_ok=True)
    db = sqlite3.connect(path, isolation_level=None)
    prepare_stammdaten(db)
    random = Random(1)
    db.execute("BEGIN")
    groups = [_id(random) for _ in range(2)]
    for number, group in enumerate(groups):
        sealed.put(db, "member_group", group, f"group {number}", 0)
    products = [_product(db, random, number) for number in range(_PRODUCTS)]
    wallets = [_member(db, random, number, groups[0]) for number in range(_MEMBERS)]
    _sell(db, random, lines, (products, wallets, groups))
    db.execute("COMMIT")
    db.close()


def _product(db: sqlite3.Connection, random: Random, number: int) -> str:
    product, lot = _id(random), _id(random)
    sealed.put(db, "product", product, f"Product {number}", 150, 15, "6", None, "piece", None, 0)
    sealed.put(db, "stock", product, "main", 24, 1920, 0)
    day = (date(2026, 11, 1) + timedelta(days=random.randrange(365))).isoformat()
    sealed.put(db, "lot", lot, product, "main", 1, 0, 24, 1920, 24, 1920, day)
    return product


def _member(db: sqlite3.Connection, random: Random, number: int, group: str) -> str:
    member, wallet = _id(random), _id(random)
    keeps = int(number % 5 == 0)
    sealed.put(db, "member", member, f"Ada {number}", None, group, wallet, "member", None, keeps, 0)
    sealed.put(db, "wallet", wallet, member, None)
    sealed.put(db, "balance", f"wallet:{wallet}", -1000 - number)
    return wallet


def _sell(
    db: sqlite3.Connection, random: Random, lines: int, what: tuple[list[str], list[str], list[str]]
) -> None:
    products, wallets, groups = what
    at_ms = SUNDAY_EVENING.ms - _STEP_MS * (lines * 4 // 7 + 60)
    left, sums = lines, dict[int, int]()
    for position in count((1 << 32) + 1, 2):
        if left <= 0:
            break
        at_ms += _STEP_MS
        buyer = random.randrange(_MEMBERS)
        if buyer % 5 == 0:
            sealed.put(db, "history", wallets[buyer], position, 1)
        for line in range(1, min(left, random.choice((1, 1, 2, 3))) + 1):
            cents, quantity = random.randrange(80, 250, 5), random.choice((1, 1, 2))
            words = ("sale", random.choice(products), groups[buyer % 2], "6", "piece", quantity)
            amounts = (cents * quantity, 0, 15 * quantity, 0, 0, 40 * quantity, 0)
            row = (at_ms, position, line, *words, *amounts)
            db.execute(f"INSERT INTO sale_line VALUES ({', '.join('?' * len(row))})", row)
            sums[at_ms // QUARTER_MS] = sums.get(at_ms // QUARTER_MS, 0) + cents * quantity
            left -= 1
    for quarter, cents in sums.items():
        for account, kind in (("revenue:6", "sale"), ("deposit", "sale"), ("cost", "sale")):
            db.execute(_POSTED, (quarter, account, kind, -cents))
        for account, kind in (("wallet", "debit"), ("wallet", "top_up"), ("cash:K1", "top_up")):
            db.execute(_POSTED, (quarter, account, kind, cents))


def _id(random: Random) -> str:
    return make_id(random.randbytes(8))
