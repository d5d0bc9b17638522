"""From device to device, and the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial

import click

from hardware.cash_input import CCTALK_LINE, SSP_LINE
from hardware.cctalk import CoinAcceptor
from hardware.ssp import NoteValidator
from kpos.cli.trying.cash import try_cash
from kpos.cli.trying.console import Console, Skipped, key_by_key
from kpos.cli.trying.display import name_of, try_display
from kpos.cli.trying.inputs import try_card_reader, try_keys, try_scanner
from kpos.cli.trying.sounds import try_sounds
from kpos.cli.trying.verdict import Verdict
from kpos.cli.trying.words import WORDS
from kpos.config import Config
from kpos.domain.values import replace
from kpos.terminal.loop import Loop
from kpos.terminal.wiring import Wiring, card_readers, keypads, scanners

# A device, and what tries it; None where kpos.toml names none.
_Step = tuple[str, Callable[[], Verdict] | None]


def try_all(config: Config, limit_s: int) -> bool:
    """Lead somebody through all devices; whether nothing failed.

    Raises:
        Unusable: an option of kpos.toml makes no sense.
    """
    console = Console(WORDS[config.till.language], limit_s)
    with closing(Loop()) as loop:
        steps = list(_steps(config, console, Wiring(loop, console.say)))
        with key_by_key():
            console.say(console.words.begin.format(limit=limit_s))
            verdicts = [_tried(console, at + 1, len(steps), *step) for at, step in enumerate(steps)]
    _tell(console, verdicts)
    return not any(verdict.state == "failed" for verdict in verdicts)


def _steps(config: Config, console: Console, wiring: Wiring) -> Iterator[_Step]:
    words = console.words
    if config.display.kind == "none":
        yield words.display, None
    else:
        yield name_of(console, config.display), partial(try_display, console, config.display)
    # As it comes from the scanner: what is cut off before a code is shown, too.
    whole = replace(config.scanner, preambles="")
    preambles = tuple(config.scanner.preambles.split())
    yield from _each(
        words.keypad,
        config.keypad.device,
        [partial(try_keys, console, opens=each) for each in keypads(config.keypad, wiring)],
    )
    yield from _each(
        words.scanner,
        config.scanner.device,
        [
            partial(try_scanner, console, opens=each, preambles=preambles)
            for each in scanners(whole, wiring)
        ],
    )
    yield from _each(
        words.card_reader,
        config.card_reader.device,
        [
            partial(try_card_reader, console, opens=each)
            for each in card_readers(config.card_reader, wiring)
        ],
    )
    sounds = partial(try_sounds, console, config.sound)
    yield words.sound, sounds if config.sound.player != "none" else None
    coins, notes = config.cash.coins, config.cash.notes
    if coins:
        kind = CoinAcceptor()
        yield words.coins, partial(try_cash, console, words.coins, coins, CCTALK_LINE, kind)
    if notes:
        reader = NoteValidator()
        yield words.notes, partial(try_cash, console, words.notes, notes, SSP_LINE, reader)


def _each(role: str, names: str, tries: Sequence[Callable[..., Verdict]]) -> Iterator[_Step]:
    """One step for each device of a role."""
    if not tries:
        yield role, None
    for where, one in zip(names.split(), tries, strict=True):
        yield f"{role} {where}", partial(one, where=where)


def _tried(
    console: Console, at: int, count: int, device: str, step: Callable[[], Verdict] | None
) -> Verdict:
    words = console.words
    if step is None:
        return Verdict(device, "skipped", words.none_named)
    console.forget_what_was_typed()
    console.say()
    console.say(f"{at}/{count} {device}")
    try:
        verdict = step()
    except Skipped:
        verdict = Verdict(device, "skipped")
    console.say(f"  {_state(console, verdict)} {verdict.said}".rstrip())
    return verdict


def _tell(console: Console, verdicts: Sequence[Verdict]) -> None:
    words = console.words
    console.say()
    console.say(words.verdict)
    width = max(len(state) for state in (words.ok, words.failed, words.skipped))
    for verdict in verdicts:
        said = f": {verdict.said}" if verdict.said else ""
        console.say(f"  {_state(console, verdict):<{width}}  {verdict.device}{said}")
        if verdict.remedy:
            console.say(f"  {'':<{width}}  -> {verdict.remedy}")
    failed = any(verdict.state == "failed" for verdict in verdicts)
    click.echo(words.not_well if failed else words.all_well)


def _state(console: Console, verdict: Verdict) -> str:
    words = console.words
    return {"ok": words.ok, "failed": words.failed, "skipped": words.skipped}[verdict.state]
