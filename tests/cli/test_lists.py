"""Lists go out as they come in: exported, edited in a spreadsheet, imported again."""

import csv
import io

import pytest


@pytest.fixture
def edited(admin, tmp_path):
    """Exports a noun, has a function change the rows, imports them; returns how that went."""

    def editing(noun: str, change, *options: str):
        out = admin.does(noun, "export")
        rows = list(csv.DictReader(io.StringIO(out)))
        change(rows)
        file = tmp_path / f"{noun}.csv"
        with file.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
        return admin.types(noun, "import", file, *options)

    return editing


def unchanged(rows):
    pass


@pytest.mark.parametrize("noun", ["product", "member"])
def test_what_was_exported_changes_nothing_when_it_comes_back(admin, edited, noun):
    before = admin.journal()
    ran = edited(noun, unchanged)
    assert ran.status == 0, ran.err
    assert "added" not in ran.out
    assert "changed" not in ran.out
    assert admin.journal() == before


def test_a_price_list_changes_prices_and_says_so_before(admin, edited):
    def dearer(rows):
        for row in rows:
            row["price"] = "1.80"
        rows[0]["name"] = "Club-Mate"

    before = admin.journal()
    ran = edited("product", dearer, "--dry-run")
    assert ran.status == 0, ran.err
    first = ran.out.splitlines()[0]
    assert first.startswith("line 2: change ")
    assert "price 1.50 -> 1.80" in first
    assert "name " in first
    assert ran.out.endswith("; nothing was booked\n")
    assert admin.journal() == before
    edited("product", dearer)
    assert {row["price_cents"] for row in admin.reads("product", "list")} == {180}


def test_a_price_list_of_a_supplier_needs_no_ids(admin, tmp_path):
    """Barcodes say which product is meant; what nobody knows is added."""
    known = next(row for row in admin.reads("product", "list") if row["barcodes"])
    file = tmp_path / "prices.csv"
    file.write_text(
        f"EAN;Bezeichnung;VK;Pfand\n{known['barcodes'][0]};{known['name']};1,70;0,15\n"
        "4006381333931;Pen;2,00;\n"
    )
    assert admin.does("product", "import", file) == "products: 1 added, 1 changed"
    prices = {row["name"]: row["price_cents"] for row in admin.reads("product", "list")}
    assert (prices[known["name"]], prices["Pen"]) == (170, 200)


def test_a_list_without_prices_leaves_them_alone(admin, tmp_path):
    file = tmp_path / "names.csv"
    file.write_text("barcode,name\n4029764001807,Mate\n4006381333931,Pen\n")
    admin.does("product", "import", file)
    prices = {row["name"]: row["price_cents"] for row in admin.reads("product", "list")}
    assert prices == {"Mate": 150, "Pen": None}


def test_every_wrong_line_of_a_price_list_is_named_and_nothing_is_booked(admin, tmp_path):
    before = admin.journal()
    file = tmp_path / "prices.csv"
    file.write_text(
        "name,price,deposit,number,barcodes,tax_key,unit,id\n"
        "Tea,much,,,,,,\n"
        "Tea,1.00,,12345678901,,,,\n"
        "Tea,1.00,,,4006381333932,,,\n"
        "Tea,1.00,,,4006381333931,,,\n"
        "Soup,1.00,,,4006381333931,,,\n"
        "Soup,1.00,,,,9,,\n"
        "Soup,1.00,,,,,litre,\n"
        "Soup,1.00,,,,,,abc\n"
        "Cheese,1.00,0.15,,,,kg,\n"
    )
    ran = admin.types("product", "import", file)
    assert ran.status == 1
    named = ran.err.splitlines()[1:]
    assert [line.split(":")[0] for line in named] == [
        f"line {line}" for line in (2, 3, 4, 6, 7, 8, 9, 10)
    ]
    assert admin.journal() == before


def test_a_member_list_renames_moves_and_adds(admin, edited):
    def change(rows):
        rows[0] |= {"name": "Ada L.", "number": "", "cards": f"{rows[0]['cards']} CARD-TWO"}
        rows[0] |= {"group": "guests", "language": "en", "credit": "99.00"}
        rows.append(dict.fromkeys(rows[0], "") | {"name": "Zoe", "cards": "C-77", "credit": "3"})
        rows[1]["language"] = "de"

    ran = edited("member", change)
    assert ran.status == 0, ran.err
    rows = {row["name"]: row for row in admin.reads("member", "list")}
    ada = rows["Ada L."]
    assert (ada["number"], ada["group"], ada["language"]) == (None, "guests", "en")
    assert sorted(ada["cards"]) == ["CARD-ADA", "CARD-TWO"]
    assert ada["credit_cents"] == 2000  # a list gives credit to new members only
    assert (rows["Zoe"]["credit_cents"], rows["Zoe"]["language"]) == (300, "de")


def test_who_becomes_trusted_by_a_list_needs_a_longer_pin(admin, edited):
    admin.does("member", "set", "Ada", "--pin", "-", stdin="4711\n")

    def trust(rows):
        rows[0]["role"] = "trusted"

    ran = edited("member", trust, "--dry-run")
    assert "role member -> trusted" in ran.out
    edited("member", trust)
    assert admin.reads("member", "show", "Ada")["role"] == "trusted"
    pins = [row for row in admin.journal() if row["kind"] == "master_change"]
    assert pins[-1]["body"]["fields"] == {"exists": 0}


def test_a_list_of_another_till_keeps_its_ids_and_can_come_twice(admin, tmp_path):
    file = tmp_path / "members.csv"
    file.write_text("id,name,credit\n00000000000000ab,Zoe,3.00\n")
    assert admin.does("member", "import", file) == "members: 1 added; credit 3.00"
    assert admin.reads("member", "show", "Zoe")["id"] == "00000000000000ab"
    assert admin.does("member", "import", file) == "members: 1 as they were"
    assert admin.reads("member", "show", "Zoe")["credit_cents"] == 300


def test_conditions_come_from_a_list_and_go_out_again(admin, edited, tmp_path):
    file = tmp_path / "conditions.csv"
    file.write_text(
        "Gruppe;Artikel;ab Menge;Preis;Aufschlag;Abgabe;Abgabe für;Beginn;Ende;Kommentar\n"
        "guests;12;;1,80;;0,10;donation;;;\n"
        ";12;6;1,20;;;;2026-12-01;2026-12-31;six-pack\n"
        "guests;;;;25 %;;;;;\n"
    )
    ran = admin.types("condition", "import", file, "--dry-run")
    assert ran.out.splitlines()[0] == "line 2: add condition for guests and 12"
    assert admin.does("condition", "import", file) == "conditions: 3 added"
    six = next(row for row in admin.reads("condition", "list") if row["comment"] == "six-pack")
    assert (six["min_quantity"], six["price_cents"]) == (6, 120)
    assert (six["start"], six["end"]) == ("2026-12-01 00:00", "2027-01-01 00:00")
    before = admin.journal()
    assert "as they were" in edited("condition", unchanged).out
    assert admin.journal() == before

    def dearer(rows):
        next(row for row in rows if row["comment"] == "six-pack")["price"] = "1.30"

    assert "value 120 -> 130" in edited("condition", dearer, "--dry-run").out
    assert edited("condition", dearer).status == 0
    six = next(row for row in admin.reads("condition", "list") if row["comment"] == "six-pack")
    assert six["price_cents"] == 130


def test_every_wrong_condition_is_named(admin, edited, tmp_path):
    before = admin.journal()
    file = tmp_path / "conditions.csv"
    file.write_text(
        "member,group,product,price,markup,start,id\n"
        "Nobody,,,1.00,,,\n"
        ",guests,,,,,\n"
        ",guests,,1.00,25,,\n"
        ",guests,,,many,,\n"
        "Ada,guests,,1.00,,,\n"
        ",,,1.00,,christmas,\n"
    )
    ran = admin.types("condition", "import", file)
    assert [line.split(":")[0] for line in ran.err.splitlines()[1:]] == [
        f"line {line}" for line in range(2, 8)
    ]
    assert admin.journal() == before

    def other_product(rows):
        rows[0]["product"] = "12"

    admin.does("condition", "add", "--group", "guests", "--fixed", "1.00")
    assert "keeps what it names" in edited("condition", other_product).err


def test_a_product_without_a_price_of_its_own_takes_that_of_conditions(admin, edited):
    def without(rows):
        rows[0]["price"] = ""

    assert "price 1.50 -> none" in edited("product", without, "--dry-run").out
    edited("product", without)
    assert None in {row["price_cents"] for row in admin.reads("product", "list")}


DELIVERED = (
    "Lieferant;Rechnung;Datum;bezahlt;Artikel;Menge;EK;MHD\n"
    "Meier;R-1;20.11.2026;owed;12;20;0,80;2027-03-01\n"
    "Meier;R-1;20.11.2026;owed;12;10;=9,00;2027-05-01\n"
    "Meier;R-2;21.11.2026;bank;12;5;0,90;\n"
)


def test_invoices_come_from_a_list_once(admin, tmp_path):
    admin.does("supplier", "add", "Meier")
    file = tmp_path / "invoices.csv"
    file.write_text(DELIVERED)
    dry = admin.types("delivery", "import", file, "--dry-run")
    assert dry.out.splitlines()[0] == (
        "line 2: add invoice R-1 of 2026-11-20, 2 lines, goods 25.00"
    )
    assert admin.does("delivery", "import", file) == "deliveries: 2 added"
    lots = admin.reads("delivery", "list")
    assert [(row["quantity"], row["cost_cents"]) for row in lots] == [
        (20, 1600), (10, 900), (5, 450),
    ]  # fmt: skip
    before = admin.journal()
    again = admin.types("delivery", "import", file)
    assert "invoice R-1 is booked already" in again.err
    assert admin.journal() == before
    admin.does("reverse", lots[0]["receipt_number"])
    exported = admin.does("delivery", "export").splitlines()
    assert [line.split(",")[1] for line in exported[1:]] == ["R-2"]
    file.write_text("".join(DELIVERED.splitlines(keepends=True)[:3]))
    assert admin.does("delivery", "import", file) == "deliveries: 1 added"  # it was taken back
    admin.does("verify")


def test_what_a_list_of_invoices_has_wrong_is_named_and_nothing_comes_in(admin, tmp_path):
    before = admin.journal()
    file = tmp_path / "invoices.csv"
    file.write_text(
        "supplier,paid,product,quantity,cost,best_before\n"
        ",bank,99,1,1.00,\n"
        ",bank,12,some,1.00,\n"
        ",bank,12,1,1.00,soon\n"
        "Nobody,bank,12,1,1.00,\n"
        ",owed,12,1,1.00,\n"
    )
    ran = admin.types("delivery", "import", file)
    named = [line.split(":")[0] for line in ran.err.splitlines()[1:]]
    assert named == [f"line {line}" for line in (2, 3, 4, 5, 6)]
    for together in ("2026-11-20", "2026-11-21"):
        # One delivery that is more than the box holds, then two that are, together.
        file.write_text(
            f"product,quantity,cost,date\n12,10,0.60,2026-11-20\n12,10,1.20,{together}\n"
        )
        assert "cash:K1 lacks" in admin.types("delivery", "import", file).err
    assert admin.journal() == before


def test_deliveries_go_out_as_they_came(admin, tmp_path):
    admin.does("delivery", "add", "--paid", "bank", "--line", "12", "3", "=2.50")
    file = tmp_path / "invoices.csv"
    file.write_text(admin.does("delivery", "export") + "\n")
    admin.does("delivery", "import", file)
    first, second = admin.reads("delivery", "list")
    assert (first["quantity"], first["cost_cents"]) == (second["quantity"], second["cost_cents"])
