"""A shell with a till to look after."""

from pathlib import Path

import pytest

from tests.cli.admin import Admin


@pytest.fixture
def shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Admin:
    """A shell, and no till yet."""
    return Admin(tmp_path / "data", capsys, monkeypatch)


@pytest.fixture
def admin(shell: Admin) -> Admin:
    """A shell beside a till that sells: see `Admin.opens_a_shop`."""
    shell.opens_a_shop()
    return shell
