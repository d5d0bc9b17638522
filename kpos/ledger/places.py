"""Where documents stand in a projection, and which documents others name.

A till has one journal: a document's position follows from its number. A server projects the
journals of many tills in the order in which it took them in; there a position is looked up, and
what names another document names one of its author's own journal, unless it says whose.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from kpos.domain.document import Document, Json, Named, Ref
from kpos.ledger.reading import position_of, ref_of


class Places(Protocol):
    """Positions are whole numbers in the order of projecting."""

    def position(self, document: Document) -> int:
        """Where a document stands."""
        ...

    def position_named(self, by: Document, name: Mapping[str, Json]) -> int:
        """Where the document stands that `by` names in its body."""
        ...

    def named(self, by: Document, name: Mapping[str, Json]) -> Document | None:
        """The document that `by` names in its body, or None."""
        ...

    def name_of(self, position: int) -> Named:
        """How a document names the one at a position."""
        ...


class OneJournal:
    """The places of a till."""

    def __init__(self, read: Callable[[Ref], Document | None]) -> None:
        self._read = read

    def position(self, document: Document) -> int:
        """Order and place in one integer."""
        return position_of(document)

    def position_named(self, by: Document, name: Mapping[str, Json]) -> int:  # noqa: ARG002
        """It is in the same journal, whoever names it."""
        return position_of(Ref(**name))

    def named(self, by: Document, name: Mapping[str, Json]) -> Document | None:  # noqa: ARG002
        """It is in the same journal, whoever names it."""
        return self._read(Ref(**name))

    def name_of(self, position: int) -> Ref:
        """By its number."""
        return ref_of(position)
