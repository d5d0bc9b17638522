"""A card, and somebody whose updates it takes."""

from pathlib import Path

import pytest

from tests.cli.admin import Admin
from tests.update.card import Card, Key, make_card, make_key
from tests.update.machine import Appliance, make_appliance


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return make_key(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def card(tmp_path: Path) -> Card:
    return make_card(tmp_path / "card")


@pytest.fixture
def appliance(tmp_path: Path, card: Card, key: Key, monkeypatch: pytest.MonkeyPatch) -> Appliance:
    return make_appliance(tmp_path / "root", card, key, monkeypatch)


@pytest.fixture
def admin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Admin:
    """A shell beside a till that sells."""
    made = Admin(tmp_path / "data", capsys, monkeypatch)
    made.opens_a_shop()
    return made
