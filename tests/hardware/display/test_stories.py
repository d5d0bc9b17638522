"""Stories at the till, looked at on every display: the same pictures come out.

A choice that goes through all dialogues. All stories on one display: `make test
ARGS='tests/stories --display lcdd'` (eight minutes there with -n 6, two on the others).
"""

from __future__ import annotations

import shutil

import pytest

from tests.hardware.display.glass import Glass
from tests.hardware.display.rigs import KINDS
from tests.kiosk import Kiosk, shop
from tests.stories import (
    test_account,
    test_buyers,
    test_buying,
    test_cash,
    test_codes,
    test_deposit,
    test_money,
    test_pin,
    test_prices,
    test_stock,
    test_time,
    test_trouble,
    test_trusted,
    test_undo,
)

__all__ = ["shop"]

CHOICE = [
    test_pin.test_who_logs_in_by_number_types_the_pin,
    test_buying.test_a_number_before_a_scan_is_a_quantity_and_scans_add_up,
    test_time.test_a_cart_that_runs_out_of_time_says_it_like_this,
    test_buyers.test_somebody_elses_card_asks_before_it_switches,
    test_buyers.test_a_scan_beyond_the_credit_never_enters_the_cart,
    test_buying.test_goods_may_come_before_the_card,
    test_codes.test_a_long_unknown_code_is_cut_to_the_display,
    test_account.test_more_bookings_are_on_the_next_page_and_a_scan_goes_on_buying,
    test_account.test_history_switched_off_is_forgotten,
    test_account.test_a_member_reads_english_from_now_on,
    test_cash.test_counting_is_blind_until_all_is_counted,
    test_cash.test_the_day_is_closed_after_its_figures_were_seen,
    test_deposit.test_by_hand_the_next_card_is_the_receivers,
    test_money.test_a_trusted_person_tops_up,
    test_money.test_cash_is_paid_out_as_far_as_there_is_any,
    test_prices.test_six_bottles_are_cheaper_from_the_sixth_on_and_nothing_else_is,
    test_stock.test_the_last_three_are_said,
    test_trouble.test_a_disk_that_is_full_between_a_sale_and_its_debit_has_neither,
    test_trusted.test_the_menus_of_a_trusted_person,
    test_trusted.test_a_lost_card_is_blocked_and_its_credit_moves_to_a_new_one,
    test_undo.test_a_top_up_is_taken_back_whole_as_long_as_there_is_cash,
]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_pictures_come_out(kind, shop, tmp_path, workshop, size):
    glass = Glass(workshop.rig(kind))
    for number, story in enumerate(CHOICE[: size(quick=3, ci=len(CHOICE), long=len(CHOICE))]):
        kiosk = Kiosk(shutil.copytree(shop, tmp_path / f"till-{number}"))
        with pytest.MonkeyPatch.context() as patch:
            glass.beside(kiosk, patch)
            story(kiosk)
        kiosk.close()
