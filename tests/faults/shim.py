"""The preloaded shim (`shim.c`), seen from here: built, put in front of a process, read.

It records what a process asks of the disk below one folder, or has the n-th call fail.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

SOURCE = Path(__file__).with_name("shim.c")
HAS_COMPILER = shutil.which("cc") is not None

# Letters of calls as they are recorded, by the name a person would use.
CALLS = {
    "open": "o", "write": "w", "ftruncate": "t", "fallocate": "a", "fsync": "s", "fdatasync": "d",
    "sync_file_range": "f", "unlink": "u", "rmdir": "x", "rename": "r", "link": "l", "mkdir": "m",
    "close": "c", "read": "R",
}  # fmt: skip
NAMES = {letter: name for name, letter in CALLS.items()} | {"M": "mmap"}
OUTPUT, NOTE = "O", "N"

_HEAD = struct.Struct("=IBBHiHHQqq")
_SHARED = struct.Struct("=IIIIQxxxxxxxx")


@dataclass(frozen=True, slots=True)
class Record:
    """A call, done or failed; what a process said to its standard output; or a note of a test."""

    call: str  # a letter of `CALLS`, or OUTPUT, or NOTE
    name: str = ""  # below the folder
    to: str = ""  # of a rename: the new name
    inode: int = 0
    offset: int = 0  # of an open: its flags
    length: int = 0
    data: bytes = b""
    error: int = 0  # errno
    made: bool = False  # the open made the file
    pid: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """Which call fails, and how: see `KPOS_SHIM_FAIL` in shim.c."""

    call: str  # a name of `CALLS`
    file: str  # its last part, or "*"
    nth: int  # from 1
    how: str  # an errno as a number, "s", "h", or "e" and an errno

    def __str__(self) -> str:
        return f"{CALLS[self.call]} {self.file} {self.nth} {self.how}"


@cache
def library() -> Path:
    """The compiled shim, made once per process."""
    made = Path(mkdtemp(prefix="kpos-shim-")) / "shim.so"
    flags = ["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-U_FORTIFY_SOURCE"]
    subprocess.run(["cc", *flags, "-o", made, SOURCE], check=True)
    return made


class Shim:
    """One run, of one process or several, with the shim in front of each."""

    def __init__(self, top: Path, own: Path, seed: int, failure: Failure | None = None) -> None:
        """Watch the folder `top`; the shim's own files go into the folder `own`."""
        own.mkdir(parents=True, exist_ok=True)
        self.log, self._state = own / "log", own / "state"
        self.log.write_bytes(b"")
        self._state.write_bytes(bytes(_SHARED.size))
        self.environment = {
            "LD_PRELOAD": str(library()),
            "KPOS_SHIM_DIR": str(top),
            "KPOS_SHIM_LOG": str(self.log),
            "KPOS_SHIM_STATE": str(self._state),
            "KPOS_SHIM_SEED": str(seed),
            "PYTHONHASHSEED": "0",
        }
        if failure is not None:
            self.environment["KPOS_SHIM_FAIL"] = str(failure)

    @property
    def before(self) -> tuple[str, ...]:
        """What is put in front of a command line."""
        return ("env", *(f"{name}={value}" for name, value in self.environment.items()))

    def note(self, text: str) -> None:
        """Put a note into the log: what comes after it belongs to it."""
        name = text.encode()
        head = _HEAD.pack(_HEAD.size + len(name), ord(NOTE), 0, 0, 0, len(name), 0, 0, 0, 0)
        with self.log.open("ab", buffering=0) as log:
            log.write(head + name)

    @property
    def fired(self) -> bool:
        """Whether the failing call was reached."""
        return bool(_SHARED.unpack(self._state.read_bytes())[2])

    def heal(self) -> None:
        """From now on nothing fails: there is room again, the disk is writable again."""
        descriptor = os.open(self._state, os.O_WRONLY)
        os.pwrite(descriptor, struct.pack("=I", 1), 12)
        os.close(descriptor)

    def records(self) -> list[Record]:
        """Everything recorded so far, in order."""
        return list(_read(self.log.read_bytes()))


def _read(log: bytes) -> Iterator[Record]:
    at = 0
    while at < len(log):
        size, call, made, error, pid, name, to, inode, offset, length = _HEAD.unpack_from(log, at)
        first = at + _HEAD.size
        texts = log[first : first + name + to]
        yield Record(
            chr(call),
            texts[:name].decode(),
            texts[name:].decode(),
            inode,
            offset,
            length,
            log[first + name + to : at + size],
            error,
            bool(made),
            pid,
        )
        at += size
