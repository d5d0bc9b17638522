"""What people do behind the menu, to a till and its model: one function per errand.

Each says what is typed and scanned there, and what the model's books make of it. With `patience`
whoever does it leaves after so many steps: then nothing may be booked.
"""

from collections.abc import Callable
from typing import TypeAlias

from tests.faults.model.books import Refusal
from tests.faults.model.counter import FREE_LIMIT
from tests.faults.model.pair import Pair, read
from tests.faults.model.shop import ADMINS, CODES, TRUSTED, WEIGHED
from tests.kiosk import PINS

# What is booked: the receipt, and whose credit the display then tells.
Outcome: TypeAlias = tuple[str | None, str | None]
ALL = 99
SCAN = "scan "
PRODUCT_CODES = {product: code for code, (product, _) in CODES.items()}
NEW_PIN = "246810"


def refuses() -> Outcome:
    raise Refusal


def only_admins_for_admins(by: str, who: str) -> None:
    """Or a trusted person could become one."""
    if who in ADMINS and by not in ADMINS:
        raise Refusal


def card_of(pair: Pair, who: str) -> str | None:
    """A card that opens this wallet."""
    books = pair.books
    mine = [code for code, holder in books.cards.items() if holder == who]
    return next((code for code in reversed(mine) if code not in books.blocked), None)


def opens_menu(pair: Pair, who: str) -> bool:
    """With card and PIN; not where the PIN is locked or there is no card."""
    pair.walks_away()
    card, pin = card_of(pair, who), pair.books.pins.digits.get(who, "")
    if card is None:
        return False
    pair.scan(card)
    for keys in ("", "0#"):
        pair.type(keys)
        if pair.counter.at == "pin":
            pair.type(pin + "#")
        if pair.counter.at not in {"shopping", "menu"}:
            return False
    pair.kiosk.waits(2)  # the card that opened it no longer lies on the reader
    pair.books.waits(2000)
    return pair.counter.at == "menu"


def own_page(pair: Pair, who: str) -> str:
    """What leads from the first menu to one's own errands."""
    return "8" if who in TRUSTED and pair.counter.pin_given else ""


def errand(
    pair: Pair, steps: list[str], outcome: Callable[[], Outcome], patience: int = ALL
) -> None:
    """`steps` in an open menu, then nobody is there any more."""
    for step in steps[:patience]:
        pair.note("errand", step)
        if step.startswith(SCAN):
            pair.kiosk.scan(step.removeprefix(SCAN))
        else:
            pair.kiosk.type(step)
    pair.counter.at, pair.counter.deadline_ms = "menu", pair.books.now_ms
    try:
        receipt, who = outcome() if patience >= len(steps) else refuses()
    except Refusal:
        pair.booked()
    else:
        pair.booked(receipt)
        shows = read(pair.kiosk.shows)
        assert shows.get("receipt") == receipt
        if who is not None:
            assert shows["credit"] == pair.books.credit[who]
    pair.walks_away()


def tops_up(pair: Pair, by: str, who: str, amount: int, patience: int = ALL) -> None:
    card = card_of(pair, who)
    if card is not None and opens_menu(pair, by):
        steps = ["1", SCAN + card, f"{amount}#", "#"]
        errand(pair, steps, lambda: (pair.books.tops_up(who, amount), who), patience)


def pays_out(pair: Pair, by: str, who: str, amount: int, patience: int = ALL) -> None:
    card = card_of(pair, who)
    if card is not None and opens_menu(pair, by):
        steps = ["2", SCAN + card, f"{amount}#", "#"]
        errand(pair, steps, lambda: (pair.books.pays_out(who, amount), who), patience)


def transfers(pair: Pair, giver: str, who: str, amount: int, patience: int = ALL) -> None:
    card = card_of(pair, who)
    if card is None or not opens_menu(pair, giver):
        return
    books, pins = pair.books, pair.books.pins
    steps = [own_page(pair, giver) + "2", SCAN + card, f"{amount}#", "#"]
    asks_pin = amount > FREE_LIMIT and giver in pins.digits and not pair.counter.pin_given
    if asks_pin:
        steps.append(pins.digits[giver] + "#")

    def moves() -> Outcome:
        if giver == who or amount > books.credit[giver]:
            raise Refusal
        if asks_pin and not pins.tries(giver, pins.digits[giver], books.now_ms):
            raise Refusal
        return books.transfers(giver, who, amount), giver

    errand(pair, steps, moves, patience)


def bottles_scanned(bottles: dict[str, int]) -> list[str]:
    return [
        step
        for product, quantity in bottles.items()
        for step in (str(quantity), SCAN + PRODUCT_CODES[product])
    ]


def brings_back(pair: Pair, who: str, bottles: dict[str, int], patience: int = ALL) -> None:
    if opens_menu(pair, who):
        steps = [own_page(pair, who) + "3", *bottles_scanned(bottles), "#"]
        books = pair.books
        errand(pair, steps, lambda: (books.brings_back(who, bottles, limited=True), who), patience)


def brings_back_by_hand(
    pair: Pair, by: str, who: str, bottles: dict[str, int], patience: int = ALL
) -> None:
    card = card_of(pair, who)
    if card is not None and opens_menu(pair, by):
        steps = ["95", SCAN + card, *bottles_scanned(bottles), "#"]
        books = pair.books
        errand(pair, steps, lambda: (books.brings_back(who, bottles, limited=False), who), patience)


def part_of(pair: Pair, number: str, line: int, quantity: int) -> tuple[int, int] | None:
    """A line there is, and all of it where it is weighed; None (all lines) for line 0."""
    left = pair.books.receipts[number].get("left")
    if not left or not line:
        return None
    place = sorted(left)[line % len(left)]
    product, there = left[place]
    return (place, there if product in WEIGHED else quantity)


def keys_of(pair: Pair, number: str, part: tuple[int, int] | None) -> list[str]:
    if part is None:
        return ["#"]
    line, quantity = part
    there = pair.books.receipts[number]["left"][line][1]
    return [f"{line}#", "#" if quantity == there else f"{quantity}#"]


def takes_back(pair: Pair, number: str, part: tuple[int, int] | None, who: str | None) -> str:
    if part is not None and part[1] > pair.books.receipts[number]["left"][part[0]][1]:
        raise Refusal
    return pair.books.takes_back(number, part, who)


def undoes(pair: Pair, who: str, line: int, quantity: int, patience: int = ALL) -> None:
    """The last purchase, or (line not 0) so many of one of its lines."""
    if not opens_menu(pair, who):
        return
    menu = own_page(pair, who) + "1"
    number = pair.books.last_purchase(who)
    if number is None:
        errand(pair, [menu], refuses)
        return
    part = part_of(pair, number, line, quantity)
    steps = [menu, *keys_of(pair, number, part)]
    errand(pair, steps, lambda: (takes_back(pair, number, part, None), who), patience)


def undoes_receipt(
    pair: Pair, by: str, digits: int, line: int, quantity: int, who: str, patience: int = ALL
) -> None:
    """A trusted person, by the number; `who` shows the card if nobody knows the buyer."""
    card, books = card_of(pair, who), pair.books
    if card is None or not opens_menu(pair, by):
        return
    number = books.receipt_of(digits)
    if number is None:
        errand(pair, ["91", f"{digits}#"], refuses)
        return
    part = part_of(pair, number, line, quantity)
    steps = ["91", f"{digits}#", *keys_of(pair, number, part)]
    kind = books.receipts[number]["kind"]
    buyer = books.buyer_of(number) if kind == "sale" else None
    if kind == "sale" and buyer is None:
        buyer = who
        steps.append(SCAN + card)
    errand(pair, steps, lambda: (takes_back(pair, number, part, who), buyer), patience)


def switches_history(pair: Pair, who: str, patience: int = ALL) -> None:
    if opens_menu(pair, who):

        def switches() -> Outcome:
            pair.books.switches_history(who)
            return None, None

        errand(pair, [own_page(pair, who) + "6", "#"], switches, patience)


def loses_card(pair: Pair, by: str, who: str, code: str, patience: int = ALL) -> None:
    card = card_of(pair, who)
    if card is not None and opens_menu(pair, by):

        def replaces() -> Outcome:
            only_admins_for_admins(by, who)
            pair.books.gets_new_card(who, code)
            return None, who

        errand(pair, ["92", SCAN + card, SCAN + code, "#"], replaces, patience)


def brings_guest(pair: Pair, by: str, code: str, patience: int = ALL) -> None:
    if opens_menu(pair, by):

        def welcomes() -> Outcome:
            pair.books.welcomes_guest(code)
            return None, None

        errand(pair, ["93", SCAN + code, "#"], welcomes, patience)


def forgets_pin(pair: Pair, by: str, who: str, patience: int = ALL) -> None:
    """A trusted person resets it; only an admin that of an admin."""
    card = card_of(pair, who)
    if card is not None and opens_menu(pair, by):
        digits = PINS.get(who, NEW_PIN)

        def resets() -> Outcome:
            only_admins_for_admins(by, who)
            pair.books.resets_pin(who, digits)
            return None, None

        errand(pair, ["94", SCAN + card, f"{digits}#", f"{digits}#"], resets, patience)
