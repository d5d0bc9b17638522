"""Requests of a wrong form: refused before anything is done, whoever sends them."""

import pytest

from kpos.domain import orders
from kpos.domain.document import Draft, body_of
from kpos.domain.money import Money
from kpos.domain.refusal import Refused
from kpos.domain.values import replace
from kpos.ledger import stammdaten
from kpos.ledger.errors import Damaged
from kpos.ledger.verify import verify
from tests.ledger.test_office_goods import refused

HUGE = 10**30
ZOE = {"line": 1, "name": "Zoe"}
PIN = {"salt": "00", "key": "00", "n": 2, "r": 1, "p": 1}


@pytest.mark.parametrize(
    ("request_", "arguments"),
    [
        ("card_set", {"card": "CARD-Ada", "changes": {"blocked": HUGE}}),
        ("card_set", {"card": "CARD-Ada", "changes": {"blocked": 1}}),
        ("member_set", {"member": "Ada", "changes": {"number": 1.5}}),
        ("member_set", {"member": "Ada", "changes": {"number": True}}),
        ("member_set", {"member": 42, "changes": {}}),
        ("member_set", {"member": "Ada", "changes": [["number", 7]]}),
        ("member_set", {"member": "Ada", "changes": {"role": "boss"}}),
        ("product_add", {"name": "Tee", "price_cents": 1.5}),
        ("product_add", {"name": "Tee", "price_cents": True}),
        ("product_add", {"name": "Tee", "price_cents": 100, "barcodes": "4029"}),
        ("product_add", {"name": "Tee", "price_cents": 100, "barcodes": {"a": "b"}}),
        ("product_add", {"name": "Tee", "price_cents": 100, "unit": "litre"}),
        ("top_up", {"card": "CARD-Ada", "cents": 100, "means": "gold"}),
        ("top_up", {"card": "CARD-Ada", "cents": HUGE}),
        ("reverse", {"receipt": "K1-000001", "parts": [[1]]}),
        ("reverse", {"receipt": "K1-000001", "parts": [["1", "2"]]}),
        ("member_import", {"rows": [{**ZOE, "credit": 0.5}], "dry_run": False}),
        ("member_import", {"rows": [{**ZOE, "purse": 1}], "dry_run": False}),
        ("member_import", {"rows": [["Zoe"]], "dry_run": False}),
        ("member_add", {"name": "Zoe", "pin": {**PIN, "n": "x"}}),
        ("member_add", {"name": "Zoe", "pin": {**PIN, "n": 3}}),
        ("member_add", {"name": "Zoe", "pin": {**PIN, "salt": "no hex"}}),
        ("member_add", {"name": "Zoe", "pin": {"salt": "00"}}),
        ("member_add", {"name": "Zoe", "pin": {**PIN, "salt": ["00"]}}),
        ("member_add", {"name": "Zoe", "nickname": "Z"}),
    ],
)
def test_a_request_of_a_wrong_form_changes_nothing(kasse, request_, arguments):
    before = kasse.books.journal.head
    code, message = refused(kasse, request_, **arguments)
    assert code == "invalid"
    assert "not supported between" not in message
    assert kasse.books.journal.head == before
    kasse.verify()


@pytest.mark.parametrize(
    ("work", "taken"),
    [
        ({"n": 2**14}, True),
        ({"n": 2**15}, False),
        ({"n": 1}, False),
        ({"r": 8}, True),
        ({"r": 9}, False),
        ({"r": 0}, False),
        ({"p": 2}, False),
    ],
)
def test_a_pin_is_taken_that_costs_the_till_no_more_than_its_own(kasse, work, taken):
    arguments = {"member": "Ada", "pin": {**PIN, **work}}
    if taken:
        kasse.office("pin_set", **arguments)
        assert kasse.books.pins.standing(kasse.holder("Ada").pin_subject).exists
    else:
        assert refused(kasse, "pin_set", **arguments)[0] == "invalid"


def test_a_word_that_is_none_of_those_allowed_is_answered_with_them(kasse):
    _code, message = refused(kasse, "member_add", name="Zoe", role="boss")
    assert message == "role 'boss' is none of member, trusted, admin"


@pytest.mark.parametrize("wrong", [1.5, 2**63, {1, 2}])
def test_what_no_document_may_hold_is_stopped_before_it_is_written(kasse, wrong):
    before = kasse.books.journal.head
    with pytest.raises(TypeError, match="cannot be part"), kasse.books.booking() as booking:
        booking.append(Draft("note", {"v": 1}, private={"note": wrong}))
    with pytest.raises(TypeError, match="cannot be part"):
        body_of(orders.TopUp(wrong, Money(1)))
    assert kasse.books.journal.head == before


def test_verify_names_a_document_that_cannot_be_projected(kasse):
    """Written past the office, as by a program that is not ours."""
    broken = {"v": 1, "entity": "card", "id": "0" * 16, "action": "set", "fields": {"blocked": []}}
    with kasse.books.booking() as booking:
        booking.append(Draft("master_change", broken))
    with pytest.raises(Damaged, match="cannot be projected"):
        verify(kasse.folder)


def refused_purchase(kasse, holder):
    order = orders.Purchase(kasse.cart("Mate"), holder)
    with pytest.raises(Refused) as answer:
        kasse.book(order)
    return answer.value.refusal.code


def test_a_card_that_was_blocked_in_the_middle_of_a_purchase_buys_nothing(kasse):
    card = stammdaten.card_of_code(kasse.books.current(), "CARD-Ada")
    assert card is not None
    ada = replace(kasse.holder("Ada"), card=card.id)
    kasse.office("card_set", card="CARD-Ada", changes={"blocked": True})
    assert refused_purchase(kasse, ada) == "blocked"
    kasse.office("card_set", card="CARD-Ada", changes={"blocked": False})
    assert kasse.book(orders.Purchase(kasse.cart("Mate"), ada)).receipt_number


def test_who_left_in_the_middle_of_a_purchase_buys_nothing(kasse):
    zoe = kasse.add_member("Zoe")
    kasse.office("member_retire", member="Zoe")
    assert refused_purchase(kasse, zoe) == "blocked"
