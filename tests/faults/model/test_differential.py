"""Long evenings at random: a till and its model must agree after every single input.

No search and no shrinking here (`test_model.py` does that), only very many inputs: a seed makes an
evening of its own. A disagreement prints the last things that were done, and the command that
does it again.
"""

import random

import pytest

from tests.faults.model import errands
from tests.faults.model.pair import Pair
from tests.faults.model.shop import CODES, MEMBER_NUMBERS, MISREAD, UNKNOWN
from tests.kiosk import MATE, SPEZI

EVENTS = 2_500
EVERYTHING_EVERY = 1_000
# 2,500 inputs, 60,000, 1,000,000.
EVENINGS = {"quick": 1, "ci": 24, "long": 400}
AMOUNTS = (1, 100, 500, 700, 1500, 2000, 2001, 5000)


class Evening:
    """Choices of one seed, done to a pair."""

    def __init__(self, pair: Pair, seed: int) -> None:
        self.pair, self.random = pair, random.Random(seed)
        self.new_codes = (f"NEW-{number}" for number in range(10**6))
        self.doings = (
            [self.presses] * 30 + [self.scans] * 30 + [self.buys] * 30 + [self.waits] * 8
            + [self.shows_card] * 12 + [self.types_pin] * 12 + [self.types_number] * 6
            + [self.thinks_again] * 6 + [self.buys_dearly] * 6
            + [self.tops_up] * 4 + [self.pays_out] * 2 + [self.transfers] * 3
            + [self.brings_back] * 3 + [self.undoes] * 6 + [self.undoes_receipt] * 3
            + [self.at_the_office] * 3 + [self.switches_history] + [self.changes_cards]
            + [self.power_cut] + [self.backup]
        )  # fmt: skip

    def goes_on(self) -> None:
        """The next thing somebody does."""
        self.random.choice(self.doings)()

    # Choices

    def who(self) -> str:
        people: list[str] = [*self.pair.books.credit]
        return self.random.choice(people)

    def trusted(self) -> str:
        return self.random.choice(["Grace", "Grace", "Ken"])

    def amount(self) -> int:
        return self.random.choice(AMOUNTS)

    def patience(self) -> int:
        return self.random.choice([errands.ALL] * 7 + [1, 2, 3])

    def bottles(self) -> dict[str, int]:
        names = self.random.sample(["Club-Mate 0,5l", "Paulaner Spezi 0,5l", "Vitamalz"], 2)
        return {name: self.random.randint(1, 4) for name in names}

    # In front of the till

    def presses(self) -> None:
        self.pair.type(self.random.choice("#####**0123"))

    def scans(self) -> None:
        self.pair.scan(self.random.choice([*CODES, *CODES, MATE, SPEZI, *MISREAD, *UNKNOWN]))

    def shows_card(self) -> None:
        self.pair.scan(self.random.choice([*self.pair.books.cards]))

    def waits(self) -> None:
        self.pair.wait(self.random.choice([1, 1, 2, 2, 6, 15, 21, 31, 55, 61, 301, 901]))

    def types_number(self) -> None:
        numbers = [*MEMBER_NUMBERS, "12", "15", "16", "31", "99", "0", "3", "100"]
        self.pair.type(self.random.choice(numbers) + self.random.choice(["#", "#", ""]))

    def types_pin(self) -> None:
        counter = self.pair.counter
        if counter.at == "pin":
            right = self.pair.books.pins.digits[counter.other]
            self.pair.type(self.random.choice([right] * 5 + ["000000", "12"]) + "#")

    def buys(self) -> None:
        """Somebody who knows how."""
        pair, card = self.pair, errands.card_of(self.pair, self.who())
        if card is not None:
            pair.walks_away()
            pair.scan(card)
            self.types_pin()
            for _ in range(self.random.randint(1, 4)):
                if pair.counter.at == "shopping" and self.random.random() < 0.3:
                    pair.type(str(self.random.randint(1, 12)))
                pair.scan(self.random.choice([*CODES]))
            if pair.counter.at == "shopping":
                pair.type("#")

    def thinks_again(self) -> None:
        """In an open purchase: cancel all, or somebody else comes."""
        if self.pair.counter.at == "shopping":
            self.random.choice([self.shows_card, lambda: self.pair.type("0#")])()
            if self.pair.counter.at != "menu":
                self.pair.type(self.random.choice("##*1"))

    def buys_dearly(self) -> None:
        """Above the free limit: the PIN is asked at the key, and sometimes it is wrong."""
        pair, who = self.pair, self.random.choice(["Ada", "Grace", "Ken"])
        card = errands.card_of(pair, who)
        pair.walks_away()
        if pair.books.credit[who] < 2500:
            pair.tops_up_at_the_office(who, 2500)
        pair.scan(card or UNKNOWN[0])
        pair.type("15#")
        doings = [self.types_pin, self.types_wrong_pin, self.pays, self.leaves, self.waits]
        doings.append(lambda: pair.tops_up_at_the_office(who, self.amount()))
        for _ in range(self.random.randint(1, 9)):
            if pair.counter.at != "menu":
                self.random.choice(doings)()

    def types_wrong_pin(self) -> None:
        if self.pair.counter.at == "pin":
            self.pair.type("000000#")

    def pays(self) -> None:
        self.pair.type("#")

    def leaves(self) -> None:
        self.pair.type("*")

    # Behind the menu

    def tops_up(self) -> None:
        errands.tops_up(self.pair, self.trusted(), self.who(), self.amount(), self.patience())

    def pays_out(self) -> None:
        errands.pays_out(self.pair, self.trusted(), self.who(), self.amount(), self.patience())

    def transfers(self) -> None:
        errands.transfers(self.pair, self.who(), self.who(), self.amount(), self.patience())

    def brings_back(self) -> None:
        if self.random.random() < 0.8:
            errands.brings_back(self.pair, self.who(), self.bottles(), self.patience())
        else:
            by, who = self.trusted(), self.who()
            errands.brings_back_by_hand(self.pair, by, who, self.bottles(), self.patience())

    def undoes(self) -> None:
        linked: list[str] = [
            self.pair.books.receipts[number]["who"] for number in self.pair.books.links
        ]
        who = self.random.choice([*linked, self.who()])
        line, quantity = self.random.randint(0, 3), self.random.randint(1, 4)
        errands.undoes(self.pair, who, line, quantity, self.patience())

    def undoes_receipt(self) -> None:
        digits = self.random.randint(1, self.pair.books.number + 1)
        line, quantity = self.random.randint(0, 3), self.random.randint(1, 4)
        by, who = self.trusted(), self.who()
        errands.undoes_receipt(self.pair, by, digits, line, quantity, who, self.patience())

    def switches_history(self) -> None:
        errands.switches_history(self.pair, self.random.choice(self.members()), self.patience())

    def members(self) -> list[str]:
        return [*self.pair.books.members]

    def changes_cards(self) -> None:
        by, code = self.trusted(), next(self.new_codes)
        if self.random.random() < 0.7 or len(self.pair.books.credit) > 30:
            errands.loses_card(self.pair, by, self.who(), code, self.patience())
        else:
            errands.brings_guest(self.pair, by, code, self.patience())

    # Behind the till

    def at_the_office(self) -> None:
        pin_holders = [*self.pair.books.pins.digits]
        if self.random.random() < 0.5:
            self.pair.resets_pin_at_the_office(self.random.choice(pin_holders))
        else:
            self.pair.tops_up_at_the_office(self.who(), self.amount())

    def power_cut(self) -> None:
        self.pair.restarts(lost=self.random.choice(["", "", "file", "all"]))

    def backup(self) -> None:
        self.random.choice([self.pair.backs_up, self.pair.restores, self.pair.keeps_good_copy])()


def spend_evening(pair: Pair, seed: int) -> None:
    evening, compared = Evening(pair, seed), 0
    while pair.events < EVENTS:
        evening.goes_on()
        if pair.events - compared >= EVERYTHING_EVERY:
            pair.compare_everything()
            compared = pair.events
    pair.compare_everything()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(EVENINGS[metafunc.config.getoption("proof")]))


def test_a_till_and_its_model_agree_all_evening(quick_shop, seed):
    pair = Pair(quick_shop)
    try:
        spend_evening(pair, seed)
    except BaseException as disagreement:
        disagreement.add_note(
            f"after {pair.events} inputs, the last of them:\n  " + "\n  ".join(pair.done)
            + f"\nagain: pytest tests/faults/model/test_differential.py -k '[{seed}]' --proof=long"
        )  # fmt: skip
        raise
    finally:
        pair.close()
