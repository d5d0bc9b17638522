"""Random names: ids, and the codes of cards on paper.

Ids are random 63-bit integers, written as 16 lower-case hex digits (SQLite's are signed).
"""

from __future__ import annotations

from typing import NewType

Id = NewType("Id", str)

_DIGITS = 16

# Nobody finds a card by trying: 128 bits, as many as a good password has.
CARD_CODE_BYTES = 16
_CARD_DIGITS = len(str(256**CARD_CODE_BYTES - 1))
_CARD_PREFIX = "9"


def make_id(random_bytes: bytes) -> Id:
    """An id from 8 random bytes; the sign bit is dropped."""
    number = int.from_bytes(random_bytes, "big") & 0x7FFF_FFFF_FFFF_FFFF
    return Id(f"{number:016x}")


def is_id(text: str) -> bool:
    """Whether `text` is written as an id."""
    return len(text) == _DIGITS and all(digit in "0123456789abcdef" for digit in text)


def make_card_code(random_bytes: bytes) -> str:
    """The code of a card to print, from 16 random bytes: 40 digits.

    Digits alone, since a scanner types them alike in every keyboard layout; an even number of
    them, since Code 128 holds two in one character. No number on goods is as long, no GS1 element
    with a number of goods begins with the 9, and behind it no zero gets lost.
    """
    assert len(random_bytes) == CARD_CODE_BYTES
    return f"{_CARD_PREFIX}{int.from_bytes(random_bytes, 'big'):0{_CARD_DIGITS}}"
