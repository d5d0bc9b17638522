"""What a device may be, by its maker's number and by what it calls itself.

Vendors and products as in Linux's USB ids (hwdb of systemd, 252). A keyboard is a keyboard to the
kernel, whoever types on it, and a serial port says nothing about what hangs on it: so these are
guesses, and each says what it was made from.
"""

import re
from collections.abc import Mapping
from typing import Final

from hardware.finding.found import Role

_VENDORS: Final[Mapping[str, tuple[Role, str]]] = {
    "05f9": ("scanner", "PSC/Datalogic"),
    "080c": ("scanner", "Datalogic"),
    "0c2e": ("scanner", "Metrologic/Honeywell"),
    "0536": ("scanner", "Hand Held Products/Honeywell"),
    "05e0": ("scanner", "Symbol/Zebra"),
    "1eab": ("scanner", "Newland"),
    "065a": ("scanner", "Opticon"),
    "067e": ("scanner", "Intermec"),
    "0c27": ("card_reader", "RFIDeas"),
    "09d8": ("card_reader", "Elatec"),
    "191c": ("notes", "Innovative Technology"),
}
_PRODUCTS: Final[Mapping[str, tuple[Role, str]]] = {
    # What many readers for 125 kHz call themselves, whoever made them.
    "08ff:0009": ("card_reader", "its numbers are those of cheap RFID readers"),
    "ffff:0035": ("card_reader", "its numbers are those of cheap RFID readers"),
    "0581:0107": ("scanner", "its numbers are those of a Tera scanner"),
    "0581:020c": ("scanner", "its numbers are those of a Tera scanner"),
    "13ba:0001": ("keypad", "its numbers are those of a numeric keypad"),
    **{
        f"0403:fa0{last}": ("serial_display", "its numbers are those of Matrix Orbital")
        for last in range(7)
    },
}
_NAMES: Final[Mapping[Role, str]] = {
    "card_reader": r"rfid|nfc|prox|em4100|125k|sycreader|card ?reader|mifare",
    "scanner": r"scan|bar ?code|imager|datalogic|honeywell|netum|inateck",
    "keypad": r"key ?pad|num(eric|ber)? ?pad|numeric|calculator",
    "coins": r"cc ?talk|coin",
    "notes": r"\bNV\d+|\bSSP\b|validator|banknote|innovative",
    "serial_display": r"matrix.?orbital|\blcd\b|\blk\d\d",
}
UNSEEN: Final = "what is behind it cannot be seen"
# Chips that turn USB into a serial port for anything.
_ADAPTERS: Final[Mapping[str, str]] = {
    "0403": "FTDI",
    "067b": "Prolific",
    "1a86": "CH340",
    "10c4": "CP210x",
    "04d8:00dd": "MCP2221",
}


def keyboard_role(vendor_product: str, name: str, *, has_letters: bool) -> tuple[Role, str]:
    """Role of what types, and what that was guessed from."""
    role, reason = _by_maker(vendor_product, name)
    if role in ("scanner", "card_reader", "keypad"):
        return role, reason
    if not has_letters:
        return "keypad", "it has digits and no letters"
    return "keyboard", "it has all keys, as many scanners and readers pretend to"


def serial_role(vendor_product: str, name: str) -> tuple[Role, str]:
    """Role of what hangs on a serial port, and what that was guessed from."""
    role, reason = _by_maker(vendor_product, name)
    if role != "keyboard":
        return role, reason
    adapter = _ADAPTERS.get(vendor_product) or _ADAPTERS.get(vendor_product.partition(":")[0])
    if adapter:
        return "serial", f"an adapter ({adapter}): {UNSEEN}"
    return "serial", UNSEEN


def _by_maker(vendor_product: str, name: str) -> tuple[Role, str]:
    if vendor_product in _PRODUCTS:
        return _PRODUCTS[vendor_product]
    for role, words in _NAMES.items():
        if re.search(words, name, re.IGNORECASE):
            return role, "by its name"
    known = _VENDORS.get(vendor_product.partition(":")[0])
    return (known[0], f"its maker is {known[1]}") if known else ("keyboard", "")
