"""What drivers warn of reaches the log on the till's own thread."""

import logging
from contextlib import ExitStack
from threading import Thread, current_thread

from kpos.terminal.drivers_log import hear_drivers
from kpos.terminal.loop import Loop


def test_a_warning_from_any_thread_is_noted_on_the_tills_own():
    loop = Loop()
    notes: list[tuple[str, str]] = []

    def note(text: str) -> None:
        notes.append((text, current_thread().name))
        loop.stop()

    log = logging.getLogger("hardware.sound")
    with ExitStack() as closing:
        hear_drivers(loop.post, note, closing)
        Thread(target=lambda: log.warning("%s: no sound", "aplay"), name="sound").start()
        loop.run(lambda: 20_000, [])
    log.warning("nobody listens any more")
    loop.close()
    assert notes == [("aplay: no sound", current_thread().name)]
