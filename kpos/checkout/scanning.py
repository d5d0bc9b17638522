"""Goods into the cart: what quantity, room, stock, credit and prices make of a scan."""

from __future__ import annotations

from kpos.checkout.effects import BeginPurchase
from kpos.checkout.events import ProductScanned, Repriced
from kpos.checkout.states import Idle, Notice, Shopping, State
from kpos.checkout.steps import ACCEPT, Step, go, refuse
from kpos.domain.cart import QUANTITY_MAX, SCANS_MAX, Cart, Entry
from kpos.domain.member import Holder
from kpos.domain.money import Money
from kpos.domain.values import replace


def scan(state: State, shopping: Shopping, scanned: ProductScanned) -> Step:
    """Into the cart, if quantity, room, stock and credit allow."""
    offer, product = scanned.offer, scanned.offer.product
    where = shopping if shopping.buyer is not None or shopping.cart else Idle()
    if not offer.is_priced:
        return refuse(state, where, "no_price", name=product.name)
    times = int(shopping.typed or "1")
    quantity = scanned.count * times
    if product.unit == "kg":
        if offer.weight is None:
            return refuse(state, where, "weigh", name=product.name)
        quantity = offer.weight if times == 1 else 0
    elif not 1 <= quantity <= QUANTITY_MAX:
        quantity = 0
    if not quantity:
        return refuse(state, where, "quantity")
    if len(shopping.cart.entries) >= SCANS_MAX:
        return refuse(state, where, "cart_full")
    entry = Entry(offer, quantity)
    cart = shopping.cart.plus(entry)
    left = _left(cart, scanned)
    if left is not None and left < 0 and state.rules.refuses_empty:
        return refuse(state, where, "sold_out", name=product.name)
    if shopping.buyer is not None and cart.total > shopping.buyer.credit:
        missing = cart.total - shopping.buyer.credit
        amount = cart.entries[-1].total
        return refuse(
            state, shopping, "not_in_cart", name=product.name, amount=amount, missing=missing
        )
    begun = () if shopping.cart else (BeginPurchase(),)
    guests = _guests(cart, scanned)
    added = replace(shopping, cart=cart, typed="", notice=None, guests=guests, left=left)
    return go(state, added, *begun, ACCEPT)


def _left(cart: Cart, scanned: ProductScanned) -> int | None:
    """How many of what was scanned are in stock once the cart is bought."""
    if scanned.stock is None:
        return None
    return scanned.stock - cart.quantity_of(scanned.offer.product.id)


def _guests(cart: Cart, scanned: ProductScanned) -> Money | None:
    """What guests would pay for the last line, if it is all there is and they pay another price."""
    if scanned.guests is None or len(cart.lines) > 1:
        return None
    line = cart.line_of_last()
    theirs = Entry(scanned.guests.at(line.quantity), line.quantity)
    return theirs.undeposited if theirs.undeposited != line.undeposited else None


def repriced(state: State, shopping: Shopping, buyer: Holder, answer: Repriced) -> Step:
    """What was scanned before the card came, at the prices of its holder: does the credit do?"""
    before, now = shopping.cart.total, answer.cart.total
    known = replace(shopping, cart=answer.cart)
    if answer.lost:
        return refuse(state, known, "no_price", name=answer.lost)
    if now > buyer.credit:
        return refuse(state, known, "credit_short", missing=now - buyer.credit)
    notice = Notice("repriced", buyer.name, before) if now != before else None
    return go(state, replace(known, notice=notice), ACCEPT)
