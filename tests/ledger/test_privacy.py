"""What a member may have forgotten is gone from the disk, and the books stay whole."""

import pytest

from kpos.domain import orders
from kpos.domain.ids import Id
from kpos.domain.member import Holder
from kpos.ledger import stammdaten, undo
from kpos.ledger.errors import LedgerError
from kpos.ledger.good_copy import copy_stammdaten
from kpos.ledger.privacy import erase_member
from kpos.ledger.reading import position_of, ref_of
from tests.ledger.kasse import MINUTE_MS, Kasse, refusing
from tests.ledger.test_office_goods import refused

NAME, NUMBER, CARD = "Ada Lovelace", 31337, "QX-7391-SECRET"
NOTE = "for the trip to Grace"


@pytest.fixture
def kasse(kasse: Kasse) -> Kasse:
    """Ada Lovelace has bought, undone, given and been given; everybody else has too."""
    kasse.office("member_add", name=NAME, number=NUMBER, history=True, opening_cents=1000)
    kasse.office("card_issue", code=CARD, member=NAME)
    kasse.office("top_up", card=CARD, cents=5000, note=NOTE)
    for _ in range(30):
        buy(kasse, "Mate")
    sold = buy(kasse, ("Mate", 2), "Snack")
    kasse.undo(sold, (1, 1))
    kasse.office("transfer", cents=10, source={"card": CARD}, target={"member": "Ada"}, note=NOTE)
    kasse.office("top_up", member="Ada", cents=1, note="Ada's own note")
    return kasse


def lovelace(kasse: Kasse) -> Holder:
    member = stammdaten.member_of_number(kasse.books.current(), NUMBER)
    assert member is not None
    return Holder(
        member.wallet,
        member.group,
        kasse.books.credit(member.wallet),
        member=member.id,
        history=member.history,
    )


def buy(kasse: Kasse, *goods: tuple[str, int] | str):
    return kasse.book(orders.Purchase(kasse.cart(*goods), lovelace(kasse)))


def on_disk(kasse: Kasse) -> bytes:
    """All bytes of the data folder."""
    return b"".join(path.read_bytes() for path in sorted(kasse.folder.path.iterdir()))


def purchase_links(kasse: Kasse, who: Holder) -> int:
    """How often the disk says that this member bought something, as private parts do."""
    return on_disk(kasse).count(f'"member":"{who.member}","wallet":"{who.wallet}"}}'.encode())


def empty_wallet(kasse: Kasse) -> None:
    kasse.office("payout", card=CARD, cents=kasse.books.credit(lovelace(kasse).wallet).cents)


def test_with_history_on_a_purchase_and_its_undoing_name_the_member_and_the_debit(kasse):
    sold = buy(kasse, "Mate", "Snack")
    back = kasse.undo(sold, (1, 1))
    for booked in (sold, back):
        what, debit = booked.documents
        assert kasse.books.journal.private_part(position_of(what.ref)) == {
            "wallet": lovelace(kasse).wallet,
            "member": lovelace(kasse).member,
            "debit": {"epoch": debit.ref.epoch, "seq": debit.ref.seq},
            "conditions": {},
        }


def test_after_history_off_nothing_on_the_disk_links_the_member_to_a_product(kasse):
    holder = lovelace(kasse)
    copy_stammdaten(kasse.folder)
    assert purchase_links(kasse, holder) > 30
    assert holder.member is not None
    kasse.book(orders.SetHistory(holder.member, False))

    assert purchase_links(kasse, holder) == 0
    assert not kasse.folder.good_copy.exists()
    named = stammdaten.named_purchases(kasse.books.current(), holder.wallet)
    assert named == []
    assert kasse.verify().projections_compared
    before = kasse.tables()
    kasse.rebuild()
    assert kasse.tables() == before
    assert NAME.encode() in on_disk(kasse)


def test_history_off_before_anything_was_bought_deletes_nothing(kasse):
    ada = kasse.holder("Ada")
    assert ada.member is not None
    before = kasse.verify().private_parts
    kasse.book(orders.SetHistory(ada.member, False))
    assert kasse.verify().private_parts == before + 1


def test_history_switched_on_where_it_is_on_deletes_nothing(kasse):
    holder = lovelace(kasse)
    assert holder.member is not None
    before = stammdaten.named_purchases(kasse.books.current(), holder.wallet)
    kasse.book(orders.SetHistory(holder.member, True))
    assert stammdaten.named_purchases(kasse.books.current(), holder.wallet) == before != []
    assert purchase_links(kasse, holder) > 30


def test_who_switches_the_history_off_while_they_buy_is_not_named(kasse):
    """At another till, say: the card was shown to this one before."""
    shown = lovelace(kasse)
    assert shown.member is not None
    kasse.book(orders.SetHistory(shown.member, False))
    kasse.book(orders.Purchase(kasse.cart("Mate"), shown))
    assert purchase_links(kasse, shown) == 0


def test_history_shows_own_money_always_and_purchases_only_while_it_is_on(kasse):
    def history(who: Holder, limit: int) -> list[str]:
        positions = stammdaten.history(kasse.books.current(), who.wallet, limit)
        found = [kasse.books.journal.document(ref_of(position)) for position in positions]
        return [document.kind for document in found if document]

    kasse.buy("Ada", "Mate")
    assert history(kasse.holder("Ada"), 9) == ["top_up", "transfer", "top_up"]
    assert history(lovelace(kasse), 3) == ["transfer", "reversal", "sale"]


def test_nobody_is_erased_who_has_credit(kasse):
    assert refused(kasse, "erase", member=str(NUMBER))[0] == "credit"


def test_an_erased_member_is_nowhere_on_the_disk(kasse):
    holder = lovelace(kasse)
    copy_stammdaten(kasse.folder)
    empty_wallet(kasse)
    for secret in (NAME, CARD, NOTE):
        assert secret.encode() in on_disk(kasse)
    kasse.office("erase", member=str(NUMBER))

    for secret in (NAME, CARD, NOTE, f'"number":{NUMBER}'):
        assert secret.encode() not in on_disk(kasse), secret
    assert purchase_links(kasse, holder) == 0
    assert b"Ada's own note" in on_disk(kasse)


def test_after_erasing_the_books_are_whole_and_rebuild_to_the_same(kasse):
    empty_wallet(kasse)
    balances = kasse.tables(["balance", "stock", "house_units", "held_units"])
    kasse.office("erase", member=NAME)
    assert kasse.verify().projections_compared
    assert kasse.tables(["balance", "stock", "house_units", "held_units"]) == balances
    before = kasse.tables()
    kasse.rebuild()
    assert kasse.tables() == before


def test_the_code_and_number_of_an_erased_member_are_free_again(kasse):
    empty_wallet(kasse)
    kasse.office("erase", member=NAME)
    kasse.office("member_add", name="Grace", number=NUMBER)
    assert kasse.office("card_issue", code=CARD, member="Grace")["code"] == CARD
    before = kasse.tables()
    kasse.rebuild()
    assert kasse.tables() == before


def test_who_erased_others_is_erased_without_taking_their_cards_along(kasse):
    boss = kasse.add_member("Boss", role="admin")
    kasse.office("group_add", name="guests")
    kasse.book(orders.NewGuestCard("G-1", f"member:{boss.member}"))
    kasse.office("erase", member="Boss")
    assert stammdaten.card_of_code(kasse.books.current(), "G-1") is not None
    kasse.rebuild()
    assert stammdaten.card_of_code(kasse.books.current(), "G-1") is not None


def test_nobody_is_erased_with_credit_and_nobody_twice(kasse):
    with refusing("credit", "there is credit"):
        kasse.office("erase", member=NAME)
    empty_wallet(kasse)
    identifier = kasse.office("erase", member=NAME)["id"]
    with refusing("unknown", "no member"):
        kasse.office("erase", member=NAME)
    assert kasse.office("erase", member=identifier)["id"] == identifier
    with refusing("unknown", "no member"):
        erase_member(kasse.books, Id("0" * 16), None)


def test_the_link_for_undoing_is_gone_when_its_time_is_over(kasse):
    sold = kasse.buy("Ada", "Mate")
    assert undo.undo_wallet(kasse.books, sold.documents[0]) == kasse.holder("Ada").wallet
    undo.tidy(kasse.books)
    assert kasse.books.journal.rows("SELECT count(*) FROM undo") != [(0,)]
    kasse.wait(6 * MINUTE_MS)
    assert undo.undo_wallet(kasse.books, sold.documents[0]) is None
    undo.tidy(kasse.books)
    assert kasse.books.journal.rows("SELECT count(*) FROM undo") == [(0,)]


def test_an_erasing_that_the_disk_refuses_erases_nothing(kasse):
    empty_wallet(kasse)
    kasse.books.journal.db.execute("PRAGMA query_only=ON")
    with pytest.raises(LedgerError):
        kasse.office("erase", member=NAME)
    assert stammdaten.members_of_name(kasse.books.current(), NAME)
