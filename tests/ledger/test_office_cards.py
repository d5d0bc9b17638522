"""Cards with random codes, many at once."""

from kpos.domain.barcode import Barcode, parse
from kpos.ledger import stammdaten
from kpos.ledger.office import find
from tests.ledger.test_office_goods import refused


def test_guests_get_cards_with_wallets_of_their_own(kasse):
    kasse.office("group_add", name="guests")
    codes = kasse.office("cards_issue", guests=3)["codes"]
    cards = [find.card(kasse.books.current(), code) for code in codes]
    assert len({card.wallet for card in cards}) == len(set(codes)) == 3
    assert all(card.member is None and not card.asks_pin for card in cards)
    assert all(parse(code) == Barcode(code) for code in codes)
    kasse.office("top_up", card=codes[1], cents=500)
    credits = [kasse.books.credit(card.wallet).cents for card in cards]
    assert credits == [0, 500, 0]
    kasse.verify()


def test_members_come_first_and_in_the_order_they_were_named(kasse):
    ada = kasse.holder("Ada")
    kasse.office("member_add", name="Bo")
    kasse.office("group_add", name="press")
    codes = kasse.office("cards_issue", members=["Bo", "Ada"], guests=1, group="press")["codes"]
    cards = [find.card(kasse.books.current(), code) for code in codes]
    names = [stammdaten.member_of(kasse.books.current(), card).name for card in cards[:2]]
    assert names == ["Bo", "Ada"]
    assert cards[1].wallet == ada.wallet
    press = find.group(kasse.books.current(), "press")
    wallet = stammdaten.wallet(kasse.books.current(), cards[2].wallet)
    assert wallet == stammdaten.Wallet(cards[2].wallet, None, press.id)


def test_members_get_cards_where_there_are_no_guests(kasse):
    [code] = kasse.office("cards_issue", members=["Ada"])["codes"]
    assert find.card(kasse.books.current(), code).wallet == kasse.holder("Ada").wallet


def test_all_cards_are_issued_or_none(kasse):
    kasse.holder("Ada")
    before = len(stammdaten.cards(kasse.books.current()))
    assert refused(kasse, "cards_issue", members=["Ada", "Nobody"])[0] == "unknown"
    code, message = refused(kasse, "cards_issue", members=["Ada"], guests=2)
    assert (code, "kpos group add guests" in message) == ("unknown", True)
    for guests in (0, -1, 501):
        assert refused(kasse, "cards_issue", guests=guests)[0] == "invalid"
    assert refused(kasse, "cards_issue", members=["Ada"], guests=-1)[0] == "invalid"
    assert len(stammdaten.cards(kasse.books.current())) == before
