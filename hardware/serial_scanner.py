"""A barcode scanner on a serial line: from bytes to scans.

Pure and incremental: no port, no clock. All that makes a keyboard scanner hard (layouts, Shift,
autorepeat, lost events) does not exist here; endings, preambles and codes cut short do.
"""

from typing import Final

from hardware.scanner import (
    GAP_MS,
    SCAN_LENGTH_MAX,
    Fault,
    Scan,
    is_readable,
    without_preamble,
)

_GS: Final = 0x1D
# Tab, LF, CR, and the ETX and EOT of scanners that frame what they send.
_TERMINATORS: Final = frozenset(b"\t\n\r\x03\x04")
_DEL: Final = 0x7F


class SerialScanDecoder:
    """Collects what one scanner sends; one decoder per device.

    Args:
        preambles: what the scanner is set to send before a code, one of these; cut off.
        gap_ms: a pause this long ends what was begun.
        terminated: whether the scanner ends its codes; None finds out.
    """

    dropped: Final = 0  # nothing is: what is damaged is a Scan with its fault

    def __init__(
        self,
        preambles: tuple[str, ...] = (),
        *,
        gap_ms: int = GAP_MS,
        terminated: bool | None = None,
    ) -> None:
        self._preambles = preambles
        self._gap_ms = gap_ms
        self._terminated_as_told = terminated
        self._is_discarding = False
        self.reset()

    def reset(self) -> None:
        """Forget everything: the scanner was unplugged, another may come."""
        self._terminated = self._terminated_as_told
        self._last_ms = 0
        self._start_over()

    @property
    def deadline_ms(self) -> int | None:
        """When to call ``flush`` if nothing comes before."""
        return self._last_ms + self._gap_ms if self._code or self._is_discarding else None

    def feed(self, data: bytes, now_ms: int) -> list[Scan]:
        """Take bytes in the order they came; return the scans they complete."""
        self._last_ms = now_ms
        return [scan for byte in data for scan in self._take(byte)]

    def flush(self, now_ms: int) -> list[Scan]:
        """End what was begun, if the pause has lasted long enough."""
        deadline_ms = self.deadline_ms
        if deadline_ms is None or now_ms < deadline_ms:
            return []
        scans = self._end()
        # Half a code may be the whole of another: without its ending it is refused.
        return [Scan(fault=Fault.PARTIAL)] if scans and self._terminated else scans

    def _take(self, byte: int) -> list[Scan]:
        if byte in _TERMINATORS:
            self._terminated = self._terminated is None or self._terminated
            return self._end()
        # A NUL is what a line at the wrong speed or pulled out reads as; STX and the like frame.
        if self._is_discarding or (byte < ord(" ") and byte != _GS) or byte == _DEL:
            return []
        self._code.append(byte)
        if len(self._code) <= SCAN_LENGTH_MAX:
            return []
        self._start_over()
        self._is_discarding = True
        return [Scan(fault=Fault.OVERLONG)]

    def _end(self) -> list[Scan]:
        """Complete the scan, if one was begun, and be ready for the next."""
        code = bytes(self._code)
        self._start_over()
        if not code:
            return []
        text = _text(code)
        return [Scan(without_preamble(text, self._preambles)) if text else _UNREADABLE]

    def _start_over(self) -> None:
        self._code = bytearray()
        self._is_discarding = False


_UNREADABLE: Final = Scan(fault=Fault.UNREADABLE)


def _text(code: bytes) -> str:
    """Return the characters: UTF-8 as in most QR codes, else Latin-1; "" if neither can be."""
    for encoding in ("utf-8", "latin-1"):
        try:
            text = code.decode(encoding)
        except UnicodeDecodeError:
            continue
        if is_readable(text):
            return text
    return ""
