"""What setup says, in both languages: nobody may have chosen one yet."""

from __future__ import annotations

from typing import NamedTuple

from kpos.domain.member import Language


class Said(NamedTuple):
    """One text."""

    de: str
    en: str

    def of(self, language: Language) -> str:
        """In one of them."""
        return self.de if language == "de" else self.en

    def plus(self, more: str) -> Said:
        """With something behind it that is the same in both."""
        return Said(self.de + more, self.en + more)


class Fault(NamedTuple):
    """What is wrong with a file, and what to do; line and column from 1, 0 where there is none."""

    said: Said
    line: int = 0
    column: int = 0

    def of(self, language: Language) -> str:
        """With its place before it."""
        if not self.line:
            return self.said.of(language)
        where = Said("Zeile {}, Spalte {}", "line {}, column {}").of(language)
        return f"{where.format(self.line, self.column)}: {self.said.of(language)}"


class Wrong(Exception):
    """What was asked for cannot be done; nothing of it was, unless the fault says so."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.of("en") for fault in faults))
        self.faults = faults
