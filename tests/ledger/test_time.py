"""What the till does when its clock is right, wrong, or nobody knows."""

from kpos.clock import ScriptClock, SystemClock, real_ms
from kpos.domain.instant import EARLIEST, Instant
from kpos.domain.money import Money
from kpos.ledger import undo
from kpos.ledger.books import Books
from tests.ledger.kasse import DAY_MS, FRIDAY_EVENING, MINUTE_MS, Kasse, refusing
from tests.ledger.test_office_goods import refused

IN_1970 = Instant(0)
IN_2036 = Instant.parse("2036-02-07T06:28:16Z")


class TimeServed(ScriptClock):
    """A clock that a time server keeps right."""

    def is_synchronised(self) -> bool:
        return True


def jump(kasse: Kasse, to: Instant) -> None:
    """Somebody sets the wall clock; monotonic time goes on as before."""
    kasse.clock.start = to.plus_ms(-kasse.clock.elapsed_ms)


def clocks(kasse: Kasse, count: int) -> list[str]:
    return [document.clock for document in kasse.documents()[-count:]]


def test_an_evening_with_the_clock_right_is_believed(kasse):
    kasse.wait(3 * MINUTE_MS)
    kasse.buy("Ada", "Mate")
    assert {document.clock for document in kasse.documents()} == {"ok"}
    assert kasse.documents()[-1].at == str(FRIDAY_EVENING.plus_ms(3 * MINUTE_MS))


def test_a_till_whose_battery_is_empty_sells_on_in_1970(kasse):
    jump(kasse, IN_1970)
    kasse.buy("Ada", "Mate")
    assert clocks(kasse, 2) == ["back", "back"]
    assert kasse.documents()[-1].at.startswith("1970")
    assert kasse.books.trusted_now() == FRIDAY_EVENING


def test_a_till_in_2036_sells_on_and_finds_back(kasse):
    jump(kasse, IN_2036)
    kasse.buy("Ada", "Mate")
    assert clocks(kasse, 2) == ["ahead", "ahead"]
    jump(kasse, FRIDAY_EVENING.plus_ms(MINUTE_MS))
    kasse.buy("Ada", "Mate")
    kasse.buy("Ada", "Mate")
    assert clocks(kasse, 4) == ["back", "back", "ok", "ok"]
    assert kasse.verify().projections_compared


def test_a_clock_that_goes_back_a_minute_is_flagged_until_it_has_caught_up(kasse):
    kasse.wait(2 * MINUTE_MS)
    kasse.buy("Ada", "Mate")
    jump(kasse, FRIDAY_EVENING.plus_ms(MINUTE_MS))
    kasse.buy("Ada", "Mate")
    kasse.wait(2 * MINUTE_MS)
    kasse.buy("Ada", "Mate")
    assert clocks(kasse, 6) == ["ok", "ok", "back", "back", "ok", "ok"]


def test_a_till_that_runs_over_the_weekend_believes_its_clock_on_monday(kasse):
    kasse.wait(3 * DAY_MS)
    kasse.buy("Ada", "Mate")
    assert clocks(kasse, 2) == ["ok", "ok"]


def off_for(kasse: Kasse, ms: int) -> None:
    """The till is off: monotonic time begins anew, the wall clock went on."""
    kasse.close()
    kasse.clock = ScriptClock(kasse.clock.now().plus_ms(ms))
    kasse.open()


def test_a_till_that_was_off_over_the_weekend_waits_for_somebody_who_knows_the_time(kasse):
    off_for(kasse, 3 * DAY_MS)
    kasse.buy("Ada", "Mate")
    assert clocks(kasse, 2) == ["ahead", "ahead"]
    assert kasse.books.trusted_now() == FRIDAY_EVENING

    trusted = kasse.office("clock_trust")["at"]
    kasse.buy("Ada", "Mate")
    assert trusted == str(kasse.clock.now())
    assert clocks(kasse, 3) == ["ok", "ok", "ok"]
    kasse.rebuild()
    assert kasse.books.trusted_now() == kasse.clock.now()


def test_where_a_time_server_is_reachable_a_weekend_off_is_believed(kasse):
    kasse.close()
    clock = TimeServed(kasse.clock.now().plus_ms(3 * DAY_MS))
    kasse.books = Books(kasse.folder, clock)
    kasse.buy("Ada", "Mate")
    assert clocks(kasse, 2) == ["ok", "ok"]


def test_a_night_off_is_nothing_to_ask_about(kasse):
    off_for(kasse, 12 * 60 * MINUTE_MS)
    kasse.buy("Ada", "Mate")
    assert clocks(kasse, 2) == ["ok", "ok"]


def test_the_first_purchase_after_a_night_off_can_be_undone_as_long_as_any_other(kasse):
    off_for(kasse, 12 * 60 * MINUTE_MS)
    sold = kasse.buy("Ada", "Mate")
    kasse.wait(4 * MINUTE_MS)
    assert kasse.undo(sold).credit == Money(2000)


def test_a_clock_before_the_last_believed_booking_cannot_be_trusted(kasse):
    jump(kasse, IN_1970)
    code, message = refused(kasse, "clock_trust")
    assert code == "invalid"
    assert "set the clock" in message


def test_a_booking_whose_clock_ran_ahead_can_be_disbelieved_later(tmp_path):
    kasse = Kasse(tmp_path, Instant.parse("2036-01-01T12:00:00Z"))
    assert {document.clock for document in kasse.documents()} == {"ok"}
    jump(kasse, FRIDAY_EVENING)
    kasse.office("clock_trust", back=True)
    kasse.office("group_add", name="guests")
    kasse.reopen()
    assert kasse.books.trusted_now() == FRIDAY_EVENING
    assert kasse.documents()[-1].clock == "ok"
    kasse.verify()
    kasse.close()


def test_a_till_born_in_1970_has_no_trusted_time_until_it_is_told(tmp_path):
    kasse = Kasse(tmp_path, IN_1970)
    kasse.add_product("Mate", 0)
    kasse.add_member("Ada")
    kasse.buy("Ada", *["Mate"] * 9)
    for _ in range(30):
        kasse.buy("Ada", "Mate")
    assert {document.clock for document in kasse.documents()} == {"back"}
    kasse.reopen()
    assert kasse.books.trusted_now() == EARLIEST
    jump(kasse, FRIDAY_EVENING)
    kasse.office("clock_trust")
    for _ in range(30):
        jump(kasse, IN_1970)
        kasse.buy("Ada", "Mate")
    kasse.reopen()
    assert kasse.books.trusted_now() == FRIDAY_EVENING
    kasse.close()


def test_the_time_to_undo_runs_on_though_the_clock_is_set_back(kasse):
    sold = kasse.buy("Ada", "Mate")
    assert sold.undo_until == FRIDAY_EVENING.plus_ms(5 * MINUTE_MS)
    wallet = kasse.holder("Ada").wallet
    jump(kasse, IN_1970)
    kasse.wait(4 * MINUTE_MS)
    assert undo.last_purchase(kasse.books, wallet) == sold.documents[0]
    kasse.wait(MINUTE_MS)
    assert undo.last_purchase(kasse.books, wallet) is None
    with refusing("card_needed", "--card"):
        kasse.undo(sold)


def test_the_time_to_undo_is_not_over_because_the_clock_jumped_ahead(kasse):
    sold = kasse.buy("Ada", "Mate")
    jump(kasse, IN_2036)
    assert kasse.undo(sold).credit == sold.credit + Money(165)


def test_a_script_clock_stands_still_until_it_is_moved():
    clock = ScriptClock(FRIDAY_EVENING)
    assert (clock.now(), clock.monotonic_ms()) == (FRIDAY_EVENING, 0)
    clock.move(1500)
    assert (clock.now(), clock.monotonic_ms()) == (FRIDAY_EVENING.plus_ms(1500), 1500)
    assert not clock.is_synchronised()


def test_the_machines_clocks_answer_in_milliseconds():
    clock = SystemClock()
    assert clock.now() > EARLIEST
    assert clock.monotonic_ms() <= clock.monotonic_ms()
    assert clock.is_synchronised() in (True, False)
    assert real_ms() <= real_ms()
