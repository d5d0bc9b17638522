"""What stands around the display on a terminal, in both languages.

The till's own texts are in the catalogue of the checkout; these are no screens of the till.
"""

from __future__ import annotations

from kpos.domain.member import Language
from kpos.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """`help` is pairs of a key and what it does, of at most 7 and 26 columns."""

    demo: str
    quit: str
    cards: str
    goods: str
    log: str
    help: tuple[tuple[str, str], ...]
    help_demo: tuple[tuple[str, str], ...]
    prompt: str
    prompt_keys: str
    more: str


WORDS: dict[Language, Words] = {
    "de": Words(
        demo="Demo: eine ganze Kasse, nichts daran ist echt",
        quit="q beendet",
        cards="Karten",
        goods="Flaschen und anderes",
        log="Protokoll",
        help=(
            ("0-9 * #", "die zwölf Tasten der Kasse"),
            ("Enter", "ist #: ja, weiter, kaufen"),
            ("Rück", "ist *: zurück, auch Esc, -"),
            ("/", "scannt, was man dann tippt"),
        ),
        help_demo=(
            ("a-z", "hält Karte oder Ware vor"),
            ("a m #", "… und Ada kauft eine Mate"),
        ),
        prompt="Scan: ",
        prompt_keys="Enter scannt, Esc bricht ab",
        more="… mehr ab 80x24",
    ),
    "en": Words(
        demo="Demo: a whole till, nothing about it is real",
        quit="q quits",
        cards="Cards",
        goods="Bottles and more",
        log="Log",
        help=(
            ("0-9 * #", "the till's twelve keys"),
            ("Enter", "is #: yes, go on, buy"),
            ("Backsp", "is *: back; also Esc and -"),
            ("/", "scan what you type then"),
        ),
        help_demo=(
            ("a-z", "hold up a card or a bottle"),
            ("a m #", "… and Ada buys a Mate"),
        ),
        prompt="Scan: ",
        prompt_keys="Enter scans it, Esc leaves",
        more="… more from 80x24",
    ),
}
