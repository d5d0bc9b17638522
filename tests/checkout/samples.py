"""A sample of every dialogue, with values of every length."""

from typing import get_args

from kpos.checkout import states
from kpos.checkout.carried import PastBooking
from kpos.checkout.effects import Pin
from kpos.checkout.events import Undoable, UndoLine
from kpos.checkout.states import Dialogue, Notice, NoticeCode, PinEntry, Shopping
from kpos.domain.cart import Cart, Entry
from kpos.domain.document import Ref
from kpos.domain.ids import Id
from kpos.domain.member import LOCKED_FOR_GOOD, Holder, PinStanding
from kpos.domain.money import Money
from kpos.domain.orders import LinePart
from kpos.domain.product import Charge, Product, house_offer
from kpos.domain.values import replace
from tests.checkout.sample_cash import cash_dialogues
from tests.checkout.sample_values import ORDINARY, Values
from tests.checkout.samples_goods import goods_dialogues

HAS_PIN = PinStanding(exists=True, attempts_left=3)
LOCKED = PinStanding(exists=True, attempts_left=1, locked_ms=59_001)
NO_PIN = PinStanding(exists=False, attempts_left=3)


# Who gives orders to the books.
POSTED: tuple[type, ...] = (
    Shopping, states.Menu, states.MoveConfirm, states.Empties, states.UndoChoice, states.UndoCard,
    states.HistoryConfirm, states.NewPin, states.NewCardConfirm, states.CashCounted,
    states.CashConfirm, states.ClosingConfirm, states.WriteOffConfirm, states.DeliveryConfirm,
    states.CountConfirm, states.CountDecision,
)  # fmt: skip


class Samples:
    """Dialogues made of some values."""

    def __init__(self, values: Values = ORDINARY) -> None:
        self.values = values
        self.product = Product(
            Id("1"), values.product, Money(values.cents), Money(15), number=99_999
        )
        self.offer = house_offer(self.product, 0)
        levy = Charge("levy:7", Money(5), "6", 0)
        self.levied = replace(self.offer, charges=(levy, *self.offer.charges))
        gouda = Product(Id("2"), values.product, Money(values.cents), number=1, unit="kg")
        self.gouda = house_offer(gouda, 0)
        self.unpriced = house_offer(replace(self.product, price=None), 0)
        self.donation = replace(self.offer, charges=(levy,))
        self.weighed = replace(self.gouda, weight=250)
        self.cart = Cart(tuple(Entry(self.offer, values.quantity) for _ in range(values.scans)))
        self.ada = self.holder("1")
        self.linus = self.holder("2", pin=NO_PIN)
        self.guest = Holder(wallet=Id("3"), group=Id("9"), credit=Money(values.credit))
        self.grace = self.holder("4", role="trusted")
        self.ken = self.holder("5", role="admin")
        self.tony = self.holder("6", role="trusted", pin=NO_PIN)
        self.reader = self.holder("7", history=True)

    def holder(self, wallet: str, **more: object) -> Holder:
        fields = {
            "wallet": Id(wallet),
            "group": Id("9"),
            "credit": Money(self.values.credit),
            "name": self.values.name,
            "number": 42,
            "member": Id(wallet),
            "card": Id("8"),
            "pin": HAS_PIN,
        }
        return Holder(**(fields | more))  # type: ignore[arg-type]

    def undoable(self, **more: bool) -> Undoable:
        total = Money(self.values.cents)
        lines = tuple(
            UndoLine(number, self.values.product, self.values.quantity, number % 2 == 1, total)
            for number in range(1, self.values.scans + 2)
        )
        return Undoable(Ref(1, 7), self.values.receipt, total, lines, **more)

    def notices(self) -> list[Notice]:
        amount = Money(self.values.cents)
        return [Notice(code, self.values.product, amount, amount) for code in get_args(NoticeCode)]

    def dialogues(self) -> list[Dialogue]:
        return [
            *self._buying(),
            *self._pins(),
            *self._menus(),
            *self._moves(),
            *self._undoing(),
            *self._account(),
            *cash_dialogues(self),
            *goods_dialogues(self),
            *self._ends(),
        ]

    def _buying(self) -> list[Dialogue]:
        login, typed, values = Shopping(self.ada), self.values.typed, self.values
        noticed = [
            where
            for notice in self.notices()
            for where in (
                states.Idle(notice=notice),
                Shopping(self.ada, notice=notice),
                Shopping(self.ada, self.cart, notice=notice),
            )
        ]
        return [
            *noticed,
            states.Idle(),
            states.Idle(typed="0"),
            states.Idle(typed=typed),
            login,
            Shopping(self.ada, typed=typed),
            Shopping(self.ada, typed="0"),
            Shopping(self.ada, typed="12345"),
            Shopping(self.guest),
            Shopping(None, self.cart),
            Shopping(None, self.cart, guests=Money(values.cents)),
            Shopping(self.ada, Cart((Entry(self.levied, values.quantity),))),
            Shopping(self.ada, Cart((Entry(self.donation, values.quantity),))),
            Shopping(self.ada, self.cart),
            Shopping(self.ada, self.cart, typed="99999"),
            Shopping(self.ada, self.cart, pin_given=True),
            *(Shopping(self.ada, self.cart, left=left) for left in (4, 3, 0, -1, -99_999)),
            Shopping(None, Cart((Entry(self.levied, 1),)), left=-1),
            Shopping(self.linus, Cart((Entry(self.gouda, 250),)), left=100),
            Shopping(self.linus, Cart((Entry(self.gouda, 250),)), left=-100),
            Shopping(self.linus, Cart((Entry(self.offer, 1), Entry(self.gouda, 99_999)))),
            Shopping(self.holder("1", credit=Money(-1)), self.cart),
            states.ConfirmCancel(Shopping(None, self.cart)),
            states.ConfirmCancel(Shopping(self.ada, self.cart)),
            states.ConfirmSwitch(Shopping(self.ada, self.cart), self.linus),
            states.ConfirmSwitch(Shopping(self.guest, self.cart), self.ada),
            states.HoldAsked(Shopping(self.holder("1", shared=True), self.cart)),
            Shopping(self.holder("1", shared=True), self.cart),
            states.Bought(
                self.values.name, self.values.receipt, self.cart.total, self.ada.credit, "21:09"
            ),
            states.Bought("", self.values.receipt, self.cart.total, self.ada.credit, ""),
            states.NotBooked(Shopping(self.ada, self.cart)),
        ]

    def _pins(self) -> list[Dialogue]:
        login = Shopping(self.ada)
        menu = Shopping(self.grace, typed="0")
        move = states.MoveConfirm("transfer", login, self.linus, Money(self.values.cents))
        entries = [
            PinEntry(self.ada, login, "login"),
            PinEntry(self.holder("1", card=None), login, "login", Pin("73917391")),
            PinEntry(self.guest, Shopping(self.guest, self.cart), "login", Pin("739")),
            PinEntry(self.ada, Shopping(self.ada, self.cart), "press", notice=Notice("pin_short")),
            PinEntry(self.grace, menu, "press", Pin("7391")),
            PinEntry(self.ada, states.NewPin(login, self.ada, None), "enter"),
            PinEntry(self.ada, move, "press"),
        ]
        standings = [
            PinStanding(exists=True, attempts_left=1),
            PinStanding(exists=True, attempts_left=2),
            LOCKED,
            PinStanding(exists=True, attempts_left=1, locked_ms=600 * 60_000),
            PinStanding(exists=True, attempts_left=0, locked_ms=LOCKED_FOR_GOOD),
        ]
        refused = [states.PinRefused(entries[0], standing) for standing in standings]
        return [
            *entries,
            *(states.PinChecking(entry) for entry in entries),
            *refused,
            *(states.PinRefused(entry, standings[0]) for entry in entries),
        ]

    def _menus(self) -> list[Dialogue]:
        people = (self.ada, self.guest, self.grace, self.tony, self.reader)
        when = PastBooking("22.11.", "sale", self.values.product, Money(-self.values.cents))
        other = PastBooking("22.11.", "invoice", "", Money(self.values.cents))
        reader, admin = Shopping(self.reader), Shopping(self.ken, pin_given=True)
        trusted = Shopping(self.grace, pin_given=True)
        return [
            states.Menu(None, "guest"),
            *(states.Menu(Shopping(holder), "member") for holder in people),
            states.Menu(trusted, "trusted"),
            states.Menu(trusted, "trusted_2"),
            states.Menu(admin, "trusted_2"),
            states.Menu(trusted, "cash"),
            states.Menu(admin, "system"),
            states.NumberList(None, ()),
            states.NumberList(Shopping(self.ada), (self.offer,) * 4 + (self.unpriced,), 1),
            states.BookingList(reader, ()),
            states.BookingList(reader, (when, other, when, when)),
        ]

    def _moves(self) -> list[Dialogue]:
        trusted, amount = Shopping(self.grace, pin_given=True), Money(self.values.cents)
        made: list[Dialogue] = []
        for kind in get_args(states.MoveKind):
            login = Shopping(self.ada) if kind == "transfer" else trusted
            notice = Notice("no_card", self.values.product)
            for holder in (self.linus, self.guest):
                move = states.MoveConfirm(kind, login, holder, amount)
                made += [
                    states.MoveAmount(kind, login, holder),
                    states.MoveAmount(kind, login, holder, "999999", Notice("cash_short")),
                    move,
                    states.MoveDone(move, self.values.receipt, self.ada.credit),
                ]
            made += [
                states.MoveHolder(kind, login),
                states.MoveHolder(kind, login, self.values.typed, notice),
            ]
        scanned = ((self.levied, self.values.quantity),) * self.values.scans
        return [
            *made,
            states.EmptiesHolder(trusted),
            states.EmptiesHolder(trusted, self.values.typed),
            states.Empties(Shopping(self.ada), self.ada, by_hand=False),
            states.Empties(Shopping(self.ada), self.ada, by_hand=False, scanned=scanned),
            states.Empties(trusted, self.guest, True, scanned, "99999"),
            states.Empties(trusted, self.guest, True, scanned, notice=Notice("units")),
        ]

    def _undoing(self) -> list[Dialogue]:
        login, trusted = Shopping(self.ada), Shopping(self.grace, pin_given=True)
        choice = states.UndoChoice(login, self.undoable(), by_trusted=False)
        carded = states.UndoChoice(trusted, self.undoable(needs_card=True), by_trusted=True)
        whole = Undoable(Ref(1, 7), self.values.receipt, Money(self.values.cents), ())
        single = Undoable(Ref(1, 7), self.values.receipt, Money(1), self.undoable().lines[:1])
        return [
            states.UndoReceipt(trusted),
            states.UndoReceipt(trusted, "999999999", Notice("no_undo")),
            choice,
            states.UndoChoice(login, self.undoable(), False, "1", Notice("not_undone")),
            states.UndoChoice(login, self.undoable(), False, "2"),
            states.UndoChoice(login, self.undoable(), False, "999"),
            states.UndoChoice(login, whole, by_trusted=True),
            states.UndoChoice(trusted, self.undoable(of_goods=True), by_trusted=True),
            states.UndoChoice(login, single, by_trusted=False),
            states.UndoPart(choice, 1),
            states.UndoPart(choice, 2, "999999", Notice("quantity")),
            states.UndoPart(carded, 1, "1"),
            states.UndoCard(carded, ()),
            states.UndoCard(carded, (LinePart(1, 1),), "42", Notice("wrong_holder")),
        ]

    def _account(self) -> list[Dialogue]:
        login, trusted = Shopping(self.ada), Shopping(self.grace, pin_given=True)
        first = states.NewPin(login, self.ada, None, pin=Pin("7391"))
        new_guest = states.NewCard(trusted, None)
        new_card = states.NewCard(trusted, self.ada, self.values.typed, Notice("code_taken"))
        return [
            states.HistoryConfirm(login),
            states.HistoryConfirm(Shopping(self.reader)),
            states.NewPin(login, self.ada, None),
            first,
            states.NewPin(login, self.ada, None, first=Pin("7391"), pin=Pin("7391")),
            states.NewPin(login, self.ada, None, first=Pin("7391"), pin=Pin("73917391")),
            states.NewPin(trusted, self.guest, "member:4", pin=Pin("739")),
            states.NewPin(trusted, self.ken, "member:4", notice=Notice("pin_differs")),
            states.CardHolder("reset_pin", trusted),
            states.CardHolder("lost_card", trusted, self.values.typed, Notice("blocked")),
            new_guest,
            new_card,
            states.NewCardConfirm(new_guest, self.values.code),
            states.NewCardConfirm(new_card, self.values.code),
            states.NewCardConfirm(states.NewCard(trusted, self.guest), self.values.code),
            states.SystemConfirm(Shopping(self.ken), "reboot"),
            states.SystemConfirm(Shopping(self.ken), "poweroff"),
        ]

    def _ends(self) -> list[Dialogue]:
        login = Shopping(self.ada)
        done = [
            states.Done(code, login, self.values.receipt, name, self.ada.credit)
            for code in get_args(states.DoneCode)
            for name in (self.values.name, "")
        ]
        origins = [*self._buying()[-12:-6], *self._moves(), *self._undoing(), *self._account()]
        origins += [states.Menu(login, "member"), *cash_dialogues(self), *goods_dialogues(self)]
        return [
            *done,
            *(states.Posting(origin) for origin in origins if isinstance(origin, POSTED)),
            states.GoingDown(),
            states.OutOfOrder("J-17"),
            states.OutOfOrder("J-12"),
        ]
