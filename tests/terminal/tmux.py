"""Somebody at a terminal: types, and reads the screen as tmux shows it."""

from __future__ import annotations

import os
import selectors
import shlex
import subprocess
import sys
from pathlib import Path

# Long for the slowest machine; a screen that is right is seen at once.
PATIENCE_S = 20
KPOS = f"{shlex.quote(sys.executable)} -m kpos"


class Terminal:
    """One window of a tmux server of its own, which a watcher tells when something was written."""

    def __init__(self, socket: Path, command: str, *, columns: int = 80, rows: int = 24) -> None:
        self._tmux = ["tmux", "-S", str(socket), "-f", os.devnull]
        size = ["-x", str(columns), "-y", str(rows)]
        # The shell stays, so that what the till leaves on the screen can be read.
        shell = f"{command}; echo ended with $?; read wait"
        self._do("new-session", "-d", "-s", "till", *size, shell)
        self._watcher = subprocess.Popen(
            [*self._tmux, "-C", "attach", "-t", "till", "-f", "ignore-size"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def types(self, keys: str) -> None:
        """Characters as they are, one after the other."""
        self._do("send-keys", "-t", "till", "-l", "--", keys)

    def presses(self, *names: str) -> None:
        """Keys by tmux's names: Enter, Escape, BSpace, F2."""
        self._do("send-keys", "-t", "till", *names)

    def resizes(self, columns: int, rows: int) -> None:
        self._do("resize-window", "-t", "till", "-x", str(columns), "-y", str(rows))

    def sees(self, *texts: str) -> str:
        """The screen, once all these stand on it."""
        assert self._watcher.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._watcher.stdout, selectors.EVENT_READ)
            while True:
                screen = self.screen()
                if all(text in screen for text in texts):
                    return screen
                written = selector.select(PATIENCE_S)
                assert written, f"{texts} did not come:\n{screen}"
                os.read(self._watcher.stdout.fileno(), 65536)

    def screen(self) -> str:
        return self._do("capture-pane", "-p", "-t", "till")

    def close(self) -> None:
        self._do("kill-server")
        self._watcher.communicate(timeout=PATIENCE_S)

    def _do(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self._tmux, *arguments],
            check=True,
            capture_output=True,
            text=True,
            env=_environment(),
        )
        return done.stdout


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("TMUX", "COLUMNS")}
    return kept | {"LC_ALL": "C.UTF-8", "SHELL": "/bin/sh"}
