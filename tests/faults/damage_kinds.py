"""How files are damaged: by a dying card, a bad cable, a hand that slipped."""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

_SECTOR, _PAGE = 512, 4096
_GARBAGE_MAX = 5000

Random = random.Random


def _bit(rng: Random, data: bytearray) -> None:
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _few_bits(rng: Random, data: bytearray) -> None:
    near = rng.randrange(len(data))
    for _ in range(rng.randint(2, 8)):
        data[min(near + rng.randrange(64), len(data) - 1)] ^= 1 << rng.randrange(8)


def _piece(rng: Random, data: bytearray, size: int) -> slice:
    at = rng.randrange(-(-len(data) // size)) * size
    return slice(at, min(at + size, len(data)))


def _sector_of_zeros(rng: Random, data: bytearray) -> None:
    where = _piece(rng, data, _SECTOR)
    data[where] = bytes(where.stop - where.start)


def _sector_of_garbage(rng: Random, data: bytearray) -> None:
    where = _piece(rng, data, _SECTOR)
    data[where] = rng.randbytes(where.stop - where.start)


def _page_of_zeros(rng: Random, data: bytearray) -> None:
    where = _piece(rng, data, _PAGE)
    data[where] = bytes(where.stop - where.start)


def _pages_swapped(rng: Random, data: bytearray) -> None:
    one, other = (_piece(rng, data[: len(data) // _PAGE * _PAGE] or data, _PAGE) for _ in range(2))
    data[one], data[other] = data[other], data[one]


def _truncated(rng: Random, data: bytearray) -> None:
    size = rng.choice([1, _SECTOR, _PAGE])
    del data[rng.randrange(len(data)) // size * size :]


def _garbage_behind(rng: Random, data: bytearray) -> None:
    data += rng.randbytes(rng.randint(1, _GARBAGE_MAX))


KINDS: dict[str, Callable[[Random, bytearray], None]] = {
    "one bit": _bit,
    "a few bits": _few_bits,
    "sector of zeros": _sector_of_zeros,
    "sector of garbage": _sector_of_garbage,
    "page of zeros": _page_of_zeros,
    "two pages swapped": _pages_swapped,
    "tail cut off": _truncated,
    "garbage behind": _garbage_behind,
}


def damage(rng: Random, path: Path) -> str:
    """Damage the content of a file; what was done to it."""
    data = bytearray(path.read_bytes())
    kind = rng.choice(list(KINDS)) if data else "garbage behind"
    KINDS[kind](rng, data)
    path.write_bytes(data)
    return kind


def put_in_the_way(rng: Random, path: Path) -> str:
    """Something else where a file of this name should be."""
    path.unlink(missing_ok=True)
    kind = rng.choice(["a folder", "a full folder", "a dangling link", "garbage"])
    if kind == "a dangling link":
        path.symlink_to("nowhere/at/all")
    elif kind == "garbage":
        path.write_bytes(rng.randbytes(rng.randrange(_GARBAGE_MAX)))
    else:
        path.mkdir()
        if kind == "a full folder":
            shutil.copy(__file__, path)
    return kind


# What a till reads of each file, but for the documents: they hang together.
_TABLES = {
    "journal.db": "identity pairing private pin undo".split(),
    "stammdaten.db": "applied product barcode member wallet card setting balance".split(),
}


def change_a_value(rng: Random, path: Path) -> str:
    """A bit falls over where it counts: in a value of a row. `path` is a file that was closed."""
    tables = _TABLES[path.name.replace(".good", "")]
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        while True:
            table = rng.choice(tables)
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            column, key = rng.choice(columns), columns[0]
            row = rng.choice(db.execute(f"SELECT {key}, {column} FROM {table}").fetchall())
            with contextlib.suppress(sqlite3.Error):
                fallen = _fallen(rng, row[1])
                db.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (fallen, row[0]))
                if fallen != row[1]:
                    return "a value"


def _fallen(rng: Random, value: object) -> object:
    if isinstance(value, int):
        return value ^ 1 << rng.randrange(16)
    if isinstance(value, str | bytes) and value:
        data = bytearray(value.encode() if isinstance(value, str) else value)
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(5)
        return data.decode(errors="replace") if isinstance(value, str) else bytes(data)
    return value
