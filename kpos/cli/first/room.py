"""Who may be there: terminals, and the glass with its keys. The first who says a word is asked."""

from __future__ import annotations

import select
from collections.abc import Callable, Sequence

from kpos.cli.first.asking import WELCOME, ask_at_keys, ask_at_terminal, is_restore_wanted
from kpos.cli.first.glass import Glass
from kpos.cli.first.said import Fault, Said
from kpos.cli.first.terminal import Gone, Terminal
from kpos.cli.first.wishes import Wishes
from kpos.domain.member import Language

LOOK_S = 2.0
_WELCOME = (
    "kpos: neue Kasse / a new till",
    "1 Deutsch",
    "2 English",
    "oder/or: kpos-setup.toml -> Karte/card",
)
_LANGUAGES: dict[str, Language] = {"1": "de", "2": "en"}


class Room:
    """All faces at once; `listens` is asked every two seconds whether to go on waiting."""

    def __init__(self, terminals: Sequence[Terminal], glass: Glass) -> None:
        self._terminals = list(terminals)
        self.glass = glass

    def speak(self, language: Language) -> None:
        """From now on."""
        for terminal in self._terminals:
            terminal.language = language
        self.glass.language = language

    def say(self, said: Said) -> None:
        """To everybody."""
        for terminal in self._terminals:
            terminal.say(said)
        self.glass.say(said)

    def say_faults(self, header: Said, faults: Sequence[Fault]) -> None:
        """All to those who can read them all, the first to whoever stands at the till."""
        remedy = Said(
            "Datei kpos-setup.toml berichtigen (Näheres: kpos-setup-error.txt auf der Karte), oder"
            " Enter oder # für die Fragen.",
            "Mend the file kpos-setup.toml (more: kpos-setup-error.txt on the card), or Enter or #"
            " for the questions.",
        )
        for terminal in self._terminals:
            terminal.say(header)
            for fault in faults:
                terminal.say(Said(f"- {fault.of('de')}", f"- {fault.of('en')}"))
            terminal.say(remedy)
        self.glass.say(Said(faults[0].of("de"), faults[0].of("en")))

    def waits(self, goes_on: Callable[[], bool]) -> Terminal | Glass | None:
        """Until somebody has pressed Enter or ``#``; None where there was nothing to wait for."""
        while goes_on():
            for face, word in self._words():
                if isinstance(face, Terminal) or word == "#":
                    return face
        return None

    def asks(self, goes_on: Callable[[], bool], on_stick: str = "") -> Wishes | None:
        """The wishes of whoever says first which language; None where there is no need any more.

        `on_stick` is a backup that somebody may want, and has not said so.
        """
        self._welcome()
        while goes_on():
            for face, word in self._words():
                if word[:1] in _LANGUAGES:
                    self.speak(_LANGUAGES[word[:1]])
                    try:
                        return self._asked(face, on_stick)
                    except Gone:
                        self._terminals = [each for each in self._terminals if each is not face]
                        self._welcome()
        return None

    def waits_a_moment(self) -> None:
        """What is said meanwhile is said to nobody."""
        self._words()

    def _welcome(self) -> None:
        for terminal in self._terminals:
            terminal.say(WELCOME)
        self.glass.show(*_WELCOME)

    def _asked(self, face: Terminal | Glass, on_stick: str) -> Wishes:
        if isinstance(face, Glass):
            self._tell_terminals(Said("Gefragt wird an der Kasse.", "The till itself asks."))
        else:
            self.glass.say(Said("Gefragt wird am Terminal.", "The questions are at the terminal."))
        if on_stick and is_restore_wanted(face, on_stick):
            return Wishes({"till": {"language": face.language}}, backup=on_stick)
        if isinstance(face, Glass):
            return ask_at_keys(face)
        return ask_at_terminal(face, is_appliance=True)

    def _tell_terminals(self, said: Said) -> None:
        for terminal in self._terminals:
            terminal.say(said)

    def _words(self) -> list[tuple[Terminal | Glass, str]]:
        """What was said within two seconds, and by whom."""
        by_descriptor = {terminal.reads: terminal for terminal in self._terminals}
        pads = self.glass.watched()
        ready = select.select([*by_descriptor, *pads], [], [], LOOK_S)[0]
        if not ready:
            self.glass.look()
        words: list[tuple[Terminal | Glass, str]] = []
        for descriptor in ready:
            if descriptor in pads:
                words += [(self.glass, key) for key in self.glass.pressed()]
                continue
            terminal = by_descriptor[descriptor]
            try:
                words.append((terminal, terminal.line().strip()))
            except Gone:
                self._terminals.remove(terminal)
        return words
