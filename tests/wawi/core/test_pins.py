"""A PIN that somebody sets at one till works at all others of the house."""

from pathlib import Path
from typing import Any

import pytest

from kpos.domain.ids import Id
from kpos.ledger.backup import back_up, restore
from kpos.ledger.master import pin_row
from kpos.ledger.office.people import pack_verifier
from kpos.ledger.pins import Verifier, make_verifier, store_verifier
from kpos.wawi.core import tills
from kpos.wawi.core.pins import take_pins
from kpos.wawi.core.transactions import transaction
from tests.wawi.core.haus import OFFICE, Haus
from tests.wawi.core.whole import WholeTill

House = tuple[WholeTill, WholeTill, Id]
# Slow on purpose: each is made once.
OLD, NEW, OFFICES = (make_verifier(pin) for pin in ("1234", "4711", "8642"))


@pytest.fixture
def both(haus: Haus) -> House:
    """Two tills, and Ada, who has no PIN yet."""
    haus.add_member("Ada", 2000)
    made = []
    for name in ("cellar", "roof"):
        made.append(WholeTill.of_house(haus, name))
        haus.tills.append(made[-1])  # type: ignore[arg-type] # to be closed
    member = made[1].holder("Ada").member
    assert member is not None
    return made[0], made[1], member


def set_pin(till: WholeTill, subject: Id, verifier: Verifier | None) -> None:
    """As the menu does, or whoever changes a role."""
    with till.books.booking() as booking:
        booking.append(pin_row(subject, None, exists=verifier is not None))
        store_verifier(booking, subject, verifier)


def set_at_office(haus: Haus, verifier: Verifier | None) -> None:
    packed: dict[str, Any] | None = pack_verifier(verifier) if verifier else None
    haus.office("pin_set", member="Ada", pin=packed)


def held(till: WholeTill, subject: Id) -> Verifier | None:
    """What is checked there."""
    return till.books.pins._verifier(subject)


def test_a_pin_that_is_set_at_one_till_works_at_the_other(haus: Haus, both: House):
    cellar, roof, ada = both
    set_pin(cellar, ada, NEW)
    cellar.talk()
    roof.talk()
    verifier = roof.books.pins.begin(ada)
    assert verifier is not None
    assert verifier.matches("4711")
    set_pin(roof, ada, None)
    roof.talk()
    cellar.talk()
    assert held(cellar, ada) is None
    haus.is_sound()


def test_what_is_sent_twice_is_taken_once(haus: Haus, both: House):
    cellar, roof, ada = both
    set_pin(cellar, ada, OLD)
    cellar.line.cuts.append("answer lost")
    cellar.sync()
    set_pin(cellar, ada, NEW)
    cellar.engine.wake(anew=True)
    cellar.talk()
    roof.talk()
    assert held(roof, ada) == held(cellar, ada) == NEW
    [push] = [each for each in cellar.line.pushes if each.pins and each.pins[0].verifier == OLD]
    with transaction(haus.db):
        take_pins(haus.db, roof.id, (), push.pins or (), haus.clock.now())
    roof.talk()
    assert held(roof, ada) == NEW


def test_who_was_offline_undoes_no_pin_that_was_set_meanwhile(haus: Haus, both: House):
    cellar, roof, ada = both
    set_at_office(haus, OFFICES)
    for till in both[:2]:
        till.talk()
    set_pin(cellar, ada, OLD)  # and the network is away
    set_at_office(haus, NEW)
    cellar.talk()
    roof.talk()
    assert held(cellar, ada) == held(roof, ada) == NEW
    # Who knows what is in force may set another one.
    set_pin(cellar, ada, OLD)
    cellar.talk()
    roof.talk()
    assert held(roof, ada) == OLD
    set_pin(cellar, ada, OFFICES)
    set_at_office(haus, None)
    cellar.talk()
    assert held(cellar, ada) is None
    set_pin(cellar, ada, NEW)
    cellar.talk()
    roof.talk()
    assert held(roof, ada) == NEW


def test_a_pin_of_a_guest_card_travels_too(haus: Haus, both: House):
    cellar, roof, _ = both
    haus.office("group_add", name="guests")
    cellar.talk()
    cellar.add_guest("Gast", 500)
    set_pin(cellar, cellar.wallet("Gast"), NEW)
    cellar.talk()
    roof.talk()
    assert held(roof, roof.wallet("Gast")) == NEW


def test_after_a_till_was_lost_nobody_has_a_pin_until_a_new_one_is_set(haus: Haus, both: House):
    cellar, roof, ada = both
    set_at_office(haus, OLD)
    for till in both[:2]:
        till.talk()
    with transaction(haus.db):
        tills.lose(haus.db, roof.id, OFFICE, haus.clock.now())
    cellar.talk()
    assert held(cellar, ada) is None
    set_pin(cellar, ada, NEW)
    cellar.talk()
    assert haus.rows("SELECT verifier FROM pin") == [(NEW.key,)]


def test_whoever_was_erased_has_no_pin_again(haus: Haus, both: House):
    cellar, _, ada = both
    haus.office("member_add", name="Bea")
    cellar.talk()
    [(bea,)] = haus.rows("SELECT id FROM member WHERE name = 'Bea'")
    set_pin(cellar, bea, NEW)
    haus.office("erase", member="Bea")
    cellar.talk()
    assert held(cellar, bea) is None
    assert haus.rows("SELECT verifier FROM pin WHERE verifier IS NOT NULL") == []
    assert ada


def test_a_backup_brings_no_pin_of_whoever_was_erased(haus: Haus, both: House, tmp_path: Path):
    cellar, _, _ = both
    haus.add_member("Bea")
    cellar.talk()
    bea = cellar.holder("Bea").member
    assert bea is not None
    set_pin(cellar, bea, NEW)
    cellar.talk()
    backup = tmp_path / "of-monday.db"
    back_up(cellar.folder, backup)
    haus.office("erase", member="Bea")
    cellar.close()
    restore(backup, cellar.folder, cellar.clock, None)
    cellar.open()
    assert held(cellar, bea) is not None
    cellar.talk()
    assert held(cellar, bea) is None


def test_a_pin_that_fell_over_at_the_till_is_not_told(haus: Haus, both: House):
    cellar, roof, ada = both
    set_pin(cellar, ada, NEW)
    cellar.books.journal.db.execute("UPDATE pin SET n = 4096")
    cellar.talk()
    roof.talk()
    assert held(roof, ada) is None


def test_a_till_that_joins_brings_its_pins_along(haus: Haus, both: House):
    _, roof, _ = both
    third = WholeTill(haus.folder / "third", haus.clock.now())
    haus.tills.append(third)  # type: ignore[arg-type] # to be closed
    grace = third.add_member("Grace").member
    assert grace is not None
    set_pin(third, grace, NEW)
    third.join(haus)
    roof.talk()
    assert held(roof, grace) == NEW
