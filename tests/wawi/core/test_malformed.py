"""Documents that are none, of a till that is broken or was written by somebody else."""

import pytest

from kpos.domain import orders
from kpos.domain.document import Draft, Posting, digest, private_digest
from kpos.domain.ids import Id
from kpos.domain.values import replace
from kpos.sync.wire import Entry, Point, Private, Push
from kpos.wawi.core import tills
from kpos.wawi.core.transactions import transaction
from tests.ledger.kasse import Kasse
from tests.wawi.core.haus import OFFICE, Filialkasse, Haus

SALT = bytes(16)


@pytest.fixture
def till(haus: Haus) -> Filialkasse:
    """A till at which Ada has 20.00 and mate is sold."""
    haus.add_product("Mate", 150, deposit_cents=15)
    haus.add_member("Ada", 2000)
    return haus.add_till()


def test_a_document_that_is_none_stops_its_till_and_nobody_else(haus: Haus, till: Filialkasse):
    other = haus.add_till()
    before = till.acked
    till.kasse.buy("Ada", "Mate")
    sale, debit = till.entries(before)
    broken = replace(sale, content=sale.content.replace('"total_cents":165', '"total_cents":166'))
    ack = till.desk.push(Push(before, (broken, debit), till.head))
    assert (ack.acked, ack.applied) == (till.head, before)
    assert haus.alarms() == ["stopped"]
    other.kasse.buy("Ada", "Mate")
    other.push()
    assert haus.credit("Ada") == 2000 - 165
    [stopped] = [each for each in tills.tills(haus.db) if each.stopped]
    assert (stopped.id, stopped.held, stopped.applied) == (till.paired.till, till.head, before)
    till.kasse.buy("Ada", "Mate")
    till.acked = ack.acked
    assert till.push().applied == before
    haus.is_sound()

    with transaction(haus.db):
        again = tills.resolve(haus.db, stopped.id, OFFICE, haus.clock.now(), skip=False)
    assert again is not None
    with transaction(haus.db):
        assert tills.resolve(haus.db, stopped.id, OFFICE, haus.clock.now(), skip=True) is None
    # The debit counts, its sale never will.
    assert haus.credit("Ada") == 2000 - 3 * 165
    assert haus.balance("clearing") == -165
    haus.is_sound()


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ('["clearing",165]', '["clearing",164]'),
        ('"kind"', '"kind"'),
        ('"quantity":1', '"quantity":1.5'),
        ("master_change", "master_change"),
    ],
)
def test_contents_that_cannot_be_booked(haus: Haus, till: Filialkasse, part: str, instead: str):
    """Whoever makes the hash fit makes a document: only its sums and its form speak then."""
    before = till.acked
    till.kasse.buy("Ada", "Mate")
    sale = till.entries(before)[0]
    content = sale.content.replace(part, instead)
    if content == sale.content:
        content = "[]"
    forged = _resealed(sale, content)
    ack = till.desk.push(Push(before, (forged,), forged.point))
    assert ack.acked == forged.point
    assert ack.applied == before
    assert haus.rows("SELECT kind, flags FROM document ORDER BY id DESC LIMIT 1") == [
        (None, "malformed")
    ]
    haus.is_sound()


def _resealed(entry: Entry, content: str) -> Entry:
    point = Point(entry.point.epoch, entry.point.seq, digest(content))
    return Entry(point, entry.prev_hash, content, entry.private)


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ('"lines":[{', '"lines":[{"line":7},{'),
        ('"unit":"piece"', '"unit":{}'),
        ('"group":"', '"grup":"'),
        ('"quantity":1,', '"quantity":4,'),
    ],
)
def test_a_body_that_its_kind_does_not_have_stops_the_till_too(
    haus: Haus, till: Filialkasse, part: str, instead: str
):
    before = till.acked
    till.kasse.buy("Ada", "Mate")
    sale, _ = till.entries(before)
    assert part in sale.content
    forged = _resealed(sale, sale.content.replace(part, instead, 1))
    ack = till.desk.push(Push(before, (forged,), forged.point))
    assert (ack.acked, ack.applied) == (forged.point, before)
    assert haus.alarms() == ["stopped"]
    assert haus.credit("Ada") == 2000
    haus.is_sound()


def test_a_kind_from_a_newer_till_is_kept_and_its_postings_count(haus: Haus, till: Filialkasse):
    wallet = haus.wallet("Ada")
    gift = (Posting(f"wallet:{wallet}", -100), Posting("expense", 100))
    till.kasse.post(Draft("gift", {"v": 1, "wallet": wallet}, gift))
    till.push()
    assert haus.credit("Ada") == 2100
    haus.is_sound()


def test_a_private_part_of_another_document_is_not_kept(haus: Haus, till: Filialkasse):
    before = till.acked
    till.kasse.office("top_up", member="Ada", cents=100, note="from grandma")
    [top_up] = till.entries(before)
    assert top_up.private is not None
    other = replace(top_up, private=Private(top_up.private.salt, '{"note":"stolen"}'))
    till.desk.push(Push(before, (other,), till.head))
    assert haus.alarms() == ["private"]
    assert haus.rows("SELECT part FROM document ORDER BY id DESC LIMIT 1") == [(None,)]
    assert haus.credit("Ada") == 2100
    haus.is_sound()


def forged(haus: Haus, till: Filialkasse, **changes: object) -> str:
    """What becomes of a sale whose content says something else: why its till was stopped."""
    before = till.acked
    till.kasse.buy("Ada", "Mate")
    entry = till.entries(before)[0]
    content = entry.content
    for part, instead in changes.items():
        assert part in content, part
        content = content.replace(part, str(instead), 1)
    other = _resealed(entry, content)
    till.desk.push(Push(before, (other,), other.point))
    [why] = haus.rows("SELECT stopped FROM till WHERE stopped IS NOT NULL")
    haus.is_sound()
    return str(why[0])


def test_a_document_of_another_till(haus: Haus, till: Filialkasse):
    own = till.paired.till
    assert forged(haus, till, **{own: "0" * 16})
    assert haus.credit("Ada") == 2000


def test_a_document_that_stands_elsewhere(haus: Haus, till: Filialkasse):
    seq = till.head.seq if till.head else 0
    assert forged(haus, till, **{f",1,{seq + 1},": f",1,{seq + 2},"})


def test_a_document_without_a_body(haus: Haus, till: Filialkasse):
    assert forged(haus, till, **{'{"began_at"': '[{"began_at"', '"v":1}': '"v":1}]'})


def test_amounts_that_are_none(haus: Haus, till: Filialkasse):
    assert forged(haus, till, **{'["clearing",165]': '["clearing",true]'})


def test_movements_that_do_not_add_up(haus: Haus, till: Filialkasse):
    assert forged(haus, till, **{"null,-1,null,null]": "null,-1,-80,null]"})


def test_a_document_is_missing_though_the_hashes_fit(haus: Haus, till: Filialkasse):
    before = till.acked
    assert before is not None
    till.kasse.buy("Ada", "Mate")
    _, debit = till.entries(before)
    content = debit.content.replace(debit.prev_hash, before.hash)
    point = Point(debit.point.epoch, debit.point.seq, digest(content))
    ack = till.desk.push(Push(before, (Entry(point, before.hash, content),), point))
    assert (ack.acked, ack.applied) == (point, before)


def test_the_first_document_of_all_is_number_one(haus: Haus, till: Filialkasse):
    entry = till.entries(None)[1]
    content = entry.content.replace(entry.prev_hash, "0" * 64)
    point = Point(1, 2, digest(content))
    ack = till.desk.push(Push(None, (), None))
    assert ack.acked == till.acked
    stranger = haus.add_till()
    with transaction(haus.db):
        haus.db.execute("DELETE FROM document WHERE till = ?", (stranger.paired.till,))
        haus.db.execute("UPDATE strand SET epoch = 0 WHERE till = ?", (stranger.paired.till,))
    ack = stranger.desk.push(Push(None, (Entry(point, "0" * 64, content),), point))
    assert ack.acked == point


@pytest.mark.parametrize("part", ["no JSON", "[]"])
def test_a_private_part_that_is_none(haus: Haus, till: Filialkasse, part: str):
    before = till.acked
    till.kasse.office("top_up", member="Ada", cents=100, note="from grandma")
    [top_up] = till.entries(before)
    assert top_up.private is not None
    was = private_digest(top_up.private.salt, top_up.private.part)
    content = top_up.content.replace(was, private_digest(SALT, part))
    other = replace(_resealed(top_up, content), private=Private(SALT, part))
    ack = till.desk.push(Push(before, (other,), other.point))
    assert (ack.acked, ack.applied) == (other.point, before)


def test_a_note_comes_along(haus: Haus, till: Filialkasse):
    till.kasse.office("top_up", member="Ada", cents=100, note="from grandma")
    till.push()
    assert haus.rows("SELECT count(*) FROM document WHERE instr(part, 'grandma') > 0") == [(1,)]


def test_a_reversal_of_nothing_stops_its_till(haus: Haus, till: Filialkasse):
    sold = till.kasse.buy("Ada", "Mate")
    till.push()
    before = till.acked
    till.kasse.undo(sold)
    reversal = till.entries(before)[0]
    seq = sold.documents[0].seq
    content = reversal.content.replace(
        f'"original":{{"epoch":1,"seq":{seq}}}', '"original":{"epoch":1,"seq":999}'
    )
    assert content != reversal.content
    other = _resealed(reversal, content)
    assert till.desk.push(Push(before, (other,), other.point)).applied == before
    haus.is_sound()


@pytest.mark.parametrize("name", ["null", '"\\u0000"', '"\\ud800"'])
def test_a_row_of_nothing_that_could_be_known_is_skipped_as_any(
    haus: Haus, till: Filialkasse, name: str
):
    before = till.acked
    member = till.kasse.holder("Ada").member
    till.kasse.book(orders.SetLanguage(Id(str(member)), "en"))
    [row] = till.entries(before)
    forged = _resealed(row, row.content.replace(f'"id":"{member}"', f'"id":{name}'))
    till.desk.push(Push(before, (forged,), forged.point))
    with transaction(haus.db):
        tills.resolve(haus.db, till.paired.till, OFFICE, haus.clock.now(), skip=True)
    till.pull()
    haus.is_sound()


def test_a_member_whose_first_row_came_with_another_private_part_gets_the_name_of_the_next(
    haus: Haus,
):
    kasse = Kasse(haus.folder / "alone", haus.clock.now())
    kasse.add_member("Ada", number=7)
    kasse.office("member_set", member="Ada", changes={"name": "Ada L."})
    alone = Filialkasse(haus, kasse)
    alone.pair(haus.code("Keller"))
    entries = [
        replace(each, private=Private(SALT, "{}")) if '"name":"Ada"' in _part(each) else each
        for each in alone.entries(None)
    ]
    alone.push(entries)
    assert haus.alarms() == ["private"]
    assert haus.rows("SELECT name, number FROM member") == [("Ada L.", 7)]
    haus.is_sound()
    kasse.close()


def _part(entry: Entry) -> str:
    return entry.private.part if entry.private else ""
