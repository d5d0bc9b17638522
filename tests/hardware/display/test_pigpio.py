"""pigpiod on another machine, which may lose its power."""

from __future__ import annotations

import pytest

from hardware.display.screen import Screen
from tests.hardware.display.test_every_display import GERMAN, NEXT

SOON_S, PEER_S = 0.2, 60


def test_a_machine_that_lost_its_power_is_gone_and_not_waited_for(workshop):
    """Its end of the connection never said that it ends."""
    rig = workshop.rig("pigpio")
    daemon, wire = rig.parts["daemon"], rig.parts["wire"]
    screen = Screen(rig.bus)
    screen.show(GERMAN)
    connection, listening = wire._pi.sl.s, wire._pi._notify
    assert connection.gettimeout() == 5
    connection.settimeout(SOON_S)
    daemon.answers.clear()
    with pytest.raises(OSError, match="timed out"):
        screen.show(NEXT)
    rig.bus.close()
    listening.join(PEER_S)
    assert not listening.is_alive()
    daemon.answers.set()
    screen.show(NEXT)
    assert rig.shows(NEXT)
