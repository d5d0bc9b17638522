"""Whoever changes what was written is found out, whatever they change."""

import json
import sqlite3
from contextlib import closing

import pytest

from kpos.domain.document import Draft, Posting, canonical, digest
from kpos.ledger.pairing import Pairing, write_pairing
from kpos.ledger.verify import verify
from tests.ledger.kasse import Kasse
from tests.ledger.tampering import found, opened, spend_an_evening, tampering


@pytest.fixture
def kasse(kasse: Kasse) -> Kasse:
    """Closed for the night after a busy evening."""
    spend_an_evening(kasse)
    return kasse


def documents(kasse: Kasse) -> int:
    with closing(sqlite3.connect(kasse.folder.journal)) as db:
        count: int = db.execute("SELECT count(*) FROM document").fetchone()[0]
    return count


@pytest.mark.parametrize("nth", range(3))
def test_each_character_of_a_content_counts(kasse, nth):
    """Every 7th is changed; three runs with other offsets and documents keep this quick."""
    count = documents(kasse)
    with tampering(kasse) as db:
        position = (1 << 32) + count - nth
        (content,) = db.execute(
            "SELECT content FROM document WHERE position = ?", (position,)
        ).fetchone()
        update = "UPDATE document SET content = ? WHERE position = ?"
        for at in range(nth, len(content), 7):
            other = "7" if content[at] != "7" else "8"
            db.execute(update, (content[:at] + other + content[at + 1 :], position))
            assert found(kasse.verify) in {"J-03", "J-07"}, at
            assert opened(kasse) in {"J-03", "J-07"}, at
        db.execute(update, (content, position))
    assert found(kasse.verify) is None


@pytest.mark.parametrize(
    ("column", "value", "verify_says", "opening_says"),
    [
        ("hash", "'" + "0" * 64 + "'", {"J-03"}, "J-03"),
        ("kind", "'payout'", {"J-07"}, None),
        ("number", "number + 1000", {"J-05"}, None),
        ("number", "NULL", {"J-05"}, None),
        ("position", "position + 1000", {"J-03"}, "J-04"),
        ("content", "'[]'", {"J-07"}, "J-07"),
        ("content", "content || ' '", {"J-03"}, "J-03"),
        ("content", "CAST(x'ff' AS TEXT)", {"J-01"}, "J-01"),
    ],
)
def test_each_column_of_a_sale_counts(kasse, column, value, verify_says, opening_says):
    with tampering(kasse) as db:
        db.execute(f"UPDATE document SET {column} = {value} WHERE kind = 'sale'")
    assert found(kasse.verify) in verify_says
    assert opened(kasse) == opening_says


def test_a_number_on_a_kind_without_numbers_is_found(kasse):
    with tampering(kasse) as db:
        db.execute("UPDATE document SET number = 99 WHERE seq = (SELECT min(seq) FROM document)")
    assert found(kasse.verify) == "J-05"


@pytest.mark.parametrize("which", ["min", "max"])
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE private SET part = part || ' '", "J-08"),
        ("UPDATE private SET salt = x'00'", "J-08"),
        ("UPDATE private SET position = position + 4000", "J-08"),
        ("UPDATE private SET part = '{}'", "J-08"),
    ],
)
def test_a_private_part_that_is_not_the_documents_is_found(kasse, which, change, code):
    with tampering(kasse) as db:
        db.execute(f"{change} WHERE position = (SELECT {which}(position) FROM private)")
    assert found(kasse.verify) == code


def test_a_private_part_given_to_a_document_without_one_is_found(kasse):
    with tampering(kasse) as db:
        db.execute(
            "UPDATE private SET position = (SELECT position FROM document WHERE kind = 'debit')"
            " WHERE position = (SELECT max(position) FROM private)"
        )
    assert found(kasse.verify) == "J-08"


def test_a_private_part_that_is_gone_was_erased_and_is_no_damage(kasse):
    with tampering(kasse) as db:
        db.execute("DELETE FROM private")
    kasse.lose_stammdaten()
    assert kasse.verify().private_parts == 0


def test_a_document_cut_out_is_found(kasse):
    with tampering(kasse) as db:
        db.execute("DELETE FROM document WHERE kind = 'payout'")
        db.execute("DELETE FROM document WHERE kind = 'sale'")
    assert found(kasse.verify) == "J-03"
    assert opened(kasse) == "J-03"


def test_a_tail_cut_off_is_known_by_what_was_projected(kasse):
    with tampering(kasse) as db:
        db.execute("DELETE FROM private WHERE position = (SELECT max(position) FROM document)")
        db.execute("DELETE FROM document WHERE kind = 'payout'")
    assert found(kasse.verify) == "J-12"


def test_a_last_document_written_anew_is_known_by_what_was_projected(kasse):
    with tampering(kasse) as db:
        (content,) = db.execute("SELECT content FROM document WHERE kind = 'payout'").fetchone()
        forged = content.replace('"uid:0"', '"uid:9"')
        db.execute(
            "UPDATE document SET content = ?, hash = ? WHERE kind = 'payout'",
            (forged, digest(forged)),
        )
    assert found(kasse.verify) == "S-03"


def test_an_older_document_written_anew_breaks_the_chain(kasse):
    with tampering(kasse) as db:
        (content,) = db.execute("SELECT content FROM document WHERE kind = 'sale'").fetchone()
        forged = content.replace("Snack", "Stack")
        db.execute(
            "UPDATE document SET content = ?, hash = ? WHERE content = ?",
            (forged, digest(forged), content),
        )
    assert found(kasse.verify) == "J-03"
    assert opened(kasse) == "J-03"


def test_a_gap_that_the_chain_was_mended_over_is_found(kasse):
    with tampering(kasse) as db:
        position, content, claimed = db.execute(
            "SELECT position, content, hash FROM document ORDER BY position DESC LIMIT 1"
        ).fetchone()
        fields = json.loads(content)
        fields[2] += 5
        moved = canonical(fields)
        db.execute(
            "UPDATE document SET position = position + 5, content = ?, hash = ? WHERE hash = ?",
            (moved, digest(moved), claimed),
        )
        db.execute("DELETE FROM private WHERE position = ?", (position,))
    assert found(kasse.verify) == "J-04"


def test_a_sale_without_its_debit_is_found_wherever_it_stands(kasse):
    kasse.open()
    sale = (Posting("clearing", 100), Posting("revenue:6", -100))
    kasse.post(Draft("sale", {"v": 1, "lines": []}, sale))
    kasse.close()
    assert found(kasse.verify) == "J-10"
    kasse.open()
    kasse.post(Draft("payout", {"v": 1}, ()))
    kasse.close()
    assert found(kasse.verify) == "J-10"


def test_a_debit_without_its_sale_is_found(kasse):
    kasse.open()
    body = {"v": 1, "wallet": "ada", "cents": 1, "units": []}
    kasse.post(Draft("debit", body, (Posting("wallet:ada", 1), Posting("clearing", -1))))
    kasse.close()
    assert found(kasse.verify) == "J-10"


def test_two_debits_that_make_up_for_each_other_are_found(kasse):
    kasse.open()
    for cents in (1, -1):
        body = {"v": 1, "wallet": "ada", "cents": cents, "units": []}
        postings = (Posting("wallet:ada", cents), Posting("clearing", -cents))
        kasse.post(Draft("debit", body, postings))
    kasse.close()
    assert found(kasse.verify) == "J-10"


def test_an_identity_that_is_gone_is_found(kasse):
    with tampering(kasse) as db:
        identity = db.execute("SELECT * FROM identity").fetchone()
        db.execute("DELETE FROM identity")
    assert found(kasse.verify) == "J-11"
    assert opened(kasse) == "J-11"
    with tampering(kasse) as db:
        marks = ", ".join("?" * len(identity))
        db.execute(f"INSERT INTO identity VALUES ({marks})", identity)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("till", "'0000000000000000'"),
        ("place", "'0000000000000000'"),
        ("prefix", "'K2'"),
        ("cash_prefix", "'K2'"),
        ("epoch", "0"),
        ("epoch", "3"),
    ],
)
def test_an_identity_that_is_not_that_of_the_documents_locks_the_till(kasse, column, value):
    """Outside the chain: else a fallen bit gave wrong numbers, or another cash box."""
    with tampering(kasse) as db:
        [before] = db.execute(f"SELECT {column} FROM identity").fetchone()
        db.execute(f"UPDATE identity SET {column} = {value}")
    assert opened(kasse) == "J-11"
    with tampering(kasse) as db:
        db.execute(f"UPDATE identity SET {column} = ?", (before,))


@pytest.mark.parametrize(
    ("column", "value"),
    [("fed", 1), ("token", "somebody else's"), ("url", None), ("acked", "[1,1,'']")],
)
def test_a_pairing_that_changed_by_itself_locks_the_till(kasse, column, value):
    """Whether the WaWi says what credit there is must not hang on one bit."""
    kasse.open()
    with kasse.books.journal.transaction() as booking:
        write_pairing(booking.db, Pairing("https://wawi", "token", "Keller"), is_fed=False)
    kasse.close()
    with tampering(kasse) as db:
        [before] = db.execute(f"SELECT {column} FROM pairing").fetchone()
        db.execute(f"UPDATE pairing SET {column} = ?", (value,))
    assert found(kasse.verify) == "J-11"
    assert opened(kasse) == "J-11"
    with tampering(kasse) as db:
        db.execute(f"UPDATE pairing SET {column} = ?", (before,))


@pytest.mark.parametrize("table", ["balance", "stock", "member", "card", "held_units", "history"])
def test_a_projection_somebody_changed_is_found(kasse, table):
    with closing(sqlite3.connect(kasse.folder.stammdaten, isolation_level=None)) as db:
        db.execute(f"DELETE FROM {table}")
    assert found(kasse.verify) == "S-03"


def test_verify_tells_how_far_it_is(kasse):
    kasse.open()
    kasse.post(*[Draft("cash_move", {"v": 1})] * 500)
    kasse.close()
    told: list[int] = []
    verified = verify(kasse.folder, told.append)
    assert told == [500]
    assert verified.documents > 500
