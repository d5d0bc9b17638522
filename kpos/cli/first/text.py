"""A text file as any computer writes it, as lines that TOML reads.

What means only one thing is taken as meant: other line ends, a byte order mark, UTF-16, the code
page of an old Windows, hard blanks, and curly quotes that stand where straight ones belong.
"""

from __future__ import annotations

import codecs
import re

from kpos.cli.first.said import Fault, Said, Wrong

BYTES_MAX = 64 * 1024
_DOCUMENTS = (b"{\\rtf", b"pk\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"<html", b"<!doc")
_DOUBLE, _SINGLE = '“”„‟«»″"', "‘’‚‛‹›′`´'"
_QUOTED = re.compile(
    rf"^(\s*[\w-]+\s*=\s*)(?:[{_DOUBLE}]([^{_DOUBLE}\\]*)[{_DOUBLE}]"
    rf"|[{_SINGLE}]([^{_SINGLE}\\]*)[{_SINGLE}])(\s*(?:#.*)?)$"
)
# Blanks that are not what the space bar types, and characters without any width.
_BLANKS = str.maketrans({"\xa0": " ", "\u2007": " ", "\u202f": " ", "\u3000": " "})
_NOTHING = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u200e\u200f]")


def text_of(content: bytes) -> str:
    """The text; its lines end in line feeds.

    Raises:
        Wrong: if it is none.
    """
    if len(content) > BYTES_MAX:
        raise Wrong(Fault(_no_text("ist zu groß", "is too large")))
    if content[:5].lower().startswith(_DOCUMENTS):
        raise Wrong(Fault(_no_text("ist ein Textverarbeitungs-Dokument", "is a document")))
    text = _decoded(content)
    if "\0" in text:
        raise Wrong(Fault(_no_text("enthält keinen Text", "holds no text")))
    text = _NOTHING.sub("", text.translate(_BLANKS))
    lines = re.split("\r\n|[\r\n\u2028\u2029\x0b\x0c\x85]", text)
    return "\n".join(_straight(line).rstrip() for line in lines)


def _decoded(content: bytes) -> str:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _straight(line: str) -> str:
    """A value in quotes of any kind, in straight ones; a line in straight ones stays as it is."""
    found = _QUOTED.match(line)
    if found is None or (found.group(2) is None and '"' in (found.group(3) or "")):
        return line
    inner = found[2] if found[2] is not None else found[3]
    return f'{found[1]}"{inner}"{found[4]}'


def _no_text(de: str, en: str) -> Said:
    return Said(
        f"die Datei {de}: bitte mit einem einfachen Editor (Windows: Editor; Mac: TextEdit, Format,"
        " In reinen Text umwandeln) als reinen Text speichern",
        f"the file {en}: save it as plain text with a simple editor (Windows: Notepad; Mac:"
        " TextEdit, Format, Make Plain Text)",
    )
