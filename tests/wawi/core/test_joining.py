"""Tills that were their own masters join, and what paired ones may still change."""

from kpos.domain import orders
from kpos.domain.document import Draft
from kpos.domain.ids import Id
from kpos.domain.money import Money
from kpos.domain.values import replace
from kpos.ledger import master, stammdaten
from kpos.wawi.core import checking, tills
from kpos.wawi.core.transactions import transaction
from tests.ledger.kasse import Kasse
from tests.wawi.core.haus import OFFICE, Haus

ALONE = "alone"


def lone_till(haus: Haus, name: str = ALONE) -> Kasse:
    """A till that sold alone: Ada had 20.00 of which mate is left of one crate."""
    kasse = Kasse(haus.folder / name, haus.clock.now())
    kasse.add_product("Mate", 150, deposit_cents=15, number=5, barcodes=["4029764001807"])
    kasse.add_member("Ada", 2000, number=7)
    kasse.deliver("Mate", 20, 1600)
    kasse.buy("Ada", ("Mate", 2))
    return kasse


def test_a_till_brings_its_history_along_and_its_branch_takes_its_place(haus: Haus):
    kasse = lone_till(haus)
    kasse.office("setting_set", key="price_step_cents", value="0.10")
    kasse.office("clock_trust")
    till = haus.add_till(kasse=kasse)
    assert (till.paired.prefix, till.paired.branch) == ("K1", "Keller")
    assert till.paired.place == kasse.books.identity.place == haus.branch("Keller").place
    assert haus.credit("Ada") == 2000 - 330
    assert haus.stock("Mate") == (18, 1440, 0)
    assert haus.balance("cash:K1") == 2000
    assert stammdaten.settings(haus.db).price_step_cents == 10
    assert haus.rows("SELECT key FROM setting") == [("price_step_cents",)]
    assert haus.alarms() == []
    haus.is_sound()


def test_the_second_till_that_joins_loses_what_the_first_one_has(haus: Haus):
    first = haus.add_till(kasse=lone_till(haus))
    kasse = lone_till(haus, "other")
    kasse.office("group_add", name="guests")
    kasse.office("setting_set", key="price_step_cents", value="0.50")
    kasse.office("card_issue", code="CARD-Bea", group="guests")
    haus.office("group_add", name="guests")
    haus.office("setting_set", key="price_step_cents", value="0.20")
    second = haus.add_till("Dach", kasse)
    assert (first.paired.prefix, second.paired.prefix) == ("K1", "K2")
    assert haus.alarms() == ["clash"] * 5
    lost = sorted(detail.split(" lost ")[1] for (detail,) in haus.rows("SELECT detail FROM alarm"))
    assert lost == [
        "a card code: another has it",
        "barcode 04029764001807: another has it",
        "group name guests: another has it",
        "member number 7: another has it",
        "short number 5: another has it",
    ]
    # Both cash boxes were called K1; here each has its own.
    assert (haus.balance("cash:K1"), haus.balance("cash:K2")) == (2000, 2000)
    assert haus.balance("cash:K1-reader") == 0
    groups = {row[0]: row[1] for row in haus.rows("SELECT id, name FROM member_group")}
    members = haus.rows("SELECT name, number, member_group FROM member ORDER BY number IS NULL")
    assert [(name, number, groups[group]) for name, number, group in members] == [
        ("Ada", 7, "members"),
        ("Ada", None, "members"),
    ]
    assert haus.rows("SELECT count(*) FROM product WHERE number = 5") == [(1,)]
    assert stammdaten.settings(haus.db).price_step_cents == 20
    assert haus.stock("Mate", "Dach") != (0, 0, 0) or haus.stock("Mate") != (0, 0, 0)
    haus.is_sound()
    with transaction(haus.db):
        assert checking.rebuild(haus.db, haus.clock.now()) == []


def test_codes_are_one_namespace_of_cards_and_goods(haus: Haus):
    haus.office("member_add", name="Linus")
    haus.office("card_issue", code="4029764001807", member="Linus")
    haus.add_product("Tea", 100, barcodes=["12345670"])
    kasse = Kasse(haus.folder / ALONE, haus.clock.now())
    kasse.add_product("Mate", 150, barcodes=["4029764001807"])
    kasse.office("member_add", name="Ada")
    kasse.office("card_issue", code="12345670", member="Ada")
    haus.add_till(kasse=kasse)
    assert haus.alarms() == ["clash"] * 2
    assert haus.rows("SELECT count(*) FROM barcode") == [(1,)]
    assert haus.rows("SELECT count(*) FROM card WHERE code IS NULL") == [(1,)]
    haus.is_sound()


def test_a_paired_till_changes_what_members_may_and_nothing_else(haus: Haus):
    haus.add_product("Mate", 150, barcodes=["4029764001807"])
    haus.add_member("Ada", 2000, number=7)
    till = haus.add_till()
    member = till.kasse.holder("Ada").member
    assert member is not None
    haus.office("member_set", member="Ada", changes={"name": "Ada L."})
    haus.office("product_set", product="Mate", changes={"price_cents": 180})
    # What the till does not know yet stands in the rows that it books.
    till.kasse.book(orders.SetLanguage(member, "en"))
    product = till.kasse.product("Mate")
    till.kasse.post(
        master.product_row(replace(product, price=Money(1)), "uid:0"),
        master.setting_row("price_step_cents", 100, "uid:0"),
        master.setting_row("undo_minutes", 1, "uid:0"),
    )
    till.push()
    row = haus.rows("SELECT name, number, language, history FROM member WHERE number = 7")
    assert row == [("Ada L.", 7, "en", 0)]
    assert haus.rows("SELECT price_cents FROM product") == [(180,)]
    assert haus.rows("SELECT count(*) FROM setting") == [(0,)]
    # It is told what became of it.
    [page] = till.pull()
    assert {("member", member), ("product", product.id)} <= {
        (each.entity, each.id) for each in page.changes
    }
    assert page.applied == {till.paired.till: till.head}
    assert till.kasse.product("Mate").price == Money(180)
    haus.is_sound()


def test_a_row_whose_private_part_is_gone_leaves_members_their_name(haus: Haus):
    """As after a server was restored, which does not know any more that they were erased."""
    kasse = Kasse(haus.folder / ALONE, haus.clock.now())
    kasse.add_member("Ada", 2000, number=7)
    member = kasse.holder("Ada").member
    assert member is not None
    kasse.book(orders.SetLanguage(member, "en"))
    journal = kasse.books.journal
    with journal.transaction() as booking:
        booking.forget([max(journal.parts_naming(member, kasse.holder("Ada").wallet))])
    haus.add_till(kasse=kasse)
    assert haus.rows("SELECT name, number, language FROM member") == [("Ada", 7, "en")]
    haus.is_sound()


def test_a_history_that_was_switched_off_elsewhere_stays_off(haus: Haus):
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 2000)
    here, there = haus.add_till(), haus.add_till()
    member = here.kasse.holder("Ada").member
    assert member is not None
    here.kasse.book(orders.SetHistory(member, on=True, author=None))
    here.sync()
    there.sync()
    assert haus.rows("SELECT history FROM member") == [(1,)]
    there.kasse.buy("Ada", "Mate")
    there.push()
    assert haus.rows("SELECT count(*) FROM document WHERE kind = 'sale' AND part IS NOT NULL") == [
        (1,)
    ]
    here.kasse.book(orders.SetHistory(member, on=False, author=None))
    here.push()
    query = "SELECT count(*) FROM document WHERE kind = 'sale' AND part IS NOT NULL"
    assert haus.rows(query) == [(0,)]
    # There it is still on; neither that nor another language switches it on again here.
    there.kasse.buy("Ada", "Mate")
    there.kasse.book(orders.SetLanguage(member, "en"))
    there.push()
    assert haus.rows("SELECT history, language FROM member") == [(0, "en")]
    assert haus.rows(query) == [(0,)]
    haus.is_sound()


def test_lost_cards_and_new_guest_cards_come_from_any_till(haus: Haus):
    haus.office("group_add", name="guests")
    haus.add_member("Ada", 2000)
    till = haus.add_till()
    wallet = till.kasse.holder("Ada").wallet
    till.kasse.book(orders.ReplaceCard(wallet, "CARD-new", "uid:0"))
    till.kasse.add_guest("guest")
    till.sync()
    cards = dict(haus.rows("SELECT code, blocked FROM card"))
    assert cards == {"CARD-Ada": 1, "CARD-new": 0, "CARD-guest": 0}
    # A card that is blocked here is not let in again by a till that does not know.
    [card] = [each for each in stammdaten.cards(haus.db) if each.code == "CARD-new"]
    till.kasse.post(master.card_row(replace(card, asks_pin=True), "uid:0"))
    till.push()
    assert haus.rows("SELECT blocked, asks_pin FROM card WHERE code = 'CARD-new'") == [(0, 0)]
    haus.office("card_set", card="CARD-new", changes={"blocked": True})
    till.kasse.post(master.card_row(replace(card, asks_pin=True), "uid:0"))
    till.push()
    assert haus.rows("SELECT blocked, asks_pin FROM card WHERE code = 'CARD-new'") == [(1, 0)]
    haus.is_sound()


def test_a_blocked_holder_an_unknown_product_an_overdraft_and_a_wrong_clock_are_flagged(haus: Haus):
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 200)
    here, there = haus.add_till(), haus.add_till()
    here.kasse.buy("Ada", "Mate")
    there.kasse.buy("Ada", "Mate")
    here.push()
    there.push()
    haus.office("card_set", card="CARD-Ada", changes={"blocked": True})
    haus.office("top_up", member="Ada", cents=1000, means="transfer")
    here.kasse.office("top_up", member="Ada", cents=1000)
    here.kasse.buy("Ada", "Mate")
    product = here.kasse.product("Mate")
    there.kasse.office("top_up", member="Ada", cents=1000)
    cart = there.kasse.cart("Mate")
    [entry] = cart.entries
    strange = replace(product, id=Id("00000000000000ff"))
    cart = replace(cart, entries=(replace(entry, offer=replace(entry.offer, product=strange)),))
    there.kasse.wait(3 * 86_400_000)
    there.kasse.book(orders.Purchase(cart, there.kasse.holder("Ada")))
    here.push()
    there.push()
    assert haus.flags() == [
        ("debit", "overdraft"),
        ("debit", "blocked"),
        ("sale", "unknown_product clock"),
        ("debit", "blocked clock"),
    ]
    haus.is_sound()


def test_a_member_who_has_left_is_blocked_though_no_card_is(haus: Haus):
    haus.add_product("Mate", 150)
    haus.add_member("Ada")
    till = haus.add_till()
    haus.office("member_retire", member="Ada")
    till.kasse.office("top_up", member="Ada", cents=1000)
    till.kasse.buy("Ada", "Mate")
    till.push()
    assert haus.flags() == [("debit", "blocked")]


def test_prefixes_are_nobody_elses_for_ever(haus: Haus):
    first = haus.add_till()
    with transaction(haus.db):
        tills.unpair(haus.db, first.paired.till, OFFICE, haus.clock.now())
    second = haus.add_till()
    third = haus.add_till()
    assert [each.paired.prefix for each in (first, second, third)] == ["K1", "K2", "K3"]
    first.pair(haus.code("Keller"))
    assert first.paired.prefix == "K1"
    assert [each.prefix for each in tills.tills(haus.db)] == ["K1", "K2", "K3"]
    found = tills.till_of_prefix(haus.db, "K2")
    assert found is not None
    assert found.id == second.paired.till
    assert tills.till_of_prefix(haus.db, "K9") is None


def test_a_till_that_was_restored_before_it_joined_keeps_the_letters_of_its_prefix(haus: Haus):
    kasse = lone_till(haus)
    db = kasse.books.journal.db
    db.execute("UPDATE identity SET prefix = 'K1A', epoch = 2")
    kasse.reopen()
    till = haus.add_till(kasse=kasse)
    assert till.paired.prefix == "K1A"
    assert haus.add_till("Dach", Kasse(haus.folder / "x")).paired.prefix == "K2"
    till.kasse.buy("Ada", "Mate")
    till.push()
    assert haus.balance("cash:K1") == 2000
    haus.is_sound()


def test_a_barcode_that_is_another_number_now_leaves_the_first_one(haus: Haus):
    kasse = Kasse(haus.folder / ALONE, haus.clock.now())
    kasse.add_product("Mate", 150, barcodes=["4029764001807"])
    [(code, own, product)] = stammdaten.barcodes(kasse.books.current())
    assert code == "04029764001807"
    body = {
        "v": 1,
        "entity": "barcode",
        "id": own,
        "action": "set",
        "fields": {
            "code": "12345670",
            "product": product,
            "pack_size": None,
            "pack_deposit_cents": None,
        },
    }
    kasse.post(Draft("master_change", body))
    haus.add_till(kasse=kasse)
    assert haus.rows("SELECT code FROM barcode") == [("12345670",)]
    assert haus.alarms() == []
    haus.is_sound()


def test_what_was_retired_and_erased_before_it_joined(haus: Haus):
    kasse = lone_till(haus)
    kasse.office("barcode_retire", code="4029764001807")
    kasse.add_member("Bea")
    kasse.office("erase", member="Bea")
    haus.add_till(kasse=kasse)
    assert haus.rows("SELECT count(*) FROM barcode") == [(0,)]
    assert haus.rows("SELECT count(*) FROM card WHERE code IS NULL") == [(1,)]
    assert haus.alarms() == []
    haus.is_sound()
