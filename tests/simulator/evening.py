"""What people do at a till. Each function says what became of it; refusals are the caller's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kpos.domain import orders
from kpos.domain.bodies import TaxedUnits
from kpos.domain.cart import Cart, Entry
from kpos.domain.member import Card, Holder
from kpos.domain.money import ZERO, Money
from kpos.domain.refusal import refuse
from kpos.ledger import stammdaten
from kpos.ledger.booking import book
from kpos.ledger.checks import Booked
from kpos.ledger.prices import prices_now
from tests.simulator import situations

if TYPE_CHECKING:
    from tests.simulator.till import Till
    from tests.simulator.world import World

# What is undone is one of the last purchases.
UNDONE_OF = 6


def _card(world: World, till: Till) -> Card:
    cards = [card for card in stammdaten.cards(till.books.current()) if not card.blocked]
    if not cards:
        raise refuse("unknown", "nobody has a card here")
    cards.sort(key=lambda card: card.id)
    return cards[0] if world.dice.random() < world.swarm.shared else world.dice.choice(cards)


def _holder(world: World, till: Till) -> Holder:
    card, db = _card(world, till), till.books.current()
    wallet, credit = stammdaten.wallet(db, card.wallet), till.books.credit(card.wallet)
    assert wallet is not None
    if card.member is None:
        assert wallet.group is not None
        return Holder(card.wallet, wallet.group, credit, card=card.id)
    member = stammdaten.member(db, card.member)
    assert member is not None
    history = member.history
    return Holder(
        card.wallet, member.group, credit, member.name, card=card.id, member=member.id,
        history=history,
    )  # fmt: skip


def _cart(world: World, till: Till) -> Cart:
    goods = [each for each in stammdaten.products(till.books.current()) if not each.retired]
    goods = sorted((each for each in goods if each.price), key=lambda each: each.id)
    if not goods:
        raise refuse("unknown", "nothing is sold here")
    cart, prices = Cart(began_at=till.clock.now()), prices_now(till.books)
    for product in world.dice.sample(goods, min(len(goods), world.dice.choice((1, 1, 2)))):
        cart = cart.plus(Entry(prices.house_offer(product), world.dice.choice((1, 1, 2, 5))))
    return cart


def buys(world: World, till: Till) -> Booked:
    buyer, cart = _holder(world, till), _cart(world, till)
    held = ZERO
    if world.dice.random() < 0.5 and world.network.hold(till, buyer.wallet, cart.total.cents):
        held = cart.total
    booked = book(till.books, orders.Purchase(cart, buyer, held))
    world.held[booked.documents[-1].hash] = held.cents
    till.sales.append(booked.documents[0].ref)
    return booked


def tops_up(world: World, till: Till) -> Booked:
    amount = Money(world.dice.randrange(1, 2000))
    return book(till.books, orders.TopUp(_card(world, till).wallet, amount))


def pays_out(world: World, till: Till) -> Booked:
    amount = Money(world.dice.randrange(1, 1000))
    return book(till.books, orders.Payout(_card(world, till).wallet, amount))


def moves_credit(world: World, till: Till) -> Booked:
    giver, taker = _card(world, till).wallet, _card(world, till).wallet
    amount = Money(world.dice.randrange(1, 1000))
    return book(till.books, orders.Transfer(giver, taker, amount))


def brings_back(world: World, till: Till) -> Booked:
    units = (TaxedUnits(15, world.dice.randrange(1, 4), "6", 0),)
    return book(till.books, orders.ReturnDeposit(_card(world, till).wallet, units))


def undoes(world: World, till: Till) -> Booked:
    if not till.sales:
        raise refuse("unknown", "nothing was sold")
    sale = world.dice.choice(till.sales[-UNDONE_OF:])
    # After a while nobody knows any more whose purchase it was: a card says who gets the credit.
    presented = _card(world, till).wallet if world.dice.random() < 0.5 else None
    booked = book(till.books, orders.Reverse(sale, wallet=presented))
    situations.undone(world, till, sale)
    return booked


def loses_card(world: World, till: Till) -> Booked:
    wallet, code = _card(world, till).wallet, world.fresh_code()
    return book(till.books, orders.ReplaceCard(wallet, code, "uid:0"))


def brings_guest(world: World, till: Till) -> Booked:
    code = world.fresh_code()
    book(till.books, orders.NewGuestCard(code, "uid:0"))
    card = stammdaten.card_of_code(till.books.current(), code)
    assert card is not None
    situations.guest_came(world, till)
    return book(till.books, orders.TopUp(card.wallet, Money(world.dice.randrange(1, 4000))))


def reads_another_language(world: World, till: Till) -> Booked:
    buyer = _holder(world, till)
    if buyer.member is None:
        raise refuse("unknown", "a guest has no language")
    return book(till.books, orders.SetLanguage(buyer.member, world.dice.choice(("de", "en"))))


def switches_history(world: World, till: Till) -> Booked:
    buyer = _holder(world, till)
    if buyer.member is None:
        raise refuse("unknown", "a guest has no history")
    booked = book(till.books, orders.SetHistory(buyer.member, not buyer.history))
    if buyer.history:
        world.truth.switched_off.add(booked.documents[-1].hash)
    return booked


ERRANDS: dict[Callable[[World, Till], Booked], int] = {
    buys: 30,
    tops_up: 6,
    pays_out: 3,
    moves_credit: 2,
    brings_back: 3,
    undoes: 4,
    loses_card: 1,
    brings_guest: 3,
    reads_another_language: 8,
    switches_history: 3,
}
