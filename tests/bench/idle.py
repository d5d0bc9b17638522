"""Wake-ups of a till at which nobody stands.

The real process on the wall clock: with `--io jsonl --real-time`, with `--io tty` on a terminal of
its own, and (where evdev is installed) with `--io devices` whose scanner and keypad are not plugged
in, so that it looks for them. A wake-up is a voluntary context switch of any of its threads
(/proc/PID/task/*/status): it had gone to sleep and was woken. Counted while nothing happens, over
the seconds given; all three tills at once, each with its own data.
"""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

from tests.bench.figures import Figure, verdict
from tests.process.jsonl_till import ROOT, JsonlTill, kpos

WAKE_UPS_MAX = 2  # a second
_SETTLING_S = 3
_MISSING = '[scanner]\ndevice = "usb-not-there*"\n[keypad]\ndevice = "usb-not-there-either*"\n'


def idle(data: Path, scratch: Path, seconds: int) -> list[Figure]:
    """A row for each kind of till; each sells from a copy of `data`."""
    copies = [Path(shutil.copytree(data, scratch / f"idle-{number}")) for number in range(3)]
    config = scratch / "idle.toml"
    config.write_text(_MISSING)
    till = JsonlTill(copies[0], "--real-time")
    with (
        _on_a_terminal("--io", "tty", "--data", copies[1]) as tty,
        _on_a_terminal("--io", "devices", "--data", copies[2], "--config", config) as devices,
    ):
        tills = {"jsonl": till.process.pid, "tty": tty}
        if find_spec("evdev") is not None:
            tills["devices, none plugged in"] = devices
        time.sleep(_SETTLING_S)
        before = {name: wake_ups(pid) for name, pid in tills.items()}
        time.sleep(seconds)
        woken = {name: wake_ups(pid) - before[name] for name, pid in tills.items()}
    till.end()
    return [
        Figure(
            f"idle, wake-ups ({name})",
            f"{count / seconds:.2f} a second ({count} in {seconds} s)",
            f"<= {WAKE_UPS_MAX} a second",
            verdict(reached=count <= WAKE_UPS_MAX * seconds),
            1,
        )
        for name, count in woken.items()
    ]


def wake_ups(pid: int) -> int:
    """How often any thread of a process was woken so far."""
    total = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        counted = status.read_text("ascii").partition("\nvoluntary_ctxt_switches:")[2]
        total += int(counted.split()[0])
    return total


@contextmanager
def _on_a_terminal(*arguments: str | Path) -> Iterator[int]:
    """The process id of a till whose terminal somebody reads but nobody types at."""
    ours, its = pty.openpty()
    environment = {**os.environ, "TERM": "xterm"}
    process = subprocess.Popen(
        kpos("run", *arguments), stdin=its, stdout=its, stderr=its, cwd=ROOT, env=environment
    )
    os.close(its)
    reader = Thread(target=_drain, args=(ours,), daemon=True)
    reader.start()
    try:
        yield process.pid
        assert process.poll() is None, "the till ended"
    finally:
        process.terminate()
        process.wait()
        reader.join()
        os.close(ours)


def _drain(descriptor: int) -> None:
    try:
        while os.read(descriptor, 65536):
            pass
    except OSError:  # nobody has the other end any more
        return
