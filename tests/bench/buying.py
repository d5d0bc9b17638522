"""Scans and bookings of the real process over jsonl, with raw baselines between them.

Wall: from writing the line to having read its `done`. CPU: ticks of /proc/PID/stat over the whole
row, all threads. Syncs and system calls: counted by strace, where it is installed. Baselines, in
turns with the bookings: a transaction of one row (WAL, synchronous=FULL) and the fdatasync of one
overwritten page, in the same folder. Where their p90 is more than twice their median, a comparison
by wall clock is "noisy".
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.bench.figures import Figure, reported, verdict
from tests.bench.measure import Samples, cpu_us_of_process, raw_commit, raw_fdatasync, timed
from tests.process.jsonl_till import JsonlTill

SNACK = "7613032872731"
_SCAN_P99_MS, _SCAN_CPU_MS, _BOOKING_RAW_MAX = 5, 1, 3
_RESULT_MS = 6000


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
            f"p99 <= {_SCAN_P99_MS} ms",
            verdict(reached=p99_ms <= _SCAN_P99_MS),
            count * 2,
        ),
        Figure(
            "scan to frame, CPU",
            f"{cpu_us / 1000:.3f} ms",
            f"<= {_SCAN_CPU_MS} ms",
            verdict(reached=cpu_us <= _SCAN_CPU_MS * 1000),
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
        till.do(wait_ms=_RESULT_MS)
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
            f"<= {_BOOKING_RAW_MAX} x",
            verdict(reached=ratio <= _BOOKING_RAW_MAX, calm=baseline.is_calm),
            count,
        ),
        reported("booking, CPU", f"{cpu_us / count / 1000:.2f} ms", count),
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
        till.do(wait_ms=_RESULT_MS)
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
        reported(
            "booking, system calls (strace)", f"median {sorted(call_counts)[count // 2]}", count
        ),
    ]
