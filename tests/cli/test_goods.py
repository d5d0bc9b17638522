"""Suppliers, deliveries, losses, counts and stock, typed by an admin."""

import csv
import io

import pytest

from tests.cli.admin import MATE, Admin

CRATE = "4029764001814"
DAY = "2027-03-01"


@pytest.fixture
def cellar(admin: Admin) -> Admin:
    """Two crates of Mate from Quelle, at 16.00 each, owed."""
    admin.does("supplier", "add", "Quelle")
    admin.does("barcode", "add", CRATE, "--product", MATE, "--pack", 20, "--pack-deposit", "1.50")
    admin.does("product", "set", MATE, "--low-stock", 40)
    typed = ("--supplier", "Quelle", "--paid", "owed", "--invoice", "R-17", "--date", "2026-11-20")
    line = ("--line", CRATE, 2, "16,00", "--best-before", MATE, DAY, "--empties", "0.15", 20)
    assert admin.does("delivery", "add", *typed, *line, "--note", "late") == "K1-000002"
    return admin


def test_a_supplier_is_listed_with_what_is_owed(cellar):
    [row] = cellar.reads("supplier", "list")
    assert (row["name"], row["owed_cents"]) == ("Quelle", 3200 + 900 - 300)
    cellar.does("supplier", "set", "Quelle", "--name", "Q")
    assert "settle that first" in cellar.refused("supplier", "retire", "Q")
    cellar.does("reverse", "K1-000002")
    cellar.does("supplier", "retire", "Q")
    assert cellar.does("supplier", "list") == "(none)"
    assert cellar.reads("supplier", "show", row["id"])["retired"] is True
    assert len(cellar.reads("supplier", "list", "--all")) == 1


def test_a_crate_is_shown_and_becomes_a_piece_again(cellar):
    shown = cellar.reads("barcode", "show", CRATE)
    assert (shown["pack"], shown["pack_deposit_cents"]) == (20, 150)
    cellar.does("barcode", "set", CRATE, "--pack-deposit", "3.10")
    assert {row["pack_deposit_cents"] for row in cellar.reads("barcode", "list")} == {0, 310}
    cellar.does("barcode", "set", CRATE, "--pack", 1)
    assert cellar.reads("barcode", "show", CRATE)["pack"] == 1
    assert "nothing to change" in cellar.misused("barcode", "set", CRATE)


def test_lots_are_listed_with_what_is_left(cellar):
    cellar.does("write-off", "--reason", "own-use", "--line", MATE, 2)
    [lot] = cellar.reads("delivery", "list", "--product", MATE)
    assert (lot["receipt_number"], lot["delivered_on"]) == ("K1-000002", "2026-11-20")
    assert (lot["quantity"], lot["left"], lot["best_before"]) == (40, 38, DAY)
    assert (lot["cost_cents"], lot["cost_left_cents"]) == (3200, 3040)
    cellar.does("write-off", "--reason", "gift", "--line", MATE, 38)
    assert cellar.does("delivery", "list") == "(none)"
    assert [row["left"] for row in cellar.reads("delivery", "list", "--all")] == [0]


def test_a_delivery_is_shown_with_its_lots(cellar):
    shown = cellar.reads("delivery", "show", "K1-000002")
    assert (shown["supplier"], shown["invoice"], shown["paid_by"]) == ("Quelle", "R-17", "owed")
    assert (shown["total_cents"], shown["deposit_cents"]) == (3800, 600)
    assert [lot["product"] for lot in shown["lots"]] == ["Club-Mate 0,5l"]
    as_text = cellar.does("delivery", "show", "K1-000002")
    assert "Quelle" in as_text
    assert DAY in as_text
    [row] = csv.DictReader(io.StringIO(cellar.does("delivery", "show", "K1-000002", "--csv")))
    assert row["cost_cents"] == "3200"
    assert "there is no delivery" in cellar.refused("delivery", "show", "K1-000001")
    cellar.does("delivery", "add", "--empties", "1.50", 1, "--paid", "bank")
    assert cellar.reads("delivery", "show", "K1-000003")["supplier"] is None


def test_stock_says_what_is_there_and_what_is_little(cellar):
    [row] = cellar.reads("stock", "list")
    assert (row["quantity"], row["open"], row["best_before"]) == (40, None, DAY)
    assert (row["low_stock"], row["low"]) == (40, True)
    cellar.does("product", "set", MATE, "--low-stock", 39)
    assert cellar.does("stock", "list", "--low") == "(none)"
    cellar.does("write-off", "--reason", "breakage", "--line", CRATE, 3)
    [row] = cellar.reads("stock", "list")
    assert (row["quantity"], row["open"], row["low"]) == (-20, 20, True)
    cellar.does("product", "set", MATE, "--no-low-stock")
    assert cellar.reads("stock", "list")[0]["low"] is False
    assert cellar.reads("product", "show", MATE)["low_stock"] is None


def test_a_sheet_is_filled_in_counted_and_approved_by_somebody_else(cellar, tmp_path):
    sheet = cellar.does("stocktake", "sheet")
    [row] = csv.DictReader(io.StringIO(sheet))
    assert (row["barcode"], row["name"], row["counted"]) == (f"0{MATE}", "Club-Mate 0,5l", "")
    file = tmp_path / "count.csv"
    file.write_text(sheet.replace('l",', 'l",37'), encoding="utf-8")
    assert (
        cellar.does("stocktake", "count", file, "--empties", "0.15", 3, "--note", "cellar") == "1"
    )

    [waiting] = cellar.reads("stocktake", "list")
    assert (waiting["count"], waiting["products"], waiting["differences"]) == (1, 1, 1)
    shown = cellar.reads("stocktake", "show", 1)
    assert shown["lines"] == [
        {"product": "Club-Mate 0,5l", "expected": 40, "counted": 37, "difference": -3}
    ]
    assert shown["note"] == "cellar"
    assert "empties found" in cellar.does("stocktake", "show", 1)
    assert "product,expected" in cellar.does("stocktake", "show", 1, "--csv")

    assert "somebody else" in cellar.refused("stocktake", "approve", 1)
    why = ("--reason", MATE, "own-use", "--approved-by", "Ada")
    assert cellar.does("stocktake", "approve", 1, *why) == "K1-000003"
    assert cellar.reads("stock", "list")[0]["quantity"] == 37
    assert cellar.does("stocktake", "list") == "(none)"
    assert "no count 1" in cellar.refused("stocktake", "show", 1)


def test_every_wrong_line_of_a_sheet_is_named(cellar, tmp_path):
    file = tmp_path / "count.csv"
    file.write_text("name,counted\nBeer,1\nClub-Mate 0;5l,\nClub-Mate 0.5l,x\n", encoding="utf-8")
    ran = cellar.types("stocktake", "count", file)
    assert ran.status == 1
    assert "line 2: there is no product 'Beer'" in ran.err
    assert "line 4: there is no product" in ran.err
    file.write_text("name,counted\nMate,1,2\n", encoding="utf-8")
    assert "more columns" in cellar.types("stocktake", "count", file).err
    assert cellar.does("stocktake", "list") == "(none)"


def test_lines_are_counted_without_a_file_and_discarded(cellar):
    assert cellar.does("stocktake", "count", "--line", CRATE, 2, "--counted-by", "Ada") == "1"
    assert cellar.reads("stocktake", "list")[0]["counted_by"] == "Ada"
    assert cellar.reads("stocktake", "list")[0]["differences"] == 0
    cellar.does("stocktake", "discard", 1)
    assert "no count 1" in cellar.refused("stocktake", "discard", 1)
    assert "nothing was counted" in cellar.refused("stocktake", "count")


def test_weighed_goods_are_typed_and_shown_in_kilograms(cellar):
    cellar.does("product", "add", "--name", "Gouda", "--price", "19.90", "--unit", "kg",
                "--low-stock", "0.5")  # fmt: skip
    cellar.does("delivery", "add", "--paid", "bank", "--line", "Gouda", "2,5", "9.99")
    row = next(row for row in cellar.reads("stock", "list") if row["product"] == "Gouda")
    assert (row["quantity"], row["low_stock"], row["low"]) == ("2.500", "0.500", False)
    assert "2.500" in cellar.does("delivery", "list")


def test_a_sheet_of_everything_has_what_never_came_too(admin):
    assert admin.does("stocktake", "sheet").splitlines() == ["product,barcode,name,counted"]
    assert "Club-Mate" in admin.does("stocktake", "sheet", "--all")
