"""What stands on the display while the till's program does not run.

`kpos.toml` may be what is wrong: of it is used what can be read.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from kpos.checkout.layout import Frame
from kpos.checkout.screens.fallen import fallen
from kpos.clock import Clock
from kpos.config import DEFAULT_FILE, Config, ConfigError, parse_config, read_toml
from kpos.domain.values import replace
from kpos.terminal.beside import Why
from kpos.terminal.display import with_display
from kpos.terminal.front import Unusable
from kpos.terminal.headless import LogFront
from kpos.terminal.texts import load_texts


def readable_config(path: Path | None) -> Config:
    """Display and language, each as far as the file says it in a form that can be used."""
    config = Config()
    try:
        values = read_toml(path or DEFAULT_FILE)
    except (FileNotFoundError, ConfigError):
        return config
    for section in ("till", "display"):
        try:
            read = parse_config({section: values.get(section, {})})
        except ConfigError:
            continue
        config = replace(config, **{section: getattr(read, section)})
    return config


def picture(config: Config, why: Why) -> Frame:
    """The four lines."""
    return fallen(why.word, load_texts()[config.till.language])


def show_while(
    frame: Frame,
    config: Config,
    clock: Clock,
    wait: Callable[[], None],
    note: Callable[[str], None],
) -> None:
    """Have the picture on the display until `wait` returns; one that is away is looked for."""
    with ExitStack() as closing:
        front = LogFront()
        try:
            shown, _lights = with_display(front, config.display, clock, note, closing)
        except Unusable as error:
            note(str(error))
        else:
            shown.show(frame)
        wait()
