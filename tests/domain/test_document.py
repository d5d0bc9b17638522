"""What is hashed, exactly: these bytes can never change again."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpos.domain.bodies import Units
from kpos.domain.document import (
    FIELDS,
    FIRST_PREV_HASH,
    Document,
    Draft,
    Movement,
    Place,
    Posting,
    Ref,
    body_of,
    canonical,
    digest,
    fault_of,
    merge_postings,
    plain,
    private_digest,
    read_content,
    receipt_number,
    seal,
)
from kpos.domain.instant import Reading
from kpos.domain.values import replace
from tests.domain.shelf import NOW

PAYOUT = Draft(
    "payout",
    {"v": 1, "note": "Grüße"},
    (Posting("wallet:ada", 100), Posting("cash:K1", -100)),
    (Movement("mate", "main", None, -1),),
    "uid:0",
)
FIRST = Place("00000000000000aa", Ref(1, 1), "K1-000001", Reading(NOW, "ok"), FIRST_PREV_HASH)


def test_the_bytes_that_are_hashed_are_these():
    document, content = seal(PAYOUT, FIRST, None)
    assert content == (
        '["00000000000000aa",1,1,"K1-000001","payout","2026-11-20T19:00:00.000Z","ok","uid:0",'
        '{"note":"Grüße","v":1},[["wallet:ada",100],["cash:K1",-100]],'
        f'[["mate","main",null,-1,null,null]],null,"{FIRST_PREV_HASH}"]'
    )
    assert document.hash == digest(content)
    assert document.hash == "2bb1fd20093edc7b487440610f3041b6846aa001c3dd01b0e68696ac54e565d2"
    assert document.ref == Ref(1, 1)
    assert str(document.ref) == "1/1"


def test_the_digest_of_a_private_part_is_hashed_too():
    digests = (None, private_digest(b"salt", '"Ada"'), private_digest(b"salt", '"Linus"'))
    assert len({seal(PAYOUT, FIRST, each)[0].hash for each in digests}) == 3


def test_a_stored_document_reads_back():
    document, content = seal(PAYOUT, FIRST, private_digest(b"salt", "{}"))
    assert read_content(content, document.hash) == document


def test_a_document_is_what_was_stored_not_what_was_typed():
    typed = replace(PAYOUT, body={"v": 1, "note": "Gru\u0308\u00dfe"})
    assert seal(typed, FIRST, None) == seal(PAYOUT, FIRST, None)


def test_a_document_as_json_has_its_fields_in_the_order_that_is_hashed():
    document, content = seal(PAYOUT, FIRST, None)
    shown = document.as_json()
    assert tuple(shown) == FIELDS
    assert list(shown.values()) == [*json.loads(content), document.hash]


@pytest.mark.parametrize(
    "content",
    [
        "", "[]", "{}", "3", "null", "[1,2]", "[" * 5000,
        '["t",1,1,null,"k","a","ok",null,{"x":1.5},[],[],null,"p"]',
        '["t",1,1,null,"k","a","ok",null,{"x":NaN},[],[],null,"p"]',
        '["t",1,1,null,"k","a","ok",null,{},[1],[],null,"p"]',
        '["t",1,1,null,"k","a","ok",null,{},[],[[]],null,"p"]',
    ],
)  # fmt: skip
def test_what_is_not_the_content_of_a_document_says_so(content):
    with pytest.raises(ValueError, match=r"\w"):
        read_content(content, "")


def test_canonical_json_sorts_packs_composes_and_escapes_nothing():
    assert (
        canonical({"b": [1, None, True], "a": "Caf\u0065\u0301"})
        == '{"a":"Café","b":[1,null,true]}'
    )


# Names of fields are composed, being names in code: two that differ in that alone are one.
NAMES = st.text().map(lambda name: unicodedata.normalize("NFC", name))


@given(st.dictionaries(NAMES, st.integers() | st.text() | st.none()))
def test_canonical_json_says_the_same_however_often(value):
    try:
        once = canonical(value)
    except UnicodeEncodeError:
        return
    assert canonical(json.loads(once)) == once


@pytest.mark.parametrize(
    ("draft", "fault"),
    [
        (PAYOUT, None),
        (replace(PAYOUT, postings=()), None),
        (replace(PAYOUT, postings=(Posting("a", 1),)), "postings do not sum to zero"),
        (
            replace(PAYOUT, postings=(Posting("a", 1), Posting("a", -1))),
            "an account is posted twice",
        ),
        (replace(PAYOUT, postings=(Posting("a", 0),)), "a posting of zero"),
        (replace(PAYOUT, movements=(Movement("m", "p", None, 0),)), "a movement of nothing"),
    ],
)
def test_a_draft_that_cannot_be_booked_says_why(draft, fault):
    assert fault_of(draft) == fault


def test_a_body_is_plain_values_and_the_version_of_their_meaning():
    assert body_of(Units(15, 2)) == {"v": 1, "cents_per_unit": 15, "quantity": 2}
    assert plain({"units": (Units(15, 2),), "note": None}) == {
        "units": [{"cents_per_unit": 15, "quantity": 2}],
        "note": None,
    }


@pytest.mark.parametrize("wrong", [1.5, b"bytes", Document, {1, 2}])
def test_a_float_or_an_object_cannot_be_part_of_a_document(wrong):
    with pytest.raises(TypeError, match="cannot be part of a document"):
        plain({"price": wrong})


@given(st.lists(st.builds(Posting, st.sampled_from("abc"), st.integers(-9, 9))))
def test_merged_postings_name_each_account_once_and_none_for_nothing(postings):
    merged = merge_postings(*postings)
    assert sum(p.cents for p in merged) == sum(p.cents for p in postings)
    assert len({p.account for p in merged}) == len(merged)
    assert all(p.cents for p in merged)


def test_a_receipt_number_has_six_digits_at_least():
    assert receipt_number("K1", 42) == "K1-000042"
    assert receipt_number("K1A", 1_000_000) == "K1A-1000000"
