"""A 4x4 key matrix on port B of an MCP23017, beside a display on port A.

Registers from Microchip's data sheet DS20001952, table 3-5, with IOCON.BANK = 0 as after power-up;
IOCON itself and the registers of port A are never written. Rows 1 to 4 hang on GPB0 to GPB3,
columns 1 to 4 on GPB4 to GPB7, without diodes or resistors.

One row at a time is an output at 0; all others are inputs with pull-ups. So no two outputs ever
meet through two keys, whatever is pressed. PINs are typed here: neither a repr nor a log shows a
key.
"""

from collections.abc import Mapping
from typing import Final, Protocol

from hardware.keypad import KEYS, check_keymap

IODIRB: Final = 0x01  # 1: input
IPOLB: Final = 0x03  # 1: read inverted
GPPUB: Final = 0x0D  # 1: pull-up of 100 kOhm
GPIOB: Final = 0x13
OLATB: Final = 0x15

# As printed on the pads sold for this, row by row. A to D do nothing unless a keymap says what.
LABELS: Final = "123A456B789C*0#D"
_ROWS: Final = 4
_COLUMNS: Final = 4
_COLUMN_PINS: Final = 0xF0
_ALL_ROWS_LOW: Final = 0xF0  # in IODIRB: every row an output

# With three corners of a rectangle held the fourth reads as held too.
_KEYS_AT_ONCE_MAX: Final = 2
# A chip that lost its power for a moment has forgotten its pull-ups, and every key is dead. At 50
# polls a second it is looked at once a second.
_POLLS_BETWEEN_CHECKS: Final = 50


class RegisterBus(Protocol):
    """``smbus2.SMBus``, as far as it is used; one call is one transaction on the wire."""

    def read_byte_data(self, address: int, register: int) -> int:
        """Return a register; raises OSError if nobody answers."""
        ...

    def write_byte_data(self, address: int, register: int, value: int) -> None:
        """Set a register; raises OSError if nobody answers."""
        ...


class Matrix:
    """The keys of one matrix, asked for by ``poll`` about 50 times a second.

    Args:
        bus: the I2C bus.
        address: 0x20 to 0x27.
        keymap: label -> what it types, laid over the twelve keys.

    Raises:
        ValueError: if the keymap names a label that is none, or types what is no key.
    """

    def __init__(
        self, bus: RegisterBus, address: int, keymap: Mapping[str, str] | None = None
    ) -> None:
        self._bus = bus
        self._address = address
        self._keymap = matrix_keymap(keymap or {})
        self._seen: frozenset[int] = frozenset()
        self._held: frozenset[int] = frozenset()
        self._polls_to_check = _POLLS_BETWEEN_CHECKS

    def start(self) -> None:
        """Set port B up.

        Raises:
            OSError: the chip does not answer.
        """
        for register, value in (
            (OLATB, 0),
            (IPOLB, 0),
            (GPPUB, 0xFF),
            (IODIRB, _ALL_ROWS_LOW),
        ):
            self._write(register, value)
        self._seen = self._held = frozenset()
        self._polls_to_check = _POLLS_BETWEEN_CHECKS

    def poll(self) -> list[str]:
        """Return the keys that went down since the last call, one character each.

        One transaction while nothing is held. A key counts when two polls in a row see it, for
        contacts bounce for some milliseconds.

        Raises:
            OSError: the chip does not answer; ``start`` again.
        """
        self._polls_to_check -= 1
        held = self._read(GPIOB) & _COLUMN_PINS != _COLUMN_PINS
        if (held or not self._polls_to_check) and not self._is_set_up():
            self.start()
            return []
        return self._settle(self._scan() if held else frozenset())

    def _is_set_up(self) -> bool:
        self._polls_to_check = _POLLS_BETWEEN_CHECKS
        return self._read(GPPUB) == 0xFF and self._read(IODIRB) == _ALL_ROWS_LOW

    def _scan(self) -> frozenset[int]:
        """Return the numbers of the keys that are down, row by row."""
        down = set()
        for row in range(_ROWS):
            self._write(IODIRB, 0xFF & ~(1 << row))
            columns = ~self._read(GPIOB) >> _ROWS
            down |= {row * _COLUMNS + bit for bit in range(_COLUMNS) if columns >> bit & 1}
        self._write(IODIRB, _ALL_ROWS_LOW)
        return frozenset(down)

    def _settle(self, down: frozenset[int]) -> list[str]:
        """Debounce."""
        seen, self._seen = self._seen, down
        if down != seen or down == self._held:
            return []
        new, self._held = down - self._held, down
        if len(down) > _KEYS_AT_ONCE_MAX:
            return []
        return [key for number in sorted(new) for key in self._keymap[LABELS[number]]]

    def _read(self, register: int) -> int:
        return self._bus.read_byte_data(self._address, register)

    def _write(self, register: int, value: int) -> None:
        self._bus.write_byte_data(self._address, register, value)


def matrix_keymap(keymap: Mapping[str, str]) -> Mapping[str, str]:
    """Return what each label types.

    Raises:
        ValueError: as ``Matrix``.
    """
    for label in keymap:
        if len(label) != 1 or label not in LABELS:
            msg = f"the matrix has no key {label!r}; there are {' '.join(LABELS)}"
            raise ValueError(msg)
    whole = {label: label if label in KEYS else "" for label in LABELS} | dict(keymap)
    check_keymap(whole)
    return whole
