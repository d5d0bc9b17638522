"""Cash at the command line: boxes by the names people have for them."""

import pytest

from tests.ledger.kasse import Kasse, refusing
from tests.ledger.test_deliveries import MATE, delivered
from tests.ledger.test_office_goods import refused

TILL, READER = "cash:K1", "cash:K1-reader"


@pytest.fixture
def boxes(kasse: Kasse) -> Kasse:
    """20.00 in the till, 5.00 in the reader, 3.00 with Grace; Quelle is owed 19.00."""
    kasse.add_member("Grace", role="trusted")
    kasse.office("top_up", member="Ada", cents=500, means="reader")
    kasse.office("cash_move", purpose="float", cents=300, box="Grace")
    kasse.office("supplier_add", name="Quelle")
    delivered(kasse, MATE, supplier="Quelle", paid_by="owed")
    return kasse


def cash_of(kasse: Kasse) -> tuple[int, int, int]:
    """In the till, in the reader, with Grace."""
    grace = f"cash:{kasse.holder('Grace').member}"
    return kasse.balance(TILL), kasse.balance(READER), kasse.balance(grace)


@pytest.mark.parametrize(
    ("move", "left"),
    [
        ({"purpose": "skim", "cents": 100}, (1900, 500, 300)),
        ({"purpose": "skim", "cents": 100, "box": "till"}, (1900, 500, 300)),
        ({"purpose": "skim", "cents": 100, "box": "reader"}, (2000, 400, 300)),
        ({"purpose": "skim", "cents": 100, "box": "Grace"}, (2000, 500, 200)),
        ({"purpose": "float", "cents": 100, "other": "bank"}, (2100, 500, 300)),
        ({"purpose": "pay_in", "cents": 100, "note": "a chair"}, (2100, 500, 300)),
        ({"purpose": "pay_out", "cents": 100, "note": "stamps"}, (1900, 500, 300)),
        # Of what is collected or handed over all is meant where nobody says how much.
        ({"purpose": "collect"}, (2500, 0, 300)),
        ({"purpose": "collect", "other": "Grace"}, (2300, 500, 0)),
        ({"purpose": "collect", "cents": 100}, (2100, 400, 300)),
        ({"purpose": "collect", "box": "Grace", "cents": 100}, (2000, 400, 400)),
        ({"purpose": "handover", "box": "Grace"}, (2300, 500, 0)),
        ({"purpose": "handover", "box": "reader", "other": "Grace"}, (2000, 0, 800)),
        ({"purpose": "handover", "other": "Grace", "cents": 100}, (1900, 500, 400)),
        ({"purpose": "settle", "other": "Quelle", "cents": 100, "box": "bank"}, (2000, 500, 300)),
        ({"purpose": "settle", "other": "Quelle", "cents": 100}, (1900, 500, 300)),
        ({"purpose": "settle", "other": "Quelle", "cents": 100, "box": "Grace"}, (2000, 500, 200)),
    ],
)
def test_cash_goes_where_the_names_say(boxes, move, left):
    done = boxes.office("cash_move", **move)
    assert cash_of(boxes) == left
    document = boxes.documents()[-1]
    assert (document.kind, document.receipt_number) == ("cash_move", done["receipt_number"])
    quelle = boxes.office("supplier_set", supplier="Quelle", name="Quelle")["id"]
    paid = 100 if move["purpose"] == "settle" else 0
    assert boxes.balance(f"payable:{quelle}") == -1900 + paid
    boxes.verify()


@pytest.mark.parametrize(
    ("move", "code", "says"),
    [
        ({"purpose": "pay_in", "cents": 100}, "invalid", "needs a reason"),
        ({"purpose": "pay_out", "cents": 100, "note": " "}, "invalid", "needs a reason"),
        ({"purpose": "skim"}, "amount", "say how much"),
        ({"purpose": "settle", "other": "Quelle"}, "amount", "say how much"),
        ({"purpose": "settle", "cents": 1}, "amount", "nobody is owed 0.00"),
        ({"purpose": "settle", "cents": 1901, "other": "Quelle"}, "amount", "is owed 19.00"),
        ({"purpose": "settle", "cents": 1, "other": "Nobody"}, "unknown", "no supplier"),
        ({"purpose": "skim", "cents": 1, "box": "bank"}, "unknown", "no member 'bank'"),
        ({"purpose": "handover", "cents": 1}, "invalid", "from and to are the same"),
        ({"purpose": "handover", "box": "reader", "other": "reader", "cents": 1}, "invalid", "to"),
        ({"purpose": "float", "cents": 1, "other": "reader"}, "invalid", "opening or bank"),
        ({"purpose": "pay_out", "cents": 9, "tax_cents": 1, "note": "x"}, "amount", "both"),
    ],
)
def test_a_move_of_cash_that_cannot_be_one_is_refused(boxes, move, code, says):
    told = refused(boxes, "cash_move", **move)
    assert (told[0], says in told[1]) == (code, True)


@pytest.mark.parametrize(
    ("arguments", "expected", "counted"),
    [
        ({}, 2000, 0),
        ({"cents": 1999}, 2000, 1999),
        ({"pieces": [[1000, 2], [1, 3]]}, 2000, 2003),
        ({"box": "reader", "cents": 500}, 500, 500),
        ({"box": "Grace", "pieces": [[200, 1]]}, 300, 200),
    ],
)
def test_a_count_answers_with_what_must_be_there_and_what_is(boxes, arguments, expected, counted):
    answer = boxes.office("cash_count", **arguments)
    assert (answer["expected_cents"], answer["counted_cents"]) == (expected, counted)
    assert boxes.balance("cash_difference") == expected - counted
    assert boxes.documents()[-1].receipt_number == answer["receipt_number"]
    with refusing("unknown", "no member"):
        boxes.office("cash_count", box="Nobody")
