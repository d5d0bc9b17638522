"""Start: from exec to the first frame of `kpos run --io jsonl`, and what is resident then.

CPU: nanoseconds of the scheduler (/proc/PID/schedstat) when the first line has been read, against
the whole CPU of `python -c pass`, in turns. Resident: VmRSS at that moment, against a bare
interpreter that has written one line and waits. Byte code is compiled beforehand. The script clock
of the till begins where its books end, so that no clock is doubted.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kpos.domain.instant import Instant
from tests.bench.figures import Figure, verdict
from tests.bench.measure import Samples, at_first_line, whole_cpu_us
from tests.process.jsonl_till import kpos

BARE = "import sys; sys.stdout.write('\\n'); sys.stdout.flush(); sys.stdin.read()"
CPU_MAX, RESIDENT_MAX = 8, 3


def start(data: Path, runs: int, *, at: Instant | None = None, label: str = "") -> list[Figure]:
    """Both rows, for a till with this data; `at` is when its books end, None for now."""
    run = kpos("run", "--io", "jsonl", "--data", data, *(("--at", str(at)) if at else ()))
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
            f"start to first frame, CPU{label}",
            f"median {till.median / 1000:.0f} ms = {ratio:.1f} x python -c pass"
            f" ({bare.median / 1000:.0f} ms); least {till.at(0) / 1000:.0f} ms = {least:.1f} x",
            f"<= {CPU_MAX} x",
            verdict(reached=ratio <= CPU_MAX),
            runs,
        ),
        Figure(
            f"start, resident{label}",
            f"{kib / 1024:.1f} MiB = {rss:.1f} x bare python ({bare_kib / 1024:.1f} MiB)",
            f"<= {RESIDENT_MAX} x",
            verdict(reached=rss <= RESIDENT_MAX),
            runs,
        ),
    ]
