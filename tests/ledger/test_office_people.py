"""What an admin does with members, groups and cards."""

import pytest

from kpos.domain import orders
from kpos.domain.document import Document
from kpos.ledger import stammdaten
from tests.ledger.kasse import Kasse, refusing
from tests.ledger.test_office_goods import MATE_EAN, refused


def row(line: int, name: str, **more: object) -> dict[str, object]:
    return {"line": line, "name": name, **more}


def test_a_member_is_found_by_id_number_card_and_name(kasse):
    ada = kasse.holder("Ada")
    for text in (str(ada.member), "42", "CARD-Ada", "Ada"):
        assert kasse.office("member_set", member=text, changes={})["id"] == ada.member
    for text in ("Linus", "43", "CARD-Linus", "0" * 16, "", MATE_EAN):
        assert refused(kasse, "member_set", member=text, changes={})[0] == "unknown"


def test_who_has_left_is_not_taken_for_a_member_of_the_same_name(kasse):
    for number in (7, 8):
        kasse.office("member_add", name="Linus", number=number)
    kasse.office("member_retire", member="7")
    assert kasse.office("top_up", member="Linus", cents=100)["credit_cents"] == 100
    kasse.office("payout", member="Linus", cents=100)
    kasse.office("member_retire", member="8")
    assert refused(kasse, "top_up", member="Linus", cents=100)[0] == "unknown"


def test_two_members_of_one_name_are_told_apart_by_number(kasse):
    kasse.office("member_add", name="Ada")
    code, message = refused(kasse, "top_up", member="Ada", cents=100)
    assert code == "unknown"
    assert "2 members" in message
    assert "42" in message
    kasse.office("top_up", member="42", cents=100)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": ""}, "invalid"),
        ({"name": "x" * 201}, "invalid"),
        ({"number": 12}, "taken"),
        ({"number": -1}, "invalid"),
        ({"group": "nobody's"}, "unknown"),
        ({"role": "boss"}, "invalid"),
        ({"language": "fr"}, "invalid"),
        ({"wallet": "0" * 16}, "invalid"),
        ({"history": False}, "invalid"),
    ],
)
def test_a_member_is_not_changed_to_what_cannot_be(kasse, changes, code):
    assert refused(kasse, "member_set", member="Ada", changes=changes)[0] == code
    if "wallet" not in changes and "history" not in changes:
        given = {"name": "Linus", **changes}
        assert refused(kasse, "member_add", **given)[0] == code


def test_every_change_answers_with_the_id_of_what_was_changed(kasse):
    group = kasse.office("group_add", name="board")["id"]
    member = kasse.office("member_add", name="Linus")["id"]
    product = kasse.office("product_add", name="Malt", price_cents=110)["id"]
    for request, wanted, arguments in (
        ("group_set", group, {"group": "board", "name": "chair"}),
        ("group_retire", group, {"group": "chair"}),
        ("member_set", member, {"member": "Linus", "changes": {"name": "Torvalds"}}),
        ("pin_set", member, {"member": "Torvalds", "pin": None}),
        ("member_retire", member, {"member": "Torvalds"}),
        ("product_set", product, {"product": "Malt", "changes": {"name": "Vitamalz"}}),
        ("product_retire", product, {"product": "Vitamalz"}),
    ):
        assert kasse.office(request, **arguments)["id"] == wanted, request
    changes = {"asks_pin": True}
    assert kasse.office("card_set", card="CARD-Ada", changes=changes) == {"code": "CARD-Ada"}


def test_numbers_begin_at_one_and_end_where_barcodes_might_begin(kasse):
    for number in (1, 99_999):
        kasse.office("member_add", name=f"N{number}", number=number)
        assert kasse.office("member_set", member=str(number), changes={})["id"]
    assert refused(kasse, "member_add", name="N", number=0)[0] == "invalid"
    assert refused(kasse, "member_add", name="N", number=100_000)[0] == "invalid"


def test_every_field_of_a_member_can_be_changed(kasse):
    group = kasse.office("group_add", name="board")["id"]
    changes = {"name": "Ada L.", "number": 43, "group": "board", "role": "admin", "language": "en"}
    kasse.office("member_set", member="Ada", changes=changes)
    kasse.rebuild()
    member = stammdaten.member_of_number(kasse.books.current(), 43)
    assert member is not None
    assert (member.name, member.group, member.role, member.language) == (
        "Ada L.",
        group,
        "admin",
        "en",
    )
    assert stammdaten.member_of_number(kasse.books.current(), 42) is None


def test_a_member_sets_the_language_and_a_document_says_who_did(kasse):
    ada = kasse.holder("Ada")
    assert ada.member is not None
    kasse.book(orders.SetLanguage(ada.member, "en"))
    assert kasse.documents()[-1].author is None
    kasse.book(orders.SetLanguage(ada.member, "de", author="uid:0"))
    assert kasse.documents()[-1].author == "uid:0"
    member = stammdaten.member(kasse.books.current(), ada.member)
    assert member is not None
    assert member.language == "de"


def test_nobody_retires_with_credit_and_afterwards_no_card_opens_the_wallet(kasse):
    ada = kasse.holder("Ada")
    assert refused(kasse, "member_retire", member="Ada")[0] == "credit"
    kasse.office("payout", member="Ada", cents=2000)
    kasse.office("member_retire", member="Ada")
    card = stammdaten.card_of_code(kasse.books.current(), "CARD-Ada")
    assert card is not None
    assert card.blocked
    assert refused(kasse, "top_up", member="Ada", cents=1)[0] == "unknown"
    assert ada.member is not None
    with refusing("unknown", "no member"):
        kasse.book(orders.SetHistory(ada.member, True))
    kasse.office("member_add", name="Ada", number=42)


def test_an_import_adds_all(kasse):
    kasse.office("group_add", name="board")
    rows = [
        row(2, "Grace", number=7, group="board", cards=["CARD-G"], credit=1250),
        row(3, "Гагарин", credit=-300),
        row(4, "x" * 200),
    ]
    done = kasse.office("member_import", rows=rows, dry_run=False)
    assert [change["does"] for change in done["changes"]] == ["add"] * 3
    assert done["credit_cents"] == 950
    assert kasse.credit("G").cents == 1250
    assert kasse.balance("opening") == 950
    assert len(list(stammdaten.members(kasse.books.current()))) == 4
    assert kasse.verify().projections_compared


def test_an_import_with_bad_lines_adds_nobody_and_names_each_line(kasse):
    rows = [
        row(2, "Good"),
        row(3, ""),
        row(4, "x" * 201),
        row(5, "Twin", number=42),
        row(6, "First", number=8, cards=["SAME"]),
        row(7, "Second", number=8),
        row(8, "Third", cards=["SAME"]),
        row(9, "Fourth", cards=[MATE_EAN]),
        row(10, "Fifth", group="nobody's"),
        row(11, "Sixth", credit=10**12),
    ]
    code, message = refused(kasse, "member_import", rows=rows, dry_run=False)
    assert code == "invalid"
    told = [line.split(":")[0] for line in message.splitlines()]
    assert told == ["nothing was imported", *(f"line {n}" for n in (3, 4, 5, 7, 8, 9, 10, 11))]


def test_a_dry_run_of_an_import_adds_nobody(kasse):
    before = kasse.kinds()
    done = kasse.office("member_import", rows=[row(2, "Grace")], dry_run=True)
    assert len(done["changes"]) == 1
    assert kasse.kinds() == before


def test_groups_are_named_once_and_come_back_under_their_id(kasse):
    first = kasse.office("group_add", name="Gäste")["id"]
    for spelled in ("Gäste", " Gäste ", "Ga\u0308ste"):
        assert refused(kasse, "group_add", name=spelled)[0] == "taken"
    kasse.office("group_retire", group="Ga\u0308ste")
    assert refused(kasse, "group_retire", group="Gäste")[0] == "unknown"
    assert kasse.office("group_add", name="Gäste")["id"] == first
    names = [group.name for group in stammdaten.groups(kasse.books.current())]
    assert names == ["Gäste", "members"]


def test_a_group_is_renamed_but_not_everybodys_nor_to_a_name_that_is_taken(kasse):
    kasse.office("group_add", name="crew")
    kasse.office("group_set", group="crew", name="Mannschaft")
    assert stammdaten.group_of_name(kasse.books.current(), "Mannschaft") is not None
    assert refused(kasse, "group_set", group="members", name="alle")[0] == "invalid"
    assert refused(kasse, "group_set", group="Mannschaft", name="members")[0] == "taken"
    kasse.verify()


def test_a_group_with_members_stays_and_so_does_everybodys(kasse):
    kasse.office("group_add", name="board")
    kasse.office("member_add", name="Linus", group="board")
    assert refused(kasse, "group_retire", group="board")[0] == "invalid"
    assert refused(kasse, "group_retire", group="members")[0] == "invalid"
    kasse.office("member_retire", member="Linus")
    group = kasse.office("group_retire", group="board")["id"]
    assert refused(kasse, "group_retire", group=group)[0] == "unknown"


def test_everybodys_group_stays_also_while_nobody_is_in_it(empty_kasse):
    assert refused(empty_kasse, "group_retire", group="members")[0] == "invalid"
    empty_kasse.add_member("Ada")


def test_guest_cards_need_the_group_of_guests(kasse):
    order = orders.NewGuestCard("GUEST-1", "member:0000000000000001")
    with refusing("unknown", "no group 'guests'"):
        kasse.book(order)
    kasse.office("group_add", name="guests")
    booked = kasse.book(order)
    assert booked.credit.cents == 0
    assert {document.author for document in booked.documents} == {order.author}
    kasse.office("group_retire", group="guests")
    with refusing("unknown", "no group 'guests'"):
        kasse.book(orders.NewGuestCard("GUEST-2"))


def test_a_card_is_a_members_or_a_groups(kasse):
    assert refused(kasse, "card_issue", code="X")[0] == "invalid"
    assert refused(kasse, "card_issue", code="X", member="Ada", group="members")[0] == "invalid"
    wallet = kasse.office("card_issue", code="X", group="members", asks_pin=True)["wallet"]
    card = stammdaten.card_of_code(kasse.books.current(), "X")
    assert card is not None
    assert (card.wallet, card.member, card.asks_pin) == (wallet, None, True)
    assert len(stammdaten.cards(kasse.books.current())) == 2


def test_a_card_is_blocked_and_unblocked_and_nothing_else_about_it_changes(kasse):
    for blocked in (True, False):
        kasse.office("card_set", card="CARD-Ada", changes={"blocked": blocked})
        card = stammdaten.card_of_code(kasse.books.current(), "CARD-Ada")
        assert card is not None
        assert card.blocked is blocked
    assert refused(kasse, "card_set", card="CARD-Ada", changes={"wallet": "x"})[0] == "invalid"
    assert refused(kasse, "card_set", card="CARD-?", changes={})[0] == "unknown"


def test_a_lost_card_is_blocked_and_the_new_one_opens_the_same_wallet(kasse):
    wallet = kasse.holder("Ada").wallet
    kasse.office("card_set", card="CARD-Ada", changes={"asks_pin": True})
    booked = kasse.book(orders.ReplaceCard(wallet, "CARD-New", "member:0000000000000001"))
    assert booked.credit.cents == 2000
    assert booked.receipt_number is None
    by_code = {card.code: card for card in stammdaten.cards(kasse.books.current(), wallet)}
    assert (by_code["CARD-Ada"].blocked, by_code["CARD-New"].blocked) == (True, False)
    assert by_code["CARD-New"].asks_pin
    with refusing("taken", "card already"):
        kasse.book(orders.ReplaceCard(wallet, "CARD-Ada"))


def test_a_request_this_till_does_not_know_is_refused_not_a_crash(kasse: Kasse):
    assert refused(kasse, "make_coffee")[0] == "invalid"
    assert refused(kasse, "group_add", name="x", colour="blue")[0] == "invalid"
    assert refused(kasse, "group_add")[0] == "invalid"


def test_an_erased_member_has_no_name_and_has_left(kasse):
    ada = kasse.holder("Ada")
    kasse.office("payout", member="Ada", cents=2000)
    kasse.office("erase", member="Ada")
    erased = stammdaten.member(kasse.books.current(), ada.member)
    assert erased is not None
    assert (erased.name, erased.number, erased.history, erased.retired) == ("", None, False, True)


def test_a_new_guest_card_asks_no_pin(kasse):
    kasse.add_guest("Guest")
    card = stammdaten.card_of_code(kasse.books.current(), "CARD-Guest")
    assert card is not None
    assert (card.asks_pin, card.blocked, card.member) == (False, False, None)


def test_a_commit_is_told_once_by_its_first_document(kasse):
    told: list[Document] = []
    kasse.books.committed = told.append
    kasse.buy("Ada", "Mate")
    kasse.office("top_up", member="Ada", cents=1)
    assert [document.kind for document in told] == ["sale", "top_up"]


def test_a_barcode_that_is_forgotten_is_named_once_more(kasse):
    mate = kasse.product("Mate").id
    answer = kasse.office("barcode_retire", code=MATE_EAN)
    assert answer == {"code": f"0{MATE_EAN}", "product": mate}
