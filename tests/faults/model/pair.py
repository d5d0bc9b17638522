"""A till and the model of it, hand in hand: each thing is done to both, then they are compared.

The till is the real one on real books (`tests/kiosk.py`). After each input what stands on the
display, what was booked and the credit of whoever was concerned must agree; `compare_everything`
compares every balance, card, bottle and attempt, and builds the projections anew.
"""

import hashlib
import re
import shutil
import tempfile
from collections import Counter, deque
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from kpos.domain.document import read_content
from kpos.domain.ids import Id
from kpos.ledger import stammdaten
from kpos.ledger.backup import back_up, restore
from kpos.ledger.good_copy import copy_stammdaten
from kpos.ledger.office.people import pack_verifier
from kpos.ledger.pins import P, R, Verifier
from tests.faults.model.books import ModelBooks
from tests.faults.model.counter import ModelCounter
from tests.faults.model.pins import TILL
from tests.faults.model.session import Shows
from tests.kiosk import PINS, Kiosk, build_shop
from tests.ledger.kasse import PROJECTIONS

AMOUNT = r"(-?\d+[,.]\d\d)"
READS = {
    "total": re.compile(rf"^(?:Summe|Total) .* {AMOUNT}$"),
    "left": re.compile(rf"(?:Rest|Left) +{AMOUNT}$"),
    "credit": re.compile(rf"(?:Guthaben|Credit) +{AMOUNT}$"),
    "missing": re.compile(rf"^(?:Es fehlen|Missing) +{AMOUNT}$"),
    "receipt": re.compile(r"^(?:Beleg|Receipt) (K\w+-\d+)"),
    "paid": re.compile(rf"^(?:Beleg|Receipt) K\w+-\d+ +{AMOUNT}$"),
    "attempts": re.compile(r"^(?:noch )?(\d+) (?:Versuche?|attempts? left)$"),
}
LOCKED = re.compile(r"^(?:Gesperrt|Locked): ")
DIALOGUES = {
    "idle": "Idle", "shopping": "Shopping", "cancel?": "ConfirmCancel", "switch?": "ConfirmSwitch",
    "pin": "PinEntry", "pin refused": "PinRefused", "thanks": "Bought", "menu": "Menu",
}  # fmt: skip
# A commit waits for no disk there: what disks do is what the power cuts are about.
MEMORY = Path("/dev/shm")
# A restore of an older backup would make the clock look ahead of itself.
BACKUP_AGE_MAX_MS = 20 * 3_600_000
A_WHILE_S = 61


def quick_verifier(pin: str) -> dict[str, object]:
    """A real verifier with the cheapest parameters there are: thousands are checked here."""
    key = hashlib.scrypt(pin.encode(), salt=b"salt", n=2, r=R, p=P, dklen=32)
    return pack_verifier(Verifier(b"salt", key, n=2))


def build_quick_shop(path: Path) -> Path:
    """The kiosk's shop with PINs that are checked in no time."""
    kiosk = Kiosk(build_shop(path))
    for name, pin in PINS.items():
        kiosk.office("pin_set", member=name, pin=quick_verifier(pin))
    kiosk.close()
    return path


def cents(text: str) -> int:
    return int(text.replace(",", "").replace(".", ""))


def read(lines: list[str]) -> Shows:
    """The figures that a person reads on a display."""
    shows: Shows = {"locked": True} if LOCKED.search(lines[0]) else {}
    for line in lines:
        for name, pattern in READS.items():
            found = pattern.search(line)
            if found is not None:
                shows[name] = found.group(1) if name == "receipt" else cents(found.group(1))
    return shows


class Pair:
    """One till beside its model; `done` remembers the last things that were done to them."""

    def __init__(self, shop: Path) -> None:
        memory = MEMORY if MEMORY.is_dir() else None
        self.folder = Path(tempfile.mkdtemp(prefix="kpos-model-", dir=memory))
        folder = self.folder
        self.kiosk = Kiosk(shutil.copytree(shop, folder / "data"))
        self.books = ModelBooks()
        self.counter = ModelCounter(self.books)
        self.backup: ModelBooks | None = None
        self.epochs = 1
        self.events = 0
        self.done: deque[str] = deque(maxlen=20)
        self.wallets: dict[str, Id] = {}

    def close(self) -> None:
        self.kiosk.close()
        shutil.rmtree(self.folder)

    # Inputs

    def scan(self, code: str) -> None:
        self.leaves_menu()
        self.note("scan", code)
        self.kiosk.scan(code)
        self.counter.scan(code)
        self.compare()

    def type(self, keys: str) -> None:
        """As far as the display of what follows is foretold: a menu ends it."""
        self.leaves_menu()
        for key in keys:
            self.note("key", key)
            self.kiosk.type(key)
            self.counter.key(key)
            self.compare()
            if self.counter.at == "menu":
                return

    def wait(self, seconds: int) -> None:
        self.note("wait", seconds)
        self.kiosk.waits(seconds)
        self.counter.wait(seconds * 1000)
        self.compare()

    def leaves_menu(self) -> None:
        """What is done in a menu is an errand; who has none is gone after a while."""
        if self.counter.at == "menu":
            self.walks_away()

    def walks_away(self) -> None:
        """Whatever is on the display: a while later nobody is there."""
        self.wait(A_WHILE_S)

    def tops_up_at_the_office(self, who: str, amount: int) -> None:
        self.note("office top-up", who, amount)
        whose = {"card": who} if who in self.books.cards else {"member": who}
        self.kiosk.office("top_up", **whose, cents=amount)
        self.counter.receipt = self.books.tops_up(who, amount)
        self.compare()

    def resets_pin_at_the_office(self, who: str) -> None:
        self.walks_away()
        self.note("office PIN", who)
        digits = PINS.get(who, "246810")
        self.kiosk.office("pin_set", member=who, pin=quick_verifier(digits))
        self.books.resets_pin(who, digits)
        self.booked(None)

    # The machine

    def restarts(self, *, lost: str = "") -> None:
        """The plug is pulled; `lost` is what of stammdaten.db is gone: "", "file" or "all"."""
        self.note("restart", lost)
        self.kiosk.close()
        folder = self.kiosk.folder
        gone = [folder.stammdaten] if lost else []
        gone += [folder.good_copy] if lost == "all" else []
        for path in gone:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        self._starts()

    def keeps_good_copy(self) -> None:
        self.note("good copy")
        copy_stammdaten(self.kiosk.folder)

    def backs_up(self) -> None:
        self.note("backup")
        back_up(self.kiosk.folder, self.folder / "backup.db")
        self.backup = deepcopy(self.books)

    def restores(self) -> None:
        """The last backup, if there is one and its clock is still believed."""
        backup = self.backup
        if backup is None or self.books.now_ms - backup.trusted_ms > BACKUP_AGE_MAX_MS:
            return
        self.note("restore")
        self.kiosk.close()
        restore(self.folder / "backup.db", self.kiosk.folder, self.kiosk.clock)
        self.epochs += 1
        self.books.comes_back_from(backup, self.epochs)
        self._starts()

    def _starts(self) -> None:
        self.kiosk.open()
        self.books.starts()
        self.counter.starts()
        self.compare()

    # Comparing

    def note(self, *what: object) -> None:
        self.events += 1
        self.done.append(" ".join(map(str, what)))

    def compare(self) -> None:
        """What can be compared after every input."""
        counter, kiosk = self.counter, self.kiosk
        if counter.at in DIALOGUES:
            name = type(kiosk.till.state.dialogue).__name__
            assert (counter.at, name) == (counter.at, DIALOGUES[counter.at])
        if counter.at != "menu":
            assert read(kiosk.shows) == counter.shows, kiosk.shows
        self.booked(*[counter.receipt] if counter.receipt else [])
        if counter.buyer is not None:
            self.compare_credit(counter.buyer)

    def booked(self, *receipts: str | None) -> None:
        """What was acknowledged since the last time; None for what has no receipt."""
        numbers = [document.receipt_number for document in self.kiosk.documents]
        assert numbers == list(receipts)
        self.kiosk.documents.clear()
        del self.kiosk.frames[:-1]

    def compare_credit(self, who: str) -> None:
        assert self.kiosk.books is not None
        credit = self.kiosk.books.credit(self.wallet(who))
        assert (who, credit.cents) == (who, self.books.credit[who])

    def wallet(self, who: str) -> Id:
        """The wallet of a member, or of whoever got this guest card first."""
        if who not in self.wallets:
            assert self.kiosk.books is not None
            db = self.kiosk.books.current()
            card = stammdaten.card_of_code(db, who)
            found = card.wallet if card else stammdaten.members_of_name(db, who)[0].wallet
            self.wallets[who] = found
        return self.wallets[who]

    def compare_everything(self) -> None:
        """All that the books say, the promises of `verify`, and a rebuild that changes nothing."""
        self.note("compare everything")
        compare_books(self)
        verified = self.kiosk.verify()
        assert verified.receipts >= len(self.books.receipts)
        before = self.tables()
        self.restarts(lost="all")
        assert self.tables() == before

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        assert self.kiosk.books is not None
        return self.kiosk.books.current().execute(query, values).fetchall()

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        return {name: sorted(self.rows(f"SELECT * FROM {name}"), key=repr) for name in PROJECTIONS}


def compare_books(pair: Pair) -> None:
    """Every balance, bottle, receipt and attempt."""
    books, rows = pair.books, pair.rows
    balances = dict(rows("SELECT account, cents FROM balance"))
    for who, credit in books.credit.items():
        wallet = pair.wallet(who)
        assert (who, -balances.get(f"wallet:{wallet}", 0)) == (who, credit)
        held = rows("SELECT cents_per_unit, quantity FROM held_units WHERE wallet = ?", wallet)
        assert (who, nonzero(dict(held))) == (who, nonzero(books.held[who]))
        named = rows("SELECT count(*) FROM history WHERE wallet = ? AND named", wallet)
        assert (who, named[0][0]) == (who, books.named.get(who, 0))
    assert balances.get("cash:K1", 0) == books.cash
    assert balances.get("clearing", 0) == 0
    units = Counter[int]()
    for held_units in books.held.values():
        units.update(held_units)
    assert balances.get("deposit", 0) == -sum(value * n for value, n in units.items())
    moved = rows(
        "SELECT name, sum(quantity + open_quantity)"
        " FROM stock JOIN product ON id = product GROUP BY 1"
    )
    assert nonzero(dict(moved)) == nonzero(books.stock)
    house = rows("SELECT cents_per_unit, quantity FROM house_units")
    assert nonzero(dict(house)) == {value: -n for value, n in nonzero(units).items()}
    compare_journal(pair)


def compare_journal(pair: Pair) -> None:
    """Receipts in their order, and how often each PIN was tried."""
    assert pair.kiosk.books is not None
    journal = pair.kiosk.books.journal
    documents = (read_content(*row) for row in journal.rows("SELECT content, hash FROM document"))
    numbers = [each.receipt_number for each in documents if each.receipt_number]
    assert numbers == list(pair.books.receipts)
    tried = dict(journal.rows("SELECT subject, attempts FROM pin WHERE attempts"))
    subjects = dict(pair.rows("SELECT name, id FROM member")) | {TILL: TILL}
    attempts = nonzero(pair.books.pins.attempts)
    assert tried == {subjects[who]: count for who, count in attempts.items()}


def nonzero(counts: Mapping[Any, int]) -> dict[Any, int]:
    return {what: count for what, count in counts.items() if count}
