"""Tills to sell at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.kasse import Kasse


@pytest.fixture
def empty_kasse(tmp_path: Path) -> Iterator[Kasse]:
    """A till just made."""
    kasse = Kasse(tmp_path / "data")
    yield kasse
    kasse.close()


@pytest.fixture
def kasse(empty_kasse: Kasse) -> Kasse:
    """A till beside a fridge: Club-Mate with deposit, Snack without; Ada has 20.00."""
    empty_kasse.add_product(
        "Mate", 150, deposit_cents=15, number=12, barcodes=["4029764001807"], tax_key="1"
    )
    empty_kasse.add_product("Snack", 100)
    empty_kasse.add_member("Ada", 2000, number=42)
    return empty_kasse
