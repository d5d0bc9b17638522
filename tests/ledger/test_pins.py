"""PINs: three guesses are free, then waiting, then somebody trusted; nothing shortens that."""

import sqlite3
from contextlib import closing

import pytest

from kpos.clock import ScriptClock
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.member import LOCKED_FOR_GOOD
from kpos.ledger.errors import LedgerError
from kpos.ledger.office.people import pack_verifier, unpack_verifier
from kpos.ledger.pins import Verifier, make_verifier
from tests.ledger.kasse import DAY_MS, Kasse

# Cheap parameters: what is tested here is counting, and each row keeps its own parameters.
ADAS = Verifier(b"salt", b"\0" * 32, n=2, r=1, p=1)
HALF_MINUTE_MS = 30_000


@pytest.fixture
def ada(kasse: Kasse) -> Id:
    subject = kasse.holder("Ada").pin_subject
    kasse.office("pin_set", member="Ada", pin=pack_verifier(ADAS))
    return subject


def guess(kasse: Kasse, subject: Id, times: int = 1) -> None:
    """Wrong PINs, waiting as long as one must."""
    for _ in range(times):
        wait = kasse.books.pins.standing(subject).locked_ms
        kasse.wait(wait or 0)
        assert kasse.books.pins.begin(subject) is not None


def counted(kasse: Kasse) -> dict[str, int]:
    """The counters as another connection sees them: what is on the disk."""
    with closing(sqlite3.connect(kasse.folder.journal)) as db:
        return dict(db.execute("SELECT subject, attempts FROM pin").fetchall())


def test_a_pin_is_recognised_and_another_is_not():
    verifier = make_verifier("1234")
    # scrypt at 8 MiB: on the slowest till a second at most, for whoever guesses too.
    assert (verifier.n, verifier.r, verifier.p) == (8192, 8, 1)
    assert len(verifier.key) == 32
    assert verifier.matches("1234")
    assert not verifier.matches("1235")
    assert make_verifier("1234").key != verifier.key
    assert unpack_verifier(pack_verifier(verifier)) == verifier


def test_a_verifier_shows_nothing_when_it_is_printed():
    assert repr(ADAS) == "Verifier(…)"
    assert "salt" not in f"{ADAS}"


def test_the_attempt_is_on_the_disk_before_there_is_anything_to_check_against(kasse, ada):
    assert counted(kasse) == {ada: 0}
    assert kasse.books.pins.begin(ada) == ADAS
    assert counted(kasse) == {ada: 1, "till": 1}


def test_where_the_attempt_cannot_be_counted_nothing_is_handed_out(kasse, ada):
    kasse.books.journal.db.execute("PRAGMA query_only=ON")
    with pytest.raises(LedgerError):
        kasse.books.pins.begin(ada)
    assert counted(kasse) == {ada: 0}


def test_the_verifier_is_in_no_document(kasse, ada):
    kasse.office("pin_set", member="Ada", pin=pack_verifier(make_verifier("4711")))
    told = " ".join(str(document.as_json()) for document in kasse.documents())
    assert "salt" not in told
    assert kasse.documents()[-1].body["fields"] == {"exists": 1}


def test_who_has_no_pin_has_nothing_to_try(kasse, ada):
    other = kasse.add_member("Linus").pin_subject
    assert kasse.books.pins.begin(other) is None
    assert kasse.books.pins.standing(other).exists is False
    assert counted(kasse) == {ada: 0}


def test_attempts_left_are_told_then_waits_double_and_the_tenth_is_the_last(kasse, ada):
    pins = kasse.books.pins
    ladder = []
    left = []
    for _ in range(10):
        standing = pins.standing(ada)
        ladder.append(standing.locked_ms)
        left.append(standing.attempts_left)
        guess(kasse, ada)
    assert left == [3, 2, 1, 1, 1, 1, 1, 1, 1, 1]
    assert ladder == [None] * 3 + [HALF_MINUTE_MS << step for step in range(7)]
    standing = pins.standing(ada)
    assert (standing.exists, standing.attempts_left, standing.locked_ms) == (
        True,
        0,
        LOCKED_FOR_GOOD,
    )
    kasse.wait(1000 * DAY_MS)
    assert pins.begin(ada) is None


def test_while_one_must_wait_nothing_is_counted(kasse, ada):
    guess(kasse, ada, 3)
    assert kasse.books.pins.begin(ada) is None
    assert counted(kasse)[ada] == 3
    kasse.wait(HALF_MINUTE_MS - 1)
    assert kasse.books.pins.standing(ada).locked_ms == 1
    kasse.wait(1)
    assert kasse.books.pins.standing(ada).locked_ms is None


def test_the_right_pin_clears_the_count(kasse, ada):
    guess(kasse, ada, 3)
    guess(kasse, ada)
    kasse.books.pins.succeeded(ada)
    assert counted(kasse) == {ada: 0, "till": 2}
    assert kasse.books.pins.standing(ada).attempts_left == 3


def test_setting_the_wall_clock_shortens_no_wait(kasse, ada):
    guess(kasse, ada, 3)
    kasse.clock.start = Instant.parse("2036-01-01T00:00:00Z")
    assert kasse.books.pins.standing(ada).locked_ms == HALF_MINUTE_MS
    kasse.clock.start = Instant(0)
    assert kasse.books.pins.standing(ada).locked_ms == HALF_MINUTE_MS


def test_a_restart_begins_the_wait_anew(kasse, ada):
    guess(kasse, ada, 4)
    kasse.wait(HALF_MINUTE_MS * 2 - 1)
    assert kasse.books.pins.standing(ada).locked_ms == 1
    kasse.reopen()
    assert kasse.books.pins.standing(ada).locked_ms == HALF_MINUTE_MS * 2


def test_a_restart_on_a_machine_that_rebooted_begins_the_wait_anew(kasse, ada):
    guess(kasse, ada, 4)
    kasse.close()
    kasse.clock = ScriptClock(kasse.clock.now().plus_ms(DAY_MS))
    kasse.open()
    assert kasse.books.pins.standing(ada).locked_ms == HALF_MINUTE_MS * 2


def test_wrong_pins_of_many_cards_make_the_whole_till_wait_but_never_for_good(kasse, ada):
    others = []
    for name in ("B", "C", "D", "E"):
        others.append(kasse.add_member(name).pin_subject)
        kasse.office("pin_set", member=name, pin=pack_verifier(ADAS))
    for subject in (*others, ada):
        guess(kasse, subject, 2)
    fresh = kasse.add_member("F").pin_subject
    kasse.office("pin_set", member="F", pin=pack_verifier(ADAS))
    assert kasse.books.pins.standing(fresh).locked_ms == HALF_MINUTE_MS
    assert kasse.books.pins.begin(fresh) is None

    for _ in range(40):
        guess(kasse, fresh)
        kasse.office("pin_set", member="F", pin=pack_verifier(ADAS))
    assert kasse.books.pins.standing(fresh).locked_ms == 15 * 60_000


def test_after_a_right_pin_the_next_member_need_not_wait_for_it(kasse, ada):
    other = kasse.add_member("B").pin_subject
    kasse.office("pin_set", member="B", pin=pack_verifier(ADAS))
    for _ in range(12):
        guess(kasse, other)
        kasse.office("pin_set", member="B", pin=pack_verifier(ADAS))
    kasse.wait(kasse.books.pins.standing(ada).locked_ms or 0)
    assert kasse.books.pins.begin(ada) is not None
    kasse.books.pins.succeeded(ada)
    assert kasse.books.pins.standing(other).locked_ms is None


def test_a_trusted_person_resets_a_forgotten_pin_and_the_attempts_with_it(kasse, ada):
    guess(kasse, ada, 10)
    kasse.office("pin_set", member="Ada", pin=pack_verifier(make_verifier("2718")))
    kasse.wait(HALF_MINUTE_MS)  # the till's own, after ten wrong ones
    fresh = kasse.books.pins.begin(ada)
    assert fresh is not None
    assert fresh.matches("2718")
    kasse.office("pin_set", member="Ada", pin=None)
    assert kasse.books.pins.begin(ada) is None
    assert kasse.documents()[-1].body["fields"] == {"exists": 0}


def test_pins_are_no_business_of_stammdaten(kasse, ada):
    guess(kasse, ada, 2)
    kasse.rebuild()
    assert counted(kasse) == {ada: 2, "till": 2}
    assert kasse.verify().projections_compared


def test_a_member_may_come_with_a_pin(kasse):
    added = kasse.office("member_add", name="Grace", pin=pack_verifier(ADAS))
    assert kasse.books.pins.standing(added["id"]).exists
    assert kasse.documents()[-1].body["entity"] == "pin"


def test_who_becomes_trusted_needs_a_new_and_longer_pin(kasse):
    packed = pack_verifier(make_verifier("1234"))
    kasse.office("pin_set", member="Ada", pin=packed)
    done = kasse.office("member_set", member="Ada", changes={"role": "trusted"})
    assert done["pin_removed"]
    assert kasse.documents()[-1].body["fields"] == {"exists": 0}
    assert not kasse.books.pins.standing(done["id"]).exists
    assert not kasse.office("member_set", member="Ada", changes={"role": "admin"})["pin_removed"]
    kasse.verify()


def test_who_only_gets_another_name_keeps_the_pin(kasse):
    packed = pack_verifier(make_verifier("1234"))
    kasse.office("pin_set", member="Ada", pin=packed)
    done = kasse.office("member_set", member="Ada", changes={"name": "Ada L."})
    assert not done["pin_removed"]
    assert kasse.books.pins.standing(done["id"]).exists


def test_who_becomes_trusted_without_a_pin_has_none_to_lose(kasse):
    assert not kasse.office("member_set", member="Ada", changes={"role": "trusted"})["pin_removed"]
    assert kasse.documents()[-1].body["entity"] == "member"
