"""A till against a model in dictionaries: hypothesis searches for what they disagree about."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.faults.model import errands
from tests.faults.model.pair import Pair
from tests.faults.model.shop import CODES, DEPOSIT, GUEST, MEMBER_NUMBERS, MISREAD, UNKNOWN
from tests.kiosk import BARCODES, MATE, MEMBERS, PINS

MEMBER_NAMES = [member["name"] for member in MEMBERS]
people = st.sampled_from(["Ada", "Linus", "Edsger", GUEST, "Mia", "Barbara", "Grace", "Tony"])
members = st.sampled_from(MEMBER_NAMES)
trusted = st.sampled_from(["Grace", "Ken"])
cents = st.sampled_from([1, 200, 1500, 2000, 2001, 9000]) | st.integers(1, 999_999)
codes = st.sampled_from([MATE, *CODES, *MISREAD, *UNKNOWN])
bottles = st.dictionaries(st.sampled_from([*BARCODES]), st.integers(1, 12), min_size=1, max_size=2)
patience = st.sampled_from([errands.ALL, errands.ALL, errands.ALL, 1, 2, 3])
numbers = st.sampled_from([*MEMBER_NUMBERS, "12", "15", "16", "31", "99", "0", "3", "100"])
lines, quantities = st.integers(0, 3), st.integers(1, 12)
assert all(DEPOSIT[product] for product in BARCODES)


class Evening(RuleBasedStateMachine):
    """One evening; hypothesis makes it up."""

    shop: Path

    def __init__(self) -> None:
        super().__init__()
        self.pair = Pair(self.shop)
        self.new_codes = 0

    def teardown(self) -> None:
        try:
            self.pair.compare_everything()
        finally:
            self.pair.close()

    # In front of the till

    @rule(keys=st.text("0123##**", min_size=1, max_size=4))
    def presses(self, keys: str) -> None:
        self.pair.type(keys)

    @rule(number=numbers)
    def types_number(self, number: str) -> None:
        self.pair.type(number + "#")

    @rule(code=codes)
    def scans(self, code: str) -> None:
        self.pair.scan(code)

    @rule(who=people, quantity=st.sampled_from(["", "2", "12", "99", "100"]), code=codes)
    def buys(self, who: str, quantity: str, code: str) -> None:
        card = errands.card_of(self.pair, who)
        if card is not None:
            self.pair.walks_away()
            self.pair.scan(card)
            self.types_pin(right=True)
            self.pair.type(quantity)
            self.pair.scan(code)
            self.pair.type("#")

    @rule(data=st.data())
    def shows_card(self, data: st.DataObject) -> None:
        self.pair.scan(data.draw(st.sampled_from([*self.pair.books.cards])))

    @rule(seconds=st.sampled_from([1, 2, 6, 21, 31, 55, 61, 301]))
    def waits(self, seconds: int) -> None:
        self.pair.wait(seconds)

    @rule(right=st.booleans())
    def types_pin(self, right: bool) -> None:
        counter = self.pair.counter
        if counter.at == "pin":
            digits = self.pair.books.pins.digits[counter.other]
            self.pair.type((digits if right else "000000") + "#")

    @rule(who=st.sampled_from(["ADA", "GRACE", "KEN"]), then=st.sampled_from(["", "000000#", "*"]))
    def buys_dearly(self, who: str, then: str) -> None:
        """Above the free limit, where the PIN is asked at the key."""
        self.pair.walks_away()
        self.pair.tops_up_at_the_office(who.capitalize(), 5000)
        self.pair.scan(f"CARD-{who}")
        self.pair.type("15##" + then)

    # Behind the menu

    @rule(by=trusted, who=people, amount=cents, patience=patience)
    def tops_up(self, by: str, who: str, amount: int, patience: int) -> None:
        errands.tops_up(self.pair, by, who, amount, patience)

    @rule(by=trusted, who=people, amount=cents, patience=patience)
    def pays_out(self, by: str, who: str, amount: int, patience: int) -> None:
        errands.pays_out(self.pair, by, who, amount, patience)

    @rule(giver=people, who=people, amount=cents, patience=patience)
    def transfers(self, giver: str, who: str, amount: int, patience: int) -> None:
        errands.transfers(self.pair, giver, who, amount, patience)

    @rule(who=people, bottles=bottles, patience=patience)
    def brings_back(self, who: str, bottles: dict[str, int], patience: int) -> None:
        errands.brings_back(self.pair, who, bottles, patience)

    @rule(by=trusted, who=people, bottles=bottles, patience=patience)
    def brings_by_hand(self, by: str, who: str, bottles: dict[str, int], patience: int) -> None:
        errands.brings_back_by_hand(self.pair, by, who, bottles, patience)

    @rule(who=people, line=lines, quantity=quantities, patience=patience)
    def undoes(self, who: str, line: int, quantity: int, patience: int) -> None:
        errands.undoes(self.pair, who, line, quantity, patience)

    @rule(
        by=trusted,
        digits=st.integers(1, 30),
        line=lines,
        quantity=quantities,
        who=people,
        patience=patience,
    )
    def undoes_receipt(
        self, by: str, digits: int, line: int, quantity: int, who: str, patience: int
    ) -> None:
        errands.undoes_receipt(self.pair, by, digits, line, quantity, who, patience)

    @rule(who=members, patience=patience)
    def switches_history(self, who: str, patience: int) -> None:
        errands.switches_history(self.pair, who, patience)

    @rule(by=trusted, who=people, patience=patience)
    def loses_card(self, by: str, who: str, patience: int) -> None:
        self.new_codes += 1
        errands.loses_card(self.pair, by, who, f"NEW-{self.new_codes}", patience)

    @rule(by=trusted, patience=patience)
    def brings_guest(self, by: str, patience: int) -> None:
        self.new_codes += 1
        errands.brings_guest(self.pair, by, f"NEW-{self.new_codes}", patience)

    # Behind the till

    @rule(who=people, amount=cents)
    def is_topped_up_at_the_office(self, who: str, amount: int) -> None:
        self.pair.tops_up_at_the_office(who, amount)

    @rule(who=st.sampled_from([*PINS]))
    def gets_a_pin_at_the_office(self, who: str) -> None:
        self.pair.resets_pin_at_the_office(who)

    @rule(lost=st.sampled_from(["", "", "file", "all"]))
    def the_plug_is_pulled(self, lost: str) -> None:
        self.pair.restarts(lost=lost)

    @rule()
    def a_good_copy_is_kept(self) -> None:
        self.pair.keeps_good_copy()

    @rule()
    def is_backed_up(self) -> None:
        self.pair.backs_up()

    @rule()
    def is_restored(self) -> None:
        self.pair.restores()


@pytest.mark.minutes(1)
def test_any_evening_gives_the_figures_of_the_model(quick_shop, size):
    class EveningHere(Evening):
        shop = quick_shop

    run_state_machine_as_test(
        EveningHere,
        settings=settings(
            max_examples=size(quick=30, ci=400, long=10_000),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_reset_pin_opens_what_it_must_and_frees_who_was_locked(quick_shop):
    """Slow to derive, so once and not at random."""
    pair = Pair(quick_shop)
    try:
        pair.type("43#" + "000000##" * 3)
        errands.forgets_pin(pair, "Grace", "Edsger")
        errands.forgets_pin(pair, "Grace", "Ken")
        errands.forgets_pin(pair, "Ken", "Tony")
        errands.tops_up(pair, "Tony", "Edsger", 300)
        pair.scan("CARD-EDSGER")
        pair.type(PINS["Edsger"] + "#")
        pair.compare_everything()
    finally:
        pair.close()
