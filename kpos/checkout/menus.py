"""Menus and lists: one digit acts at once; positions are permanent for those who learned them.

What a role may not do is absent. Page 2 is 9; an idle ``0#`` has only what needs no card.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from kpos.checkout import counting, pin
from kpos.checkout.buying import when_idle, when_shopping
from kpos.checkout.effects import (
    FetchBookings,
    FetchCounts,
    FetchFigures,
    FetchNumbers,
    FindLastPurchase,
)
from kpos.checkout.events import (
    BookingsFound,
    CountsFound,
    Event,
    FiguresFound,
    KeyPressed,
    NumbersFound,
    TimedOut,
    UndoFound,
)
from kpos.checkout.states import (
    BookingList,
    CardHolder,
    CashAmount,
    CashCounting,
    ClosingPages,
    DeliveryGoods,
    Empties,
    EmptiesHolder,
    HistoryConfirm,
    Idle,
    Menu,
    MoveHolder,
    NewCard,
    NewPin,
    Notice,
    NumberList,
    Shopping,
    State,
    SystemConfirm,
    UndoChoice,
    UndoReceipt,
    WriteOffReason,
    buyer_of,
)
from kpos.checkout.states.cashing import CashPurpose
from kpos.checkout.steps import ACCEPT, REFUSE, Step, book, go, leave, refuse, reject
from kpos.domain.member import Holder, Language
from kpos.domain.orders import SetLanguage
from kpos.domain.values import replace

Item: TypeAlias = Literal[
    "undo", "transfer", "deposit", "numbers", "bookings", "history", "pin", "language",
    "top_up", "payout", "own_menu", "more", "undo_receipt", "lost_card", "guest_card",
    "reset_pin", "deposit_by_hand", "count", "closing", "cash", "skim", "float", "pay_in",
    "cash_out", "collect", "handover", "system", "reboot", "poweroff", "first_page",
    "delivery", "stocktake", "write_off",
]  # fmt: skip

PER_PAGE = 3

_PAGES: dict[str, dict[str, Item]] = {
    "guest": {"1": "numbers", "2": "language"},
    "member": {
        "1": "undo", "2": "transfer", "3": "deposit", "4": "numbers",
        "5": "bookings", "6": "history", "7": "pin", "8": "language",
    },
    "trusted": {
        "1": "top_up", "2": "payout", "3": "count", "4": "closing", "5": "delivery",
        "6": "stocktake", "7": "write_off", "8": "own_menu", "9": "more",
    },
    "trusted_2": {
        "1": "undo_receipt", "2": "lost_card", "3": "guest_card", "4": "reset_pin",
        "5": "deposit_by_hand", "6": "system", "7": "cash", "9": "first_page",
    },
    "cash": {
        "1": "skim", "2": "float", "3": "pay_in", "4": "cash_out", "5": "collect", "6": "handover",
    },
    "system": {"1": "reboot", "2": "poweroff"},
}  # fmt: skip


def items_of(menu: Menu) -> dict[str, Item]:
    """Which digits do what, for this role and page."""
    items = dict(_PAGES[menu.page])
    buyer = menu.login.buyer if menu.login is not None else None
    if buyer is None:
        return items
    absent = set()
    if buyer.role != "admin":
        absent.add("system")
    if not buyer.history:
        absent.add("bookings")
    if buyer.member is None:
        absent |= {"history", "pin"}
    if buyer.is_trusted and not buyer.pin.exists:
        # Whoever finds this card must not choose the PIN that opens the menu of trusted persons.
        absent.add("pin")
    return {key: item for key, item in items.items() if item not in absent}


def when_menu(state: State, menu: Menu, event: Event) -> Step:
    """A menu is on the display."""
    match event:
        case KeyPressed("*"):
            return _leave_menu(state, menu)
        case KeyPressed(key):
            item = items_of(menu).get(key)
            return _choose(state, menu, item) if item is not None else reject(state)
        case NumbersFound(offers):
            return go(state, NumberList(menu.login, offers))
        case BookingsFound() | UndoFound() | FiguresFound() | CountsFound() if (
            menu.login is not None
        ):
            return _when_found(state, menu.login, event)
        case TimedOut():
            return leave(state)
        case _:
            return _buy(state, menu.login, event)


def _when_found(
    state: State,
    login: Shopping,
    event: BookingsFound | UndoFound | FiguresFound | CountsFound,
) -> Step:
    """What an item of the menu had to look up first."""
    match event:
        case BookingsFound(bookings):
            return go(state, BookingList(login, bookings))
        case CountsFound(counts):
            return counting.begin(state, login, counts)
        case UndoFound(found):
            if found is None:
                return go(state, replace(login, notice=Notice("no_undo")), REFUSE)
            return go(state, UndoChoice(login, found, by_trusted=False))
        case _:
            if event.figures is None:
                return refuse(state, login, "nothing_to_close")
            return go(state, ClosingPages(login, event.figures))


def when_numbers(state: State, listed: NumberList, event: Event) -> Step:
    """Products with short numbers: `#` turns the page."""
    match event:
        case KeyPressed("#"):
            return _turn(state, listed, len(listed.offers))
        case KeyPressed("*") if listed.login is not None:
            return go(state, listed.login)
        case KeyPressed("*"):
            return go(state, Idle())
        case TimedOut():
            return leave(state)
        case _:
            return _buy(state, listed.login, event)


def when_bookings(state: State, listed: BookingList, event: Event) -> Step:
    """My last bookings: `#` turns the page."""
    match event:
        case KeyPressed("#"):
            return _turn(state, listed, len(listed.bookings))
        case KeyPressed("*"):
            return go(state, listed.login)
        case KeyPressed():
            return reject(state)
        case TimedOut():
            return leave(state)
        case _:
            return _buy(state, listed.login, event)


def _turn(state: State, listed: NumberList | BookingList, length: int) -> Step:
    """The next page, or behind the last the first."""
    pages = max(-(-length // PER_PAGE), 1)
    return go(state, replace(listed, page=(listed.page + 1) % pages))


def _buy(state: State, login: Shopping | None, event: Event) -> Step:
    """Whoever scans wants to buy, whatever list is on the display; a number is typed from one."""
    if login is None:
        return when_idle(state, Idle(), event)
    return when_shopping(state, replace(login, notice=None), event)


def _leave_menu(state: State, menu: Menu) -> Step:
    if menu.login is None:
        return go(state, Idle())
    if menu.page in ("system", "cash"):
        return go(state, Menu(menu.login, "trusted_2"))
    return go(state, replace(menu.login, notice=None))


def _choose(state: State, menu: Menu, item: Item) -> Step:
    if item == "numbers":
        return go(state, menu, FetchNumbers(buyer_of(menu)))
    if item == "language":
        return _other_language(state, menu)
    login = menu.login
    assert login is not None, "the guest page has no other items"
    assert login.buyer is not None, "a login has a buyer"
    return _CHOICES[item](state, menu, login, login.buyer)


def _other_language(state: State, menu: Menu) -> Step:
    """The other language: for a while, or for ever for a member."""
    language: Language = "en" if state.language == "de" else "de"
    turned = replace(state, language=language)
    buyer = menu.login.buyer if menu.login is not None else None
    if buyer is None or buyer.member is None:
        return go(turned, menu, ACCEPT)
    assert menu.login is not None
    login = replace(menu.login, buyer=replace(buyer, language=language))
    return book(turned, Menu(login, menu.page), SetLanguage(buyer.member, language))


def when_language_set(state: State, menu: Menu, _event: Event) -> Step:
    """Booked or not, the display speaks it now."""
    return go(state, menu, ACCEPT)


def _undo(state: State, menu: Menu, _login: Shopping, buyer: Holder) -> Step:
    return go(state, menu, FindLastPurchase(buyer.wallet))


def _bookings(state: State, menu: Menu, _login: Shopping, buyer: Holder) -> Step:
    return go(state, menu, FetchBookings(buyer.wallet))


def _pin(state: State, _menu: Menu, login: Shopping, buyer: Holder) -> Step:
    """A PIN that exists is asked for before it is changed."""
    fresh = NewPin(login, buyer, author=None)
    if buyer.pin.exists:
        # Even if it was given at login: the till may have been left open.
        return pin.ask(state, buyer, fresh, "enter")
    return go(state, fresh)


def _page(page: Literal["member", "trusted", "trusted_2", "cash", "system"]) -> Choice:
    return lambda state, _menu, login, _buyer: go(state, Menu(login, page))


def _cash(purpose: CashPurpose) -> Choice:
    return lambda state, _menu, login, _buyer: go(state, CashAmount(purpose, login))


Choice: TypeAlias = Callable[[State, Menu, Shopping, Holder], Step]
_CHOICES: dict[Item, Choice] = {
    "undo": _undo,
    "transfer": lambda state, _menu, login, _buyer: go(state, MoveHolder("transfer", login)),
    "deposit": lambda state, _menu, login, buyer: go(state, Empties(login, buyer, by_hand=False)),
    "bookings": _bookings,
    "history": lambda state, _menu, login, _buyer: go(state, HistoryConfirm(login)),
    "pin": _pin,
    "top_up": lambda state, _menu, login, _buyer: go(state, MoveHolder("top_up", login)),
    "payout": lambda state, _menu, login, _buyer: go(state, MoveHolder("payout", login)),
    "delivery": lambda state, _menu, login, _buyer: go(state, DeliveryGoods(login)),
    "stocktake": lambda state, menu, _login, _buyer: go(state, menu, FetchCounts()),
    "write_off": lambda state, _menu, login, _buyer: go(state, WriteOffReason(login)),
    "own_menu": _page("member"),
    "more": _page("trusted_2"),
    "first_page": _page("trusted"),
    "system": _page("system"),
    "undo_receipt": lambda state, _menu, login, _buyer: go(state, UndoReceipt(login)),
    "lost_card": lambda state, _menu, login, _buyer: go(state, CardHolder("lost_card", login)),
    "reset_pin": lambda state, _menu, login, _buyer: go(state, CardHolder("reset_pin", login)),
    "guest_card": lambda state, _menu, login, _buyer: go(state, NewCard(login, None)),
    "deposit_by_hand": lambda state, _menu, login, _buyer: go(state, EmptiesHolder(login)),
    "count": lambda state, _menu, login, _buyer: go(state, CashCounting(login)),
    "closing": lambda state, menu, _login, _buyer: go(state, menu, FetchFigures()),
    "cash": _page("cash"),
    "skim": _cash("skim"),
    "float": _cash("float"),
    "pay_in": _cash("pay_in"),
    "cash_out": _cash("pay_out"),
    "collect": _cash("collect"),
    "handover": _cash("handover"),
    "reboot": lambda state, _menu, login, _buyer: go(state, SystemConfirm(login, "reboot")),
    "poweroff": lambda state, _menu, login, _buyer: go(state, SystemConfirm(login, "poweroff")),
}
