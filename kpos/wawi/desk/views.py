"""What a list page shows of several tables of the core, as views; made anew at each migration."""

from __future__ import annotations

from django.db import connection

VIEWS = {
    "desk_wallet": """
        SELECT wallet.id AS id, wallet.member AS member,
            coalesce(wallet.member_group, member.member_group) AS member_group,
            -coalesce(balance.cents, 0) AS credit_cents, home.till AS home
        FROM wallet
        LEFT JOIN home ON home.wallet = wallet.id
        LEFT JOIN member ON member.id = wallet.member
        LEFT JOIN balance ON balance.account = 'wallet:' || wallet.id""",
    "desk_stock": """
        SELECT stock.product || ' ' || coalesce(branch_place.branch, '') AS key,
            stock.product AS product, branch_place.branch AS branch,
            sum(stock.quantity + stock.open_quantity) AS quantity,
            sum(stock.cost_cents) AS cost_cents
        FROM stock
        LEFT JOIN branch_place ON branch_place.place = stock.place
        GROUP BY stock.product, branch_place.branch""",
    "desk_lot": """
        SELECT lot.id AS id, lot.product AS product, branch_place.branch AS branch,
            lot.quantity AS quantity, lot.cost_cents AS cost_cents,
            lot.quantity_left AS quantity_left, lot.best_before AS best_before,
            document.receipt AS receipt, lot.position AS position
        FROM lot
        LEFT JOIN branch_place ON branch_place.place = lot.place
        LEFT JOIN document ON document.position = lot.position""",
}


def make_views(**_signal: object) -> None:
    """Drop and create all of them."""
    with connection.cursor() as cursor:
        for name in reversed(VIEWS):
            cursor.execute(f"DROP VIEW IF EXISTS {name}")
        for name, query in VIEWS.items():
            cursor.execute(f"CREATE VIEW {name} AS {query}")
