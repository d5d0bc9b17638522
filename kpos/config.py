"""kpos.toml: devices, paths, timeouts, language. What affects bookings is a setting in the books.

Every option has a default that a club would choose; an unknown option or a value out of range
refuses to start and says which. `config/kpos.toml` lists them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from kpos.domain.member import LANGUAGES, Language
from kpos.domain.values import dataclass, fields

DEFAULT_FILE = Path("/etc/kpos/kpos.toml")
DEFAULT_DATA = Path("/var/lib/kpos")
_SECONDS_MAX = 3600
_NAME_MAX = 30
# What a message quotes of a file; the longest reason of tomllib's has about 80 characters.
_SHOWN_MAX = 120


class ConfigError(Exception):
    """The configuration cannot be used; the message names file, option and what is allowed."""


@dataclass(frozen=True, slots=True)
class TillConfig:
    """``[till]``: how the till presents itself, and where its data are."""

    name: str = "kpos"
    language: Language = "de"
    data: str = str(DEFAULT_DATA)


@dataclass(frozen=True, slots=True)
class TimeoutConfig:
    """``[timeouts]``, in seconds."""

    purchase_s: int = 60
    menu_s: int = 30
    pin_s: int = 20
    result_s: int = 5


@dataclass(frozen=True, slots=True)
class ScannerConfig:
    """``[scanner]``: by path or by-id name, several with blanks between; empty: none.

    `layout` is the keyboard layout it is set to, `preambles` what it sends before a code; `line` is
    speed and framing of a serial one.
    """

    device: str = ""
    layout: str = "us"
    preambles: str = ""
    line: str = "9600 8N1"


@dataclass(frozen=True, slots=True)
class CardReaderConfig:
    """``[card_reader]``: as ``[scanner]``."""

    device: str = ""
    line: str = "9600 8N1"


@dataclass(frozen=True, slots=True)
class KeypadConfig:
    """``[keypad]``: as ``[scanner]``; `keymap` is laid over what its keys type anyway."""

    device: str = ""
    line: str = "9600 8N1"
    keymap: str = ""


@dataclass(frozen=True, slots=True)
class SoundConfig:
    """``[sound]``: who makes the sounds, and where the house's own waves are."""

    player: str = "bell"
    folder: str = ""


@dataclass(frozen=True, slots=True)
class CashConfig:
    """``[cash]``: serial ports of a coin acceptor (ccTalk) and a note validator (SSP)."""

    coins: str = ""
    notes: str = ""


DisplayKind = Literal["none", "pcf8574", "mcp23017", "mcp23008", "gpio", "pigpio", "serial", "lcdd"]
Rom = Literal["a00", "a02", "st0b"]


@dataclass(frozen=True, slots=True)
class DisplayConfig:
    """``[display]``: what members look at; `where` is by kind, empty the usual place."""

    kind: DisplayKind = "none"
    where: str = ""
    size: str = "40x4"
    rom: Rom = "a00"
    driver: str = "rplcd"
    baud: int = 19200
    dim_after_s: int = 300


@dataclass(frozen=True, slots=True)
class Config:
    """A whole kpos.toml."""

    till: TillConfig = TillConfig()
    timeouts: TimeoutConfig = TimeoutConfig()
    scanner: ScannerConfig = ScannerConfig()
    card_reader: CardReaderConfig = CardReaderConfig()
    keypad: KeypadConfig = KeypadConfig()
    display: DisplayConfig = DisplayConfig()
    sound: SoundConfig = SoundConfig()
    cash: CashConfig = CashConfig()


_SECTIONS: dict[str, type] = {
    "till": TillConfig,
    "timeouts": TimeoutConfig,
    "scanner": ScannerConfig,
    "card_reader": CardReaderConfig,
    "keypad": KeypadConfig,
    "display": DisplayConfig,
    "sound": SoundConfig,
    "cash": CashConfig,
}
_ALLOWED: dict[str, tuple[str, ...] | tuple[int, ...]] = {
    "language": LANGUAGES,
    "layout": ("us", "de"),
    "player": ("bell", "pcspkr", "aplay", "none"),
    "kind": get_args(DisplayKind),
    "size": ("40x4", "20x4", "16x2"),
    "rom": get_args(Rom),
    "driver": ("rplcd", "packed"),
    "baud": (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200),
}
# Seconds of which none is a wish, too.
_MAY_BE_NONE = {"dim_after_s"}


def load_config(path: Path | None) -> Config:
    """The named file, else /etc/kpos/kpos.toml if it is there, else the defaults.

    Raises:
        ConfigError: if a named file is missing, or the file cannot be used.
    """
    if path is None and not DEFAULT_FILE.exists():
        return Config()
    return read_config(path or DEFAULT_FILE)


def read_config(path: Path) -> Config:
    """One file.

    Raises:
        ConfigError: with file, option and what is allowed.
    """
    try:
        values = read_toml(path)
    except FileNotFoundError as error:
        msg = f"{path} is not there"
        raise ConfigError(msg) from error
    try:
        return parse_config(values)
    except ConfigError as error:
        msg = f"{path}: {error}"
        raise ConfigError(msg) from error


def read_toml(path: Path) -> dict[str, Any]:
    """What a file says, whatever that is.

    Raises:
        FileNotFoundError: if there is none.
        ConfigError: if it cannot be read, or is no TOML.
    """
    import tomllib

    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        raise
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise ConfigError(msg) from error
    except (ValueError, RecursionError) as error:
        # Besides what it is made to raise, tomllib fails at numbers of thousands of digits and at
        # brackets within brackets within brackets.
        msg = f"{path} is no TOML: {_short(str(error))}"
        raise ConfigError(msg) from error


def parse_config(values: Mapping[str, Any]) -> Config:
    """A parsed TOML document.

    Raises:
        ConfigError: for an unknown section or option, or a value out of range.
    """
    sections = {}
    for name, content in values.items():
        if name not in _SECTIONS or not isinstance(content, dict):
            msg = f"[{_short(name)}] is no section; there are {', '.join(_SECTIONS)}"
            raise ConfigError(msg)
        sections[name] = _section(name, _SECTIONS[name], content)
    return Config(**sections)


def _section(name: str, kind: type, content: Mapping[str, Any]) -> Any:  # noqa: ANN401
    defaults = {item.name: item.default for item in fields(kind)}
    for option, value in content.items():
        if option not in defaults:
            msg = f"[{name}] has no option {_shown(option)}; there are {', '.join(defaults)}"
            raise ConfigError(msg)
        fault = _fault(option, value, defaults[option])
        if fault is not None:
            msg = f"[{name}] {option} = {_shown(value)}: {fault}"
            raise ConfigError(msg)
    return kind(**content)


def _fault(option: str, value: object, default: object) -> str | None:
    """What is wrong with a value, or None."""
    if type(value) is not type(default):
        return "must be a text" if isinstance(default, str) else "must be a whole number"
    if isinstance(value, str) and not value.isprintable():
        return "has a character that cannot be shown"
    if option in _ALLOWED:
        allowed = _ALLOWED[option]
        return None if value in allowed else f"must be one of {', '.join(map(str, allowed))}"
    least = 0 if option in _MAY_BE_NONE else 1
    if isinstance(value, int) and not least <= value <= _SECONDS_MAX:
        return f"must be from {least} to {_SECONDS_MAX} seconds"
    if option == "name" and not (isinstance(value, str) and 1 <= len(value) <= _NAME_MAX):
        return f"must have 1 to {_NAME_MAX} characters"
    return None


def _shown(value: object) -> str:
    """A value as it stands in the file, by mistake perhaps."""
    try:
        return _short(repr(value))
    except (ValueError, RecursionError):  # digits by the thousand, or tables in tables in tables
        return f"(too long, a {type(value).__name__})"


def _short(text: str) -> str:
    """One line of a terminal or two, and nothing that would move its cursor."""
    text = "".join(character if character.isprintable() else "?" for character in text)
    return text if len(text) <= _SHOWN_MAX else text[: _SHOWN_MAX - 1] + "…"
