"""Counting and timing, and the raw baselines that figures are compared with."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_US = 1e6


@dataclass(frozen=True)
class Samples:
    """Durations in microseconds."""

    values: tuple[float, ...]

    def at(self, share: float) -> float:
        """The value that `share` of the samples do not exceed."""
        ordered = sorted(self.values)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]

    @property
    def median(self) -> float:
        """The middle one."""
        return self.at(0.5)

    @property
    def is_calm(self) -> bool:
        """Whether wall-clock comparisons with this baseline mean anything."""
        return self.at(0.9) <= 2 * self.median


def timed(work: Callable[[int], Any], count: int) -> Samples:
    """`work(n)` for n below `count`, each timed by the wall clock."""
    durations = []
    for number in range(count):
        before = time.perf_counter_ns()
        work(number)
        durations.append((time.perf_counter_ns() - before) / 1000)
    return Samples(tuple(durations))


def whole_cpu_us(command: Sequence[str]) -> float:
    """CPU of a whole process, from its start to its end, in microseconds."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, env=_compiled())
    _pid, _status, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return (usage.ru_utime + usage.ru_stime) * _US


def at_first_line(command: Sequence[str]) -> tuple[float, int]:
    """CPU (microseconds) and resident set (KiB) of a command that has written its first line.

    CPU as the scheduler counts it, to the nanosecond.
    """
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_compiled()
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdout.readline()
    proc = Path(f"/proc/{process.pid}")
    used_us = int((proc / "schedstat").read_text().split()[0]) / 1000
    resident = int((proc / "status").read_text().partition("VmRSS:")[2].split()[0])
    process.stdin.close()
    process.stdout.read()
    process.stdout.close()
    process.wait()
    return used_us, resident


def _compiled() -> dict[str, str]:
    """An environment in which Python may keep its byte code, as an installed till does."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def cpu_us_of_process(pid: int) -> float:
    """CPU a process has used so far, in microseconds, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return ticks * _US / os.sysconf("SC_CLK_TCK")


def raw_commit(folder: Path) -> Callable[[int], None]:
    """The least a durable booking can cost in SQLite: one row, WAL and FULL."""
    db = sqlite3.connect(folder / "raw.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT)")

    def commit(_number: int) -> None:
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO t (text) VALUES (?)", ("x" * 200,))
        db.execute("COMMIT")

    return commit


def raw_fdatasync(folder: Path) -> Callable[[int], None]:
    """One 4 KiB overwrite and its fdatasync."""
    descriptor = os.open(folder / "raw.bin", os.O_RDWR | os.O_CREAT)
    os.pwrite(descriptor, b"\0" * 4096, 0)
    os.fsync(descriptor)

    def sync(number: int) -> None:
        os.pwrite(descriptor, bytes([number % 256]) * 4096, 0)
        os.fdatasync(descriptor)

    return sync
