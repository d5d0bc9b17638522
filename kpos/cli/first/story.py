"""The first boot of an appliance: what is wished, all of it done, nothing secret left on the card.

Power may go at any moment. What is to be done is written down (`Places.pending`) before anything
is, and taken away when all of it is: whoever starts in between goes on with it.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from kpos.cli.first import doing, restoring
from kpos.cli.first.devices import found_devices, rules_of
from kpos.cli.first.pairing import is_paired, pair_till, wait_for_wawi
from kpos.cli.first.places import Places
from kpos.cli.first.reading import find_file, read
from kpos.cli.first.room import Room
from kpos.cli.first.said import Fault, Said, Wrong
from kpos.cli.first.wishes import Wishes
from kpos.cli.first.writing import file_of, wipe, without_secrets, write_durably
from kpos.config import ConfigError, read_config
from kpos.domain.member import LANGUAGES
from kpos.domain.refusal import Refused
from kpos.domain.values import replace
from kpos.ledger.errors import LedgerError
from kpos.ledger.files import Folder

_ENGLISH = re.compile(rb"""^\s*language\s*=\s*["']en""", re.MULTILINE)
_DIGEST = re.compile(r"# ([0-9a-f]{64})\n")
_FOR_ROOT, _FOR_ALL = 0o600, 0o644
_NOBODY = Said(
    "es fehlt, wer Geld annimmt: [person] (steht allein), [wawi] (gehört dazu) oder [restore]",
    "who takes cash is missing: [person] (stands alone), [wawi] (belongs to it) or [restore]",
)
_NOTHING = Said(
    "Nichts wurde eingerichtet. Berichtigen, dann neu starten.",
    "Nothing was set up. Mend it, then start again.",
)
_HALF = Said(
    "Noch nicht fertig: Name, Geräte und ssh-Schlüssel gelten schon, das hier fehlt noch."
    " Berichtigen, dann neu starten.",
    "Not done yet: name, devices and ssh keys are set, this is missing. Mend it, then start again.",
)


class Changed(Exception):
    """The file on the card is another one now."""


class Story:
    """One appliance. `consoles` and the glass of `room` are asked where no file says all."""

    def __init__(self, places: Places, room: Room) -> None:
        self._places = places
        self._room = room
        self._folder = Folder(places.books)
        self._content = b""
        self._seen: bytes | tuple[Fault, ...] = b""
        self._has_begun = False
        self._wanted = Wishes({})

    def run(self) -> None:
        """Until the till is set up."""
        self._places.data.mkdir(exist_ok=True)
        while True:
            try:
                with self._places.stick_is_mounted():
                    self._set_up()
            except Changed:
                continue
            except (Wrong, Refused, LedgerError, ConfigError, OSError) as error:
                self._complain(doing.faults_of(error))
            else:
                return

    def _set_up(self) -> None:
        self._has_begun, self._wanted = False, Wishes({})
        self._look()
        wishes = self._wishes()
        if wishes is not None:
            self._carry_out(wishes)
        self._finish(wishes)

    # What is wished

    def _look(self) -> None:
        self._seen = self._on_card()
        if isinstance(self._seen, tuple):
            raise Wrong(*self._seen)
        self._content = self._seen
        self._room.speak("en" if _ENGLISH.search(self._content) else "de")

    def _wishes(self) -> Wishes | None:
        """By what was begun, by the file, by a backup, or by whoever answers; None: all is done.

        Raises:
            Wrong: if the file is.
        """
        digest = hashlib.sha256(self._content).hexdigest()
        begun, finished = self._noted(self._places.pending), self._noted(self._places.finished)
        wishes = read(self._content)
        if begun and (begun == digest or wishes.says_nothing):
            return None if begun == finished else read(self._places.pending.read_bytes())
        if wishes.says_nothing and self._places.finished.exists():
            return None
        wishes = self._completed(wishes)
        self._begin(wishes)
        return wishes

    def _completed(self, wishes: Wishes) -> Wishes:
        """With a backup that lies on the card of a till that is not there yet, or with answers."""
        if self._places.finished.exists():
            return wishes
        if not wishes.backup:
            lies_there = restoring.only_backup(restoring.backups_in(self._places.boot))
            wishes = replace(wishes, backup=lies_there)
        if wishes.has_somebody:
            return wishes
        if wishes != Wishes(wishes.config) or "till" in wishes.config:
            raise Wrong(Fault(_NOBODY))
        return self._asked(wishes)

    def _asked(self, wishes: Wishes) -> Wishes:
        """Answers, and the devices that a file may name by which they are given."""
        on_stick = restoring.only_backup(restoring.backups_in(self._places.stick))
        answered = self._room.asks(self._is_same, on_stick)
        if answered is None:
            raise Changed
        return replace(answered, config={**wishes.config, **answered.config})

    def _begin(self, wishes: Wishes) -> None:
        """Write down what is to be done, and that it is not done yet."""
        self._wanted = wishes
        if self._places.finished.exists():
            write_durably(self._places.finished, "", _FOR_ALL)
        digest = hashlib.sha256(self._content).hexdigest()
        write_durably(self._places.pending, f"# {digest}\n{file_of(wishes)}", _FOR_ROOT)

    @staticmethod
    def _noted(path: Path) -> str:
        """The digest of the file that something came from."""
        found = _DIGEST.match(path.read_text(encoding="utf-8")) if path.exists() else None
        return found[1] if found else ""

    def _is_same(self) -> bool:
        """Whether the card is still as it was when it was looked at."""
        return self._on_card() == self._seen

    def _on_card(self) -> bytes | tuple[Fault, ...]:
        """What the file says, or why there is nothing to be read."""
        try:
            file = find_file(self._places.boot)
            return file.read_bytes() if file is not None else b""
        except Wrong as wrong:
            return wrong.faults
        except OSError as error:
            return (Fault(Said(f"Karte: {error}", f"card: {error}")),)

    # Doing it

    def _carry_out(self, wishes: Wishes) -> None:
        """Everything, in an order in which an admin can soon log in and help.

        Raises:
            Wrong, Refused, LedgerError, ConfigError, OSError: what went before it stays.
        """
        places, language = self._places, doing.language_of(wishes)
        self._room.speak(language)
        self._room.say(Said("Die Kasse wird eingerichtet …", "The till is being set up …"))
        self._make_books(wishes)
        self._has_begun = True
        doing.write_config(wishes.config, lambda: found_devices(places.root), places.config)
        rules = rules_of(places.root, read_config(places.config))
        doing.allow_devices(rules, places.rules, is_this_machine=places.is_this_machine)
        self._name_and_connect(wishes)
        if wishes.zone:
            doing.set_zone(wishes.zone, places.books)
        if wishes.person is not None:
            doing.let_somebody_in(wishes.person, places.books, language)
        if wishes.wawi is not None:
            pair_till(wishes.wawi, places.books, self._room.say, self._lets_time_pass)

    def _make_books(self, wishes: Wishes) -> None:
        """First, since a backup that cannot be read changes nothing then."""
        places = self._places
        if not wishes.backup:
            doing.make_books(self._folder)
            return
        backup = restoring.backup_of(wishes.backup, (places.boot, places.stick, places.backups))
        pairing = restoring.pairing_in(backup)
        if pairing is not None and doing.identity_of(self._folder) is None:
            wait_for_wawi(pairing, self._room.say, self._lets_time_pass)
        # Before setup has ended once, nothing was sold; what is there is kept beside all the same.
        restoring.restore_books(backup, self._folder, over=not places.finished.exists())
        restoring.keep_backup(backup, places.backups)

    def _name_and_connect(self, wishes: Wishes) -> None:
        """Before anything that waits for a network: an admin can log in and help."""
        places = self._places
        doing.let_in_by_ssh(wishes.ssh_keys, places.authorized_keys)
        name = wishes.config.get("till", {}).get("name", "")
        if name or not places.hostname.exists():
            doing.name_machine(name, places.hostname, is_this_machine=places.is_this_machine)
        if wishes.network is not None:
            doing.fix_address(
                wishes.network, places.network, is_this_machine=places.is_this_machine
            )

    def _lets_time_pass(self) -> None:
        self._room.waits_a_moment()
        if not self._is_same():
            raise Changed

    def _finish(self, wishes: Wishes | None) -> None:
        """Take note that all is done, then take secrets and complaints off the card."""
        places = self._places
        if wishes is not None:
            digest = hashlib.sha256(self._content).hexdigest()
            write_durably(places.finished, f"# {digest}\n", _FOR_ALL)
        try:
            self._clean()
        except (OSError, Wrong) as error:
            self._room.say(Said(
                f"Die Karte ließ sich nicht ändern ({error}). Bitte PIN und Code in"
                " kpos-setup.toml dort löschen.",
                f"The card could not be changed ({error}). Please delete PIN and code in"
                " kpos-setup.toml there.",
            ))  # fmt: skip
        if places.pending.exists():
            wipe(places.pending)
        self._room.say(Said("Fertig. Die Kasse startet.", "Done. The till starts."))

    def _clean(self) -> None:
        places = self._places
        file = find_file(places.boot)
        restored = [
            each
            for each in restoring.backups_in(places.boot)
            if (places.backups / each.name).exists()
        ]
        if not (file or restored or places.error.exists()):
            return
        with places.boot_is_writable():
            if file is not None:
                write_durably(places.done, without_secrets(file.read_bytes()), _FOR_ROOT)
                wipe(file)
            for each in (*restored, places.error):
                each.unlink(missing_ok=True)

    # What went wrong

    def _complain(self, wrong: Wrong) -> None:
        """On everything that shows something, and beside the file; then wait for another one."""
        self._places.pending.unlink(missing_ok=True)
        said = _HALF if self._has_begun else _NOTHING
        self._room.say_faults(said, wrong.faults)
        lines = []
        for language in LANGUAGES:
            lines += [f"kpos-setup.toml: {said.of(language)}"]
            lines += [*(f"- {fault.of(language)}" for fault in wrong.faults), ""]
        text = "\r\n".join(lines)
        try:
            with self._places.boot_is_writable():
                # With a mark at its beginning, by which old editors know UTF-8.
                write_durably(self._places.error, f"\ufeff{text}", _FOR_ROOT)
        except OSError as error:
            self._room.say(Said(f"(Karte: {error})", f"(card: {error})"))
        if self._room.waits(self._is_still_wrong) is not None:
            self._answer_instead()

    def _is_still_wrong(self) -> bool:
        """Until the file is another one, or somebody has paired the till by hand."""
        wawi = self._wanted.wawi
        is_helped = wawi is not None and self._has_begun and is_paired(self._places.books, wawi.url)
        return self._is_same() and not is_helped

    def _answer_instead(self) -> None:
        wishes = self._room.asks(self._is_same)
        if wishes is not None:
            self._begin(wishes)
