"""A till that sold alone joins: what it brings along, before the WaWi has applied it and after."""

from pathlib import Path

from kpos.domain.money import Money
from kpos.ledger import stammdaten
from tests.sync.tills import Till
from tests.sync.wawi import Wawi


def test_who_came_first_keeps_a_name_before_own_documents_are_applied(
    cellar: Till, wawi: Wawi, tmp_path: Path
) -> None:
    """What would be taken from a row of the feed here would not come again."""
    attic = Till(tmp_path / "attic")
    attic.add_product("Mate", 170, number=12, barcodes=["4029764001807"])
    attic.add_product("Tea", 90, number=13, barcodes=["4006381333931"])
    attic.add_member("Ada", 500, number=42)
    attic.office("group_add", name="crew")
    own, ada = attic.product("Mate").id, attic.holder("Ada").member
    assert ada is not None
    wawi.is_stalled = True
    attic.pair(wawi, "K2").sync()
    here, there = attic.books.current(), cellar.books.current()
    for table in ("product", "barcode", "member_group", "member", "card"):
        query = f"SELECT * FROM {table}"
        assert set(there.execute(query)) <= set(here.execute(query)), table
    query = "SELECT code FROM card ORDER BY code IS NULL"
    assert here.execute(query).fetchall() == [("CARD-Ada",), (None,)]
    product, member = stammdaten.product(here, own), stammdaten.member(here, ada)
    assert product is not None
    assert member is not None
    assert (product.price, product.number) == (Money(170), None)
    assert (member.name, member.number) == ("Ada", None)
    group = stammdaten.group(here, member.group)
    assert group is not None
    assert group.name == f"members {group.id}"
    tea = stammdaten.product_of_code(here, "04006381333931")
    assert tea is not None
    assert tea.number == 13
    assert stammdaten.group_of_name(here, "crew") is not None
    attic.close()
