"""What is plugged in, as sections of kpos.toml for a till of which nobody has written one."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

from hardware.finding.found import Found, Machine
from hardware.finding.keyboards import find_keyboards
from hardware.finding.machine import find_all
from kpos.cli.hardware_lines import rule_of, sections_of
from kpos.config import Config

# Whether anything hangs on the pins of a board cannot be seen: they are left alone.
_NOT_SEEN = {"gpio_display"}


def found_devices(root: Path) -> dict[str, dict[str, str]]:
    """Sections by name; those with nothing in them are left out."""
    return sections(find_all(Machine(root)))


def sections(found: Iterable[Found]) -> dict[str, dict[str, str]]:
    """Of these devices."""
    return sections_of([each for each in found if each.role not in _NOT_SEEN])


def rules_of(root: Path, config: Config) -> str:
    """Lines for udev that give the till what types and is named in its kpos.toml.

    systemd/70-kpos-devices.rules does so for scanners by their makers; of pads there are too many,
    and a keyboard that nobody named is nobody's.
    """
    named = " ".join((config.scanner.device, config.card_reader.device, config.keypad.device))
    found = find_keyboards(Machine(root))
    lines = {rule_of(each) for each in found if each.rule and _is_named(each, named.split())}
    return "".join(f"{line}\n" for line in sorted(lines))


def _is_named(found: Found, names: Iterable[str]) -> bool:
    own = (found.name, found.path, Path(found.name).name)
    return any(
        f"({name})" in found.what or any(fnmatch(each, name) for each in own) for name in names
    )
