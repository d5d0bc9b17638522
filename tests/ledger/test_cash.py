"""Cash boxes: moved, counted, and kept by the till or by whoever took it."""

import pytest

from kpos.domain import orders
from kpos.domain.cashing import PIECES_MAX, Pieces
from kpos.domain.money import CENTS_MAX, Money
from kpos.domain.refusal import Refusal, Refused
from kpos.domain.values import replace
from tests.ledger.kasse import Kasse
from tests.ledger.tampering import opened, tampering


def refused(kasse: Kasse, order: orders.Order) -> Refusal:
    before = kasse.documents()
    with pytest.raises(Refused) as why:
        kasse.book(order)
    assert kasse.documents() == before
    return why.value.refusal


def posted(kasse: Kasse) -> dict[str, int]:
    return {each.account: each.cents for each in kasse.documents()[-1].postings}


@pytest.fixture
def persons(kasse: Kasse) -> Kasse:
    """Every trusted person keeps what they take: Grace took 5.00, the till has Ada's 20.00."""
    kasse.add_member("Grace", role="trusted")
    kasse.add_member("Linus", role="trusted")
    kasse.office("setting_set", key="cash_per", value="person")
    kasse.book(orders.TopUp(kasse.holder("Ada").wallet, Money(500), author=author(kasse, "Grace")))
    return kasse


def author(kasse: Kasse, name: str) -> str:
    return f"member:{kasse.holder(name).member}"


def box(kasse: Kasse, name: str) -> str:
    return f"cash:{kasse.holder(name).member}"


def test_a_difference_is_booked_and_the_account_holds_what_the_box_does(kasse):
    counted = kasse.book(orders.CashCount((Pieces(1000, 1), Pieces(50, 3)), note="by Grace"))
    assert posted(kasse) == {"cash:K1": -850, "cash_difference": 850}
    assert kasse.balance("cash:K1") == 1150
    [document] = counted.documents
    assert document.body == {
        "v": 1,
        "account": "cash:K1",
        "pieces": [{"cents": 1000, "pieces": 1}, {"cents": 50, "pieces": 3}],
        "expected_cents": 2000,
        "counted_cents": 1150,
    }
    assert kasse.books.journal.private_part(document.epoch << 32 | document.seq) == {
        "note": "by Grace"
    }


def test_a_count_that_finds_what_must_be_there_is_a_document_without_postings(kasse):
    counted = kasse.book(orders.CashCount(counted=Money(2000)))
    assert counted.receipt_number == "K1-000002"
    assert posted(kasse) == {}
    kasse.verify()


@pytest.mark.parametrize(
    "order",
    [
        orders.CashCount((Pieces(3, 1),)),
        orders.CashCount((Pieces(100, -1),)),
        orders.CashCount((Pieces(100, PIECES_MAX + 1),)),
        orders.CashCount(counted=Money(-1)),
        orders.CashCount(counted=Money(CENTS_MAX + 1)),
        orders.CashMove("skim", Money(0)),
        orders.CashMove("pay_out", Money(100), tax_key="1"),
        orders.CashMove("pay_out", Money(100), tax=Money(16)),
        orders.CashMove("pay_out", Money(100), tax_key="9", tax=Money(16)),
        orders.CashMove("pay_out", Money(100), tax_key="1", tax=Money(100)),
        orders.CashMove("settle", Money(100)),
        orders.CashMove("settle", Money(100), other="bank"),
        orders.CashMove("settle", Money(100), other="payable:bev"),
    ],
)
def test_what_cannot_be_an_amount_is_refused(kasse, order):
    assert refused(kasse, order).code == "amount"


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (orders.CashMove("skim", Money(1), box="bank"), "unknown"),
        (orders.CashMove("skim", Money(1), box="cash:K2"), "unknown"),
        (orders.CashMove("handover", Money(1), other="cash:0000000000000000"), "unknown"),
        (orders.CashCount(box="wallet"), "unknown"),
        (orders.CashMove("float", Money(1), other="income"), "invalid"),
        (orders.CashMove("handover", Money(1)), "invalid"),
        (orders.CashMove("handover", Money(1), other="cash:K1"), "invalid"),
        (orders.CashMove("pay_in", Money(9), tax_key="1", tax=Money(1)), "invalid"),
        (orders.CashMove("skim", Money(1), note="a\nb"), "invalid"),
        (orders.CashCount(note="x" * 201), "invalid"),
    ],
)
def test_what_has_no_place_to_come_from_or_to_go_is_refused(kasse, order, code):
    assert refused(kasse, order).code == code


def test_cash_never_goes_below_zero(kasse):
    why = refused(kasse, orders.CashMove("skim", Money(2001)))
    assert (why.code, why.missing) == ("cash", Money(1))
    assert refused(kasse, orders.CashMove("collect", Money(1))).code == "cash"


def test_input_tax_inside_an_expense_goes_to_its_own_account(kasse):
    kasse.book(orders.CashMove("pay_out", Money(119), tax_key="1", tax=Money(19)))
    assert posted(kasse) == {"expense": 100, "input_tax:1": 19, "cash:K1": -119}


def test_a_float_comes_from_the_opening_or_the_bank(kasse):
    kasse.book(orders.CashMove("float", Money(100)))
    assert posted(kasse) == {"cash:K1": 100, "opening": -100}
    kasse.book(orders.CashMove("float", Money(100), other="bank"))
    assert posted(kasse) == {"cash:K1": 100, "bank": -100}


def test_a_supplier_is_paid_what_is_owed_from_the_bank_or_in_cash(kasse):
    bank, payable = "bank", "payable:bev"
    kasse.post(kasse_draft("delivery", {"bank": 0, payable: -300, "inventory": 0, "expense": 300}))
    kasse.book(orders.CashMove("settle", Money(100), other=payable))
    assert posted(kasse) == {payable: 100, bank: -100}
    kasse.book(orders.CashMove("settle", Money(200), box="cash:K1", other=payable))
    assert posted(kasse) == {payable: 200, "cash:K1": -200}
    assert refused(kasse, orders.CashMove("settle", Money(1), other=payable)).code == "amount"


def kasse_draft(kind, accounts):
    from kpos.domain.document import Draft, Posting

    postings = tuple(Posting(account, cents) for account, cents in accounts.items() if cents)
    return Draft(kind, {"v": 1}, postings)


def test_a_cash_move_is_reversed_while_the_cash_is_there(kasse):
    moved = kasse.book(orders.CashMove("float", Money(5000)))
    kasse.book(orders.CashMove("skim", Money(6000)))
    reverse = orders.Reverse(moved.documents[0].ref)
    assert refused(kasse, reverse).code == "cash"
    kasse.book(orders.CashMove("pay_in", Money(4000)))
    kasse.book(reverse)
    assert kasse.balance("cash:K1") == 0


def test_a_box_holds_as_many_pieces_as_anybody_counts(kasse):
    kasse.book(orders.CashCount((Pieces(1, PIECES_MAX), Pieces(2000, 1), Pieces(100, 0))))
    assert kasse.balance("cash:K1") == 2000 + PIECES_MAX


def test_what_was_booked_while_somebody_counted_makes_the_count_void(kasse):
    stale = orders.CashCount((Pieces(1000, 2),), expected=Money(2000))
    kasse.office("top_up", member="Ada", cents=100)
    assert refused(kasse, stale).code == "changed"
    kasse.book(orders.CashCount((Pieces(1000, 2),), expected=Money(2100)))
    assert kasse.balance("cash_difference") == 100


def test_at_the_command_line_an_amount_may_be_left_out_where_all_of_it_can_be_meant(kasse):
    with pytest.raises(Refused, match="say how much"):
        kasse.office("cash_move", purpose="skim")
    kasse.office("cash_move", purpose="handover", other="reader")
    assert (kasse.balance("cash:K1"), kasse.balance("cash:K1-reader")) == (0, 2000)


def test_what_a_person_takes_is_theirs_until_it_is_collected(persons):
    grace = box(persons, "Grace")
    assert (persons.balance(grace), persons.balance("cash:K1")) == (500, 2000)
    persons.book(
        orders.Payout(persons.holder("Ada").wallet, Money(100), author=author(persons, "Grace"))
    )
    assert persons.balance(grace) == 400
    persons.book(orders.CashMove("collect", Money(400), other=grace))
    assert (persons.balance(grace), persons.balance("cash:K1")) == (0, 2400)


def test_who_collects_fills_the_till_and_not_their_own_box(persons):
    linus = box(persons, "Linus")
    order = orders.CashMove("collect", Money(400), other=box(persons, "Grace"))
    persons.book(replace(order, author=author(persons, "Linus")))
    assert (persons.balance(linus), persons.balance("cash:K1")) == (0, 2400)


def test_a_box_is_named_by_its_account_and_no_other_way(persons):
    grace = box(persons, "Grace")
    for wrong in (grace.removeprefix("cash:"), "bank", f"{grace}-reader"):
        assert refused(persons, orders.CashCount(box=wrong)).code == "unknown"
        collect = orders.CashMove("collect", Money(1), other=wrong)
        assert refused(persons, collect).code == "unknown"
    persons.book(orders.CashCount(counted=Money(500), box=grace))


def test_no_person_pays_out_what_another_has(persons):
    ada = persons.holder("Ada").wallet
    order = orders.Payout(ada, Money(501), author=author(persons, "Grace"))
    assert refused(persons, order).missing == Money(1)
    persons.book(orders.Payout(ada, Money(501), author="uid:0"))
    assert persons.balance("cash:K1") == 1499


def test_a_person_counts_skims_and_hands_over_their_own(persons):
    grace, linus = author(persons, "Grace"), author(persons, "Linus")
    persons.book(orders.CashCount((Pieces(200, 2),), author=grace))
    persons.book(orders.CashMove("skim", Money(150), author=grace))
    persons.book(orders.CashMove("handover", Money(200), other=box(persons, "Linus"), author=grace))
    persons.book(orders.CashMove("handover", Money(50), author=grace))
    assert persons.balance(box(persons, "Grace")) == 0
    assert (persons.balance(box(persons, "Linus")), persons.balance("cash:K1")) == (200, 2050)
    assert refused(persons, orders.CashMove("skim", Money(201), author=linus)).code == "cash"


def test_who_still_holds_cash_does_not_leave(persons):
    with pytest.raises(Refused, match=r"there is cash of 5\.00"):
        persons.office("member_retire", member="Grace")
    persons.office("cash_move", purpose="collect", other="Grace")
    persons.office("member_retire", member="Grace")


def test_a_till_of_persons_opens_and_still_knows_its_own_cash_box(persons):
    """What a person holds is no other till's cash; a fallen bit in the cash prefix still is."""
    grace = box(persons, "Grace")
    persons.book(orders.CashMove("handover", Money(100), other=grace))
    persons.book(orders.CashCount(counted=Money(600), box=grace))
    persons.reopen()
    persons.close()
    for column, value in (("cash_prefix", "K2"),):
        with tampering(persons) as db:
            db.execute(f"UPDATE identity SET {column} = ?", (value,))
        assert opened(persons) == "J-11"
        with tampering(persons) as db:
            db.execute("UPDATE identity SET cash_prefix = 'K1'")
    persons.open()


@pytest.mark.parametrize("kind", ["cash_move", "cash_count"])
def test_the_cash_of_another_till_is_damage_whatever_moved_it(kasse, kind):
    for number in range(60):
        kasse.post(kasse_draft("other", {"bank": number + 1, "x": -number - 1}))
    kasse.post(kasse_draft(kind, {"cash:K1": 5, "bank": -5}))
    kasse.close()
    with tampering(kasse) as db:
        db.execute("UPDATE identity SET cash_prefix = 'K2'")
    assert opened(kasse) == "J-11"
    with tampering(kasse) as db:
        db.execute("UPDATE identity SET cash_prefix = 'K1'")


@pytest.mark.parametrize("kind", ["top_up", "payout"])
def test_a_top_up_into_somebody_elses_box_is_damage(persons, kind):
    persons.post(kasse_draft(kind, {box(persons, "Linus"): 5, "bank": -5}))
    persons.close()
    assert opened(persons) == "J-11"
