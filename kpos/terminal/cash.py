"""Coins and notes at the till: credit for whoever is identified, and for nobody else.

Money is accepted while somebody with a wallet stands in a purchase, and inhibited otherwise; the
credit is booked like a top-up by anybody else, and seen at once. A reader is asked for more only
when what it took is in the books. UNTESTED with real readers: see hardware/README.md.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Literal

from hardware.cash import CashDevice, CashEvent, Credit
from hardware.cash_input import CCTALK_LINE, SSP_LINE, SerialCash, open_cash
from hardware.cctalk import CoinAcceptor
from hardware.serial_port import Line
from hardware.ssp import NoteValidator
from kpos.checkout.events import BooksLocked
from kpos.checkout.states import Shopping
from kpos.config import CashConfig
from kpos.domain.money import Money
from kpos.domain.orders import ReaderMark, TopUp
from kpos.domain.refusal import Refused
from kpos.ledger.booking import book
from kpos.ledger.errors import Damaged, DiskFull, LedgerError
from kpos.ledger.readers import Kept, keep_soon, recall
from kpos.terminal.devices import RETRY_MS, Device
from kpos.terminal.perform import lock_code, look
from kpos.terminal.till import Till
from kpos.terminal.wiring import Wiring

if TYPE_CHECKING:
    from kpos.domain.ids import Id

# A coin that was falling when somebody left is theirs, not that of whoever comes next: a reader
# that was told to take no more tells it within the second that it is then asked once in.
_BETWEEN_PAYERS_MS = 1500


_Role = Literal["coins", "notes"]


class _Reader:
    """One reader: what it took that is not booked yet."""

    def __init__(
        self,
        role: _Role,
        opens: Callable[[CashDevice], SerialCash],
        kind: CashDevice,
        wiring: Wiring,
    ) -> None:
        self.role: _Role = role
        self._note = wiring.note
        self._opens = opens
        # The same after each replugging: it knows what was credited, and whether money is wanted.
        self.kind = kind
        self._source: SerialCash | None = None
        self.taken: deque[Credit] = deque()
        self.device: Device[CashEvent] = Device(role, self._open, self._take, wiring)

    def accept(self, *, on: bool) -> None:
        """Tell it, whenever it is there."""
        self.kind.wanted = on

    @property
    def may_take(self) -> bool:
        """Whether it may still take money, for all that it has confirmed."""
        return self.device.is_open and self.kind.told

    def settle(self) -> None:
        """All that was taken is booked."""
        if self._source is not None:
            self._source.settle()

    def close(self) -> None:
        """Have it take nothing any more, and give it back."""
        if self._source is not None and self.device.is_open:
            self._source.farewell()
        self.device.close()

    def _open(self) -> SerialCash:
        self._source = self._opens(self.kind)
        return self._source

    def _take(self, event: CashEvent) -> None:
        if isinstance(event, Credit):
            self.taken.append(event)
        else:
            self._note(f"{self.role}: {event.text}")


class CashInputs:
    """The readers of a till."""

    def __init__(self, config: CashConfig, till: Till, wiring: Wiring) -> None:
        self._till = till
        self._note = wiring.note
        self._now_ms = wiring.now_ms
        # What is known of the coin acceptor since the till ended, perhaps in the middle of a coin.
        self._kept = _recall(till, "coins") if config.coins else None
        after = self._kept.counter if self._kept is not None else None
        kinds: tuple[tuple[_Role, str, CashDevice, Line], ...] = (
            ("coins", config.coins, CoinAcceptor(after=after), CCTALK_LINE),
            ("notes", config.notes, NoteValidator(), SSP_LINE),
        )
        self._readers = [
            _Reader(role, partial(open_cash, where, line, wiring.now_ms), kind, wiring)
            for role, where, kind, line in kinds
            if where
        ]
        self._late_payer = self._kept.payer if self._kept is not None else None
        self._payer: Id | None = None  # whose the money is that was taken last
        self._offered: Id | None = None
        self._accept_at_ms: int | None = None
        self._free_at_ms = 0  # from when on what is taken is no longer the last payer's
        self._retry_ms = wiring.now_ms()
        self.after()

    def due_ms(self) -> int | None:
        """Milliseconds until a reader is asked or looked for, or may accept."""
        times = [reader.device.deadline_ms for reader in self._readers]
        times.append(self._accept_at_ms)
        if any(reader.taken or not reader.device.is_open for reader in self._readers):
            times.append(self._retry_ms)
        due = [time_ms for time_ms in times if time_ms is not None]
        return min(due) - self._now_ms() if due else None

    def after(self) -> None:
        """Book what came; accept or inhibit; ask; look for what is missing."""
        now_ms = self._now_ms()
        may_retry = now_ms >= self._retry_ms
        for reader in self._readers:
            reader.device.flush(now_ms)
            if may_retry:
                reader.device.look_for()
        if may_retry:
            self._retry_ms = now_ms + RETRY_MS
        self._book_all(is_again=may_retry)
        self._offer(now_ms)
        taking = [reader.role for reader in self._readers if reader.may_take]
        self._remember()
        self._till.readers_take("both" if len(taking) > 1 else taking[0] if taking else "")

    def close(self) -> None:
        """Give all readers back."""
        for reader in self._readers:
            reader.close()

    def _offer(self, now_ms: int) -> None:
        """Follow whoever is identified."""
        dialogue = self._till.state.dialogue
        buyer = dialogue.buyer if isinstance(dialogue, Shopping) else None
        wallet = buyer.wallet if buyer is not None else None
        if wallet != self._offered:
            self._offered = wallet
            self._accept_at_ms = None if wallet is None else now_ms
            for reader in self._readers:
                reader.accept(on=False)
        if self._payer not in (None, wallet) and any(reader.may_take for reader in self._readers):
            self._free_at_ms = now_ms + _BETWEEN_PAYERS_MS
        if self._accept_at_ms is None:
            return
        if self._payer not in (None, wallet):
            self._accept_at_ms = max(self._accept_at_ms, self._free_at_ms)
        if now_ms >= self._accept_at_ms:
            self._accept_at_ms = None
            self._payer = wallet
            for reader in self._readers:
                reader.accept(on=True)

    def _book_all(self, *, is_again: bool) -> None:
        """Book what was taken; what the disk refuses is tried again, and nothing asked before."""
        for reader in self._readers:
            count = len(reader.taken)
            while reader.taken and self._is_booked(reader, reader.taken[0]):
                reader.taken.popleft()
            if count and not reader.taken:
                reader.settle()
            elif count and is_again:
                cents = sum(credit.cents for credit in reader.taken)
                self._note(f"{cents} cents in the reader cannot be booked yet")

    def _remember(self) -> None:
        """How far the coins are booked, and who pays in, for the till that starts after this one.

        Nobody any more when all readers have confirmed that they take nothing.
        """
        may_take = self._offered is not None or any(reader.may_take for reader in self._readers)
        payer = self._payer if may_take else None
        for reader in self._readers:
            counted = reader.kind.counted
            if counted is None or reader.kind.is_resumed or reader.taken:
                continue
            kept = Kept(counted, payer)
            if kept != self._kept and self._till.books is not None:
                self._kept = kept  # even where the disk is full: it is not asked again and again
                with suppress(LedgerError):
                    keep_soon(self._till.books, ReaderMark(reader.role, counted), payer)

    def _is_booked(self, reader: _Reader, credit: Credit) -> bool:
        """Whether nothing more is to be done about this coin or note."""
        cents, books = credit.cents, self._till.books
        payer = self._late_payer if credit.is_late else self._payer
        if books is None or payer is None:
            self._note(f"{cents} cents are in the reader, and nobody was there")
            return True
        is_numbered = reader.kind.counted is not None
        mark = ReaderMark(reader.role, credit.number) if is_numbered else None
        order = TopUp(payer, Money(cents), means="reader", mark=mark)
        try:
            look(books, lambda books: book(books, order))
        except Refused as refused:
            self._note(f"{cents} cents are in the reader, and not booked: {refused}")
            return True
        except DiskFull:
            return False
        except LedgerError as error:
            if isinstance(error, Damaged):
                self._till.handle(BooksLocked(lock_code(error)))
            return False
        self._kept = None  # with the booking something else was
        self._till.money_came()
        return True


def _recall(till: Till, reader: _Role) -> Kept | None:
    try:
        return recall(till.books, reader) if till.books is not None else None
    except LedgerError:
        return None
