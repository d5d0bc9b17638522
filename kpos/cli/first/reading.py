"""kpos-setup.toml: from the bytes on the card to wishes, or to all that is wrong with them."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kpos.cli.first.complaints import complaint
from kpos.cli.first.said import Fault, Said, Wrong
from kpos.cli.first.text import text_of
from kpos.cli.first.wishes import (
    Network,
    Person,
    Wawi,
    Wishes,
    address_fault,
    code_fault,
    dns_fault,
    file_fault,
    fingerprint_fault,
    gateway_fault,
    key_fault,
    name_fault,
    number_fault,
    person_fault,
    secret_fault,
    url_fault,
    zone_fault,
)
from kpos.config import Config, ConfigError, parse_config
from kpos.domain.values import fields

# What a person may call it, Windows having hidden an ending.
_NAMES = re.compile(r"kpos-setup(\.toml(\.txt)?|\.txt)", re.IGNORECASE)
_SECTION = re.compile(r"\s*\[\s*([\w.-]+)\s*\]")
_KEY = re.compile(r"\s*([\w-]+)\s*=\s*")

_Check = Callable[[str], Said | None]
# Sections of this file alone. What is not checked here is where it is used with others.
_OWN: dict[str, dict[str, _Check]] = {
    "person": {"name": person_fault, "number": number_fault, "pin": secret_fault},
    "wawi": {"url": url_fault, "code": code_fault, "fingerprint": fingerprint_fault},
    "ssh": {"key": lambda _text: None},
    "network": {"address": address_fault, "gateway": dns_fault, "dns": dns_fault},
    "restore": {"file": file_fault},
}
_NEEDED = {"person": ("name", "number", "pin"), "wawi": ("url", "code"), "network": ("address",)}
# [till] data is a matter of the appliance.
_OF_CONFIG: dict[str, tuple[str, ...]] = {
    section.name: tuple(option.name for option in fields(getattr(Config(), section.name)))
    for section in fields(Config)
}
_ALLOWED: dict[str, tuple[str, ...]] = {
    **{name: tuple(options) for name, options in _OWN.items()},
    **_OF_CONFIG,
    "till": ("name", "language", "time_zone"),
}


def find_file(folder: Path) -> Path | None:
    """The file of a FAT partition, by whichever name.

    Raises:
        Wrong: if there are two.
    """
    found = sorted(each for each in folder.glob("*") if _NAMES.fullmatch(each.name))
    if len(found) > 1:
        names = ", ".join(each.name for each in found)
        said = Said(f"nur eine davon bitte: {names}", f"only one of these, please: {names}")
        raise Wrong(Fault(said))
    return found[0] if found else None


def read(content: bytes) -> Wishes:
    """What a file says.

    Raises:
        Wrong: with every fault of it.
    """
    text = text_of(content)
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Wrong(complaint(str(error), text.split("\n"))) from error
    places = Places(text)
    faults = list(_faults(values, places))
    if faults:
        raise Wrong(*faults)
    return _wishes(values)


def config_of(content: bytes) -> Mapping[str, Mapping[str, Any]]:
    """The sections for devices of a file that may be wrong elsewhere: to say so on its display."""
    try:
        values = tomllib.loads(text_of(content))
        sections = {name: values[name] for name in _OF_CONFIG if name in values and name != "till"}
        parse_config(sections)
    except (Wrong, ValueError, RecursionError, ConfigError):
        return {}
    return sections


class Places:
    """Where sections and options stand in a text."""

    def __init__(self, text: str) -> None:
        self._at: dict[tuple[str, str], tuple[int, int]] = {}
        section = ""
        for number, line in enumerate(text.split("\n"), 1):
            header, key = _SECTION.match(line), _KEY.match(line)
            if header is not None:
                section = header[1]
                self._at.setdefault((section, ""), (number, header.start(1) + 1))
            elif key is not None:
                self._at.setdefault((section, key[1]), (number, key.start(1) + 1))
                self._at.setdefault((section, f"{key[1]}="), (number, key.end() + 1))

    def fault(self, said: Said, section: str, option: str = "") -> Fault:
        """At an option's name, or behind its ``=`` (``name=``), or at its section."""
        line, column = self._at.get((section, option), self._at.get((section, ""), (0, 0)))
        return Fault(said, line, column)


def _faults(values: Mapping[str, Any], places: Places) -> Iterator[Fault]:
    for section, content in values.items():
        if not isinstance(content, dict):
            yield places.fault(_homeless(section), "", section)
        elif section not in _ALLOWED:
            yield places.fault(
                _unknown(f"[{section}]", [f"[{each}]" for each in _ALLOWED]), section
            )
        else:
            yield from _section_faults(section, content, places)
    yield from _together(values, places)


def _homeless(option: str) -> Said:
    in_order = {"till": _ALLOWED["till"], **_ALLOWED}
    section = next((name for name, options in in_order.items() if option in options), "till")
    return Said(
        f"{option} steht über allen Abschnitten: davor gehört eine Zeile [{section}]",
        f"{option} stands above all sections: write a line [{section}] before it",
    )


def _unknown(word: str, known: list[str]) -> Said:
    near = difflib.get_close_matches(word.lower(), known, 1, 0.6)
    all_of = ", ".join(known)
    if near:
        return Said(f"{word} gibt es nicht. Gemeint ist vielleicht {near[0]}?",
                    f"there is no {word}. Is {near[0]} meant?")  # fmt: skip
    return Said(f"{word} gibt es nicht; es gibt {all_of}", f"there is no {word}; there is {all_of}")


def _section_faults(section: str, content: Mapping[str, Any], places: Places) -> Iterator[Fault]:
    allowed = _ALLOWED[section]
    for option, value in content.items():
        if option not in allowed:
            yield places.fault(_unknown(option, list(allowed)), section, option)
        elif (said := _value_fault(section, option, value)) is not None:
            yield places.fault(said, section, f"{option}=")
    for option in _NEEDED.get(section, ()):
        if option not in content:
            said = Said(f"in [{section}] fehlt {option}", f"{option} is missing in [{section}]")
            yield places.fault(said, section)


def _value_fault(section: str, option: str, value: object) -> Said | None:
    if (section, option) == ("ssh", "key"):
        faults = (key_fault(each) for each in _keys(value) or [""])
        return next((said for said in faults if said is not None), None)
    if section in _OWN:
        if isinstance(value, bool) or not isinstance(value, str | int):
            return Said(
                f'das gehört zwischen zwei ": {option} = "…"',
                f'this belongs between two ": {option} = "…"',
            )
        return _OWN[section][option](str(value).strip())
    if option == "time_zone":
        return zone_fault(str(value))
    if (section, option) == ("till", "name"):
        return name_fault(value if isinstance(value, str) else "")
    return _config_fault(section, option, value)


def _config_fault(section: str, option: str, value: object) -> Said | None:
    try:
        parse_config({section: {option: value}})
    except ConfigError as error:
        why = str(error).rpartition(": ")[2].replace("must be", "").strip()
        return Said(f"{option} geht so nicht, sondern: {why}", f"{option} must be {why}")
    return None


def _together(values: Mapping[str, Any], places: Places) -> Iterator[Fault]:
    """What is right by itself and wrong beside something else."""
    if "person" in values and "wawi" in values:
        said = Said(
            "mit einer WaWi kommen die Leute von dort: [person] weglassen (# vor jede Zeile)",
            "with a WaWi the people come from there: leave [person] out (# before each line)",
        )
        yield places.fault(said, "person")
    network = values.get("network")
    if isinstance(network, dict) and isinstance(network.get("address"), str):
        address, gateway = network["address"], network.get("gateway", "")
        if address_fault(address) is None and dns_fault(str(gateway)) is None:
            said_ = gateway_fault(str(gateway), address)
            if said_ is not None:
                yield places.fault(said_, "network", "gateway=")


def _keys(value: object) -> list[str]:
    """One line each, as one text or as a list."""
    parts = value if isinstance(value, list) else [value]
    lines = [line.strip() for part in parts for line in str(part).splitlines()]
    if any("PRIVATE KEY" in line for line in lines):
        return [" ".join(lines)]
    return [line for line in lines if line]


def _wishes(values: Mapping[str, Any]) -> Wishes:
    """Of values without a fault."""
    words = {
        name: {option: str(value).strip() for option, value in content.items()}
        for name, content in values.items()
        if name in _OWN and name != "ssh"
    }
    person, wawi, network = words.get("person"), words.get("wawi"), words.get("network")
    config = {name: dict(content) for name, content in values.items() if name in _OF_CONFIG}
    zone = config.get("till", {}).pop("time_zone", "")
    return Wishes(
        {name: content for name, content in config.items() if content},
        zone=zone,
        person=Person(person["name"], int(person["number"]), person["pin"]) if person else None,
        wawi=Wawi(**wawi) if wawi else None,
        ssh_keys=tuple(_keys(values["ssh"]["key"])) if values.get("ssh") else (),
        network=Network(**network) if network else None,
        backup=words.get("restore", {}).get("file", ""),
    )
