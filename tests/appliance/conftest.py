"""What the tests of the image share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.appliance.shop import Shop, open_shop


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Without an image there is nothing to test."""
    is_test = collection_path.name.startswith("test_")
    return True if is_test and config.getoption("image") is None else None


@pytest.fixture(scope="module")
def image(pytestconfig: pytest.Config) -> Path:
    return Path(pytestconfig.getoption("image")).resolve()


@pytest.fixture(scope="module")
def shop(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A card with the demo's members and goods, as a till would have it that was set up."""
    return open_shop(image, tmp_path_factory.mktemp("shop"))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where a machine has its sockets: a path that is short enough for them."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="kpos") as short:
        yield Path(short)
