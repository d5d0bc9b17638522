"""LCDproc's server, the pins of a board, and sound cards."""

import os
import socket
from collections.abc import Iterator
from typing import Final

from hardware.display.lcdd import PORT, greeted_size
from hardware.finding.found import Found, Machine, forbidden, number_of, word

# It answers within 0.1 s; whoever listens there and says nothing is another program.
_PATIENCE_S: Final = 1.0
_GREETING_MAX: Final = 4096


def find_lcdd(host: str = "localhost", port: int = PORT) -> Iterator[Found]:
    """The server, if it listens here; its display may be of any kind."""
    try:
        with socket.create_connection((host, port), _PATIENCE_S) as connection:
            connection.settimeout(_PATIENCE_S)
            connection.sendall(b"hello\n")
            greeting = connection.recv(_GREETING_MAX)
    except OSError:
        return
    size = greeted_size(greeting)
    if size is not None:
        where = f"{host}:{port}"
        what = f"LCDd with a display of {size.columns}x{size.rows}"
        yield Found(role="lcdd", what=what, path=where, name=where)


def find_gpio(machine: Machine) -> Iterator[Found]:
    """Chips with pins; of the pins of a Raspberry Pi a display may be made."""
    model = word(machine.root / "proc/device-tree/model")
    if model.startswith("Raspberry Pi"):
        # RPi.GPIO takes the first, rpi-lgpio the second.
        nodes = [machine.dev / "gpiomem", machine.dev / "gpiochip0"]
        path = next((str(node) for node in nodes if node.exists()), str(nodes[-1]))
        yield Found(
            role="gpio_display",
            what=f"the pins of a {model}",
            path=path,
            name="",
            guess="whether a display hangs on them cannot be seen",
            trouble=forbidden(path, "gpio"),
        )
    for chip in sorted((machine.sys / "bus/gpio/devices").glob("gpiochip*"), key=number_of):
        path = str(machine.dev / chip.name)
        what = word(chip / "label") or (chip / "..").resolve().name
        yield Found(
            role="gpio",
            what=f"GPIO chip {chip.name} ({what})",
            path=path,
            name=chip.name,
            trouble=forbidden(path, "gpio"),
        )


def find_sound_cards(machine: Machine) -> Iterator[Found]:
    """Cards that can play."""
    for card in sorted((machine.sys / "class/sound").glob("card*"), key=number_of):
        players = sorted((machine.dev / "snd").glob(f"pcmC{number_of(card)}D*p"))
        if players:
            path = str(players[0])
            yield Found(
                role="sound_card",
                what=f"sound card {number_of(card)} ({word(card / 'id')})",
                path=path,
                name=path,
                trouble=forbidden(path, "audio", os.W_OK),
            )
