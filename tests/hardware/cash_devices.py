"""Readers of coins and notes on ptys, emulated byte by byte, on a line that spoils what it can.

``Noise`` decides what happens to each message; a device knows its protocol and nothing else.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from hardware import cctalk, ssp
from hardware.cash import CashDevice, CashEvent, Credit
from hardware.cash_input import SerialCash
from hardware.serial_port import SerialPort, open_port
from tests.hardware.ptys import PtyPlug, waits_for


class Noise:
    """One message in so many is spoiled, in one of these ways."""

    def __init__(self, seed: int = 0, *, share: float = 0.0) -> None:
        self._chance = random.Random(seed)
        self.share = share
        self.spoiled = 0

    def passes(self, message: bytes) -> bytes:
        if not message or self._chance.random() >= self.share:
            return message
        self.spoiled += 1
        at = self._chance.randrange(len(message))
        ways: tuple[Callable[[], bytes], ...] = (
            lambda: b"",
            lambda: message + message,
            lambda: message[:at] + message[at + 1 :],
            lambda: message[:at] + message[at : at + 1] + message[at:],
            lambda: (
                message[:at]
                + bytes([message[at] ^ 1 << self._chance.randrange(8)])
                + message[at + 1 :]
            ),
            lambda: message[:at],
            lambda: self._chance.randbytes(3) + message,
        )
        return self._chance.choice(ways)()


class EmulatedCoinAcceptor:
    """ccTalk device 2 with euro coins at positions 1 to 8."""

    COINS = (b"EU001A", b"EU002A", b"EU005A", b"EU010A", b"EU020A", b"EU050A", b"EU100A", b"EU200A")

    def __init__(self, noise: Noise, *, has_echo: bool = True) -> None:
        self.noise = noise
        self.has_echo = has_echo
        self.category = b"Coin Acceptor"
        self.polls = 0
        self.loses_power()

    def loses_power(self) -> None:
        self.counter = 0
        self.events: list[tuple[int, int]] = []
        self.mask = 0
        self.master = False

    def insert(self, position: int) -> bool:
        """Whether the coin was taken."""
        if self.master and self.mask >> position - 1 & 1:
            self.happens(position, 0)
            return True
        self.happens(0, 3)  # inhibited coin: an event too
        return False

    def happens(self, position: int, code: int) -> None:
        self.counter = self.counter % 255 + 1
        self.events = [(position, code), *self.events][:5]

    def serve(self, received: bytes) -> bytes:
        """What the host hears: itself, and the answer."""
        heard = self.noise.passes(received)
        echo = self.noise.passes(received) if self.has_echo else b""
        valid = len(heard) >= 5 and len(heard) == 5 + heard[1] and sum(heard) & 0xFF == 0
        if not valid or heard[0] != cctalk.COIN_ACCEPTOR:
            return echo
        answer = self.answers(heard[3], heard[4:-1])
        if answer is None:
            return echo
        return echo + self.noise.passes(cctalk.message(heard[2], heard[0], 0, answer))

    def answers(self, header: int, data: bytes) -> bytes | None:
        if header == cctalk.REQUEST_EQUIPMENT_CATEGORY:
            return self.category
        if header == cctalk.REQUEST_COIN_ID:
            return self.COINS[data[0] - 1] if data[0] <= len(self.COINS) else b"......"
        if header == cctalk.MODIFY_INHIBIT_STATUS:
            self.mask = int.from_bytes(data, "little")
        elif header == cctalk.MODIFY_MASTER_INHIBIT:
            self.master = bool(data[0])
        elif header == cctalk.READ_BUFFERED_CREDITS:
            self.polls += 1
            padded = [*self.events, *5 * [(0, 0)]][:5]
            return bytes([self.counter, *(byte for event in padded for byte in event)])
        elif header != cctalk.SIMPLE_POLL:
            return None
        return b""


class EmulatedNoteValidator:
    """SSP device 0 with 5, 10, 20 and 50 euro on channels 1 to 4."""

    NOTES = (5, 10, 20, 50)

    def __init__(self, noise: Noise, *, protocol: int = 6) -> None:
        self.noise = noise
        self.protocol = protocol
        self.reader = ssp.FrameReader()
        self.polls = 0
        self.stacked: list[int] = []
        self.returned: list[int] = []
        self.last_answer = b""
        self.loses_power()

    def loses_power(self) -> None:
        self.last_head: int | None = None
        self.mask = 0
        self.is_enabled = False
        self.escrow = 0
        self.news = [bytes([ssp.SLAVE_RESET])]

    def insert(self, channel: int) -> bool:
        """Whether the note was drawn in."""
        if not (self.is_enabled and self.mask >> channel - 1 & 1) or self.escrow:
            return False
        self.news.append(bytes([ssp.READ, 0]))
        self.news.append(bytes([ssp.READ, channel]))
        self.escrow = channel
        return True

    def serve(self, received: bytes) -> bytes:
        sent = b""
        for head, data in self.reader.feed(self.noise.passes(received)):
            # The same bit again: repeat. SYNC is always new.
            if head != self.last_head or data[0] == ssp.SYNC:
                self.last_head = head
                self.last_answer = bytes([ssp.OK]) + self.answers(data)
            sent += self.noise.passes(ssp.frame(head, self.last_answer))
        return sent

    def answers(self, data: bytes) -> bytes:
        command = data[0]
        if command == ssp.SETUP_REQUEST:
            return self.setup()
        if command == ssp.SET_INHIBITS:
            self.mask = int.from_bytes(data[1:3], "little")
        elif command in (ssp.ENABLE, ssp.DISABLE):
            self.is_enabled = command == ssp.ENABLE
        elif command == ssp.REJECT:
            self.returned += [self.escrow]
            self.escrow = 0
            self.news.append(b"\xed\xec")
        elif command == ssp.POLL:
            return self.poll()
        return b""

    def poll(self) -> bytes:
        self.polls += 1
        said, self.news = b"".join(self.news), []
        if self.escrow and not said:
            # The host has seen it and polls again: that takes the note.
            said = bytes([0xCC, ssp.NOTE_CREDIT, self.escrow, 0xEB])
            self.stacked.append(self.escrow)
            self.escrow = 0
        return said if self.is_enabled else said + b"\xe8"

    def setup(self) -> bytes:
        count = len(self.NOTES)
        legacy = b"\x00" + b"0333" + b"EUR" + b"\x00\x00\x01" + bytes([count, *self.NOTES])
        legacy += bytes(count * [2]) + (100).to_bytes(3, "big") + bytes([self.protocol])
        if self.protocol < 6:
            return legacy
        return legacy + count * b"EUR" + b"".join(note.to_bytes(4, "little") for note in self.NOTES)


D = TypeVar("D", EmulatedCoinAcceptor, EmulatedNoteValidator)


class _CountingPort(SerialPort):
    """So that a bench knows how many bytes are on their way."""

    sent = 0

    def write(self, data: bytes) -> None:
        self.sent += len(data)
        super().write(data)


class Bench(Generic[D]):
    """A reader on a pty, and the program at the other end; time passes only when both wait."""

    def __init__(
        self,
        link: Path,
        device: D,
        make: Callable[[], CashDevice],
    ) -> None:
        self.device: D = device
        self.now_ms = 1_000
        self.link = link
        self.cash_device = make()
        self.plug_in()
        self.events: list[CashEvent] = []
        self.settles = True
        self.is_dead = False

    def plug_in(self) -> None:
        self.plug = PtyPlug(self.link)
        port = open_port(str(self.link))
        self.port = _CountingPort(port._port, port.path)
        self.source = SerialCash(self.port, self.cash_device, lambda: self.now_ms)
        self.received = 0

    def replug(self) -> None:
        """The wire, or its adapter; the device keeps its power."""
        self.close()
        self.plug_in()

    @property
    def cents(self) -> list[int]:
        return [event.cents for event in self.events if isinstance(event, Credit)]

    @property
    def troubles(self) -> list[str]:
        return [event.text for event in self.events if not isinstance(event, Credit)]

    def turn(self) -> None:
        """One message each way, or the next timer."""
        on_the_way = self.port.sent - self.received
        answer = b""
        if on_the_way:
            waits_for(self.plug.device, on_the_way)
            received = os.read(self.plug.device, 4096)
            self.received += len(received)
            answer = b"" if self.is_dead else self.device.serve(received)
        if answer:
            self.plug.sends(answer)
            self.take(self.source.read())
            self.now_ms += 20
        elif self.source.deadline_ms is not None:
            self.now_ms = max(self.now_ms, self.source.deadline_ms)
            self.take(self.source.flush(self.now_ms))

    def take(self, events: list[CashEvent]) -> None:
        self.events += events
        if self.settles:
            self.source.settle()

    def turns_until(self, true: Callable[[], object], limit: int = 20_000) -> None:
        for _ in range(limit):
            if true():
                return
            self.turn()
        raise AssertionError((self.events, vars(self.device)))

    def turns(self, polls: int = 3) -> None:
        """Until the device was asked so often."""
        enough = self.device.polls + polls
        self.turns_until(lambda: self.device.polls >= enough)
        self.turn()

    def close(self) -> None:
        self.source.close()
        self.plug.is_pulled()
