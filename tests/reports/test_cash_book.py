"""The cash book: what is an entry, what it says, and where a part begins and ends."""

from datetime import UTC, date, timedelta, timezone

from kpos.domain.document import Document, Json, Posting
from kpos.reports.cash_book import COLUMNS, Part, cash_book

BOX = "cash:K1"
WHOLE = Part(UTC)


def document(kind: str, cents: int, day: int = 1, clock: str = "ok", **body: Json) -> Document:
    postings = (Posting("bank", 7), Posting(BOX, cents)) if cents else ()
    return Document(
        till="t", epoch=1, seq=day, receipt_number=f"K1-{day:06}", kind=kind,
        at=f"2026-11-{day:02}T23:30:00.000Z", clock=clock, author=None, body=body,
        postings=postings, movements=(), private_digest=None, prev_hash="", hash="",
    )  # fmt: skip


def rows(*documents: Document, part: Part = WHOLE, note: str | None = None) -> list[tuple]:  # type: ignore[type-arg]
    found = cash_book(documents, BOX, lambda _document: note, part)
    assert all(list(row) == COLUMNS for row in found)
    return [tuple(row.values()) for row in found]


def test_every_entry_has_its_number_and_the_balance_after_it():
    assert rows(document("top_up", 500, 1), document("payout", -200, 2)) == [
        (1, "2026-11-01", "K1-000001", "top-up", 500, None, 500),
        (2, "2026-11-02", "K1-000002", "payout", None, 200, 300),
    ]


def test_what_does_not_touch_the_box_is_no_entry_but_every_count_of_it_is():
    other = document("cash_count", 0, account="cash:K2", counted_cents=1)
    counted = document("cash_count", 0, account=BOX, counted_cents=1250)
    assert [row[3:] for row in rows(document("sale", 0), other, counted)] == [
        ("counted 12.50", None, None, 0)
    ]


def test_the_text_says_what_for():
    moved = [document("cash_move", 1, purpose=purpose) for purpose in ("skim", "pay_out", "new")]
    others = [
        document("reversal", 1, original_receipt="K1-000007"),
        document("delivery", 1, invoice="R 17"),
        document("delivery", 1, invoice=""),
        document("write_off", 1),
    ]
    assert [row[3] for row in rows(*moved, *others)] == [
        "to the bank", "pay-out", "new", "reversal of K1-000007", "delivery R 17", "delivery",
        "write off",
    ]  # fmt: skip
    noted = rows(*moved[1:2], document("top_up", 1), note="stamps")
    assert [row[3] for row in noted] == ["pay-out: stamps", "top-up"]


def test_a_part_takes_up_where_it_is_told_and_begins_with_what_was_carried_forward():
    part = Part(UTC, first=date(2026, 11, 3), last=date(2026, 11, 4), number=7, balance_cents=100)
    days = [document("top_up", 10, day) for day in (2, 3, 4, 5)]
    assert rows(*days, part=part) == [
        (None, None, None, "carried forward", None, None, 110),
        (9, "2026-11-03", "K1-000003", "top-up", 10, None, 120),
        (10, "2026-11-04", "K1-000004", "top-up", 10, None, 130),
    ]
    [nothing] = rows(part=part)
    assert nothing[3:] == ("carried forward", None, None, 100)


def test_a_day_is_one_where_the_till_stands():
    east = Part(timezone(timedelta(hours=1)), first=date(2026, 11, 3))
    assert [row[1] for row in rows(document("top_up", 1, 2), part=east)] == [None, "2026-11-03"]


def test_a_clock_that_was_wrong_neither_begins_nor_ends_a_part():
    part = Part(UTC, first=date(2026, 11, 3), last=date(2026, 11, 3))
    wrong = document("top_up", 1, 9, clock="ahead")
    found = rows(wrong, document("top_up", 1, 3), wrong, document("top_up", 1, 4), part=part)
    assert [row[1] for row in found] == [None, "2026-11-03", "2026-11-09"]
