"""A full disk, of the server and of the till: run by test_full_disk.py on two small ones.

``$KPOS_DISKS`` names a folder with a disk at ``house`` and one at ``till``.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.admin import Admin
from tests.wawi.shop import Shop, make_files, open_shop

DISKS = Path(os.environ["KPOS_DISKS"])


@pytest.fixture
def shop(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shop]:
    make_files(tmp_path)
    for part, disk in (("wawi", DISKS / "house/wawi"), ("till", DISKS / "till/till")):
        shutil.copytree(tmp_path / part, disk)
        shutil.rmtree(tmp_path / part)
        (tmp_path / part).symlink_to(disk)
    with open_shop(tmp_path, Admin(tmp_path / "till", capsys, monkeypatch)) as shop:
        yield shop


def fill(disk: Path) -> Path:
    """To the last byte."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass
    return filler


def test_a_full_disk_of_either_is_said_and_loses_nothing(shop: Shop) -> None:
    filler = fill(DISKS / "house")
    sold = 0
    while shop.admin.types("sync").status == 0:
        shop.buys("CARD-ADA" if sold % 2 else "CARD-LINUS")
        sold += 1
        assert sold < 12, "the disk is not full"
    assert "the server's disk is full" in shop.admin.refused("sync")
    assert "the server's disk is full" in shop.status()["wawi_trouble"]
    assert shop.corner == "no WaWi for 0 min"
    shop.buys()
    filler.unlink()
    shop.agrees()

    filler = fill(DISKS / "till")
    shop.server.kpos("import", "product", str(_products(DISKS)))
    assert shop.admin.types("sync").status == 1
    assert "disk" in shop.status()["wawi_trouble"]
    assert shop.corner == "WaWi: kpos status"
    filler.unlink()
    shop.buys()
    shop.agrees()


def _products(folder: Path) -> Path:
    """More than the rest of a page takes."""
    listed = folder / "products.csv"
    listed.write_text("name,price\n" + "".join(f"Thing {n},1.00\n" for n in range(300)))
    return listed
