"""Putting files below a root: what is new, what differs, what goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

from kpos.cli.units.plan import Piece
from kpos.domain.values import dataclass

_MODE = 0o644


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one file; `text` is what shall stand in it, None where it goes."""

    what: Literal["new", "changed", "removed"]
    path: Path
    text: str | None
    before: str = ""


def changes(root: Path, pieces: Sequence[Piece], others: Sequence[str]) -> list[Change]:
    """What differs below a root from what shall be there."""
    found = []
    for piece in pieces:
        path = root / piece.path
        before = _read(path)
        if before is None:
            found.append(Change("new", path, piece.text))
        elif before != piece.text:
            found.append(Change("changed", path, piece.text, before))
    for other in others:
        before = _read(root / other)
        if before is not None:
            found.append(Change("removed", root / other, None, before))
    return found


def make(change: Change) -> None:
    """Have it so: a file is there whole, as it was or as it shall be.

    Raises:
        OSError: where that is not allowed.
    """
    if change.text is None:
        change.path.unlink()
        with suppress(OSError):  # a drop-in of somebody else's may be in it
            if change.path.parent.name.endswith(".d"):
                change.path.parent.rmdir()
        return
    change.path.parent.mkdir(parents=True, exist_ok=True)
    part = change.path.with_name(f".{change.path.name}.part")
    part.write_text(change.text, encoding="utf-8")
    part.chmod(_MODE)
    part.replace(change.path)


def difference(change: Change) -> Iterator[str]:
    """The lines that differ, as diff shows them."""
    from difflib import unified_diff

    before, after = change.before.splitlines(), (change.text or "").splitlines()
    yield from unified_diff(before, after, str(change.path), "as it shall be", lineterm="")


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
