"""The shop whose PINs are checked in no time."""

from pathlib import Path

import pytest

from tests.faults.model.pair import build_quick_shop


@pytest.fixture(scope="session")
def quick_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_quick_shop(tmp_path_factory.mktemp("quick shop") / "data")
