"""QEMU's monitor protocol: one JSON object a line; events come in between answers."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any, Final

# QEMU answers at once, unless this machine is busy with everything else.
ANSWER_S: Final = 120


class Refused(Exception):
    """QEMU did not do it, and says why."""


class Qmp:
    """A connection to a running QEMU."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(ANSWER_S)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("r", encoding="utf-8")
        self._lines.readline()
        self.do("qmp_capabilities")

    def do(self, command: str, **arguments: Any) -> Any:
        """Give a command and return its answer.

        Raises:
            Refused: QEMU did not do it.
            OSError: QEMU is gone.
        """
        said = json.dumps({"execute": command, "arguments": arguments})
        self._socket.sendall(said.encode() + b"\n")
        for line in self._lines:
            answer = json.loads(line)
            if "error" in answer:
                msg = f"{command}: {answer['error']['desc']}"
                raise Refused(msg)
            if "return" in answer:
                return answer["return"]
        msg = "QEMU is gone"
        raise ConnectionError(msg)

    def close(self) -> None:
        """Leave QEMU alone."""
        self._lines.close()
        self._socket.close()
