"""A real `kpos run --io jsonl` process, driven line by line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent


def kpos(*arguments: str | Path) -> list[str]:
    """The command line of a kpos command, run by this interpreter."""
    return [sys.executable, "-m", "kpos", *map(str, arguments)]


def run_kpos(*arguments: str | Path, stdin: str = "") -> str:
    """Run a command that must work; its standard output."""
    done = subprocess.run(
        kpos(*arguments), input=stdin, capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


class JsonlTill:
    """A till in a process of its own. `before` is put in front of its command line."""

    def __init__(self, data: Path, *arguments: str, before: tuple[str, ...] = ()) -> None:
        command = [*before, *kpos("run", "--io", "jsonl", "--data", data, *arguments)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, cwd=ROOT
        )
        assert self.process.stdout is not None
        self._lines = os.fdopen(os.dup(self.process.stdout.fileno()), "rb", buffering=65536)
        self.messages: list[dict[str, Any]] = []
        self.read_until("frame")

    def send(self, **command: Any) -> None:
        """One input line, without waiting for what comes of it."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(command).encode() + b"\n")

    def read_until(self, name: str) -> dict[str, Any]:
        """Read messages up to and including the first of this name."""
        for line in self._lines:
            message: dict[str, Any] = json.loads(line)
            self.messages.append(message)
            if name in message:
                return message
        error = f"the till ended before {name!r}: {self.process.wait()}"
        raise EOFError(error)

    def do(self, **command: Any) -> None:
        """One input line, and all that comes of it."""
        self.send(**command)
        self.read_until("done")

    def scan(self, *codes: str) -> None:
        """Scans, one after the other."""
        for code in codes:
            self.do(scan=code)

    def keys(self, keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            self.do(key=key)

    @property
    def shows(self) -> str:
        """The last picture."""
        frames = [message["frame"] for message in self.messages if "frame" in message]
        return "\n".join(frames[-1])

    @property
    def booked(self) -> list[dict[str, Any]]:
        """What was acknowledged."""
        return [message["booked"] for message in self.messages if "booked" in message]

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self.process.kill()
        self.process.wait()
        self._close()

    def end(self) -> int:
        """End of input; its exit status."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        for _line in self._lines:
            pass
        status = self.process.wait()
        self._close()
        return status

    def _close(self) -> None:
        self._lines.close()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
