"""A PostgreSQL of our own for a moment: a cluster in a folder, asked through psql."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import quote

_PROGRAMS = "/usr/lib/postgresql"  # where Debian has them, by version
_NOBODY = "nobody"  # PostgreSQL refuses to run as root
_NULL = "\\N"


def programs() -> Path | None:
    """Where initdb and its kin are; None where they are not."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    return next(iter(sorted(Path(_PROGRAMS).glob("*/bin"), reverse=True)), None)


class Postgres:
    """One database; `execute` is what a report asks of a connection."""

    def __init__(self, socket: Path, binaries: Path) -> None:
        self.socket = socket
        self.url = f"postgresql://kpos@{quote(str(socket), safe='')}/postgres"
        self._psql = [
            str(binaries / "psql"), "-XqtA", "--csv", "-v", "ON_ERROR_STOP=1",
            "-P", f"null={_NULL}", "-h", str(socket), "-U", "kpos", "postgres",
        ]  # fmt: skip

    def run(self, script: str) -> str:
        done = subprocess.run(self._psql, input=script, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def execute(self, query: str, values: tuple[Any, ...] = (), /) -> _Answer:
        """Run a query with numbers for its ``?``, as `$1` and so on."""
        numbers = iter(range(1, len(values) + 1))
        numbered = re.sub(r"\?", lambda _: f"${next(numbers)}", query)
        prepared = f"PREPARE report AS {numbered};\n"
        said = self.run(f"{prepared}EXECUTE report{_literals(values)};\n")
        return _Answer([tuple(map(_value, row)) for row in csv.reader(io.StringIO(said))])


class _Answer:
    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        self._rows = rows

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._rows

    def fetchone(self) -> tuple[Any, ...]:
        return self._rows[0]


def _literals(values: tuple[Any, ...]) -> str:
    if not values:
        return ""
    return f"({', '.join(literal(value) for value in values)})"


def literal(value: object) -> str:
    """A value in SQL."""
    if value is None:
        return "NULL"
    return f"'{str(value).replace(chr(39), chr(39) * 2)}'" if isinstance(value, str) else f"{value}"


def _value(text: str) -> object:
    if text == _NULL:
        return None
    return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else text


@contextmanager
def postgres(binaries: Path) -> Iterator[Postgres]:
    """A server that listens on a socket in its own folder alone."""
    folder = Path(mkdtemp(prefix="kpos-pg-"))  # a socket's path is short
    user = _NOBODY if os.geteuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"
    control = [str(binaries / "pg_ctl"), "-D", str(data), "-s", "-w"]
    try:
        _call([str(binaries / "initdb"), "-D", str(data), "-U", "kpos", "-E", "UTF8",
               "--no-locale", "--no-sync", "-A", "trust"], user)  # fmt: skip
        listens = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        _call([*control, "-l", str(folder / "log"), "-o", listens, "start"], user)
        try:
            yield Postgres(folder, binaries)
        finally:
            _call([*control, "-m", "immediate", "stop"], user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _call(command: list[str], user: str | None) -> None:
    subprocess.run(command, user=user, check=True, stdout=subprocess.DEVNULL, cwd="/")
