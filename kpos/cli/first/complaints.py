"""What a person is told whose file is no TOML: what stands there, and what should.

tomllib says where it stumbled and what it had hoped for; people want to know which character to
change. Whatever is not recognised here keeps tomllib's words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kpos.cli.first.said import Fault, Said

CURLY = "“”„‟«»‹›‘’‚‛′″`´"
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_KEY = re.compile(r"\s*([\w-]+)\s*=\s*(.*)")
_SHOWN_MAX = 40


def complaint(error: str, lines: Sequence[str]) -> Fault:
    """From the words of tomllib and the lines of the file."""
    place = _PLACE.search(error)
    line, column = (int(place[1]), int(place[2])) if place else (max(len(lines), 1), 1)
    text = lines[line - 1] if line <= len(lines) else ""
    for look in (_twice, _curly, _bracket, _colon, _words, _value):
        fault = look(error, text)
        if fault is not None:
            said, at = fault
            return Fault(said, line, at or column)
    what = _PLACE.sub("", error).strip()
    return Fault(Said(f"nicht zu verstehen ({what})", f"not understood ({what})"), line, column)


_Found = tuple[Said, int] | None


def _twice(error: str, text: str) -> _Found:
    if "Cannot declare" in error:
        return Said(
            f"den Abschnitt {text.strip()[:_SHOWN_MAX]} gibt es schon weiter oben: alles davon"
            " unter die erste dieser Zeilen schreiben",
            f"the section {text.strip()[:_SHOWN_MAX]} is there already further up: write all of it"
            " below the first of these lines",
        ), 1
    if "Cannot overwrite" in error:
        name = text.partition("=")[0].strip()[:_SHOWN_MAX]
        return Said(
            f"{name} steht zweimal in diesem Abschnitt: eine der Zeilen löschen",
            f"{name} stands in this section twice: delete one of the lines",
        ), 1
    return None


def _curly(_error: str, text: str) -> _Found:
    code = text.partition("#")[0]
    at = next((place for place, each in enumerate(code) if each in CURLY), -1)
    if at < 0:
        return None
    return Said(
        f'statt {code[at]} gehört hier das gerade Zeichen " hin (Umschalt+2), vorn und hinten',
        f'instead of {code[at]} write the straight character " here, in front and behind',
    ), at + 1


def _bracket(_error: str, text: str) -> _Found:
    if not text.lstrip().startswith("[") or re.fullmatch(r"\s*\[[^\[\]]+\]\s*(#.*)?", text):
        return None
    return Said(
        "ein Abschnitt beginnt mit einer Zeile wie [till]: ein Wort zwischen [ und ], sonst nichts",
        "a section begins with a line such as [till]: a word between [ and ], and nothing else",
    ), text.index("[") + 1


def _colon(_error: str, text: str) -> _Found:
    found = re.match(r"\s*[\w-]+\s*(:)", text)
    if found is None:
        return None
    return Said(
        'statt des Doppelpunkts gehört hier ein = hin: name = "Keller"',
        'instead of the colon write = here: name = "Cellar"',
    ), found.start(1) + 1


def _words(_error: str, text: str) -> _Found:
    """Left of the sign of equality."""
    if _KEY.match(text) and text.partition("=")[0].strip().isascii():
        return None
    at = len(text) - len(text.lstrip()) + 1
    if "=" in text:
        left = text.partition("=")[0].strip()[:_SHOWN_MAX]
        return Said(
            f"vor dem = steht genau ein Wort aus der Vorlage, nicht {left!r}",
            f"before the = stands exactly one word of the example, not {left!r}",
        ), at
    return Said(
        'jede Zeile ist leer, beginnt mit #, oder sieht so aus: name = "Keller"',
        'each line is empty, begins with #, or looks like this: name = "Cellar"',
    ), at


def _value(_error: str, text: str) -> _Found:
    """Right of it."""
    found = _KEY.match(text)
    if found is None:
        return None
    name, value = found[1], found[2].strip()
    at = found.start(2) + 1
    if not value or value.startswith("#"):
        return Said(
            f'hinter dem = fehlt etwas: {name} = "…", oder die Zeile mit # beginnen',
            f'something is missing behind the =: {name} = "…", or begin the line with #',
        ), at
    if value[0] not in "\"'[{":
        shown = value.partition("#")[0].strip()[:_SHOWN_MAX]
        return Said(
            f'das gehört zwischen zwei ": {name} = "{shown}"',
            f'this belongs between two ": {name} = "{shown}"',
        ), at
    if "\\" in value and value[0] == '"':
        return Said(
            "das Zeichen \\ geht hier nicht: stattdessen / schreiben",
            "the character \\ does not work here: write / instead",
        ), text.index("\\") + 1
    if value.count(value[0]) == 1 and value[0] in "\"'":
        return Said(
            f"das schließende {value[0]} am Ende fehlt",
            f"the closing {value[0]} at the end is missing",
        ), len(text.rstrip()) + 1
    return Said(
        'hinter dem schließenden " darf nur noch eine Bemerkung mit # stehen',
        'behind the closing " there may only be a remark with #',
    ), text.rstrip().rfind(value[0]) + 1
