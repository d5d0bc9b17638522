"""Ids are random 63-bit integers, written as 16 lower-case hex digits (SQLite's are signed)."""

from __future__ import annotations

from typing import NewType

Id = NewType("Id", str)

_DIGITS = 16


def make_id(random_bytes: bytes) -> Id:
    """An id from 8 random bytes; the sign bit is dropped."""
    number = int.from_bytes(random_bytes, "big") & 0x7FFF_FFFF_FFFF_FFFF
    return Id(f"{number:016x}")


def is_id(text: str) -> bool:
    """Whether `text` is written as an id."""
    return len(text) == _DIGITS and all(digit in "0123456789abcdef" for digit in text)
