"""What the feed changes of people: PINs, and names that go."""

from kpos.domain import orders
from kpos.domain.ids import Id
from kpos.ledger.booking import book
from kpos.ledger.good_copy import copy_stammdaten
from kpos.ledger.master import pin_row
from kpos.ledger.pins import make_verifier, store_verifier
from tests.sync.tills import Till, pin_fields
from tests.sync.wawi import Wawi


def opens(till: Till, subject: Id, pin: str) -> bool:
    verifier = till.books.pins.begin(subject)
    if verifier is None or not verifier.matches(pin):
        return False
    till.books.pins.succeeded(subject)
    return True


# PINs


def test_a_pin_of_the_wawi_opens_until_one_is_set_here(
    cellar: Till, roof: Till, wawi: Wawi
) -> None:
    ada = cellar.holder("Ada").member
    assert ada is not None
    wawi.put("pin", ada, **pin_fields("1234", 1))
    for till in (cellar, roof):
        till.sync()
        assert opens(till, ada, "1234")
    set_pin(cellar, ada, "4711")
    wawi.is_stalled = True
    wawi.put("pin", ada, **pin_fields("1234", 2))
    cellar.sync()
    assert opens(cellar, ada, "4711")
    wawi.is_stalled = False
    wawi.apply()
    wawi.put("pin", ada, **pin_fields("5678", 3))
    cellar.sync()
    assert opens(cellar, ada, "5678")
    set_pin(cellar, ada, "4711")
    cellar.sync()
    wawi.oldest = wawi.revision + 1
    cellar.sync()
    assert opens(cellar, ada, "4711")
    wawi.oldest = 0
    wawi.put("pin", ada, "gone")
    cellar.sync()
    assert cellar.books.pins.begin(ada) is None


def test_which_pin_the_wawi_gave_is_forgotten_where_it_changed_by_itself(
    cellar: Till, wawi: Wawi
) -> None:
    """A version too high would keep a PIN for ever that the WaWi has long changed."""
    ada = cellar.holder("Ada").member
    assert ada is not None
    wawi.put("pin", ada, **pin_fields("1234", 1))
    cellar.sync()
    with cellar.books.journal.transaction() as booking:
        booking.db.execute("UPDATE fed_pin SET version = 1025")
    wawi.put("pin", ada, **pin_fields("5678", 2))
    cellar.sync()
    assert opens(cellar, ada, "5678")


def set_pin(till: Till, subject: Id, pin: str) -> None:
    with till.books.booking() as booking:
        booking.append(pin_row(subject, None, exists=True))
        store_verifier(booking, subject, make_verifier(pin))


def test_a_pin_alone_leaves_the_good_copy_where_it_is(cellar: Till, wawi: Wawi) -> None:
    """It goes where somebody is named no more."""
    copy_stammdaten(cellar.folder)
    ada = cellar.holder("Ada").member
    assert ada is not None
    wawi.put("pin", ada, **pin_fields("1234", 1))
    cellar.sync()
    assert opens(cellar, ada, "1234")
    assert cellar.folder.good_copy.exists()


# Names


def test_a_history_switched_off_elsewhere_is_forgotten_here(cellar: Till, wawi: Wawi) -> None:
    ada = cellar.holder("Ada")
    assert ada.member is not None
    book(cellar.books, orders.SetHistory(ada.member, on=True))
    sold = cellar.buy("Ada", "Mate")
    cellar.sync()
    position = cellar.books.journal.head.position - 1
    assert cellar.books.journal.private_part(position) is not None
    wawi.change("member", ada.member, history=0)
    cellar.sync()
    assert cellar.books.journal.private_part(position) is None
    assert cellar.verify().documents
    assert sold.receipt_number


def test_a_history_switched_on_here_is_kept_until_the_wawi_has_it(cellar: Till, wawi: Wawi) -> None:
    ada = cellar.holder("Ada")
    assert ada.member is not None
    wawi.is_stalled = True
    book(cellar.books, orders.SetHistory(ada.member, on=True))
    cellar.buy("Ada", "Mate")
    wawi.change("member", ada.member, role="trusted")
    cellar.sync()
    assert cellar.books.journal.private_part(cellar.books.journal.head.position - 1) is not None


def test_a_member_erased_at_the_wawi_is_named_nowhere_here(cellar: Till, wawi: Wawi) -> None:
    ada = cellar.holder("Ada")
    assert ada.member is not None
    wawi.put("member", ada.member, "retire", **wawi.fields("member", ada.member))
    for (entity, id_), (_, row) in list(wawi.rows.items()):
        if entity == "card":
            wawi.put("card", id_, **row.fields)
    cellar.sync()
    parts = cellar.books.journal.rows("SELECT part FROM private")
    assert not any("Ada" in part for (part,) in parts)
    assert cellar.verify().documents


def test_who_is_nobody_at_the_wawi_is_named_nowhere_whatever_is_said_of_their_history(
    cellar: Till, wawi: Wawi
) -> None:
    ada = cellar.holder("Ada")
    assert ada.member is not None
    book(cellar.books, orders.SetHistory(ada.member, on=True))
    cellar.buy("Ada", "Mate")
    cellar.sync()
    fields = wawi.fields("member", ada.member)
    assert fields["history"]
    wawi.put("member", ada.member, "retire", **fields)
    cellar.sync()
    parts = cellar.books.journal.rows("SELECT part FROM private")
    assert not any("Ada" in part or ada.wallet in part for (part,) in parts)
    assert cellar.verify().documents
