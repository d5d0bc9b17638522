"""Two tills and a WaWi."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.desk import Desk
from tests.sync.tills import Till
from tests.sync.wawi import Wawi


@pytest.fixture
def wawi() -> Wawi:
    return Wawi()


@pytest.fixture
def cellar(tmp_path: Path, wawi: Wawi) -> Iterator[Till]:
    """The first till: it sold alone, then brought what it knew to the WaWi. Ada has 20.00."""
    till = Till(tmp_path / "cellar")
    till.add_product(
        "Mate", 150, deposit_cents=15, number=12, barcodes=["4029764001807"], tax_key="1"
    )
    till.add_product("Snack", 100)
    till.add_member("Ada", 2000, number=42)
    till.pair(wawi)
    till.sync()
    yield till
    till.close()


@pytest.fixture
def roof(tmp_path: Path, wawi: Wawi, cellar: Till) -> Iterator[Till]:
    """The second till, new: all that it knows came from the WaWi."""
    till = Till(tmp_path / "roof").pair(wawi, "K2")
    till.sync()
    yield till
    till.close()


@pytest.fixture
def shared(cellar: Till, roof: Till, wawi: Wawi) -> str:
    """Ada's wallet, which both tills may debit from now on."""
    wallet = cellar.wallet("Ada")
    wawi.move_home(wallet, None)
    cellar.sync()
    roof.sync()
    return wallet


@pytest.fixture
def desk(cellar: Till) -> Desk:
    return Desk(cellar)
