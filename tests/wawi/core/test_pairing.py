"""Codes that are good once, for a quarter of an hour, and prefixes that clash with nobody's."""

import pytest

from kpos.domain.ids import Id
from kpos.domain.values import replace
from kpos.sync.backend import Refused
from kpos.sync.wire import Ack, Application, Heartbeat, Push, Tail
from kpos.wawi.core import pairing, tills
from kpos.wawi.core.desk import Desk, apply_to_pair
from tests.wawi.core.haus import Haus

TILL, PLACE = Id("00000000000000a1"), Id("00000000000000b1")


def asked(code: str, **more: object) -> Application:
    return replace(Application(code, TILL, PLACE, "K1", "K1", None, "1.0"), **more)  # type: ignore[arg-type]


def test_a_code_is_read_as_people_write_it_and_is_good_once(haus: Haus):
    code = haus.code("Keller")
    assert len(code) == 14
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    paired = apply_to_pair(haus.db, haus.clock, asked(typed))
    assert (paired.till, paired.prefix, paired.branch) == (TILL, "K1", "Keller")
    assert paired.place == haus.branch("Keller").place
    stored = haus.rows("SELECT token_hash FROM till WHERE id = ?", TILL)
    assert paired.token not in str(stored)
    with pytest.raises(Refused, match="ask for a new one"):
        apply_to_pair(haus.db, haus.clock, asked(code))


def test_a_till_says_that_it_is_there(haus: Haus):
    paired = apply_to_pair(haus.db, haus.clock, asked(haus.code("Keller")))
    at = haus.clock.now()
    fast = Heartbeat("1.0", 3, at.plus_ms(90_000))
    Desk(haus.db, haus.clock, paired.token).heartbeat(fast)
    [seen] = tills.tills(haus.db)
    assert (seen.seen_ms, seen.version, seen.queue, seen.skew_ms) == (at.ms, "1.0", 3, 90_000)


def test_a_code_is_over_after_a_quarter_of_an_hour(haus: Haus):
    code = haus.code("Keller")
    haus.clock.move(pairing.CODE_MS)
    with pytest.raises(Refused):
        apply_to_pair(haus.db, haus.clock, asked(code))
    haus.clock.move(1)
    haus.code("Keller")
    assert haus.rows("SELECT count(*) FROM pairing_code") == [(1,)]


def test_five_wrong_tries_use_a_code_up(haus: Haus):
    code = haus.code("Keller")
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    for _ in range(pairing.TRIES_MAX):
        with pytest.raises(Refused):
            apply_to_pair(haus.db, haus.clock, asked(wrong))
    with pytest.raises(Refused):
        apply_to_pair(haus.db, haus.clock, asked(code))
    with pytest.raises(Refused):
        apply_to_pair(haus.db, haus.clock, asked(""))


@pytest.mark.parametrize("prefix", ["", "k1", "K-1", "K1'--", "KKKKK1"])
def test_a_prefix_that_is_none_is_refused(haus: Haus, prefix: str):
    with pytest.raises(Refused, match="prefix"):
        apply_to_pair(haus.db, haus.clock, asked(haus.code("Keller"), prefix=prefix))


@pytest.mark.parametrize(
    ("first", "second", "given"),
    [
        ("K1", "K1", "K2"),
        ("K1", "K1A", "K2"),
        ("K1A", "K1", "K2"),
        ("K12", "K1", "K1"),
        ("K7", "K7", "K8"),
        ("W", "W", "K2"),
        ("WA", "X", "X"),
        ("BAR", "BAR", "K1"),
        ("BAR", "BARA", "BARA"),
    ],
)
def test_prefixes_never_clash(haus: Haus, first: str, second: str, given: str):
    one = asked(haus.code("Keller"), prefix=first, cash_prefix=first)
    apply_to_pair(haus.db, haus.clock, one)
    other = asked(
        haus.code("Keller"),
        prefix=second,
        cash_prefix=second,
        till=Id("00000000000000a2"),
        place=Id("00000000000000b2"),
    )
    assert apply_to_pair(haus.db, haus.clock, other).prefix == given


def test_nobody_pairs_as_the_office(haus: Haus):
    [(office,)] = haus.rows("SELECT office FROM house")
    with pytest.raises(Refused, match="office"):
        apply_to_pair(haus.db, haus.clock, asked(haus.code("Keller"), till=office))


def test_a_till_that_is_paired_again_elsewhere_leaves_its_goods_where_they_are(haus: Haus):
    till = haus.add_till()
    till.pair(haus.code("Dach"))
    assert till.paired.place == haus.branch("Dach").place
    assert haus.rows("SELECT branch FROM till WHERE id = ?", till.paired.till) == [
        (haus.branch("Dach").id,)
    ]
    till.pair(haus.code("Keller"))
    assert till.paired.branch == "Keller"


def test_a_till_without_documents_in_an_empty_house(haus: Haus):
    paired = apply_to_pair(haus.db, haus.clock, asked(haus.code("Keller")))
    desk = Desk(haus.db, haus.clock, paired.token)
    assert desk.push(Push(None, (), None)) == Ack(None, None)
    page = desk.pull(None)
    assert (page.changes, page.applied, page.is_last) == ((), {}, True)
    assert desk.pull(page.cursor).changes == ()
    assert desk.hold(Id("00000000000000c1"), 0, None).is_granted
    assert desk.tail(None) == Tail((), is_last=True)
    desk.push(Push(None, (), None))
