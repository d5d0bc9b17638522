"""What is in the image, and under which licences.

Of a package of Debian the licences are those its copyright file names, where that can be read by a
program (DEP-5); else the file itself is named. Of a wheel they are those of its metadata.
"""

from __future__ import annotations

import csv
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from email.parser import HeaderParser
from pathlib import Path
from typing import Final

_MACHINE_READABLE: Final = re.compile(
    r"\AFormat(-Specification)?:.*(dep5|copyright-format)", re.IGNORECASE
)
_LICENSE: Final = re.compile(r"^License:[ \t]*(\S.*)$", re.MULTILINE)
_CLASSIFIER: Final = "License :: OSI Approved :: "


@dataclass(frozen=True, order=True)
class Part:
    """One row: where it comes from (debian, wheel), and what it is."""

    origin: str
    name: str
    version: str
    licences: str


def parts_of(root: Path) -> list[Part]:
    """All that is in a root folder."""
    return sorted([*_debian(root), *_wheels(root / "usr/lib/kpos")])


def write(parts: Iterable[Part], file: Path) -> None:
    """As a table for a spreadsheet."""
    with file.open("w", newline="", encoding="utf-8") as opened:
        table = csv.writer(opened, lineterminator="\n")
        table.writerow(field.name for field in fields(Part))
        table.writerows(astuple(part) for part in parts)


def _debian(root: Path) -> Iterator[Part]:
    query = ["dpkg-query", f"--admindir={root}/var/lib/dpkg", "--show"]
    query += ["--showformat=${Package}\t${Version}\n"]
    asked = subprocess.run(query, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    for line in asked.stdout.splitlines():
        name, version = line.split("\t")
        yield Part("debian", name, version, licences(root, name))


def licences(root: Path, package: str) -> str:
    """Those its copyright file names, or the place of that."""
    place = Path("usr/share/doc") / package / "copyright"
    file = root / place
    text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    if not _MACHINE_READABLE.match(text):
        return f"see /{place}"
    return ", ".join(sorted({found.strip() for found in _LICENSE.findall(text)}))


def _wheels(program: Path) -> Iterator[Part]:
    for metadata in program.glob("*.dist-info/METADATA"):
        said = HeaderParser().parsestr(metadata.read_text(encoding="utf-8"))
        classified = [
            line.removeprefix(_CLASSIFIER)
            for line in said.get_all("Classifier", [])
            if line.startswith(_CLASSIFIER)
        ]
        # Some have the whole text where its name belongs.
        named = (said["License-Expression"] or said["License"] or "").partition("\n")[0]
        yield Part("wheel", said["Name"], said["Version"], named or ", ".join(classified))
