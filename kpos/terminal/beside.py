"""What a till that systemd runs leaves for the units beside it, in its folder in /run.

It may do little itself (`systemd/kpos.service`). That it asks for a restart of the machine, whom it
syncs with and why it ended stands in files there, and units with the rights to do so act on them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from kpos.domain.values import dataclass

# Made by systemd for RuntimeDirectory=; there is none where nobody listens.
_VARIABLE = "RUNTIME_DIRECTORY"
DEFAULT_FOLDER = Path("/run/kpos")
_WAWI, _WHY = "wawi", "why"
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Why:
    """Why a till ended: a word that `kpos.checkout.screens.fallen` knows, and a line for admins."""

    word: str = ""
    line: str = ""


class Beside:
    """The folder in /run of this process."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        folder = environment.get(_VARIABLE, "")
        self._folder = Path(folder) if folder else None

    def ask_for(self, mode: str) -> bool:
        """Ask for a reboot or a poweroff of the machine; whether somebody can hear it."""
        return self._write(mode, "")

    def name_wawi(self, url: str) -> None:
        """Say whom kpos-line.service is to lead to."""
        if self._folder is None:
            return
        from urllib.parse import urlsplit

        parts = urlsplit(url)
        line = f"WAWI={parts.hostname}:{parts.port or _PORTS[parts.scheme]}\n"
        if _read(self._folder / _WAWI) != line:
            self._write(_WAWI, line)

    def say_why(self, why: Why) -> None:
        """Leave behind why this till ends."""
        import json

        self._write(_WHY, json.dumps({"word": why.word, "line": why.line}))

    def begin(self) -> None:
        """What the last one left behind is over."""
        if self._folder is not None:
            with suppress(OSError):
                (self._folder / _WHY).unlink(missing_ok=True)

    def _write(self, name: str, text: str) -> bool:
        """Whole or not at all; a folder that cannot be written is no reason to stop selling."""
        if self._folder is None:
            return False
        part = self._folder / f".{name}.part"
        try:
            part.write_text(text, encoding="utf-8")
            part.replace(self._folder / name)
        except OSError:
            return False
        return True


def read_why(folder: Path = DEFAULT_FOLDER) -> Why:
    """Why the last till ended; nothing where it did not come to say so."""
    import json

    try:
        said = json.loads(_read(folder / _WHY) or "{}")
        return Why(str(said.get("word", "")), str(said.get("line", "")))
    except (ValueError, AttributeError):
        return Why()


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None
