"""`python -m tests.bench`: start, scan and booking against raw baselines of the same run."""

from __future__ import annotations

import argparse
import json
import platform
import re
import shutil
import sqlite3
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.measure import (
    Samples,
    at_first_line,
    cpu_us_of_process,
    raw_commit,
    raw_fdatasync,
    timed,
    whole_cpu_us,
)
from tests.process.jsonl_till import JsonlTill, kpos, run_kpos

MATE = "4029764001807"
SNACK = "7613032872731"


@dataclass(frozen=True)
class Figure:
    """One row of the table."""

    name: str
    measured: str
    wanted: str
    verdict: str
    count: int


def verdict(*, reached: bool, calm: bool = True) -> str:
    """Wall-clock figures of a noisy run say nothing either way."""
    if not calm:
        return "noisy"
    return "reached" if reached else "NOT reached"


# A bare interpreter that says a line and waits: what is resident beside a till at its first frame.
BARE = "import sys; sys.stdout.write('\\n'); sys.stdout.flush(); sys.stdin.read()"


def start(data: Path, runs: int) -> list[Figure]:
    """CPU until the first frame is written, against a whole `python -c pass`, in turns."""
    run = kpos("run", "--io", "jsonl", "--data", data)
    at_first_line(run)  # compiles what is not compiled yet
    bare_us, till_us, kib = [], [], 0
    for _ in range(runs):
        bare_us.append(whole_cpu_us([sys.executable, "-c", "pass"]))
        used_us, resident = at_first_line(run)
        till_us.append(used_us)
        kib = max(kib, resident)
    _, bare_kib = at_first_line([sys.executable, "-c", BARE])
    bare, till = Samples(tuple(bare_us)), Samples(tuple(till_us))
    ratio, least, rss = till.median / bare.median, till.at(0) / bare.at(0), kib / bare_kib
    return [
        Figure(
            "start to first frame, CPU",
            f"median {till.median / 1000:.0f} ms = {ratio:.1f} x python -c pass"
            f" ({bare.median / 1000:.0f} ms); least {least:.1f} x",
            "<= 8 x",
            verdict(reached=ratio <= 8),
            runs,
        ),
        Figure(
            "start, resident",
            f"{kib / 1024:.1f} MiB = {rss:.1f} x bare python ({bare_kib / 1024:.1f} MiB)",
            "<= 3 x",
            verdict(reached=rss <= 3),
            runs,
        ),
    ]


def scans(data: Path, count: int) -> list[Figure]:
    """A scan in an open purchase, from the line to `done`; nothing is booked."""
    till = JsonlTill(data)
    till.scan("CARD-KEN")

    def scan(_number: int) -> None:
        till.do(scan=SNACK)
        till.do(key="*")

    timed(scan, 50)
    before_us = cpu_us_of_process(till.process.pid)
    samples = timed(scan, count)
    cpu_us = (cpu_us_of_process(till.process.pid) - before_us) / count / 2
    till.messages.clear()
    scan_only = timed(lambda _n: till.do(scan=SNACK), 10)
    till.end()
    p99_ms = samples.at(0.99) / 2000
    return [
        Figure(
            "scan to frame, wall",
            f"p99 {p99_ms:.2f} ms, median {samples.median / 2000:.2f} ms"
            f" (alone {scan_only.median / 1000:.2f})",
            "p99 <= 5 ms",
            verdict(reached=p99_ms <= 5),
            count * 2,
        ),
        Figure(
            "scan to frame, CPU",
            f"{cpu_us / 1000:.3f} ms",
            "<= 1 ms",
            verdict(reached=cpu_us <= 1000),
            count * 2,
        ),
    ]


def bookings(data: Path, scratch: Path, count: int) -> list[Figure]:
    """`{"key": "#"}` to `done`, against one-row commits, in turns."""
    till = JsonlTill(data)
    commit, sync = raw_commit(scratch), raw_fdatasync(scratch)
    timed(commit, 50)
    ours: list[float] = []
    raw: list[float] = []
    synced: list[float] = []
    cpu_us = 0.0
    for _ in range(count):
        till.scan("CARD-KEN", SNACK)
        before_us = cpu_us_of_process(till.process.pid)
        ours += timed(lambda _n: till.do(key="#"), 1).values
        cpu_us += cpu_us_of_process(till.process.pid) - before_us
        raw += timed(commit, 1).values
        synced += timed(sync, 1).values
        till.do(wait_ms=6000)
        till.messages.clear()
    till.end()
    booking, baseline, fdatasync = Samples(tuple(ours)), Samples(tuple(raw)), Samples(tuple(synced))
    ratio = booking.median / baseline.median
    return [
        Figure(
            "booking, end to end, wall",
            f"median {booking.median:.0f} us = {ratio:.1f} x raw commit"
            f" ({baseline.median:.0f} us, p90 {baseline.at(0.9):.0f};"
            f" fdatasync {fdatasync.median:.0f} us)",
            "<= 3 x",
            verdict(reached=ratio <= 3, calm=baseline.is_calm),
            count,
        ),
        Figure("booking, CPU", f"{cpu_us / count / 1000:.2f} ms", "reported", "", count),
    ]


def syncs(data: Path, scratch: Path, count: int) -> list[Figure]:
    """fdatasync per booking and system calls, counted with strace."""
    if shutil.which("strace") is None:
        return []
    trace = scratch / "trace"
    till = JsonlTill(data, before=("strace", "-f", "-o", str(trace)))
    sync_counts, call_counts = [], []
    for _ in range(count):
        till.scan("CARD-KEN", SNACK)
        before = trace.read_text()
        till.keys("#")
        added = trace.read_text()[len(before) :]
        sync_counts.append(len(re.findall(r"f(?:data)?sync\(\d+\) += 0", added)))
        call_counts.append(added.count("\n"))
        till.do(wait_ms=6000)
    till.end()
    ones = sync_counts.count(1)
    return [
        Figure(
            "booking, fdatasync (strace)",
            f"exactly 1 in {ones} of {count}, most {max(sync_counts)} (a checkpoint)",
            "1 outside checkpoints",
            verdict(reached=ones >= count - 1),
            count,
        ),
        Figure(
            "booking, system calls (strace)",
            f"median {sorted(call_counts)[count // 2]}",
            "reported",
            "",
            count,
        ),
    ]


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--count", type=int, default=300, help="samples a row")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kpos-bench-") as folder:
        scratch = Path(folder)
        data = scratch / "till"
        run_kpos("init", "--data", data, "--demo")
        run_kpos("top-up", "--data", data, "--card", "CARD-KEN", "--amount", "9000")
        figures = start(data, 30)
        figures += scans(data, options.count)
        figures += bookings(data, scratch, options.count)
        figures += syncs(data, scratch, 50)
    machine = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    if options.json:
        print(
            json.dumps({"machine": machine, "figures": [asdict(row) for row in figures]}, indent=2)
        )
        return
    print(machine)
    for row in figures:
        print(f"{row.name:36} {row.verdict:12} {row.measured}  [{row.wanted}; n={row.count}]")


main()
