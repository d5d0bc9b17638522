"""What must hold of goods in any books, whatever was delivered, sold, lost, counted, taken back."""

from collections import Counter
from typing import Any

from tests.ledger.kasse import Kasse


def check_goods(kasse: Kasse) -> None:
    """Stock, lots, what was taken from them and the accounts say the same."""
    _check_lots(kasse)
    _check_stock(kasse)
    _check_costs(kasse)


def _rows(kasse: Kasse, query: str) -> list[tuple[Any, ...]]:
    return kasse.books.current().execute(query).fetchall()


def _check_lots(kasse: Kasse) -> None:
    """None is negative; emptying one costs its invoice (with average costs, all of a product)."""
    came: Counter[str] = Counter()
    left: Counter[str] = Counter()
    cents: Counter[str] = Counter()
    average = kasse.books.settings.cost_flow == "average"
    gone = {original for (original,) in _rows(kasse, "SELECT original FROM reversed")}
    lots = _rows(
        kasse,
        "SELECT id, product, position, quantity, cost_cents, quantity_left, cost_left FROM lot",
    )
    taken = _rows(kasse, "SELECT lot, product, quantity, cost_cents FROM taken WHERE lot <> ''")
    for lot, product, position, quantity, cost, quantity_left, cost_left in lots:
        key = product if average else lot
        assert quantity_left >= 0, "more left a lot than came"
        if position not in gone:
            came[lot] += quantity
            cents[key] += cost
        left[lot] += quantity_left
        cents[key] -= cost_left
        left[f"cents {key}"] += cost_left
        left[f"of {key}"] += quantity_left
    for lot, product, quantity, cost in taken:
        assert quantity > 0
        assert cost >= 0
        left[lot] += quantity
        cents[product if average else lot] -= cost
    assert {lot: left[lot] for lot, *_ in lots} == {lot: came[lot] for lot, *_ in lots}
    assert not any(cents.values()), "what left and what is left is not what was paid"
    for key in cents:
        assert left[f"cents {key}"] >= 0
        assert left[f"of {key}"] > 0 or left[f"cents {key}"] == 0, "nothing is left but cents"


def _check_stock(kasse: Kasse) -> None:
    """Stock is lots and what left before it had one; and nothing waits while goods are there."""
    lots = "SELECT product, sum(quantity_left), sum(cost_left) FROM lot GROUP BY product"
    in_lots = {product: tuple(sums) for product, *sums in _rows(kasse, lots)}
    waiting = dict(
        _rows(kasse, "SELECT product, sum(quantity) FROM taken WHERE lot = '' GROUP BY product")
    )
    stock = "SELECT product, quantity, cost_cents, open_quantity FROM stock"
    for product, quantity, cost, open_quantity in _rows(kasse, stock):
        assert in_lots.get(product, (0, 0)) == (quantity, cost)
        assert open_quantity == -waiting.get(product, 0)
        assert quantity == 0 or open_quantity == 0, "goods are there, but something waits for them"


def _check_costs(kasse: Kasse) -> None:
    """Accounts bear what was taken on them; the inventory is what is left."""
    [(left,)] = _rows(kasse, "SELECT coalesce(sum(cost_left), 0) FROM lot")
    assert kasse.balance("inventory") == left
    costs = dict(_rows(kasse, "SELECT account, sum(cost_cents) FROM taken GROUP BY account"))
    assert kasse.balance("cost") == costs.get("cost", 0)
    sold = "SELECT coalesce(sum(cost_cents), 0), coalesce(sum(uncosted), 0) FROM sale_line"
    waits = "SELECT coalesce(sum(quantity), 0) FROM taken WHERE lot = '' AND account = 'cost'"
    assert _rows(kasse, sold) == [(costs.get("cost", 0), _rows(kasse, waits)[0][0])]
    [(units,)] = _rows(kasse, "SELECT coalesce(sum(cents_per_unit * quantity), 0) FROM house_units")
    assert kasse.balance("deposit") == units
