"""A guided start on any Debian: a till in this terminal, by questions or from a file."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from kpos.cli.common import fail
from kpos.cli.first import doing
from kpos.cli.first.asking import WELCOME, ask_at_terminal, one_of
from kpos.cli.first.devices import found_devices
from kpos.cli.first.pairing import pair_till
from kpos.cli.first.reading import read
from kpos.cli.first.said import Fault, Said, Wrong
from kpos.cli.first.terminal import Gone, Question, Terminal
from kpos.cli.first.wishes import Wishes
from kpos.config import DEFAULT_DATA, DEFAULT_FILE
from kpos.domain.refusal import Refused
from kpos.ledger.files import Folder

_PAUSE_S = 2.0
_APPLIANCE = Said(
    "[ssh], [network] und [restore] gibt es nur auf dem fertigen Gerät (kpos setup --appliance):"
    " hier weglassen; eine Sicherung stellt kpos restore wieder her",
    "[ssh], [network] and [restore] are for the appliance alone (kpos setup --appliance): leave"
    " them out here; a backup is put back by kpos restore",
)
_NOBODY = Said(
    "es fehlt, wer Geld annimmt: [person] oder [wawi]",
    "who takes cash is missing: [person] or [wawi]",
)


def guide(config: Path, data: Path, file: Path | None) -> None:
    """Ask, or read; then do it."""
    if doing.identity_of(Folder(data)) is not None:
        fail(
            f"there is a till in {data} already, and it stays as it is. People: kpos member;"
            f" devices: {config}; a WaWi: kpos pair"
        )
    for folder in (config.parent, data):
        _must_be_writable(folder)
    terminal = Terminal(0, 1)
    try:
        wishes = _asked(terminal) if file is None else _said(file)
    except Wrong as wrong:
        fail("nothing was set up:", *(fault.of("en") for fault in wrong.faults))
    except Gone:
        fail("nothing was set up: nobody answers any more")
    terminal.language = doing.language_of(wishes)
    try:
        _make(wishes, terminal, config, data)
    except (Wrong, Refused) as error:
        faults = doing.faults_of(error).faults
        fail(f"there is a till in {data} now, but:", *(fault.of("en") for fault in faults))
    terminal.say(_next_steps(wishes, config, data))
    if file is not None and (wishes.person or wishes.wawi):
        terminal.say(Said(
            f"{file} enthält ein Geheimnis: bitte löschen.",
            f"{file} holds a secret: please delete it.",
        ))  # fmt: skip


def _asked(terminal: Terminal) -> Wishes:
    if not sys.stdin.isatty():
        fail("setup asks questions: it needs a terminal (over SSH: ssh -t), or --file FILE")
    is_language = one_of("12")
    terminal.language = "de" if terminal.asks(Question(WELCOME, is_language, "1")) == "1" else "en"
    return ask_at_terminal(terminal, is_appliance=False)


def _said(file: Path) -> Wishes:
    """Raises Wrong."""
    wishes = read(file.read_bytes())
    if wishes.ssh_keys or wishes.network or wishes.backup:
        raise Wrong(Fault(_APPLIANCE))
    if not wishes.has_somebody:
        raise Wrong(Fault(_NOBODY))
    return wishes


def _make(wishes: Wishes, terminal: Terminal, config: Path, data: Path) -> None:
    doing.write_config(wishes.config, lambda: found_devices(Path("/")), config)
    doing.make_books(Folder(data))
    if wishes.zone:
        doing.set_zone(wishes.zone, data)
    if wishes.person is not None:
        doing.let_somebody_in(wishes.person, data, terminal.language)
    if wishes.wawi is not None:
        pair_till(wishes.wawi, data, terminal.say, lambda: time.sleep(_PAUSE_S))


def _must_be_writable(folder: Path) -> None:
    """Before anybody is asked anything."""
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        fail(f"{there} may not be written: use sudo, or other places with --config and --data")


def _next_steps(wishes: Wishes, config: Path, data: Path) -> Said:
    where = "" if data == DEFAULT_DATA else f" --data {data}"
    of_config = "" if config == DEFAULT_FILE else f" --config {config}"
    mate = '--name "Club-Mate 0,5l" --barcode 4029764001807 --price 1.50'
    products = "" if wishes.wawi else f"\n  kpos product add{where} {mate}"
    steps = (
        f"{products}\n  kpos run{of_config}{where} --io tty\n  kpos hardware test{of_config}{where}"
    )
    return Said(f"Fertig. So geht es weiter:{steps}", f"Done. How to go on:{steps}")
