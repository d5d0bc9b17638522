"""A till with scanner and keypad: real books, the real loop, evdev over pipes, a clock by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from hardware.evdev_input import Decoder, Input, RawDevice, open_input
from hardware.inputs import Places
from kpos.checkout.events import Sound
from kpos.checkout.layout import Frame
from kpos.checkout.states import Rules
from kpos.clock import SystemClock, real_ms
from kpos.config import Config, KeypadConfig, ScannerConfig
from kpos.domain.document import Document
from kpos.domain.values import replace
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.terminal.devices import DeviceInputs
from kpos.terminal.front import Front
from kpos.terminal.loop import Loop
from kpos.terminal.texts import load_texts
from kpos.terminal.till import Surroundings, Ticker, Till
from kpos.terminal.wiring import Wiring
from kpos.terminal.workers import Worker
from tests.hardware.strokes import Strokes

if TYPE_CHECKING:
    from tests.hardware.pipe import Plug

T = TypeVar("T")
PATIENCE_MS = 20_000
SCANNER, KEYPAD = "usb-PSC_QS6000-event-kbd", "usb-Sun_Keypad-event-kbd"


class Shown:
    """What came out."""

    def __init__(self) -> None:
        self.frame: Frame = ("", "", "", "")
        self.sounds: list[str] = []
        self.receipts: list[str | None] = []

    def show(self, frame: Frame) -> None:
        self.frame = frame

    def play(self, sound: Sound) -> None:
        self.sounds.append(sound)

    def heard(self, sound: Sound) -> None:
        self.play(sound)

    def booked(self, document: Document) -> None:
        self.receipts.append(document.receipt_number)


class Kiosk:
    """`scanner` and `keypad` are in their sockets; devices are plugged in as event0, event1, …"""

    def __init__(self, data: Path, dev: Path, *, stamps_monotonic: bool = False) -> None:
        self._dev = dev
        (dev / "by-id").mkdir(parents=True)
        self._plugs: dict[str, Plug] = {}
        self._stamps_monotonic = stamps_monotonic
        self.now_ms = 50_000
        self.shown = Shown()
        self.notes: list[str] = []
        self.loop = Loop()
        self._clock = SystemClock()
        self._worker = Worker(self.loop.post)
        self._books = Books(Folder(data), self._clock)
        self.till = Till(self._books, self._surroundings())
        self.scanner, self.keypad = self.plugs_in(SCANNER), self.plugs_in(KEYPAD)
        config = Config(scanner=ScannerConfig(device=SCANNER), keypad=KeypadConfig(device=KEYPAD))
        wiring = Wiring(self.loop, self.notes.append, self._open, lambda: self.now_ms)
        self.inputs = DeviceInputs(config, self.till, wiring)

    @property
    def screen(self) -> str:
        return "\n".join(self.shown.frame)

    # The hands

    def plugs_in(self, by_id: str) -> Plug:
        from tests.hardware.pipe import Plug

        plug = Plug()
        node = f"event{len(self._plugs)}"
        self._plugs[node] = plug
        (self._dev / node).touch()
        (self._dev / "by-id" / by_id).symlink_to(f"../{node}")
        return plug

    def pulls_out(self, by_id: str) -> None:
        """As the kernel does it: readable, and then gone."""
        link = self._dev / "by-id" / by_id
        plug = self._plugs[link.readlink().name]
        (self._dev / link.readlink().name).unlink()
        link.unlink()
        plug.is_pulled()
        plug.ends()

    def unplugs_and_plugs_in(self, by_id: str) -> Plug:
        """Before the till has looked."""
        self.pulls_out(by_id)
        return self.plugs_in(by_id)

    def strokes(self) -> Strokes:
        return Strokes(at_ms=self.now_ms)

    def scans(self, *codes: str) -> None:
        """All of them before the till looks."""
        strokes = self.strokes()
        for code in codes:
            strokes.scans(code)
        self.scanner.sends(strokes.events)

    def types(self, keys: str) -> None:
        from hardware import linux_input as li

        codes = {"#": li.KEY_KPENTER, "*": li.KEY_KPMINUS}
        digits = {digit: code for code, digit in li.KEYPAD_DIGITS.items()}
        self.keypad.sends(self.strokes().taps(*((codes | digits)[key] for key in keys)).events)

    # What it is made of

    def sounds_by(self, wrap: Callable[[Shown], Front]) -> None:
        """Let the sounds go through this."""
        self.till._around = replace(self.till._around, front=wrap(self.shown))

    # The time

    def waits_until(self, true: Callable[[], bool]) -> None:
        """Turn the loop until something holds."""
        give_up_ms = real_ms() + PATIENCE_MS
        ticker = Ticker(self.till, self._clock)

        def look() -> None:
            if true() or real_ms() > give_up_ms:
                self.loop.stop()

        self.loop._stopped = False
        self.loop.run(lambda: PATIENCE_MS, [self.inputs.after, ticker.after, look])
        assert true(), (self.screen, self.shown.sounds, self.notes)

    def sees(self, text: str) -> None:
        self.waits_until(lambda: text in self.screen)

    def time_passes(self, ms: int) -> None:
        self.now_ms += ms
        self.inputs.after()

    def close(self) -> None:
        self.inputs.close()
        for plug in self._plugs.values():
            plug.device.close()
            plug.ends()
        self._books.close()
        self.loop.close()

    def _open(self, where: str, decoder: Decoder[T]) -> Input[T]:
        places = Places(dev=self._dev, sys=self._dev / "sys")
        path = str(self._dev / "by-id" / where)
        if not self._stamps_monotonic:
            return open_input(path, decoder, places=places, opener=self._raw)
        from hardware.inputs import find_input

        # A pipe refuses the ioctl for the clock; a device does not.
        node = find_input(path, places)
        return Input(self._raw(node), decoder, path=node, is_monotonic=True)

    def _raw(self, path: str) -> RawDevice:
        return self._plugs[Path(path).name].device

    def _surroundings(self) -> Surroundings:
        return Surroundings(
            clock=self._clock,
            texts=load_texts(),
            front=self.shown,
            worker=self._worker,
            shut_down=lambda mode: None,
            rules=Rules(),
        )
