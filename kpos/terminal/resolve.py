"""What was scanned or typed, as an event: the only place where codes are looked up."""

from __future__ import annotations

from typing import Literal

from kpos.checkout.events import (
    CardPresented,
    CardRefused,
    CodeMisread,
    CodeUnknown,
    Event,
    NumberEntered,
    NumberUnknown,
    ProductScanned,
)
from kpos.domain.barcode import Barcode, Damaged, parse
from kpos.domain.member import Card, Holder, Member
from kpos.domain.product import PIECE, Offer, Product, house_offer
from kpos.domain.values import replace
from kpos.ledger import goods, stammdaten
from kpos.ledger.books import Books
from kpos.ledger.checks import is_shared
from kpos.ledger.prices import Prices, prices_now

_NUMBER_DIGITS_MAX = 5


def scanned(books: Books, text: str, buyer: Holder | None = None) -> Event | None:
    """The event of a scan or a card reading, goods priced for the buyer; None for an empty one."""
    read = parse(text)
    if isinstance(read, Damaged):
        return None if read.reason == "empty" else CodeMisread()
    db = books.current()
    card = stammdaten.card_of_code(db, read.code)
    if card is not None:
        return _of_card(books, card)
    settings = books.settings
    if settings.in_store_layouts:
        labelled = parse(text, settings.layouts)
        if isinstance(labelled, Damaged):
            return CodeMisread()
        read = labelled
    found = stammdaten.article_of_code(db, read.code)
    if found is not None and not found[0].retired:
        product, pack = found
        event = _of_product(books, product, buyer)
        if pack != PIECE:
            return replace(event, count=pack.size * (read.count or 1), crate=pack)
        return _labelled(event, read)
    return CodeMisread() if read.check_failed else CodeUnknown(read.code)


def typed(
    books: Books,
    number: str,
    among: Literal["everything", "products", "holders"],
    buyer: Holder | None = None,
) -> Event:
    """The event of a typed number: card code, product, member number, in this order."""
    db = books.current()
    read = parse(number)
    code = read.code if isinstance(read, Barcode) else number
    short = int(number) if len(number) <= _NUMBER_DIGITS_MAX else None
    if among != "products":
        card = stammdaten.card_of_code(db, code)
        if card is not None:
            return _of_card(books, card)
    if among != "holders":
        product = None if short is None else stammdaten.product_of_number(db, short)
        found = (product, PIECE) if product else stammdaten.article_of_code(db, code)
        if found is not None and not found[0].retired:
            product, pack = found
            crate = pack if pack != PIECE else None
            offered = _of_product(books, product, buyer)
            return replace(offered, count=pack.size, by_number=True, crate=crate)
    if among != "products" and short is not None:
        member = stammdaten.member_of_number(db, short)
        if member is not None and not member.retired:
            return NumberEntered(_holder_of_member(books, member, None))
    return NumberUnknown(number)


def _of_card(books: Books, card: Card) -> Event:
    if card.blocked:
        return CardRefused()
    if card.member is not None:
        member = stammdaten.member_of(books.current(), card)
        if member.retired:
            return CardRefused()
        return CardPresented(_holder_of_member(books, member, card))
    wallet = stammdaten.wallet(books.current(), card.wallet)
    return CardRefused() if wallet is None else CardPresented(_holder_of_guest(books, wallet, card))


def _holder_of_member(books: Books, member: Member, card: Card | None) -> Holder:
    return Holder(
        wallet=member.wallet,
        group=member.group,
        credit=books.credit(member.wallet),
        name=member.name,
        number=member.number,
        member=member.id,
        card=card.id if card is not None else None,
        role=member.role,
        language=member.language,
        history=member.history,
        asks_pin=card.asks_pin if card is not None else True,
        shared=is_shared(books, member.wallet),
        pin=books.pins.standing(member.id),
    )


def _holder_of_guest(books: Books, wallet: stammdaten.Wallet, card: Card | None) -> Holder:
    assert wallet.group is not None, "an anonymous wallet has a group"
    return Holder(
        wallet=wallet.id,
        group=wallet.group,
        credit=books.credit(wallet.id),
        card=card.id if card is not None else None,
        asks_pin=card is not None and card.asks_pin,
        shared=is_shared(books, wallet.id),
        pin=books.pins.standing(wallet.id),
    )


def offer_to(prices: Prices, product: Product, buyer: Holder | None) -> Offer:
    """The buyer's offer; without a buyer, that to members."""
    if buyer is None:
        return prices.house_offer(product)
    return prices.offer(product, buyer.group, buyer.member)


def _of_product(books: Books, product: Product, buyer: Holder | None) -> ProductScanned:
    """The buyer's offer; without a buyer, those to members and to guests."""
    prices = prices_now(books)
    guests = prices.guest_offer(product) if buyer is None else None
    there = goods.kept(books, product.id)
    return ProductScanned(offer_to(prices, product, buyer), guests=guests, stock=there)


def _labelled(found: ProductScanned, read: Barcode) -> Event:
    """An offer, with what a scale's label said of this very piece."""
    offer, product = found.offer, found.offer.product
    if read.price is not None:
        by_label = replace(product, unit="piece")
        plain = house_offer(product, offer.rate_bp)
        priced = replace(plain, product=by_label, price=read.price, price_from="label")
        return ProductScanned(priced) if read.price else CodeMisread()
    if read.count is not None:
        return replace(found, count=read.count) if read.count else CodeMisread()
    if read.weight_grams is not None and product.unit == "kg":
        weighed = replace(found, offer=replace(offer, weight=read.weight_grams))
        return weighed if read.weight_grams else CodeMisread()
    return found
