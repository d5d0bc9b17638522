"""What it takes to tell a till everything, and then a little."""

from __future__ import annotations

import time

import requests

from kpos.clock import SystemClock
from kpos.ledger import stammdaten
from kpos.ledger.books import Books
from kpos.wawi.core.house import House as OfficeBooks
from kpos.wawi.core.house import perform
from kpos.wawi.core.transactions import transaction
from tests.bench.figures import Figure, reported, verdict
from tests.kiosk import ADMIN
from tests.load.client import Client, Tally, sync
from tests.load.house import House
from tests.load.process import Cpu, memory
from tests.load.recorded import token_of

CHANGED = 20
_DELTA_MAX = 4096
_KIB = 1024


def first_sync(house: House, books: Books, tally: Tally) -> Figure:
    """A real till that knows nothing is told all there is, and takes it over."""
    cpu, began = Cpu(house.server.process.pid), _Work()
    sync(books, Client(house.server.url, token_of(books), tally))
    products = sum(1 for _ in stammdaten.products(books.current()))
    wall_s, till_s = began.ended()
    pulls = tally.requests
    return reported(
        f"first sync of {products:,} products",
        f"{pulls} requests, {tally.received / _KIB:.0f} KiB down, {tally.sent / _KIB:.0f} KiB up;"
        f" server {cpu.us / 1e6:.1f} s CPU; till {till_s:.1f} s CPU; {wall_s:.1f} s wall",
        products,
    )


def snapshot(house: House, books: Books) -> Figure:
    """The same rows in one answer, as `/snapshot` gives them to whoever wants them so."""
    pid = house.server.process.pid
    before, cpu, began = memory(pid), Cpu(pid), _Work()
    headers = {"Authorization": f"Bearer {token_of(books)}", "Accept-Encoding": "gzip"}
    url = f"{house.server.api}/snapshot"
    with requests.get(url, headers=headers, timeout=600, stream=True) as answer:
        answer.raise_for_status()
        size, tag = len(answer.raw.read()), answer.headers["ETag"]
    wall_s, _ = began.ended()
    more = memory(pid).rss - before.rss
    again = requests.get(url, headers=headers | {"If-None-Match": tag}, timeout=600)
    assert again.status_code == requests.codes.not_modified, again
    return reported(
        "the same by /snapshot",
        f"1 request, {size / _KIB:.0f} KiB down; server {cpu.us / 1e6:.1f} s CPU and"
        f" {more / _KIB:+.0f} MiB resident; {wall_s:.1f} s wall; then 304",
        1,
    )


def delta(house: House, books: Books) -> Figure:
    """The office changes prices; the till reads the feed once more."""
    tally = Tally()
    engine = sync(books, Client(house.server.url, token_of(books), tally))
    before = (tally.requests, tally.received, tally.sent)
    _change_prices(house)
    engine.wake()
    sync(books, Client(house.server.url, token_of(books), tally), engine)
    asked, received, sent = (
        now - then
        for now, then in zip((tally.requests, tally.received, tally.sent), before, strict=True)
    )
    return Figure(
        f"delta of {CHANGED} products after that",
        f"{asked} request, {received} bytes down (headers included), {sent} bytes up",
        f"1 request, <= {_DELTA_MAX} bytes",
        verdict(reached=asked == 1 and received <= _DELTA_MAX),
        CHANGED,
    )


def _change_prices(house: House) -> None:
    """Twenty products cost ten cents more, one transaction each, as somebody types them."""
    rows = house.db.execute("SELECT id, price_cents FROM product ORDER BY id LIMIT ?", (CHANGED,))
    for product, cents in rows.fetchall():
        with transaction(house.db):
            office = OfficeBooks(house.db, SystemClock(), house.place)
            changed = {"product": product, "changes": {"price_cents": cents + 10}}
            perform(office, "product_set", changed, ADMIN)


class _Work:
    """Wall clock and CPU of this process since now, in seconds."""

    def __init__(self) -> None:
        self._wall_s, self._cpu_s = time.perf_counter(), time.process_time()

    def ended(self) -> tuple[float, float]:
        return time.perf_counter() - self._wall_s, time.process_time() - self._cpu_s
