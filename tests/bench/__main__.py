"""`python -m tests.bench`: the figures that concern one till, as a table or as JSON."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench import growth_picture
from tests.bench.bigshop import build
from tests.bench.buying import bookings, scans, syncs
from tests.bench.displays import displays
from tests.bench.figures import Figure, as_json, as_table, reported, verdict
from tests.bench.growth import Cost, Evening, grown, levels, levels_row
from tests.bench.idle import idle
from tests.bench.prices import repricing
from tests.bench.reporting import reports
from tests.bench.slow_devices import beside_slow_devices
from tests.bench.soak import Soaked, soak
from tests.bench.start import start
from tests.bench.whole import rebuild, size
from tests.kiosk import SUNDAY_EVENING
from tests.process.jsonl_till import run_kpos

_SIZES = (1_000, 100_000)
_BIG_SIZES = (1_000, 10_000, 100_000, 1_000_000)
# Products in the shops whose prices change; a tenth as many conditions.
_PRICED = (1_000, 10_000, 100_000)
_LINES = (10_000, 100_000)
_BIG_LINES = (10_000, 1_000_000)
_ROUNDS = 100
_START_RUNS = 30
_RESIDENT_MAX, _WAL_MAX = 1 << 20, 4 << 20


def main() -> None:
    """Measure everything and print it."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="kpos-bench-") as folder:
        figures = list(_measure(options, Path(folder)))
    print(as_json(figures) if options.json else as_table(figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--count", type=int, default=300, help="scans and bookings that are timed")
    parser.add_argument(
        "--big", action="store_true", help="shops of up to 1,000,000 documents; takes minutes"
    )
    parser.add_argument("--keep", type=Path, help="where shops are kept for the next time")
    parser.add_argument("--soak", type=int, default=5_000, metavar="SALES")
    parser.add_argument("--idle", type=int, default=20, metavar="SECONDS")
    parser.add_argument("--picture", action="store_true", help="draw docs/growth.svg from this run")
    return parser.parse_args()


def _measure(options: argparse.Namespace, scratch: Path) -> Iterator[Figure]:
    data = scratch / "till"
    run_kpos("init", "--data", data, "--demo")
    run_kpos("top-up", "--data", data, "--card", "CARD-KEN", "--amount", "90000")
    yield from start(data, _START_RUNS)
    yield from scans(data, options.count)
    yield from bookings(data, scratch, options.count)
    yield from syncs(data, scratch, 50)
    yield from idle(data, scratch, options.idle)
    yield from size(data, 1_000)
    yield from displays(scratch)
    yield beside_slow_devices(scratch)
    yield from repricing(scratch, _PRICED[0], _PRICED[2 if options.big else 1])
    yield from _soaked(soak(scratch / "soak", options.soak, seed=1))
    yield from reports(scratch, _BIG_LINES if options.big else _LINES)
    yield from _shops(options, scratch)


def _shops(options: argparse.Namespace, scratch: Path) -> Iterator[Figure]:
    """Growth through shops of several sizes, and what goes through the whole of the biggest."""
    sizes = _BIG_SIZES if options.big else _SIZES
    costs: dict[int, dict[str, Cost]] = {}
    shops = {}
    for documents in sizes:
        shop = build((options.keep or scratch) / f"shop-{documents}", documents)
        shops[documents] = shop
        copy = Path(shutil.copytree(shop, scratch / "copy"))
        costs[documents] = Evening(copy, documents).spend(_ROUNDS)
        shutil.rmtree(copy)
    small, big = sizes[0], sizes[-1]
    yield from start(shops[big], _START_RUNS, at=SUNDAY_EVENING, label=f", {big:,} documents")
    yield from rebuild(shops[big], scratch, big)
    yield from grown(costs[small], costs[big], _ROUNDS)
    yield levels_row(levels(shops[small]), levels(shops[big]))
    if options.picture:
        growth_picture.write(costs)


def _soaked(soaked: Soaked) -> Iterator[Figure]:
    sales, looks = len(soaked.sale_us), soaked.looks
    descriptors, threads = soaked.left_open

    def judged(what: str, measured: str, wanted: str, *, reached: bool) -> Figure:
        name = f"soak, {sales:,} sales: {what}"
        return Figure(name, measured, wanted, verdict(reached=reached), len(looks))

    yield judged(
        "resident",
        f"+{soaked.growth / 1024:.0f} KiB after the warm-up,"
        f" to {looks[-1].resident / 2**20:.1f} MiB",
        f"<= {_RESIDENT_MAX >> 20} MiB more",
        reached=soaked.growth <= _RESIDENT_MAX,
    )
    yield judged(
        "WAL",
        f"at most {soaked.wal_max / 2**20:.2f} MiB",
        f"<= {_WAL_MAX >> 20} MiB",
        reached=soaked.wal_max <= _WAL_MAX,
    )
    yield judged(
        "descriptors, threads",
        f"{looks[-1].descriptors} and {looks[-1].threads},"
        f" {descriptors:+} and {threads:+} in the run",
        "constant",
        reached=soaked.left_open == (0, 0),
    )
    yield reported(
        f"soak, {sales:,} sales: a sale, wall",
        f"p99 of the first tenth {soaked.p99_us(0) / 1000:.1f} ms, of the last"
        f" {soaked.p99_us(9) / 1000:.1f} ms",
        sales,
    )


main()
