"""A sample of every dialogue about cash, and of a closing."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from kpos.checkout import states
from kpos.checkout.figures import pages_of
from kpos.checkout.states import Dialogue, Notice, Shopping
from kpos.checkout.states.cashing import CashPurpose
from kpos.domain.cashing import DENOMINATIONS
from kpos.domain.closing import (
    BalanceTotal,
    CashTotal,
    Closing,
    End,
    LevyTotal,
    MeansTotal,
    TaxTotal,
)
from kpos.domain.money import Money

if TYPE_CHECKING:
    from tests.checkout.samples import Samples


def closing_of(samples: Samples) -> Closing:
    """Amounts of ten times what one document may hold, in the worst case."""
    cents = 10 * samples.values.cents
    end = End(1, 1, "0" * 64)
    accounts = ("cash:K1", "cash:K1-reader", "cash:0123456789abcdef")
    means = ("cash", "opening", "reader", "transfer", "crypto")
    return Closing(
        z_number=99_999,
        from_document=end,
        to_document=end,
        documents=9_999_999,
        taxes=(
            TaxTotal("1", 1900, gross_cents=cents, tax_cents=cents),
            TaxTotal("6", 0, gross_cents=-cents),
        ),
        groups=(),
        kinds=(),
        products=(),
        levies=(LevyTotal("levy:1", cents),),
        payments=(MeansTotal("wallet", 1, cents),),
        top_ups=tuple(MeansTotal(each, 1, cents) for each in means),
        deposit_charged_cents=cents,
        deposit_returned_cents=cents,
        reversals=1,
        reversed_cents=cents,
        cash=tuple(CashTotal(each, expected_cents=cents) for each in accounts),
        balances=(BalanceTotal("wallet", -cents),),
    )


def cash_dialogues(samples: Samples) -> list[Dialogue]:
    """Every one of them, in every variant that shows something else."""
    login = Shopping(samples.grace, pin_given=True)
    amount = Money(samples.values.cents)
    whole = states.CashCounting(login, (1,) * len(DENOMINATIONS))
    pages = states.ClosingPages(login, closing_of(samples))
    made: list[Dialogue] = [
        states.CashCounting(login),
        states.CashCounting(login, (9999, 0, 3), "9999"),
        states.CashCounting(login, (), "", Notice("cash_changed")),
        whole,
        *(states.CashCounted(whole, Money(cents)) for cents in (0, 88888, 20 * amount.cents)),
        states.CashReceiver(login, amount),
        states.CashReceiver(login, amount, samples.values.typed, Notice("trusted_only")),
        states.CashConfirm("pay_out", login, amount, voucher="999999999"),
        states.CashConfirm("handover", login, amount, receiver=samples.grace),
        states.ClosingConfirm(pages),
        states.ClosingConfirm(pages, Notice("nothing_to_close")),
    ]
    for purpose in get_args(CashPurpose):
        made += [
            states.CashAmount(purpose, login),
            states.CashAmount(purpose, login, "999999", Notice("cash_short")),
            states.CashVoucher(purpose, login, amount),
            states.CashVoucher(purpose, login, amount, "999999999", Notice("voucher")),
            states.CashConfirm(purpose, login, amount),
        ]
    made += [
        states.ClosingPages(login, pages.figures, page) for page in range(pages_of(pages.figures))
    ]
    return made
