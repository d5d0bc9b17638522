"""The till all stories happen at, and the display it is looked at on if one is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.kiosk import kiosk, shop

if TYPE_CHECKING:
    from tests.hardware.display.glass import Glass

__all__ = ["kiosk", "shop"]


@pytest.fixture(scope="session")
def glass(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Glass | None]:
    """The display of `--display`."""
    kind = pytestconfig.getoption("--display")
    if kind is None:
        yield None
        return
    from tests.hardware.display.glass import Glass
    from tests.hardware.display.rigs import Workshop

    with pytest.MonkeyPatch.context() as patch:
        shop = Workshop(tmp_path_factory.mktemp("display"), patch)
        yield Glass(shop.rig(kind))
        shop.close()


@pytest.fixture(autouse=True)
def looked_at(
    request: pytest.FixtureRequest, glass: Glass | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every picture of the story is seen on it."""
    if glass is not None and "kiosk" in request.fixturenames:
        glass.beside(request.getfixturevalue("kiosk"), monkeypatch)
