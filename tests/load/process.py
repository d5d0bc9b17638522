"""What a server's process takes: CPU, and memory as it is resident and as it is its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.bench.measure import cpu_us_of_process

_MIB = 1024


@dataclass(frozen=True)
class Memory:
    """In KiB: resident, and proportional (what it shares counts by its share)."""

    rss: int
    pss: int

    def __str__(self) -> str:
        return f"{self.rss / _MIB:.0f} MiB resident, {self.pss / _MIB:.0f} MiB PSS"


def memory(pid: int) -> Memory:
    """What a process has by now."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    sizes = dict(line.split(":", 1) for line in lines if ":" in line)
    return Memory(*(int(sizes[name].split()[0]) for name in ("Rss", "Pss")))


class Cpu:
    """CPU of a process since this was made, in microseconds."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._before_us = cpu_us_of_process(pid)

    @property
    def us(self) -> float:
        """Until now."""
        return cpu_us_of_process(self._pid) - self._before_us
