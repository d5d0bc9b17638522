"""An appliance whose power is off."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.first.appliance import Appliance


@pytest.fixture
def appliance(tmp_path: Path) -> Appliance:
    """With an empty card, and no devices."""
    return Appliance(tmp_path / "root")


@pytest.fixture
def device(appliance: Appliance) -> Iterator[Appliance]:
    """With display and keypad, named by the file on the card."""
    appliance.plug_in()
    yield appliance
    appliance.unplug()
