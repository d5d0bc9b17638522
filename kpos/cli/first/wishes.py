"""What can be said about a new till, and when a single answer is good."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv4Interface, ip_address, ip_interface
from typing import Any
from zoneinfo import ZoneInfo

from kpos.cli.first.said import Said
from kpos.domain.member import PIN_DIGITS_MAX, PIN_DIGITS_MIN_TRUSTED, pin_fault
from kpos.domain.refusal import Refused
from kpos.domain.values import dataclass
from kpos.ledger.master import checked_name
from kpos.sync.address import checked_fingerprint, checked_url

_TILL_NAME_MAX = 30  # as kpos.config takes it
_NUMBER_MAX = 999_999
_CODE_MAX = 60
# What ssh-keygen writes as the first word of a public key, those with a security key included.
_KEY = re.compile(
    r"(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)"
    r"@openssh\.com) [A-Za-z0-9+/]{40,}={0,3}( .*)?"
)

Sections = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Person:
    """Who is the first to take cash and to let others in."""

    name: str
    number: int
    pin: str

    def __repr__(self) -> str:
        return f"Person({self.name!r}, …)"


@dataclass(frozen=True, slots=True)
class Wawi:
    """Where the till belongs to."""

    url: str
    code: str
    fingerprint: str = ""

    def __repr__(self) -> str:
        return f"Wawi({self.url!r}, …)"


@dataclass(frozen=True, slots=True)
class Network:
    """A fixed address; without one the till asks for one (DHCP)."""

    address: str
    gateway: str = ""
    dns: str = ""


@dataclass(frozen=True, slots=True)
class Wishes:
    """All of it. `config` are sections of kpos.toml, `backup` is the name of a file."""

    config: Sections
    zone: str = ""
    person: Person | None = None
    wawi: Wawi | None = None
    ssh_keys: tuple[str, ...] = ()
    network: Network | None = None
    backup: str = ""

    @property
    def says_nothing(self) -> bool:
        """As of a file whose every line is a comment."""
        return self == Wishes({})

    @property
    def has_somebody(self) -> bool:
        """Whether anybody could take cash at a till that is made of it."""
        return bool(self.person or self.wawi or self.backup)


def name_fault(text: str) -> Said | None:
    """Of the till's name."""
    if 1 <= len(text) <= _TILL_NAME_MAX and text.isprintable():
        return None
    return Said(
        f"ein Name hat 1 bis {_TILL_NAME_MAX} Zeichen, dieser {len(text)}",
        f"a name has 1 to {_TILL_NAME_MAX} characters, this one {len(text)}",
    )


def zone_fault(text: str) -> Said | None:
    """Of a time zone."""
    try:
        ZoneInfo(text)
    except (OSError, ValueError, KeyError):
        return Said(
            f"{text[:40]!r} ist keine Zeitzone: Europe/Berlin, Europe/Vienna, Europe/Zurich …",
            f"{text[:40]!r} is no time zone: Europe/Berlin, Europe/London, America/New_York …",
        )
    return None


def person_fault(text: str) -> Said | None:
    """Of somebody's name."""
    try:
        checked_name(text)
    except Refused:
        return Said("hier fehlt ein Name", "a name is missing here")
    return None


def number_fault(text: str) -> Said | None:
    """Of the number that somebody logs in with."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= _NUMBER_MAX:
        return None
    return Said(
        f"eine Nummer ist eine Zahl von 1 bis {_NUMBER_MAX}",
        f"a number is one from 1 to {_NUMBER_MAX}",
    )


def secret_fault(text: str) -> Said | None:
    """Of the PIN of somebody who takes other people's money."""
    if pin_fault(text, "admin") is None:
        return None
    least, most = PIN_DIGITS_MIN_TRUSTED, PIN_DIGITS_MAX
    return Said(
        f"diese PIN hat {least} bis {most} Ziffern und nichts anderes",
        f"this PIN has {least} to {most} digits and nothing else",
    )


def url_fault(text: str) -> Said | None:
    """Of the address of a WaWi."""
    try:
        checked_url(text)
    except Refused as refused:
        said = refused.refusal.message
        return Said(f"keine Adresse einer WaWi, wie https://wawi.example.org ({said})", said)
    return None


def code_fault(text: str) -> Said | None:
    """Of an authorisation code, whose letters only the WaWi knows."""
    if 1 <= len(text.strip()) <= _CODE_MAX and text.isprintable():
        return None
    return Said(
        "hier fehlt der Code, den die WaWi für diese Kasse anzeigt (15 Minuten gültig)",
        "the code is missing that the WaWi shows for this till (good for 15 minutes)",
    )


def file_fault(text: str) -> Said | None:
    """Of the name of a backup."""
    if text and text.isprintable() and "/" not in text:
        return None
    return Said(
        "hier steht der Name einer Sicherung, wie kpos-K1-20261122T190000Z.db, ohne Ordner",
        "write the name of a backup here, such as kpos-K1-20261122T190000Z.db, without folders",
    )


def fingerprint_fault(text: str) -> Said | None:
    """Of a certificate's; empty is good."""
    try:
        if text:
            checked_fingerprint(text)
    except Refused as refused:
        said = refused.refusal.message
        return Said("ein Fingerabdruck ist ein SHA-256: 64 Zeichen 0-9 und a-f", said)
    return None


def key_fault(text: str) -> Said | None:
    """Of one public ssh key."""
    if _KEY.fullmatch(text):
        return None
    if "PRIVATE KEY" in text:
        return Said(
            "das ist der GEHEIME Schlüssel: er gehört niemandem gezeigt. Hier steht die Zeile aus"
            " der Datei, die auf .pub endet",
            "that is the PRIVATE key, for nobody's eyes. Write the line of the file here whose name"
            " ends in .pub",
        )
    return Said(
        "kein öffentlicher ssh-Schlüssel: es ist die eine lange Zeile aus id_ed25519.pub,"
        ' ganz, von "ssh-" an',
        'no public ssh key: it is the one long line of id_ed25519.pub, all of it, from "ssh-" on',
    )


def address_fault(text: str) -> Said | None:
    """Of an address of this till with the size of its network."""
    wrong = Said(
        "eine feste Adresse sieht so aus: 192.168.1.50/24 (/24 ist die Netzmaske 255.255.255.0)",
        "a fixed address looks like this: 192.168.1.50/24 (/24 is the netmask 255.255.255.0)",
    )
    try:
        found = ip_interface(text)
    except ValueError:
        return wrong
    if "/" not in text:
        return wrong
    if (
        isinstance(found, IPv4Interface)
        and found.network.prefixlen < 31
        and (found.ip in (found.network.network_address, found.network.broadcast_address))
    ):
        return Said(
            f"{text} ist die Adresse eines ganzen Netzes, nicht eines Geräts darin",
            f"{text} is the address of a whole network, not of a device in it",
        )
    return None


def gateway_fault(text: str, address: str) -> Said | None:
    """Of the router's address; empty is good."""
    try:
        is_near = not text or ip_address(text) in ip_interface(address).network
    except ValueError:
        return Said("eine Adresse sieht so aus: 192.168.1.1", "an address looks like 192.168.1.1")
    if is_near:
        return None
    return Said(
        f"{text} liegt nicht im Netz von {address}: so ist der Router nicht zu erreichen",
        f"{text} is not in the network of {address}: the router could not be reached",
    )


def dns_fault(text: str) -> Said | None:
    """Of name servers, with blanks between; empty is good."""
    try:
        for each in text.split():
            ip_address(each)
    except ValueError:
        return Said("eine Adresse sieht so aus: 192.168.1.1", "an address looks like 192.168.1.1")
    return None


def hostname_of(till_name: str) -> str:
    """The name in the network: letters, digits and hyphens as RFC 1123 wants them."""
    plain = till_name.lower()
    for letter, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        plain = plain.replace(letter, written)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:63].strip("-") or "kpos"
