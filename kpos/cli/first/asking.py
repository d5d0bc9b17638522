"""The questions, in order; everything in a file that has no question here can be said later."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from kpos.cli.first import wishes as good
from kpos.cli.first.said import Said
from kpos.cli.first.terminal import Question, Terminal
from kpos.cli.first.wishes import Network, Person, Wawi, Wishes
from kpos.domain.member import Language

_ZONE = "Europe/Berlin"
_TILLS_MAX = 99
WELCOME = Said(
    "kpos: neue Kasse / a new till.  1 Deutsch  2 English",
    "kpos: neue Kasse / a new till.  1 Deutsch  2 English",
)


class Asks(Protocol):
    """A terminal, or display and keys."""

    language: Language

    def asks(self, question: Question) -> str:
        """An answer that is one."""
        ...


def ask_at_terminal(terminal: Terminal, *, is_appliance: bool) -> Wishes:
    """Everything.

    Raises:
        Gone: nobody answers any more.
    """
    ask = partial(_answer, terminal)
    terminal.say(Said(
        "Enter nimmt, was in Klammern steht. Nichts geschieht vor der letzten Frage.",
        "Enter takes what stands in brackets. Nothing is done before the last question.",
    ))  # fmt: skip
    while True:
        name = ask("Name der Kasse", "Name of the till", good.name_fault, "kpos")
        zone = ask("Zeitzone", "Time zone", good.zone_fault, _ZONE)
        alone = ask(
            "Steht sie allein (1) oder gehört sie zu einer WaWi (2)",
            "Does it stand alone (1) or belong to a WaWi (2)", one_of("12"), "1",
        )  # fmt: skip
        wawi = _wawi(ask) if alone == "2" else None
        person = _person(terminal, ask) if alone == "1" else None
        keys = _ssh_keys(ask) if is_appliance else ()
        network = _network(ask) if is_appliance else None
        config = {"till": {"name": name, "language": terminal.language}}
        wishes = Wishes(config, zone if person else "", person, wawi, keys, network)
        if (
            ask("Alles richtig? 1 ja, 2 von vorn", "All right? 1 yes, 2 again", one_of("12"), "1")
            == "1"
        ):
            return wishes


def ask_at_keys(glass: Asks) -> Wishes:
    """What twelve keys can answer: a till that stands alone, with one admin."""
    ask = partial(_answer, glass)
    while True:
        number = ask(
            "Nummer dieser Kasse, 1-99", "Number of this till, 1-99", _up_to(_TILLS_MAX), "1"
        )
        name = Said(f"Kasse {number}", f"Till {number}").of(glass.language)
        own = ask("Ihre Nummer zum Anmelden", "Your number to log in with", good.number_fault, "1")
        person = Person("Admin", int(own), _new_pin(glass))
        last = ask(
            f"{name}, Nummer {own}: 1 anlegen 2 von vorn",
            f"{name}, number {own}: 1 do it 2 again", one_of("12"), "1",
        )  # fmt: skip
        if last == "1":
            return Wishes({"till": {"name": name, "language": glass.language}}, person=person)


def is_restore_wanted(asks: Asks, backup: str) -> bool:
    """Of a backup on a stick, which may have been left there."""
    what = Said(
        "Vom Stick wiederherstellen: 1 ja, 2 neu", "Restore from the stick: 1 yes, 2 new till"
    )
    if isinstance(asks, Terminal):
        what = Said(f"{backup}: {what.de}", f"{backup}: {what.en}")
    return asks.asks(Question(what, one_of("12"))) == "1"


_Ask = Callable[..., str]


def _answer(
    asks: Asks, de: str, en: str, check: Callable[[str], Said | None], default: str = ""
) -> str:
    return asks.asks(Question(Said(de, en), check, default))


def _wawi(ask: _Ask) -> Wawi:
    return Wawi(
        ask("Adresse der WaWi (https://…)", "Address of the WaWi (https://…)", good.url_fault),
        ask("Code, den sie für diese Kasse zeigt", "Code it shows for this till", good.code_fault),
        ask(
            "Fingerabdruck ihres Zertifikats (leer: ein anerkanntes)",
            "Fingerprint of its certificate (empty: an acknowledged one)", good.fingerprint_fault,
        ),
    )  # fmt: skip


def _person(terminal: Asks, ask: _Ask) -> Person:
    name = ask("Wer nimmt Geld an (Name)", "Who takes money (name)", good.person_fault)
    number = ask("Nummer zum Anmelden", "Number to log in with", good.number_fault, "1")
    return Person(name, int(number), _new_pin(terminal))


def _new_pin(asks: Asks) -> str:
    """Typed twice: nobody sees what a finger did."""
    what = Said("PIN, 6 bis 8 Ziffern", "PIN, 6 to 8 digits")
    again = Said("Dieselbe PIN nochmal", "The same PIN again")
    while True:
        pin = asks.asks(Question(what, good.secret_fault, is_secret=True))
        if asks.asks(Question(again, lambda _text: None, is_secret=True)) == pin:
            return pin
        what = Said("Nicht dieselbe. PIN, 6 bis 8 Ziffern", "Not the same. PIN, 6 to 8 digits")


def _ssh_keys(ask: _Ask) -> tuple[str, ...]:
    key = ask(
        "Öffentlicher ssh-Schlüssel für root (leer: keiner)",
        "Public ssh key for root (empty: none)",
        lambda text: good.key_fault(text) if text else None,
    )
    return (key,) if key else ()


def _network(ask: _Ask) -> Network | None:
    address = ask(
        "Feste Adresse wie 192.168.1.50/24 (leer: DHCP)",
        "Fixed address such as 192.168.1.50/24 (empty: DHCP)",
        lambda text: good.address_fault(text) if text else None,
    )
    if not address:
        return None
    gateway = ask("Router", "Router", lambda text: good.gateway_fault(text, address))
    return Network(address, gateway, ask("DNS", "DNS", good.dns_fault, gateway))


def one_of(keys: str) -> Callable[[str], Said | None]:
    """A check: one of two keys."""

    def check(text: str) -> Said | None:
        return None if text in tuple(keys) else Said(f"bitte {keys[0]} oder {keys[1]}",
                                                     f"{keys[0]} or {keys[1]}, please")  # fmt: skip

    return check


def _up_to(most: int) -> Callable[[str], Said | None]:
    def check(text: str) -> Said | None:
        if text.isascii() and text.isdigit() and 1 <= int(text) <= most:
            return None
        return Said(f"eine Zahl von 1 bis {most}", f"a number from 1 to {most}")

    return check
