"""JSON that is read strictly: what is missing or of another kind says where and why.

A `Codec` writes a value and reads it back. Members of an object that nobody asked for are ignored,
so that a newer side may say more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from kpos.domain.document import Json
from kpos.domain.values import dataclass

T = TypeVar("T")


class Malformed(ValueError):
    """A message is not one; `pointer` (RFC 6901) says where, `detail` what is wrong there."""

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(f"{pointer or '/'}: {detail}")
        self.pointer = pointer
        self.detail = detail


class Codec(Generic[T]):
    """How a value is written, and read from what stands at a pointer."""

    def __init__(self, write: Callable[[T], Json], read: Callable[[Json, str], T]) -> None:
        self.write = write
        self.read_at = read

    def read(self, value: Json) -> T:
        """A whole message.

        Raises:
            Malformed: if it is none.
        """
        return self.read_at(value, "")


def _same(value: T) -> T:
    return value


def plain(kind: Callable[[Json], bool], name: str) -> Codec[Any]:
    """What JSON has a value of its own for."""

    def read(value: Json, at: str) -> Json:
        if not kind(value):
            raise Malformed(at, f"must be {name}")
        return value

    return Codec(_same, read)


def _is_text(value: Json) -> bool:
    """What cannot be encoded cannot be stored either; nor can NUL, in PostgreSQL."""
    if not isinstance(value, str) or "\0" in value:
        return False
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


text: Codec[str] = plain(_is_text, "a text")
flag: Codec[bool] = plain(lambda value: isinstance(value, bool), "true or false")
mapping: Codec[Mapping[str, Json]] = plain(lambda value: isinstance(value, dict), "an object")


def number(least: int, most: int) -> Codec[int]:
    """A whole number within limits."""
    return plain(
        lambda value: type(value) is int and least <= value <= most,
        f"a whole number from {least} to {most}",
    )


def one_of(numbers: Sequence[int]) -> Codec[int]:
    """One of some whole numbers."""
    return plain(
        lambda value: type(value) is int and value in numbers,
        f"one of {', '.join(map(str, numbers))}",
    )


_HEX = frozenset("0123456789abcdef")


def hex_digits(digits: int) -> Codec[Any]:
    """So many lower-case hex digits, as they are."""
    return plain(
        lambda value: isinstance(value, str) and len(value) == digits and _HEX.issuperset(value),
        f"{digits} lower-case hex digits",
    )


def octets(size: int) -> Codec[bytes]:
    """So many bytes, in hex."""
    digits = hex_digits(2 * size)
    return Codec(bytes.hex, lambda value, at: bytes.fromhex(digits.read_at(value, at)))


def nullable(of: Codec[T]) -> Codec[T | None]:
    """A value or null."""
    return Codec(
        lambda value: None if value is None else of.write(value),
        lambda value, at: None if value is None else of.read_at(value, at),
    )


def array(of: Codec[T], most: int | None = None) -> Codec[tuple[T, ...]]:
    """Any number of values, or at most so many."""

    def read(value: Json, at: str) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise Malformed(at, "must be an array")
        if most is not None and len(value) > most:
            raise Malformed(at, f"has more than {most} items")
        return tuple(of.read_at(item, f"{at}/{index}") for index, item in enumerate(value))

    return Codec(lambda values: [of.write(value) for value in values], read)


def named(of: Codec[T]) -> Codec[Mapping[str, T]]:
    """Values by name."""

    def read(value: Json, at: str) -> Mapping[str, T]:
        return {
            name: of.read_at(item, f"{at}/{name}")
            for name, item in mapping.read_at(value, at).items()
        }

    return Codec(lambda values: {name: of.write(value) for name, value in values.items()}, read)


def row(kind: Callable[..., T], **members: Codec[Any]) -> Codec[T]:
    """The fields of a dataclass as an array, in their order."""

    def read(value: Json, at: str) -> T:
        if not isinstance(value, list) or len(value) != len(members):
            raise Malformed(at, f"must be [{', '.join(members)}]")
        pairs = zip(members.items(), value, strict=True)
        items = [of.read_at(item, f"{at}/{name}") for (name, of), item in pairs]
        return kind(*items)

    return Codec(
        lambda value: [of.write(getattr(value, name)) for name, of in members.items()], read
    )


@dataclass(frozen=True, slots=True)
class Optional:
    """A member that is left out where it is None."""

    of: Codec[Any]


def record(kind: Callable[..., T], **members: Codec[Any] | Optional) -> Codec[T]:
    """The fields of a dataclass by name."""

    def write(value: T) -> Json:
        items = {}
        for name, of in members.items():
            item = getattr(value, name)
            if not isinstance(of, Optional):
                items[name] = of.write(item)
            elif item is not None:
                items[name] = of.of.write(item)
        return items

    def read(value: Json, at: str) -> T:
        items = mapping.read_at(value, at)
        values = {}
        for name, of in members.items():
            if isinstance(of, Optional):
                values[name] = nullable(of.of).read_at(items.get(name), f"{at}/{name}")
            elif name in items:
                values[name] = of.read_at(items[name], f"{at}/{name}")
            else:
                raise Malformed(f"{at}/{name}", "is missing")  # noqa: EM102 - where it is missing
        return kind(**values)

    return Codec(write, read)
