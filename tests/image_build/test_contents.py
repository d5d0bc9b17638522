"""The list of what is in an image, and under which licences."""

from __future__ import annotations

import csv

import pytest

from making.contents import Part, licences, write

READABLE = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: sample

Files: *
Copyright: somebody
License: GPL-2+ with OpenSSL exception
 the text of it

Files: debian/*
Copyright: somebody else
License: MIT

License: MIT
 its text
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (READABLE, "GPL-2+ with OpenSSL exception, MIT"),
        ("This package was debianized by …\nLicense: GPL", "see /usr/share/doc/sample/copyright"),
        (None, "see /usr/share/doc/sample/copyright"),
    ],
    ids=["machine-readable", "prose", "none"],
)
def test_licences_of_a_package_are_named_or_found(tmp_path, text, said):
    folder = tmp_path / "usr/share/doc/sample"
    folder.mkdir(parents=True)
    if text is not None:
        (folder / "copyright").write_text(text, encoding="utf-8")
    assert licences(tmp_path, "sample") == said


def test_the_list_is_a_table(tmp_path):
    part = Part("debian", "sample", "1.0-1", "GPL-2+, MIT")
    write([part], tmp_path / "contents.csv")
    with (tmp_path / "contents.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.DictReader(file)) == [
            {"origin": "debian", "name": "sample", "version": "1.0-1", "licences": part.licences}
        ]
