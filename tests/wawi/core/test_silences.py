"""Off and on again: who clears their history is named by no till that heard only of the end."""

from collections.abc import Iterator

import pytest

from kpos.domain import orders
from kpos.domain.ids import Id
from kpos.ledger import stammdaten
from kpos.ledger.booking import book
from kpos.sync.jobs import Read
from kpos.wawi.core import tills
from kpos.wawi.core.house import House
from kpos.wawi.core.transactions import transaction
from tests.wawi.core.haus import OFFICE, Haus
from tests.wawi.core.whole import WholeTill


@pytest.fixture
def house(haus: Haus) -> Haus:
    """Ada keeps a history."""
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 5000, history=True)
    return haus


@pytest.fixture
def cellar(house: Haus) -> Iterator[WholeTill]:
    till = WholeTill.of_house(house, "cellar")
    yield till
    till.close()


@pytest.fixture
def roof(house: Haus, cellar: WholeTill) -> Iterator[WholeTill]:
    """Another till, to which Ada's credit is free; each has sold her a bottle."""
    till = WholeTill.of_house(house, "roof")
    for each in (cellar, till, cellar):
        each.talk()
    for each in (cellar, till):
        each.buy("Ada", "Mate")
        each.talk()
    yield till
    till.close()


def set_history(till: WholeTill, *, on: bool) -> None:
    member = till.holder("Ada").member
    assert member is not None
    book(till.books, orders.SetHistory(member, on=on))


def off_and_on(till: WholeTill) -> None:
    """Ada's history begins anew, and the WaWi knows."""
    set_history(till, on=False)
    set_history(till, on=True)
    till.sync()


def read_english(till: WholeTill) -> None:
    member = till.holder("Ada").member
    assert member is not None
    book(till.books, orders.SetLanguage(member, "en"))


def off_in_english(cellar: WholeTill, roof: WholeTill) -> None:
    """Ada keeps no history, as both know, and reads English, as the roof does not know yet."""
    set_history(cellar, on=False)
    for till in (cellar, roof):
        till.talk()
    read_english(cellar)
    cellar.sync()


def stop(house: Haus, till: WholeTill) -> None:
    """From now on what the till sends waits."""
    with transaction(house.db):
        house.db.execute("UPDATE till SET stopped = 'a test' WHERE id = ?", (till.id,))


def shown(till: WholeTill) -> int:
    """How many purchases Ada is shown; her card is known by name all the same."""
    wallet = till.wallet("Ada")
    rows = stammdaten.named_purchases(till.books.current(), wallet)
    assert rows == till.books.journal.purchases_naming(wallet)
    return len(rows)


def keeps(till: WholeTill) -> bool:
    return till.holder("Ada").history


def at_server(house: Haus, till: WholeTill) -> int:
    """How many purchases at a till name somebody at the server."""
    query = "SELECT count(*) FROM document WHERE kind = 'sale' AND part IS NOT NULL AND till = ?"
    [(count,)] = house.rows(query, till.id)
    return int(count)


def waiting(house: Haus) -> int:
    [(count,)] = house.rows("SELECT count(*) FROM silence")
    return int(count)


def test_who_clears_their_history_is_not_named_by_a_till_that_heard_only_the_end(
    house: Haus, cellar: WholeTill, roof: WholeTill
):
    off_and_on(cellar)
    assert (shown(roof), at_server(house, roof)) == (1, 0)
    roof.sync()
    assert (shown(roof), keeps(roof)) == (0, False)
    roof.sync()
    assert (shown(roof), keeps(roof)) == (0, True)
    assert waiting(house) == 0
    for till in (cellar, roof):
        till.buy("Ada", "Mate")
        till.talk()
        assert (shown(till), at_server(house, till)) == (1, 1)
    house.is_sound()


def test_the_office_clears_a_history_everywhere(house: Haus, cellar: WholeTill, roof: WholeTill):
    member = cellar.holder("Ada").member
    assert member is not None
    for on in (False, True):
        with transaction(house.db):
            books = House(house.db, house.clock, house.branch("Keller").place)
            book(books, orders.SetHistory(member, on=on, author=OFFICE))
    for till in (cellar, roof):
        till.sync()
        assert (shown(till), keeps(till)) == (0, False)
        till.sync()
        assert keeps(till)
    house.is_sound()


def test_what_a_till_sold_before_it_heard_names_nobody_when_it_arrives(
    house: Haus, cellar: WholeTill, roof: WholeTill
):
    roof.buy("Ada", "Mate")
    off_and_on(cellar)
    roof.buy("Ada", "Mate")
    roof.talk()
    assert (shown(roof), at_server(house, roof)) == (0, 0)
    assert keeps(roof)
    house.is_sound()


def test_what_waits_at_the_server_names_nobody_when_it_is_projected(
    house: Haus, cellar: WholeTill, roof: WholeTill
):
    stop(house, roof)
    roof.buy("Ada", "Mate")
    roof.sync()
    off_and_on(cellar)
    roof.sync()
    roof.sync()
    assert not keeps(roof)
    with transaction(house.db):
        assert tills.resolve(house.db, roof.id, OFFICE, house.clock.now(), skip=False) is None
    roof.talk()
    assert at_server(house, roof) == 0
    assert keeps(roof)
    house.is_sound()


def test_a_till_whose_last_document_was_skipped_hears_the_truth_as_well(
    house: Haus, cellar: WholeTill, roof: WholeTill
):
    stop(house, roof)
    roof.office("top_up", member="Ada", cents=100)
    off_and_on(cellar)
    roof.talk()
    assert roof.books.credit(roof.wallet("Ada")).cents == house.credit("Ada") + 100
    with transaction(house.db):
        assert tills.resolve(house.db, roof.id, OFFICE, house.clock.now(), skip=True) is None
    roof.talk()
    assert (shown(roof), keeps(roof), waiting(house)) == (0, True, 0)
    assert roof.books.credit(roof.wallet("Ada")).cents == house.credit("Ada")
    house.is_sound()


def test_a_row_of_a_member_that_is_skipped_is_not_taken_for_having_heard(
    house: Haus, cellar: WholeTill, roof: WholeTill
):
    """While it waits, its till does not listen to what the feed says of her."""
    stop(house, roof)
    off_and_on(cellar)
    read_english(roof)
    roof.talk()
    assert shown(roof) == 1
    with transaction(house.db):
        assert tills.resolve(house.db, roof.id, OFFICE, house.clock.now(), skip=True) is None
    roof.talk()
    assert (shown(roof), keeps(roof), waiting(house)) == (0, True, 0)
    house.is_sound()


def test_whichever_till_was_told_first_where_two_were_nothing_of_before_is_named(
    house: Haus, cellar: WholeTill, roof: WholeTill
):
    """Nobody knows whose clock is right: here the one that could not send it was told first."""
    set_history(roof, on=False)
    set_history(roof, on=True)
    roof.buy("Ada", "Mate")
    cellar.buy("Ada", "Mate")
    off_and_on(cellar)
    assert (shown(roof), shown(cellar)) == (1, 0)
    roof.sync()
    assert at_server(house, roof) == 0
    for till in (roof, cellar, roof):
        till.talk()
    for till in (roof, cellar):
        assert (shown(till), keeps(till)) == (0, True)
    assert waiting(house) == 0
    house.is_sound()


def test_what_somebody_says_of_other_things_meanwhile_is_not_taken_for_having_heard(
    house: Haus, cellar: WholeTill, roof: WholeTill
):
    """They say it between the question and the answer, which therefore changes nothing here."""
    off_and_on(cellar)
    roof.engine.wake()
    asked = roof.engine.next_job()
    assert isinstance(asked, Read)
    answer = asked.run(roof.line)
    read_english(roof)
    roof.engine.settle(asked, answer)
    assert shown(roof) == 1
    roof.talk()
    roof.talk()
    assert (shown(roof), keeps(roof)) == (0, True)
    assert house.rows("SELECT language FROM member") == [("en",)]
    assert waiting(house) == 0
    house.is_sound()


def test_a_till_that_comes_back_after_weeks_hears_of_it(
    house: Haus, cellar: WholeTill, roof: WholeTill
):
    """Even one that was declared lost meanwhile, and is paired again."""
    with transaction(house.db):
        tills.lose(house.db, Id(roof.id), OFFICE, house.clock.now())
    off_and_on(cellar)
    roof.join(house)
    assert shown(roof) == 0
    roof.talk()
    assert keeps(roof)
    house.is_sound()


def test_a_till_where_it_was_switched_on_in_vain_names_nobody_from_before_it_is_on(
    house: Haus, cellar: WholeTill, roof: WholeTill
):
    """It said another language than they read by then, so nothing else was taken from that row."""
    off_in_english(cellar, roof)
    set_history(roof, on=True)
    roof.buy("Ada", "Mate")
    roof.line.cuts.extend(["", "lost"])
    assert roof.sync() == ["push", "pull"]
    cellar.sync()
    set_history(cellar, on=True)
    cellar.sync()
    assert (shown(roof), at_server(house, roof)) == (1, 0)
    roof.talk()
    assert (shown(roof), keeps(roof), waiting(house)) == (0, True, 0)
    house.is_sound()


def test_what_follows_in_a_batch_on_switching_it_on_in_vain_names_nobody(
    house: Haus, cellar: WholeTill, roof: WholeTill
):
    """The till is told that it is off, and forgets what it sold though it was on by then."""
    off_in_english(cellar, roof)
    for on in (True, False, True):
        set_history(roof, on=on)
    roof.buy("Ada", "Mate")
    roof.line.cuts.extend(["", "lost"])
    roof.sync()
    assert at_server(house, roof) == 0
    house.is_sound()
    roof.talk()
    assert (shown(roof), keeps(roof), waiting(house)) == (0, True, 0)
    house.is_sound()
    roof.buy("Ada", "Mate")
    roof.talk()
    assert (shown(roof), at_server(house, roof)) == (1, 1)
    house.is_sound()
