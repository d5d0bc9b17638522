"""The commands of whoever looks after the server."""

import json
import shutil
import sqlite3
import subprocess
import sys

import pytest

from tests.wawi.server import kpos_wawi, serving

OF_A_TILL = """
import sys, kpos.cli.run, kpos.terminal.run, kpos.ledger.books, kpos.ledger.office
found = {"django", "ninja", "pydantic", "waitress", "psycopg", "kpos.wawi"} & set(sys.modules)
sys.exit(str(found) if found else 0)
"""
PRODUCTS = "name;price;deposit;barcodes\nClub-Mate;1,50;0,15;4029764001807\nMilka;2,00;;\n"


@pytest.fixture
def data(tmp_path):
    kpos_wawi(tmp_path / "wawi", "migrate")
    return tmp_path / "wawi"


def test_a_lively_year_is_there_in_a_moment_and_whole(tmp_path):
    data = tmp_path / "wawi"
    with serving(data, "--demo") as server:
        assert [line.split(":")[0] for line in server.said[:3]] == [
            "K1 in Nord",
            "K2 in Nord",
            "K3 in Süd",
        ]
        listed = json.loads(server.kpos("till", "list", "--json"))
        assert [(row["prefix"], row["state"]) for row in listed] == [
            ("K1", "paired"),
            ("K2", "paired"),
            ("K3", "paired"),
        ]
        assert "of 3 tills are whole." in server.kpos("check")
    again = kpos_wawi(data, "serve", "--demo", check=False)
    assert again.stderr == "kpos: --demo is for a new data folder: this house has branches\n"


def test_lists_of_a_till_are_imported(data, tmp_path):
    listed = tmp_path / "products.csv"
    listed.write_text(PRODUCTS, encoding="utf-8")
    dry = kpos_wawi(data, "import", "product", str(listed), "--dry-run").stdout
    assert dry.endswith("products: 2 added; nothing was booked\n")
    assert kpos_wawi(data, "import", "product", str(listed)).stdout == "products: 2 added\n"
    people = tmp_path / "members.csv"
    people.write_text("name,number,credit\nAda,42,20.00\nLinus,42,\n", encoding="utf-8")
    refused = kpos_wawi(data, "import", "member", str(people), check=False)
    assert refused.stderr.splitlines() == [
        "kpos: nothing was imported:",
        "line 3: 42 stands in an earlier line too",
    ]


def test_a_backup_is_put_back_while_no_server_runs(data, tmp_path):
    copy = tmp_path / "copy.db"
    kpos_wawi(data, "branch", "add", "Nord")
    made = kpos_wawi(data, "backup", str(copy))
    assert made.stderr == "0 documents, verified.\n"
    assert copy.stat().st_mode & 0o777 == 0o600
    assert "is there already" in kpos_wawi(data, "backup", str(copy), check=False).stderr
    kpos_wawi(data, "branch", "add", "Süd")
    with serving(data):
        refused = kpos_wawi(data, "restore", str(copy), check=False)
        assert refused.stderr == "kpos: the server runs: stop it first\n"
    assert "is kept as" in kpos_wawi(data, "restore", str(copy)).stdout
    names = [row["name"] for row in json.loads(kpos_wawi(data, "branch", "list", "--json").stdout)]
    assert names == ["Nord"]
    assert len(list(data.glob("wawi.db.before-restore-*"))) >= 1


def test_a_copy_that_is_damaged_is_not_put_back(data, tmp_path):
    copy = tmp_path / "copy.db"
    copy.write_bytes(b"no database at all, " * 1000)
    refused = kpos_wawi(data, "restore", str(copy), check=False)
    assert refused.returncode == 1
    assert "damaged" in refused.stderr
    assert "of 0 tills are whole" in kpos_wawi(data, "check").stdout


def test_a_balance_that_was_tampered_with_is_found(data, tmp_path):
    people = tmp_path / "members.csv"
    people.write_text("name,credit\nAda,20.00\n", encoding="utf-8")
    kpos_wawi(data, "import", "member", str(people))
    spare = tmp_path / "spare"
    shutil.copytree(data, spare)
    with sqlite3.connect(spare / "wawi.db") as db:
        db.execute("UPDATE balance SET cents = cents - 100 WHERE account LIKE 'wallet:%'")
    db.close()
    assert kpos_wawi(data, "check").returncode == 0
    found = kpos_wawi(spare, "check", check=False)
    assert found.returncode == 1
    assert "balance" in found.stderr


def test_the_till_never_loads_it():
    subprocess.run([sys.executable, "-c", OF_A_TILL], check=True)
