"""What each kind of document books: drafts whose postings sum to zero, to the cent.

A purchase is always two documents, neighbours in one transaction: the sale (against `clearing`,
no buyer) and the wallet's debit. Undoing is the same pair: a reversal and a negative debit.
Money of a wallet is a debt of the house, so credit goes up with a negative posting.
"""

from __future__ import annotations

from collections.abc import Sequence

from kpos.domain.bodies import (
    ChargeLine,
    Debit,
    DepositReturn,
    Line,
    Payment,
    Payout,
    Sale,
    SaleHistory,
    TaxedUnits,
    TopUp,
    Transfer,
    Units,
)
from kpos.domain.cart import Cart, Entry
from kpos.domain.document import (
    Draft,
    Json,
    Posting,
    Ref,
    body_of,
    merge_postings,
    plain,
)
from kpos.domain.goods import COST, INVENTORY, leaving
from kpos.domain.ids import Id
from kpos.domain.lots import Take, cost_of
from kpos.domain.member import Holder
from kpos.domain.money import Money
from kpos.domain.product import DEPOSIT
from kpos.domain.tax import Taxed, share_out, tax_inside

CLEARING = "clearing"
DEPOSIT_TAX = "deposit_tax"
BANK = "bank"
OPENING = "opening"
WALLET = "wallet:"


def wallet_account(wallet: Id) -> str:
    """The liability account that holds a wallet's credit."""
    return WALLET + wallet


def purchase(
    cart: Cart, buyer: Holder, takes: Sequence[tuple[Take, ...]], place: str, debit_ref: Ref
) -> tuple[Draft, Draft]:
    """The sale and the debit of a purchase; `debit_ref` is where the debit will stand.

    `cart.began_at` must be known and the cart must not be empty; `takes` has what each of its
    lines takes from which lot.
    """
    sale = sale_of(cart, buyer.group)
    history = None
    if buyer.history:
        personal = personal_conditions(cart)
        history = plain(SaleHistory(buyer.wallet, buyer.member, debit_ref, personal))
    sold = Draft(
        kind="sale",
        body=body_of(sale),
        postings=sale_postings(sale.lines, sum(map(cost_of, takes)), sign=1),
        movements=tuple(
            movement
            for line, each in zip(sale.lines, takes, strict=True)
            for movement in leaving(line.product, place, each)
        ),
        private=history,
    )
    return sold, debit(buyer.wallet, sale.total_cents, units_of(sale.lines))


def debit(wallet: Id, cents: int, units: tuple[Units, ...]) -> Draft:
    """The wallet's half of a purchase; with everything negative, of its undoing."""
    return Draft(
        kind="debit",
        body=body_of(Debit(wallet, cents, units)),
        postings=merge_postings(Posting(wallet_account(wallet), cents), Posting(CLEARING, -cents)),
    )


def sale_of(cart: Cart, group: Id) -> Sale:
    """The body of a sale: tax computed once per key, shared out over lines and charges."""
    entries = cart.lines
    taxes = iter(share_out([taxed for entry in entries for taxed in _taxed(entry)]))
    lines = []
    for number, entry in enumerate(entries, start=1):
        tax_cents = next(taxes)
        charges = tuple(
            ChargeLine(
                account=charge.account,
                cents_per_unit=charge.per_unit.cents,
                tax_key=charge.tax_key,
                rate_bp=charge.rate_bp,
                gross_cents=charge.per_unit.cents * entry.quantity,
                tax_cents=next(taxes),
            )
            for charge in entry.offer.charges
        )
        lines.append(_line(number, entry, tax_cents, charges))
    total = cart.total.cents
    return Sale(group, str(cart.began_at), tuple(lines), (Payment("wallet", total),), total)


def personal_conditions(cart: Cart) -> dict[str, Id]:
    """By line, the conditions that name the buyer: never told but in a private part."""
    return {
        str(number): entry.offer.condition
        for number, entry in enumerate(cart.lines, start=1)
        if entry.offer.price_from == "personal" and entry.offer.condition is not None
    }


def sale_postings(lines: tuple[Line, ...], cost_cents: int, *, sign: int) -> tuple[Posting, ...]:
    """Postings of sold lines (`sign` 1), or of lines taken back (`sign` -1), and what they cost.

    Deposit stands at face value; the tax inside it goes to the tax account against
    `deposit_tax`, so that rounding never touches the units. A levy's net is its own income.
    """
    postings = []
    total = 0
    for line in lines:
        total += line.gross_cents
        net = line.gross_cents - line.tax_cents
        postings += [
            Posting(f"revenue:{line.tax_key}", -sign * net),
            Posting(f"tax:{line.tax_key}", -sign * line.tax_cents),
        ]
        for charge in line.charges:
            total += charge.gross_cents
            postings += _charge_postings(charge, sign)
    postings += [Posting(COST, sign * cost_cents), Posting(INVENTORY, -sign * cost_cents)]
    return merge_postings(Posting(CLEARING, sign * total), *postings)


def units_of(lines: tuple[Line, ...], *, sign: int = 1) -> tuple[Units, ...]:
    """Deposit units that the buyer of these lines now holds, one entry per value."""
    held: dict[int, int] = {}
    for line in lines:
        for charge in line.charges:
            if charge.account == DEPOSIT:
                value = charge.cents_per_unit
                held[value] = held.get(value, 0) + sign * line.quantity
    return tuple(Units(value, quantity) for value, quantity in sorted(held.items()) if quantity)


def top_up(wallet: Id, amount: Money, means: str, account: str, note: str | None) -> Draft:
    """Cash, a transfer, a reader or an opening balance becomes credit."""
    cents = amount.cents
    return Draft(
        kind="top_up",
        body=body_of(TopUp(wallet, means, account, cents)),
        postings=(Posting(account, cents), Posting(wallet_account(wallet), -cents)),
        private=_noted(note),
    )


def payout(wallet: Id, amount: Money, account: str, note: str | None) -> Draft:
    """Credit becomes cash."""
    cents = amount.cents
    return Draft(
        kind="payout",
        body=body_of(Payout(wallet, account, cents)),
        postings=(Posting(wallet_account(wallet), cents), Posting(account, -cents)),
        private=_noted(note),
    )


def transfer(from_wallet: Id, to_wallet: Id, amount: Money, note: str | None) -> Draft:
    """Credit moves between wallets; the units they hold do not."""
    cents = amount.cents
    return Draft(
        kind="transfer",
        body=body_of(Transfer(from_wallet, to_wallet, cents)),
        postings=(
            Posting(wallet_account(from_wallet), cents),
            Posting(wallet_account(to_wallet), -cents),
        ),
        private=_noted(note),
    )


def deposit_return(wallet: Id, units: tuple[TaxedUnits, ...]) -> Draft:
    """Empties come back for their deposit; tax as it was charged, taken back per key."""
    cents = 0
    gross: dict[str, int] = {}
    rates: dict[str, int] = {}
    for unit in units:
        value = unit.cents_per_unit * unit.quantity
        cents += value
        gross[unit.tax_key] = gross.get(unit.tax_key, 0) + value
        rates[unit.tax_key] = unit.rate_bp
    taxes = {key: tax_inside(value, rates[key]) for key, value in gross.items()}
    tax_cents = sum(taxes.values())
    postings = [Posting(DEPOSIT, cents)]
    postings += [Posting(f"tax:{key}", tax) for key, tax in taxes.items()]
    postings += [Posting(DEPOSIT_TAX, -tax_cents), Posting(wallet_account(wallet), -cents)]
    return Draft(
        kind="deposit_return",
        body=body_of(DepositReturn(wallet, units, cents, tax_cents)),
        postings=merge_postings(*postings),
    )


def _taxed(entry: Entry) -> list[Taxed]:
    """The line, then its charges in order: the order in which tax is shared out."""
    offer = entry.offer
    goods = Taxed(offer.product.tax_key, offer.rate_bp, entry.gross.cents)
    charges = [
        Taxed(charge.tax_key, charge.rate_bp, charge.per_unit.cents * entry.quantity)
        for charge in offer.charges
    ]
    return [goods, *charges]


def _line(number: int, entry: Entry, tax_cents: int, charges: tuple[ChargeLine, ...]) -> Line:
    offer = entry.offer
    return Line(
        line=number,
        product=offer.product.id,
        name=offer.product.name,
        quantity=entry.quantity,
        unit=offer.product.unit,
        price_cents=offer.price.cents,
        price_from=offer.price_from,
        condition=None if offer.price_from == "personal" else offer.condition,
        tax_key=offer.product.tax_key,
        rate_bp=offer.rate_bp,
        gross_cents=entry.gross.cents,
        tax_cents=tax_cents,
        charges=charges,
    )


def _charge_postings(charge: ChargeLine, sign: int) -> list[Posting]:
    tax = Posting(f"tax:{charge.tax_key}", -sign * charge.tax_cents)
    if charge.account == DEPOSIT:
        return [
            Posting(DEPOSIT, -sign * charge.gross_cents),
            Posting(DEPOSIT_TAX, sign * charge.tax_cents),
            tax,
        ]
    return [Posting(charge.account, -sign * (charge.gross_cents - charge.tax_cents)), tax]


def _noted(note: str | None) -> dict[str, Json] | None:
    """Free text is where people write names: always in the private part."""
    return {"note": note} if note else None
