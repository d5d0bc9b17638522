"""Wishes carried out, step by step; whatever was done already is left as it is.

Power may go at any moment. Each step is one durable change, or some that may be made again.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from kpos.cli.common import author, give_to_owner, reading, request
from kpos.cli.first.said import Fault, Said, Wrong
from kpos.cli.first.wishes import Network, Person, Sections, Wishes, hostname_of
from kpos.cli.first.writing import toml_of, write_durably
from kpos.clock import SystemClock
from kpos.config import Config, ConfigError, parse_config, read_toml
from kpos.domain.member import Language
from kpos.domain.refusal import Refused
from kpos.domain.values import fields
from kpos.ledger.files import Folder
from kpos.ledger.reading import Identity

_FOR_ALL, _FOR_ROOT = 0o644, 0o600
_HEADER = """\
# Written by kpos setup: what differs from the defaults. All options: config/kpos.toml of kpos, or
# kpos hardware list for what is plugged in. Then: systemctl restart kpos
"""


def let_in_by_ssh(keys: tuple[str, ...], file: Path) -> None:
    """Let the holders of these keys in, beside those who are in already."""
    there = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    new = [key for key in keys if key not in there]
    if new:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(file, "\n".join([*there, *new]) + "\n", _FOR_ROOT)


def name_machine(till_name: str, file: Path, *, is_this_machine: bool) -> None:
    """Call the machine in the network as the till is called."""
    name = hostname_of(till_name)
    if not file.exists() or file.read_text(encoding="ascii").strip() != name:
        write_durably(file, f"{name}\n", _FOR_ALL)
    if is_this_machine:
        with suppress(OSError):  # it is called so from the next start on
            socket.sethostname(name)


def network_file(network: Network) -> str:
    """For systemd-networkd (systemd.network(5)); any wired interface."""
    lines = ["[Match]", "Type=ether", "", "[Network]", f"Address={network.address}"]
    if network.gateway:
        lines.append(f"Gateway={network.gateway}")
    lines += [f"DNS={each}" for each in network.dns.split()]
    return "\n".join(lines) + "\n"


def fix_address(network: Network, file: Path, *, is_this_machine: bool) -> None:
    """Give the machine a fixed address."""
    text = network_file(network)
    if not file.exists() or file.read_text(encoding="ascii") != text:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_durably(file, text, _FOR_ALL)
    if is_this_machine:
        command = ["systemctl", "restart", "systemd-networkd.service"]
        # Where that does not work, it has its address from the next start on.
        subprocess.run(command, check=False)  # noqa: S603 - no input


def write_config(wished: Sections, found: Callable[[], Sections], path: Path) -> None:
    """kpos.toml: what is wished over what there is, else over the devices that are found.

    Raises:
        ConfigError: if there is one that cannot be used.
    """
    before: dict[str, Any] = {}
    if path.exists():
        if not wished:
            return
        before = read_toml(path)
        parse_config(before)
    sections = different(merged(before or found(), wished))
    if path.exists() and sections == before:
        return
    parse_config(sections)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        shutil.copyfile(path, path.with_name(f"{path.name}.before-setup"))
    write_durably(path, _HEADER + (f"\n{toml_of(sections)}" if sections else ""), _FOR_ALL)


def merged(under: Sections, over: Sections) -> dict[str, dict[str, Any]]:
    """Options of both; a display or player that is wished is not half of one that was found."""
    whole = {name: dict(content) for name, content in under.items()}
    for name, content in over.items():
        anew = name in ("display", "sound") and content.keys() & {"kind", "player"}
        whole[name] = {**({} if anew else whole.get(name, {})), **content}
    return whole


def different(sections: Sections) -> dict[str, dict[str, Any]]:
    """Without what is the default anyway."""
    kept = {}
    for section in fields(Config):
        default = getattr(Config(), section.name)
        defaults = {item.name: item.default for item in fields(default)}
        content = sections.get(section.name, {})
        options = {name: value for name, value in content.items() if value != defaults.get(name)}
        if options:
            kept[section.name] = options
    return kept


def identity_of(folder: Folder) -> Identity | None:
    """Who the till is; None before it was made, or when its making was cut off."""
    from kpos.ledger.reading import read_identity
    from kpos.ledger.readonly import reading_journal

    if not folder.has_till() or not folder.journal.stat().st_size:
        return None
    with reading_journal(folder) as journal:
        return read_identity(journal)


def allow_devices(rules: str, file: Path, *, is_this_machine: bool) -> None:
    """Let the till's user use its devices, by rules for udev."""
    there = file.read_text(encoding="utf-8") if file.exists() else ""
    if rules != there:
        write_durably(file, rules, _FOR_ALL)
    if rules and is_this_machine:
        # Where that does not work, they hold from the next start on.
        subprocess.run(["systemctl", "restart", "kpos-local-rules.service"], check=False)  # noqa: S607 - no input


def make_books(folder: Folder) -> None:
    """A new till, unless there is one."""
    from kpos.ledger.birth import create_till

    folder.make()
    try:
        create_till(folder, SystemClock(), author())
    except Refused:
        if identity_of(folder) is None:
            raise
    finally:
        give_to_owner(folder)


def set_zone(zone: str, data: Path) -> None:
    """The time zone of days and displays, unless it is that."""
    from kpos.ledger import stammdaten

    with reading(data) as db:
        is_so = stammdaten.settings(db).zone == zone
    if not is_so:
        request(data, "setting_set", key="zone", value=zone)


def let_somebody_in(person: Person, data: Path, language: Language | None) -> None:
    """An admin of this name, number and PIN; who is there already, and trusted, gets that PIN.

    Raises:
        Refused: if the number is somebody else's.
    """
    from kpos.ledger import stammdaten
    from kpos.ledger.office.people import pack_verifier
    from kpos.ledger.pins import make_verifier

    with reading(data) as db:
        named = [each for each in stammdaten.members_of_name(db, person.name) if not each.retired]
    pin = pack_verifier(make_verifier(person.pin))
    if not named:
        who = {"name": person.name, "number": person.number, "role": "admin"}
        request(data, "member_add", **who, pin=pin, language=language)
        return
    member = named[0]
    if member.number != person.number or member.role == "member":
        changes = {"number": person.number, "role": "admin"}
        request(data, "member_set", member=member.id, changes=changes)
    request(data, "pin_set", member=member.id, pin=pin)


def faults_of(error: Exception) -> Wrong:
    """What the books or the configuration refused."""
    if isinstance(error, Wrong):
        return error
    said = str(error)
    if isinstance(error, ConfigError):
        return Wrong(Fault(Said(f"kpos.toml: {said}", f"kpos.toml: {said}")))
    return Wrong(Fault(Said(f"das geht so nicht: {said}", said)))


def language_of(wishes: Wishes) -> Language:
    """What the till will speak."""
    return "en" if wishes.config.get("till", {}).get("language") == "en" else "de"
