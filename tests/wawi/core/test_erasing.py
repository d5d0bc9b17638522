"""Whoever is erased at the office is named in no file any more, at the server or at a till."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpos.domain import orders
from kpos.domain.money import Money
from kpos.ledger.booking import book
from kpos.ledger.files import connect
from kpos.ledger.good_copy import copy_stammdaten
from kpos.ledger.joining import unpair
from kpos.ledger.office.people import pack_verifier
from kpos.ledger.pins import make_verifier
from kpos.wawi.core import feed, tills
from kpos.wawi.core.house import House
from kpos.wawi.core.transactions import transaction
from tests.wawi.core.haus import OFFICE, Haus
from tests.wawi.core.whole import WholeTill, at_home

NAME, NUMBER, CARD = "Ada Lovelace", 31337, "QX-7391-SECRET"
NOTE = "for the trip to Grace"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Haus]:
    """A server in a file of its own."""
    folder = tmp_path / "server"
    folder.mkdir()
    db = connect(folder / "house.db", code="S-01", synchronous="OFF")
    yield Haus(db, tmp_path)
    db.close()


@pytest.fixture
def till(house: Haus) -> Iterator[WholeTill]:
    """Ada Lovelace bought here, undid some of it, and was given something."""
    house.add_product("Mate", 150)
    house.office("member_add", name=NAME, number=NUMBER, history=True)
    house.office("card_issue", code=CARD, member=NAME)
    house.office("card_issue", code=f"CARD-{NAME}", member=NAME)
    house.office("top_up", member=NAME, cents=2000, means="transfer", note=NOTE)
    house.office("condition_add", member=NAME, kind="fixed", value=100, product="Mate")
    till = WholeTill.of_house(house, "till")
    sold = till.buy(NAME, ("Mate", 3))
    till.undo(sold, (1, 1))
    till.office("top_up", card=CARD, cents=500, note=NOTE)
    at_home(house, till.wallet(NAME), None, [till])
    yield till
    till.close()


def files(house: Haus) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in house.folder.rglob("*") if path.is_file()}


def found(house: Haus, *words: str) -> list[tuple[str, str]]:
    """In which files which of these words stands."""
    return [
        (str(path.relative_to(house.folder)), word)
        for path, content in files(house).items()
        for word in words
        if word.encode() in content
    ]


def erase(house: Haus) -> None:
    """As the office does it: nobody is erased who has credit."""
    house.office("cash_move", purpose="float", cents=10_000)
    house.office("payout", member=NAME, cents=house.credit(NAME))
    house.office("erase", member=NAME)
    house.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


SECRETS = (NAME, CARD, NOTE, f'"number":{NUMBER}')


def test_who_is_erased_at_the_office_is_in_no_file_of_server_or_till(house: Haus, till: WholeTill):
    wallet, member = till.wallet(NAME), till.holder(NAME).member
    assert member is not None
    copy_stammdaten(till.folder)
    assert {word for _, word in found(house, *SECRETS)} == set(SECRETS)
    erase(house)
    till.talk()
    assert found(house, *SECRETS) == []
    names_both = f'"member":"{member}","wallet":"{wallet}"'
    assert found(house, names_both) == []
    assert till.books.journal.rows("SELECT count(*) FROM undo WHERE wallet = ?", wallet) == [(0,)]
    assert till.verify().documents
    # Told again, there is nobody to erase.
    with transaction(house.db):
        feed.expire(house.db, house.clock.now())
    till.talk()
    assert till.folder.good_copy.exists() is False
    house.is_sound()


def test_a_till_whose_stammdaten_were_lost_erases_too(house: Haus, till: WholeTill):
    """Nothing that it knows then says that somebody had a name."""
    erase(house)
    till.close()
    till.lose_stammdaten()
    till.folder.good_copy.unlink(missing_ok=True)
    till.open()
    till.talk()
    assert found(house, *SECRETS) == []


def test_what_a_till_sends_of_somebody_erased_meanwhile_is_kept_without_names(
    house: Haus, till: WholeTill
):
    till.buy(NAME, "Mate")
    till.office("top_up", card=CARD, cents=500, note="a note of somebody offline")
    till.book(orders.ReplaceCard(till.wallet(NAME), "NEW-CARD-CODE", None))
    erase(house)
    till.talk()
    words = (*SECRETS, "a note of somebody offline", "NEW-CARD-CODE")
    till.talk()
    house.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert found(house, *words) == []
    house.is_sound()


def test_what_waits_to_be_projected_is_erased_as_well(house: Haus, till: WholeTill):
    with transaction(house.db):
        house.db.execute("UPDATE till SET stopped = 'a test' WHERE id = ?", (till.id,))
    till.office("top_up", card=CARD, cents=500, note="while its till was stopped")
    till.talk()
    [(count,)] = house.rows("SELECT count(*) FROM document WHERE position IS NULL")
    assert count
    erase(house)
    assert "server" not in {
        path.partition("/")[0] for path, _ in found(house, *SECRETS, "while its till was stopped")
    }


@pytest.mark.parametrize("is_skipped", [False, True])
def test_what_comes_of_somebody_erased_while_its_till_is_stopped_is_kept_without_names(
    house: Haus, till: WholeTill, is_skipped: bool
):
    till.office("top_up", card=CARD, cents=500, note="a note of somebody offline")
    erase(house)
    with transaction(house.db):
        house.db.execute("UPDATE till SET stopped = 'a test' WHERE id = ?", (till.id,))
    till.talk()
    words = (*SECRETS, "a note of somebody offline")
    house.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert found(house, *words) == []
    with transaction(house.db):
        tills.resolve(house.db, till.id, OFFICE, house.clock.now(), skip=is_skipped)
    till.talk()
    house.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert found(house, *words) == []


def test_who_is_erased_at_a_till_before_it_ever_heard_of_the_office_is_erased_there_too(
    house: Haus,
):
    """It was paired, sent what it had, and was nobody's again before it got an answer."""
    house.add_product("Tea", 100)
    till = WholeTill(house.folder / "alone", house.clock.now())
    till.office("member_add", name=NAME, number=NUMBER, history=True)
    till.office("card_issue", code=CARD, member=NAME)
    till.office("pin_set", member=NAME, pin=pack_verifier(make_verifier("7391")))
    till.pair_with(house)
    till.line.cuts.extend(["", "lost"])
    assert till.sync() == ["push", "pull"]
    assert house.rows("SELECT name FROM member") == [(NAME,)]
    assert house.rows("SELECT count(*) FROM pin WHERE verifier IS NOT NULL") == [(1,)]
    unpair(till.books, OFFICE, "nobody answers")
    till.office("erase", member=NAME)
    till.join(house)
    house.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert found(house, *SECRETS) == []
    assert house.rows("SELECT count(*) FROM pin WHERE verifier IS NOT NULL") == [(0,)]
    house.is_sound()
    till.close()


def test_a_purchase_that_is_skipped_says_whose_it_is_no_more(haus: Haus):
    """Nobody would find it later, when they switch their history off."""
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 2000, history=True)
    till = haus.add_till()
    till.kasse.buy("Ada", "Mate")
    with transaction(haus.db):
        haus.db.execute("UPDATE till SET stopped = 'a test' WHERE id = ?", (till.paired.till,))
    till.push()
    waiting = "SELECT kind, part IS NOT NULL FROM document WHERE position IS NULL ORDER BY id"
    assert haus.rows(waiting) == [("sale", True), ("debit", False)]
    with transaction(haus.db):
        tills.resolve(haus.db, till.paired.till, OFFICE, haus.clock.now(), skip=True)
    assert haus.rows(waiting) == [("sale", False)]


def test_a_history_switched_off_at_the_office_is_wiped_out_at_the_till(
    house: Haus, till: WholeTill
):
    wallet, member = till.wallet(NAME), till.holder(NAME).member
    assert member is not None
    link = f'"member":"{member}","wallet":"{wallet}"'
    assert found(house, link)
    with transaction(house.db):
        books = House(house.db, house.clock, house.branch("Keller").place)
        book(books, orders.SetHistory(member, on=False, author=OFFICE))
    house.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    till.talk()
    assert found(house, link) == []
    assert found(house, NAME)


def test_a_purchase_that_waits_names_nobody_who_has_gone_silent_when_it_is_projected(
    house: Haus, till: WholeTill
):
    with transaction(house.db):
        house.db.execute("UPDATE till SET stopped = 'a test' WHERE id = ?", (till.id,))
    till.buy(NAME, "Mate")
    till.talk()
    with transaction(house.db):
        books = House(house.db, house.clock, house.branch("Keller").place)
        member = till.holder(NAME).member
        assert member is not None
        book(books, orders.SetHistory(member, on=False, author=OFFICE))
    with transaction(house.db):
        assert tills.resolve(house.db, till.id, OFFICE, house.clock.now(), skip=False) is None
    sales = "SELECT count(*) FROM document WHERE kind = 'sale' AND position IS NOT NULL"
    assert house.rows(sales) == [(2,)]
    assert house.rows(f"{sales} AND part IS NOT NULL") == [(0,)]
    house.is_sound()


def test_who_keeps_a_history_at_a_till_is_named_in_what_comes_with_that_or_not_at_all(haus: Haus):
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 2000)
    here, there = haus.add_till(), haus.add_till()
    member = here.kasse.holder("Ada").member
    assert member is not None
    query = "SELECT count(*) FROM document WHERE kind = 'sale' AND part IS NOT NULL"
    there.kasse.book(orders.SetHistory(member, on=True, author=None))
    there.kasse.buy("Ada", "Mate")
    there.push()
    assert haus.rows(query) == [(1,)]
    # Off, and on again in a row that says something else as well, which counts for off.
    here.kasse.book(orders.SetLanguage(member, "en"))
    here.push()
    there.kasse.book(orders.SetHistory(member, on=False, author=None))
    there.pull()
    there.kasse.book(orders.SetHistory(member, on=True, author=None))
    there.kasse.buy("Ada", "Mate")
    there.push()
    assert haus.rows("SELECT history FROM member") == [(0,)]
    assert haus.rows(query) == [(0,)]
    haus.is_sound()


def test_who_was_erased_is_not_named_again(haus: Haus):
    haus.add_member("Ada", 0)
    till = haus.add_till()
    member = till.kasse.holder("Ada").member
    assert member is not None
    haus.office("erase", member="Ada")
    till.kasse.book(orders.SetLanguage(member, "en"))
    till.push()
    assert haus.rows("SELECT name, number, retired FROM member") == [("", None, 1)]
    query = "SELECT count(*) FROM document WHERE part IS NOT NULL AND kind = 'master_change'"
    assert haus.rows(f"{query} AND till = ?", till.paired.till) == [(0,)]
    haus.is_sound()


def test_nobody_switches_the_history_of_somebody_erased_on_again(haus: Haus):
    """Tills that hear of it later say that it is on, and go on selling to them."""
    haus.add_product("Mate", 150)
    haus.add_member("Ada", history=True)
    till = haus.add_till()
    member = till.kasse.holder("Ada").member
    assert member is not None
    haus.office("erase", member="Ada")
    till.kasse.book(orders.TopUp(till.kasse.holder("Ada").wallet, Money(500)))
    till.kasse.book(orders.SetHistory(member, on=True, author=None))
    till.kasse.buy("Ada", "Mate")
    # One document after the other: what one of them changes holds for the next.
    for entry in till.entries(till.acked):
        till.push([entry])
    till.pull()
    query = "SELECT name, history, retired FROM member WHERE id = ?"
    assert haus.rows(query, member) == [("", 0, 1)]
    assert haus.rows("SELECT count(*) FROM document WHERE kind = 'sale'") == [(1,)]
    query = "SELECT count(*) FROM document WHERE part IS NOT NULL"
    assert haus.rows(f"{query} AND till = ?", till.paired.till) == [(0,)]
    assert till.rows["member", member].fields["history"] == 0
    haus.is_sound()
