"""Answers that no WaWi should give: the till says so, asks less often, and sells on."""

import pytest

from kpos.domain.document import Draft, Place, Ref, seal
from kpos.domain.values import replace
from kpos.ledger.errors import Damaged
from kpos.ledger.joining import acknowledge
from kpos.ledger.replica import NotOwn, entries_after, take_tail
from kpos.sync.backend import BackendError, CursorExpired, Refused, Unlinked, Unreachable
from kpos.sync.jobs import Compare, Fetch, Job, Read, Result, Send, attempt
from kpos.sync.wire import Ack, Entry, Page, Point, Private, Tail, entry_of
from tests.ledger.kasse import refusing
from tests.sync.tills import Till, copy_of, put_back
from tests.sync.wawi import Wawi

NOWHERE = Point(7, 1, "7" * 64)


def answers(till: Till, *results: Result) -> Job | None:
    """The next questions get these answers; what would be asked after that."""
    for result in results:
        job = till.engine.next_job()
        assert job is not None
        till.engine.settle(job, result)
    return till.engine.next_job()


def is_said(till: Till, words: str, failures: int = 1) -> None:
    assert words in till.engine.trouble
    assert till.engine.failures == failures
    till.buy("Ada", "Snack")
    till.sync()
    assert not till.engine.trouble


@pytest.fixture
def sold(cellar: Till) -> Till:
    """One purchase waits."""
    cellar.buy("Ada", "Mate")
    return cellar


def test_documents_that_are_not_taken(sold: Till) -> None:
    pairing = sold.books.journal.pairing
    assert pairing is not None
    assert isinstance(answers(sold, Ack(pairing.acked, None)), Send)
    is_said(sold, "did not take the documents it was sent")


def test_an_end_that_is_where_the_documents_begin(sold: Till) -> None:
    pairing = sold.books.journal.pairing
    assert pairing is not None
    assert isinstance(answers(sold, Unlinked(pairing.acked)), Send)
    is_said(sold, "did not take the documents that follow")


def test_an_end_that_is_another_each_time(sold: Till) -> None:
    first, second = [each.point for each in entries_after(sold.books.journal, None, 2)]
    assert isinstance(answers(sold, *(Unlinked(end) for end in [first, second] * 3)), Send)
    is_said(sold, "did not take the documents that follow")


def test_a_point_that_was_not_asked_for(sold: Till) -> None:
    assert isinstance(answers(sold, Unlinked(NOWHERE)), Compare)
    assert isinstance(answers(sold, NOWHERE), Send)
    is_said(sold, "was not asked for")


def test_documents_of_another_till(sold: Till) -> None:
    assert isinstance(answers(sold, Unlinked(NOWHERE)), Compare)
    assert isinstance(answers(sold, None), Send)
    is_said(sold, "another till's documents")


def test_a_fork_that_is_not_taken_is_sent_again_as_one(sold: Till) -> None:
    points = [each.point for each in entries_after(sold.books.journal, None, 500)]
    common = points[-3]
    job = answers(sold, Unlinked(NOWHERE), common, Ack(common, None))
    assert isinstance(job, Send)
    assert job.push.fork == common
    assert sold.engine.failures == 1


def test_an_answer_to_another_question(sold: Till) -> None:
    answers(sold, Tail((), True))
    is_said(sold, "no answer to Send")


def test_an_answer_to_a_question_of_long_ago(sold: Till) -> None:
    sold.engine.next_job()
    sold.engine.settle(Compare(()), None)
    is_said(sold, "was not asked for")


def test_an_end_that_cannot_be_reached(sold: Till) -> None:
    """It ends behind our head, and gives nothing."""
    head = Point(9, 9, "9" * 64)
    points = [each.point for each in entries_after(sold.books.journal, None, 500)]
    assert isinstance(answers(sold, Unlinked(head), points[-1]), Fetch)
    assert isinstance(answers(sold, Tail((), False)), Send)
    sold.sync()
    assert not sold.engine.trouble


def test_a_tail_that_is_not_held_any_more(sold: Till) -> None:
    points = [each.point for each in entries_after(sold.books.journal, None, 500)]
    assert isinstance(answers(sold, Unlinked(NOWHERE), points[-1]), Fetch)
    assert isinstance(answers(sold, Unlinked(points[-2])), Send)
    sold.sync()
    assert not sold.engine.trouble


def test_a_feed_that_does_not_go_on(cellar: Till) -> None:
    cellar.engine.wake()
    job = cellar.engine.next_job()
    assert isinstance(job, Read)
    cellar.engine.settle(job, Page((), job.cursor or "", is_last=False, applied={}))
    is_said(cellar, "does not go on")


def test_a_feed_that_counts_what_is_not_here(cellar: Till, wawi: Wawi) -> None:
    cellar.engine.wake()
    job = cellar.engine.next_job()
    assert isinstance(job, Read)
    till = cellar.books.identity.till
    cellar.engine.settle(job, Page((), "1.99", is_last=True, applied={till: NOWHERE}))
    is_said(cellar, "does not have")


def test_a_beginning_that_is_too_long_ago(roof: Till, wawi: Wawi) -> None:
    roof.engine.wake()
    roof.engine.settle(Read(None), CursorExpired())
    assert roof.engine.failures == 1
    roof.sync()
    assert not roof.engine.trouble


def test_a_refusal_is_shown_as_it_was_said(cellar: Till) -> None:
    cellar.engine.wake()
    answers(cellar, Refused("quota", "this branch was not paid for"))
    is_said(cellar, "this branch was not paid for")


def test_who_asks_for_patience_is_given_it(cellar: Till) -> None:
    cellar.engine.wake()
    job = cellar.engine.next_job()
    assert job is not None
    assert not cellar.engine.settle(job, Unreachable("busy", 120))
    assert cellar.engine.retry_after_s == 120


def test_an_answer_to_who_is_paired_with_another_is_forgotten(cellar: Till, wawi: Wawi) -> None:
    job = cellar.engine.next_job() or Read(None)
    cellar.pair(wawi)
    assert not cellar.engine.settle(job, Ack(NOWHERE, None))
    assert not cellar.engine.trouble
    assert cellar.sync() == ["push", "pull"]


def test_nobody_is_asked_without_a_backend(cellar: Till) -> None:
    def broken() -> None:
        msg = "no library"
        raise BackendError(msg)

    result = attempt(Read(None), broken)  # type: ignore[arg-type]
    assert isinstance(result, BackendError)


def test_a_damaged_journal_is_not_for_the_engine_to_hide(
    sold: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_args: object) -> None:
        raise Damaged("J-01", "a page")

    monkeypatch.setattr("kpos.sync.engine.acknowledge", damaged)
    job = sold.engine.next_job()
    assert job is not None
    with pytest.raises(Damaged, match="J-01"):
        sold.engine.settle(job, Ack(None, None))


# What comes back to a journal


@pytest.fixture
def behind(cellar: Till, tmp_path) -> tuple[Till, list[Entry]]:
    """A till that lost its last purchases, and what the WaWi keeps of them."""
    old = copy_of(cellar, tmp_path / "old")
    for _ in range(2):
        cellar.buy("Ada", "Mate")
        cellar.office("top_up", member="Ada", cents=100, note="Ada owes me")
    before = len(cellar.documents()) - 6
    entries = list(entries_after(cellar.books.journal, None, 500))[before:]
    put_back(cellar, old)
    return cellar, entries


def test_a_tail_is_taken_whole_or_not_at_all(behind: tuple[Till, list[Entry]]) -> None:
    till, entries = behind
    before = till.hashes()
    spoilt = replace(entries[-1], content=entries[-1].content.replace("100", "900"))
    with pytest.raises(NotOwn, match="damaged"):
        take_tail(till.books, [*entries[:-1], spoilt])
    assert till.hashes() == before
    take_tail(till.books, entries)
    assert till.hashes()[len(before) :] == [entry.point.hash for entry in entries]
    assert till.verify().private_parts
    assert till.receipts()[-1] == "K1-000005"


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda entries: entries[1:], "as if it did not follow"),
        (lambda entries: [entries[0], entries[0]], "as if it did not follow"),
        (
            lambda entries: [
                *entries[:2],
                replace(entries[2], private=Private(b"\0" * 16, '{"note":"paid"}')),
            ],
            "another's private part",
        ),
        (lambda entries: [replace(entries[0], content="[]")], "damaged"),
        (lambda entries: [replace(entries[0], point=NOWHERE)], "damaged"),
    ],
)
def test_a_tail_that_does_not_fit_is_not_taken(behind, spoil, why) -> None:
    till, entries = behind
    before = till.hashes()
    with pytest.raises(NotOwn, match=why):
        take_tail(till.books, spoil(entries))
    assert till.hashes() == before
    till.buy("Ada", "Snack")


@pytest.mark.parametrize(
    ("seq", "number", "why"),
    [(3, "K1-000009", "right behind document 1/"), (0, None, "without its number")],
)
def test_a_tail_with_a_gap_is_not_taken(cellar: Till, seq: int, number: str, why: str) -> None:
    """Well linked and hashed, as whoever has the chain could make it."""
    head, identity = cellar.books.journal.head, cellar.books.identity
    place = Place(
        identity.till, Ref(1, head.ref.seq + 1 + seq), number, cellar.books.read_clock(), head.hash
    )
    document, content = seal(Draft("cash_count", {"v": 1}), place, None)
    with pytest.raises(NotOwn, match=why):
        take_tail(cellar.books, [entry_of(document, content, None)])
    cellar.buy("Ada", "Snack")


def test_a_tail_of_another_form_leaves_the_till_as_it_is(
    behind: tuple[Till, list[Entry]], wawi: Wawi
) -> None:
    till, entries = behind
    till.engine.wake()
    head = till.books.journal.head
    points = Point(head.ref.epoch, head.ref.seq, head.hash)
    assert isinstance(answers(till, Ack(entries[-1].point, None), points), Fetch)
    answers(till, Tail(tuple(entries[1:]), is_last=True))
    is_said(till, "as if it did not follow")


def test_what_is_said_through_the_socket_is_checked_as_well(cellar: Till) -> None:
    said = {"url": "https://wawi", "token": "t", "branch": "b", "fingerprint": None}
    with refusing("invalid", "which till this is"):
        cellar.office("wawi_pair", **said, till="K1", place="0" * 16, prefix="K1")


def test_an_acknowledgement_is_written_once(cellar: Till) -> None:
    pairing = cellar.books.journal.pairing
    assert pairing is not None
    before = cellar.books.journal.db.total_changes
    acknowledge(cellar.books, pairing.acked)
    assert cellar.books.journal.db.total_changes == before
    assert "token" not in repr(pairing)
