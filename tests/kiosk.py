"""A till beside a fridge, seen from in front of it: what a customer does, sees and hears.

The real `Till` on real books in a folder of its own, on a clock that only the test moves. PINs are
derived in the real worker thread; whoever types `#` behind one waits for its answer.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from kpos.checkout.events import Sound
from kpos.checkout.layout import Frame
from kpos.checkout.states import PinEntry, Rules
from kpos.clock import ScriptClock
from kpos.domain.document import Document
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.member import Language
from kpos.domain.money import Money
from kpos.domain.orders import Deliver, DeliveredGoods, WriteOff
from kpos.ledger import stammdaten
from kpos.ledger.birth import create_till
from kpos.ledger.booking import book
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.ledger.office import find, perform
from kpos.ledger.office.people import pack_verifier
from kpos.ledger.pins import make_verifier
from kpos.ledger.stock import stock
from kpos.ledger.verify import Verified, verify
from kpos.terminal.texts import load_texts
from kpos.terminal.till import Surroundings, Till
from kpos.terminal.workers import Worker

# 21:04 in Berlin.
SUNDAY_EVENING = Instant.parse("2026-11-22T20:04:00Z")
ADMIN = "uid:0"
# A worker that has not answered by then never will; nothing is measured by it.
_ANSWER_S = 60

MATE, SPEZI, MALT = "4029764001807", "4066600603405", "40678092"
CHEESE_250_G = "2810013002506"

PRODUCTS: list[dict[str, Any]] = [
    {"name": "Club-Mate 0,5l", "price_cents": 150, "deposit_cents": 15, "number": 12},
    {"name": "Paulaner Spezi 0,5l", "price_cents": 130, "deposit_cents": 8},
    {"name": "Vitamalz", "price_cents": 110, "deposit_cents": 8, "number": 13},
    {"name": "Erdnüsse", "price_cents": 100, "number": 14},
    {"name": "Kaffeemaschine", "price_cents": 2500, "number": 15},
    {"name": "Leitungswasser", "price_cents": 0, "number": 16},
    {"name": "Gouda", "price_cents": 1290, "unit": "kg", "number": 31},
]
BARCODES = {"Club-Mate 0,5l": MATE, "Paulaner Spezi 0,5l": SPEZI, "Vitamalz": MALT}

MEMBERS: list[dict[str, Any]] = [
    {"name": "Ada", "number": 42, "pin": "7391", "cents": 1835},
    {"name": "Linus", "cents": 200, "history": True},
    {"name": "Mia", "number": 77, "pin": "8462", "cents": 1000, "card": None},
    {"name": "Noor", "number": 78, "cents": 1000, "card": None},
    {"name": "Edsger", "number": 43, "pin": "957313", "cents": 9000, "asks_pin": True},
    {"name": "Barbara", "cents": 500, "language": "en"},
    {"name": "Grace", "number": 8, "pin": "161803", "cents": 4000, "role": "trusted"},
    {"name": "Tony", "cents": 500, "role": "trusted"},
    {"name": "Ken", "number": 9, "pin": "271828", "cents": 1000, "role": "admin"},
]
PINS = {member["name"]: member["pin"] for member in MEMBERS if "pin" in member}


def build_shop(path: Path) -> Path:
    """The data folder every kiosk starts from: products, people, cards, opening credits."""
    folder, clock = Folder(path), ScriptClock(SUNDAY_EVENING.plus_ms(-3_600_000))
    create_till(folder, clock, ADMIN)
    books = Books(folder, clock)
    perform(books, "group_add", {"name": "guests"}, ADMIN)
    layout = {"key": "in_store_layouts", "value": "28IIIIcWWWWWC"}
    perform(books, "setting_set", layout, ADMIN)
    for product in PRODUCTS:
        codes = [BARCODES[product["name"]]] if product["name"] in BARCODES else []
        perform(books, "product_add", {**product, "barcodes": codes}, ADMIN)
    perform(books, "barcode_add", {"product": "Gouda", "code": "2810010000000"}, ADMIN)
    for member in MEMBERS:
        _add(books, dict(member))
    perform(books, "card_issue", {"code": "GUEST-1", "group": "guests"}, ADMIN)
    perform(books, "top_up", {"card": "GUEST-1", "cents": 500, "means": "opening"}, ADMIN)
    books.close()
    return path


def _add(books: Books, member: dict[str, Any]) -> None:
    pin, cents = member.pop("pin", None), member.pop("cents")
    card, asks_pin = member.pop("card", f"CARD-{member['name'].upper()}"), "asks_pin" in member
    member.pop("asks_pin", None)
    packed = pack_verifier(make_verifier(pin)) if pin else None
    perform(books, "member_add", {**member, "pin": packed, "opening_cents": cents}, ADMIN)
    if card:
        issued = {"code": card, "member": member["name"], "asks_pin": asks_pin}
        perform(books, "card_issue", issued, ADMIN)


class Kiosk:
    """One till. Its verbs are the customer's; `sounds` is what the last of them made heard."""

    def __init__(
        self, path: Path, language: Language = "de", clock: ScriptClock | None = None
    ) -> None:
        self.folder = Folder(path)
        self.clock = clock or ScriptClock(SUNDAY_EVENING)
        self.language: Language = language
        self.frames: list[Frame] = []
        self.sounds: list[Sound] = []
        self.documents: list[Document] = []
        self.went: list[str] = []
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.open()

    # The machine

    def open(self, books: Books | None = None, locked: str = "") -> None:
        """Start, on these books or (with a code) on none."""
        self.books = books or (None if locked else Books(self.folder, self.clock))
        around = Surroundings(
            clock=self.clock,
            texts=load_texts(),
            front=self,
            worker=Worker(self._post),
            shut_down=self.went.append,
            rules=Rules(language=self.language),
            name="RaumZeitLabor",
        )
        self.till = Till(self.books, around, locked)

    def close(self) -> None:
        if self.books is not None:
            self.books.close()

    def show(self, frame: Frame) -> None:
        assert [len(line) for line in frame] == [40] * 4, frame
        self.frames.append(frame)

    def play(self, sound: Sound) -> None:
        self.sounds.append(sound)

    def booked(self, document: Document) -> None:
        self.documents.append(document)

    # What a customer does

    def scan(self, code: str) -> None:
        self.sounds.clear()
        self.till.scan(code)
        self._finish()

    card = scan

    def type(self, keys: str) -> None:
        self.sounds.clear()
        for key in keys:
            self.till.key(key)
            self._finish()

    def waits(self, seconds: int = 6) -> None:
        """Nobody does anything for a while; every timer goes off at its time."""
        self.sounds.clear()
        target_ms = self.clock.monotonic_ms() + seconds * 1000
        while (now_ms := self.clock.monotonic_ms()) < target_ms:
            due_ms = min(max(self.till.next_due_ms(), now_ms + 1), target_ms)
            self.clock.move(due_ms - now_ms)
            self.till.tick()

    def logs_in(self, name: str) -> None:
        """With a card that was not just read, and with the PIN where it is asked."""
        self.waits(2)
        self.card(f"CARD-{name.upper()}")
        self._gives_pin()

    def opens_menu(self, name: str) -> None:
        """The menu of whoever it is, with the PIN where it is asked."""
        self.logs_in(name)
        self.type("0#")
        self._gives_pin()

    def _gives_pin(self) -> None:
        asked = self.till.state.dialogue
        if isinstance(asked, PinEntry):
            self.type(PINS.get(asked.holder.name, "5555") + "#")

    def _post(self, call: Callable[[], None]) -> None:
        self._calls.put(call)

    def _finish(self) -> None:
        while self.till.is_busy:
            self._calls.get(timeout=_ANSWER_S)()
            self.till.settle()

    # What is seen, and what an admin would find

    @property
    def shows(self) -> list[str]:
        """The four lines, without the blanks at their ends."""
        return [line.rstrip() for line in self.frames[-1]]

    @property
    def says(self) -> str:
        """The four lines as one text."""
        return "\n".join(self.shows)

    def office(self, request: str, **arguments: object) -> dict[str, Any]:
        """What an admin does meanwhile at the command line."""
        assert self.books is not None
        done = perform(self.books, request, arguments, ADMIN)
        self.till.books_changed()
        return done

    def product(self, name: str) -> Id:
        """The id of a product."""
        assert self.books is not None
        return find.product(self.books.current(), name).id

    def gets(self, name: str, quantity: int, cost_cents: int = 0) -> None:
        """Goods come in; quantity in pieces or grams, the cost of all of it."""
        assert self.books is not None
        goods = DeliveredGoods(self.product(name), quantity, Money(cost_cents))
        book(self.books, Deliver((goods,), "2026-11-22", "opening", author=ADMIN))

    def loses(self, name: str, quantity: int) -> None:
        """Goods break, and somebody books it at the command line."""
        assert self.books is not None
        lost = WriteOff("breakage", ((self.product(name), quantity),), author=ADMIN)
        book(self.books, lost)

    def stock(self, name: str) -> int:
        """How many the books say are there."""
        assert self.books is not None
        return stock(self.books.current(), self.product(name), self.books.identity.place)

    def credit(self, name: str) -> Money:
        """What a member, or the card of this code, may spend."""
        assert self.books is not None
        db = self.books.current()
        card = stammdaten.card_of_code(db, name)
        wallet = card.wallet if card else stammdaten.members_of_name(db, name)[0].wallet
        return self.books.credit(wallet)

    @property
    def kinds(self) -> list[str]:
        """What was booked since the start, one kind for each acknowledgement."""
        return [document.kind for document in self.documents]

    def verify(self) -> Verified:
        return verify(self.folder)


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder to copy."""
    return build_shop(tmp_path_factory.mktemp("shop") / "data")


@pytest.fixture
def kiosk(shop: Path, tmp_path: Path) -> Iterator[Kiosk]:
    """A till that speaks German; after each story its books are verified."""
    kiosk = Kiosk(shutil.copytree(shop, tmp_path / "data"))
    yield kiosk
    if kiosk.books is not None:
        kiosk.verify()
        kiosk.close()
