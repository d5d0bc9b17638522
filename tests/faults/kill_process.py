"""kpos commands in processes that can be killed: forked from this one, or started anew.

A fork of a process that has imported what its commands need starts ten times sooner, so that a
night has room for a hundred thousand kills; a share is executed like a user does it, so that both
are proven.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from kpos.cli import main as kpos_main
from tests.faults.audit import insist
from tests.faults.evening import Line
from tests.process.jsonl_till import ROOT, kpos

_CHUNK = 65536
# Who says nothing for so long never will; nothing is measured by it.
_PATIENCE_S = 60
_DESCRIPTORS_MAX = 256

# What commands import when they are called, a fork would import anew every time.
for _module in ("backup", "init", "money", "rebuild", "run"):
    import_module(f"kpos.cli.{_module}")
for _module in ("control", "run"):
    import_module(f"kpos.terminal.{_module}")


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """A folder in memory where there is one: a kill, unlike a power cut, needs no disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(
        prefix="kpos-kill-", dir=memory if memory.is_dir() else None, ignore_cleanup_errors=True
    ) as work:
        yield Path(work)


class Process:
    """One kpos command. Its standard error goes to `errors`, where no traceback may stand."""

    def __init__(self, *arguments: str | Path, errors: Path, forked: bool) -> None:
        self._errors = errors
        stdin, self._in = os.pipe2(os.O_CLOEXEC)
        self._out, stdout = os.pipe2(os.O_CLOEXEC)
        stderr = os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        words = [str(word) for word in arguments]
        start = _fork if forked else _execute
        self._pid = start(words, (stdin, stdout, stderr))
        for descriptor in (stdin, stdout, stderr):
            os.close(descriptor)
        self._rest = b""
        self.status: int | None = None

    def send(self, lines: Iterable[Line]) -> None:
        """Input lines, without waiting for what comes of them; one that has ended gets none."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self._in, b"".join(json.dumps(line).encode() + b"\n" for line in lines))

    def read_line(self) -> str | None:
        """The next whole line of its output; None when it has ended."""
        while b"\n" not in self._rest:
            ready, _, _ = select.select([self._out], [], [], _PATIENCE_S)
            insist(holds=bool(ready), else_say="the till says nothing any more")
            data = os.read(self._out, _CHUNK)
            if not data:
                return None
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode()

    def kill(self, *, its_helpers: bool = True) -> None:
        """SIGKILL; by default what it started goes too, as when systemd kills a unit."""
        if self.status is None:
            (os.killpg if its_helpers else os.kill)(self._pid, signal.SIGKILL)

    def worked_ms(self) -> float:
        """Milliseconds of a processor that its threads have had."""
        worked_ns = 0
        for thread in Path(f"/proc/{self._pid}/task").glob("*/schedstat"):
            with contextlib.suppress(OSError):  # it has just ended
                worked_ns += int(thread.read_text().split()[0])
        return worked_ns / 1_000_000

    def wait(self) -> list[str]:
        """End of input, and of the process; what it still said."""
        os.close(self._in)
        said = []
        while (line := self.read_line()) is not None:
            said.append(line)
        os.close(self._out)
        _, status = os.waitpid(self._pid, 0)
        self.status = os.waitstatus_to_exitcode(status)
        insist(holds="Traceback" not in self.complaint, else_say=self.complaint)
        return said

    @property
    def complaint(self) -> str:
        """What it said on standard error."""
        return self._errors.read_text(errors="replace")


class Life(Process):
    """One life of a till, from its start to its kill."""

    def __init__(self, data: Path, at: str, *, errors: Path, forked: bool) -> None:
        super().__init__(
            "run", "--io", "jsonl", "--data", data, "--at", at, errors=errors, forked=forked
        )
        self.frames: list[list[str]] = []
        self.booked: list[dict[str, Any]] = []
        self.typed = ""
        self._sent = 0
        self._done = 0

    @property
    def shows(self) -> str:
        """The last picture."""
        return "\n".join(self.frames[-1])

    def awake(self) -> bool:
        """Wait for the first picture; False if the process ended without one."""
        while not self.frames and self.hear(self.read_line()):
            pass
        return bool(self.frames)

    def send(self, lines: Iterable[Line]) -> None:
        """Input lines, remembered as far as a PIN may be in them."""
        lines = list(lines)
        self._sent += len(lines)
        self.typed += "".join(str(line.get("key", " ")) for line in lines)
        super().send(lines)

    def do(self, lines: Iterable[Line]) -> None:
        """Input lines, and all that comes of them."""
        self.send(lines)
        while self._done < self._sent:
            insist(holds=self.hear(self.read_line()), else_say=f"the till ended: {self.complaint}")

    def hear_of(self, *words: str) -> None:
        """Listen until one of these is said, or all that was sent is done."""
        while self._done < self._sent and self.hear(line := self.read_line()):
            if any(word in (line or "") for word in words):
                return

    def wait(self) -> list[str]:
        """As for any process; what it said to the last is heard."""
        said = super().wait()
        for line in said:
            self.hear(line)
        return said

    def hear(self, line: str | None) -> bool:
        """One line of output; False at its end."""
        if line is None:
            return False
        message = json.loads(line)
        if "frame" in message:
            self.frames.append(message["frame"])
        elif "booked" in message:
            self.booked.append(message["booked"])
        self._done = message.get("done", self._done)
        return True


def _fork(words: list[str], streams: tuple[int, int, int]) -> int:
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        os.setpgid(pid, pid)
        return pid
    status: object = 1
    try:
        _become(streams)
        kpos_main(words)
    except SystemExit as end:
        status = end.code
    finally:
        if not isinstance(error := sys.exc_info()[1], SystemExit | None):
            sys.excepthook(type(error), error, error.__traceback__)
        sys.stderr.flush()
        os._exit(status if isinstance(status, int) else 1)


def _become(streams: tuple[int, int, int]) -> None:
    """Be a process of its own, with these streams and no other descriptors."""
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
    os.closerange(3, _DESCRIPTORS_MAX)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")


def _execute(words: list[str], streams: tuple[int, int, int]) -> int:
    stdin, stdout, stderr = streams
    started = subprocess.Popen(
        kpos(*words), stdin=stdin, stdout=stdout, stderr=stderr, cwd=ROOT, start_new_session=True
    )
    started.returncode = 0  # it is waited for by its number
    return started.pid
