"""Work that SQLite counts itself, for connections that our own code opened: exact on any machine.

VM steps: `sqlite3_stmt_status(SQLITE_STMTSTATUS_VM_STEP)`, summed over all prepared statements of a
connection, steps of triggers included. (The progress handler of Python's module is only called at
jumps, so it counts a part of them.) Pages looked at: `sqlite3_db_status`, cache hits and misses
together, that is every page of a B-tree that was asked for, however often. Pages read: its cache
misses, each a page fetched from the file or its WAL.

Python's module hands out no pointers, so they are taken from the connection object, whose first
field the `sqlite3 *` is; that is checked by asking SQLite for the file name behind it.
"""

from __future__ import annotations

import ctypes
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

_VM_STEP = 4
_CACHE_HIT, _CACHE_MISS = 7, 8
_KEEP = 0  # do not reset the counter


@dataclass(frozen=True)
class Counts:
    """What SQLite did."""

    vm_steps: int
    pages: int  # looked at, in the cache or not
    pages_read: int  # those that were not in the cache

    def __sub__(self, before: Counts) -> Counts:
        return Counts(
            self.vm_steps - before.vm_steps,
            self.pages - before.pages,
            self.pages_read - before.pages_read,
        )


def memory_at_most(work: Callable[[], object]) -> int:
    """Bytes that all connections together had at most while something was done, beyond before.

    Raises:
        OSError: where this Python's SQLite cannot be asked, or does not count.
    """
    sqlite = _library()
    before: int = sqlite.sqlite3_memory_used()
    sqlite.sqlite3_memory_highwater(1)
    work()
    most: int = sqlite.sqlite3_memory_highwater(0)
    if not most:
        msg = "this Python's SQLite was built without counting its memory"
        raise OSError(msg)
    return most - before


class Counter:
    """Counts what some connections do together."""

    def __init__(self, *connections: sqlite3.Connection) -> None:
        """The connections must stay open while they are counted.

        Raises:
            OSError: where this Python's SQLite cannot be asked.
        """
        self._sqlite = _library()
        self._pointers = [self._pointer(connection) for connection in connections]

    def read(self) -> Counts:
        """Everything since the connections were opened, as far as statements are still cached."""
        steps = sum(self._vm_steps(pointer) for pointer in self._pointers)
        hits = sum(self._status(pointer, _CACHE_HIT) for pointer in self._pointers)
        misses = sum(self._status(pointer, _CACHE_MISS) for pointer in self._pointers)
        return Counts(steps, hits + misses, misses)

    def _vm_steps(self, pointer: ctypes.c_void_p) -> int:
        steps = 0
        statement = self._sqlite.sqlite3_next_stmt(pointer, None)
        while statement:
            steps += self._sqlite.sqlite3_stmt_status(statement, _VM_STEP, _KEEP)
            statement = self._sqlite.sqlite3_next_stmt(pointer, statement)
        return steps

    def _status(self, pointer: ctypes.c_void_p, what: int) -> int:
        now, most = ctypes.c_int(), ctypes.c_int()
        self._sqlite.sqlite3_db_status(pointer, what, ctypes.byref(now), ctypes.byref(most), _KEEP)
        return now.value

    def _pointer(self, connection: sqlite3.Connection) -> ctypes.c_void_p:
        pointer = ctypes.c_void_p.from_address(id(connection) + object.__basicsize__)
        own = connection.execute("PRAGMA database_list").fetchone()[2]
        name = self._sqlite.sqlite3_db_filename(pointer, b"main")
        if name is None or name.decode() != own:
            msg = "the connection object of this Python is not laid out as expected"
            raise OSError(msg)
        return ctypes.c_void_p(pointer.value)


def _library() -> ctypes.CDLL:
    """The very SQLite that Python's module uses."""
    import _sqlite3

    path = getattr(_sqlite3, "__file__", None)
    library = ctypes.CDLL(path)
    try:
        library.sqlite3_next_stmt.restype = ctypes.c_void_p
        library.sqlite3_next_stmt.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        library.sqlite3_stmt_status.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
        library.sqlite3_db_status.argtypes = [
            ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int
        ]  # fmt: skip
        library.sqlite3_memory_used.restype = ctypes.c_int64
        library.sqlite3_memory_highwater.restype = ctypes.c_int64
        library.sqlite3_db_filename.restype = ctypes.c_char_p
        library.sqlite3_db_filename.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    except AttributeError as error:
        msg = "this Python's SQLite shows none of its functions"
        raise OSError(msg) from error
    return library
