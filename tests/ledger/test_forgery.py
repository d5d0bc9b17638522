"""A forged document has its hashes right; then its sums, numbers and place must be right too."""

import json
from collections.abc import Callable

import pytest

from kpos.domain.document import canonical, digest
from tests.ledger.kasse import Kasse
from tests.ledger.tampering import found, opened, spend_an_evening, tampering


@pytest.fixture
def kasse(kasse: Kasse) -> Kasse:
    """Closed for the night after a busy evening."""
    spend_an_evening(kasse)
    return kasse


def forge(kasse: Kasse, change: Callable[[list[object]], None], number: object = None) -> None:
    """Append a document of somebody else's making, with the hashes right."""
    with tampering(kasse) as db:
        last = db.execute("SELECT * FROM document ORDER BY position DESC LIMIT 1").fetchone()
        position, content, claimed = last[0] + 1, last[3], last[4]
        fields = json.loads(content)
        fields[2] += 1
        fields[3] = "K1-000099"
        fields[11], fields[12] = None, claimed
        change(fields)
        text = canonical(fields)
        if number is None:
            (count,) = db.execute("SELECT max(number) FROM document").fetchone()
            number = count + 1
            fields[3] = fields[3] and f"K1-{number:06}"
            text = canonical(fields)
        db.execute(
            "INSERT INTO document (position, number, kind, content, hash) VALUES (?, ?, ?, ?, ?)",
            (position, number, fields[4], text, digest(text)),
        )


def with_(**values: object) -> Callable[[list[object]], None]:
    names = "till epoch seq receipt_number kind at clock author body postings movements".split()

    def change(fields: list[object]) -> None:
        for name, value in values.items():
            fields[names.index(name)] = value

    return change


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, None),
        ({"postings": [["cash:K1", 1]]}, "J-06"),
        ({"postings": [["cash:K1", 0]]}, "J-06"),
        ({"postings": [["cash:K1", 1], ["cash:K1", -1]]}, "J-06"),
        ({"postings": [["inventory", 1], ["bank", -1]]}, "J-06"),
        ({"movements": [["mate", "main", "L1", 1, 80, None]]}, "J-06"),
        ({"postings": [["clearing", 1], ["bank", -1]]}, "J-10"),
        ({"till": "0" * 16}, "J-07"),
        ({"receipt_number": None}, "J-05"),
        ({"kind": "closing", "body": {"v": 1, "z_number": 1}}, None),
        ({"kind": "closing", "body": {"v": 1, "z_number": 2}}, "J-05"),
        ({"kind": "closing", "body": {"v": 1}}, "J-01"),
        ({"kind": "from_the_future", "body": {"v": 9, "of": "a newer kpos"}}, None),
    ],
)
def test_a_forged_document_must_still_add_up(kasse, values, code):
    forge(kasse, with_(**{"postings": [], "movements": [], **values}))
    kasse.lose_stammdaten()
    assert found(kasse.verify) == code


def test_a_document_not_in_canonical_form_is_found(kasse):
    with tampering(kasse) as db:
        position, content = db.execute(
            "SELECT position, content FROM document ORDER BY position DESC LIMIT 1"
        ).fetchone()
        spaced = content.replace(",", ", ", 1)
        db.execute(
            "UPDATE document SET content = ?, hash = ? WHERE position = ?",
            (spaced, digest(spaced), position),
        )
    kasse.lose_stammdaten()
    assert found(kasse.verify) == "J-07"


def test_a_document_in_the_place_of_another_is_found(kasse):
    forge(kasse, with_(seq=1))
    assert found(kasse.verify) == "J-04"
    assert opened(kasse) == "J-04"
