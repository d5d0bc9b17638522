"""Days at a house with several tills."""

from tests.wawi.core.haus import Haus


def test_three_tills_in_two_branches_agree_after_a_day(haus: Haus):
    haus.add_product("Mate", 150, deposit_cents=15, barcodes=["4029764001807"])
    haus.add_member("Ada", 2000)
    haus.add_member("Linus", 1000)
    cellar, bar, roof = haus.add_till(), haus.add_till(), haus.add_till("Dach")

    cellar.kasse.buy("Ada", ("Mate", 2))
    bar.kasse.buy("Linus", "Mate")
    roof.kasse.buy("Ada", "Mate")
    for till in (cellar, bar, roof):
        till.sync()
    haus.office(
        "delivery_add",
        lines=[{"product": "Mate", "quantity": "20", "cost": "=16.00"}],
        paid_by="bank",
    )
    for till in (cellar, bar, roof):
        till.sync()

    assert haus.credit("Ada") == 2000 - 3 * 165
    assert haus.credit("Linus") == 1000 - 165
    assert haus.stock("Mate") == (17, 1360, 0)
    assert haus.stock("Mate", "Dach") == (0, 0, -1)
    assert haus.balance("cost") == 240
    assert sum(haus.balances().values()) == 0
    for till in (cellar, bar, roof):
        assert till.kasse.credit("Ada").cents == haus.credit("Ada")
    assert haus.flags() == []
    haus.is_sound()
