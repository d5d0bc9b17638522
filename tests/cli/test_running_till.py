"""Commands beside a till that sells: everything goes through its control socket."""

import json
import os
import shutil
import sqlite3
import tempfile
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.cli.daemon import buy, kpos, kpos_of_a_stranger, running_till


def credit(data: Path) -> int:
    shown = kpos("card", "show", "CARD-ADA", "--json", data=data)
    assert shown.returncode == 0, shown.stderr
    cents: int = json.loads(shown.stdout)["credit_cents"]
    return cents


def test_a_top_up_is_there_when_the_card_is_read_next(admin):
    with running_till(admin.data, "--language", "en") as till:
        till.scan("CARD-ADA")
        assert "20.00" in till.shows
        till.do(wait_ms=120_000)

        assert admin.does("top-up", "--card", "CARD-ADA", "--amount", "5") == "K1-000002"

        till.scan("CARD-ADA")
        assert "25.00" in till.shows


def test_what_is_sold_and_what_is_typed_make_one_chain(admin):
    with running_till(admin.data) as till:
        assert buy(till)["receipt_number"] == "K1-000002"
        assert admin.does("payout", "--card", "CARD-ADA", "--amount", "1") == "K1-000003"
        assert buy(till)["receipt_number"] == "K1-000004"
        assert admin.credit("CARD-ADA") == 2000 - 2 * 165 - 100
        assert admin.reads("verify")["receipts"] == 4
    assert admin.reads("verify")["projections_compared"] is True


def test_a_setting_takes_effect_at_once(admin):
    admin.does("member", "set", "Ada", "--pin", "-", stdin="1234\n")
    with running_till(admin.data) as till:
        buy(till)
        admin.does("setting", "set", "free_limit_cents", "1.00")
        till.scan("CARD-ADA", "4029764001807")
        till.keys("#")
        assert "PIN" in till.shows
        till.keys("1234#")
        assert [each["kind"] for each in till.booked] == ["sale", "master_change", "sale"]


def test_a_new_product_is_known_at_once_and_a_retired_one_no_more(admin):
    with running_till(admin.data, "--language", "en") as till:
        till.scan("4260031874056")
        admin.does(
            "product", "add", "--name", "Flora", "--price", "1", "--barcode", "4260031874056"
        )
        till.do(wait_ms=60_000)
        till.scan("4260031874056")
        assert "Flora" in till.shows
        admin.does("product", "retire", "Flora")
        till.do(wait_ms=60_000)
        till.scan("4260031874056")
        assert "Flora" not in till.shows


def test_unknown_barcodes_are_listed_for_the_admin(admin):
    with running_till(admin.data) as till:
        till.scan("40678092", "4066600603405", "40678092")
        rows = admin.reads("barcode", "unknown")
        assert {row["code"] for row in rows} == {"00000040678092", "04066600603405"}
        admin.does("barcode", "unknown", "--clear")
        assert admin.reads("barcode", "unknown") == []


def test_a_refusal_of_the_till_reads_like_one_of_the_files(admin):
    alone = admin.refused("payout", "--card", "CARD-ADA", "--amount", "500")
    with running_till(admin.data):
        assert admin.refused("payout", "--card", "CARD-ADA", "--amount", "500") == alone
        assert "there is no card" in admin.refused("card", "block", "NOBODY")


def test_status_comes_from_the_till_or_from_its_files(admin):
    asleep = admin.reads("status")
    with running_till(admin.data):
        awake = admin.reads("status")
    assert (asleep["running"], awake["running"]) == (False, True)
    assert awake["dialogue"] == "Idle"
    assert {key: awake[key] for key in ("till", "prefix", "epoch", "seq", "last_booking")} == {
        key: asleep[key] for key in ("till", "prefix", "epoch", "seq", "last_booking")
    }
    assert admin.does("status").splitlines()[0].split() == ["running", "no"]


def test_a_backup_is_made_and_checked_while_the_till_sells(admin, tmp_path):
    target = tmp_path / "k1.db"
    with running_till(admin.data) as till:
        buy(till)
        backing_up = kpos_in_background("backup", target, data=admin.data)
        buy(till)
        out, err = backing_up.communicate()
        assert (backing_up.returncode, out.strip()) == (0, str(target))
        assert "verified" in err
        buy(till)
    with sqlite3.connect(target) as copy:
        receipts = copy.execute("SELECT count(*) FROM document WHERE kind = 'sale'").fetchone()
    copy.close()
    assert receipts[0] in {1, 2}
    assert target.stat().st_mode & 0o777 == 0o600


def kpos_in_background(*arguments: object, data: Path):
    import subprocess

    from tests.cli.daemon import KPOS
    from tests.process.jsonl_till import ROOT

    return subprocess.Popen(
        [*KPOS, *map(str, arguments)],
        env=os.environ | {"KPOS_DATA": str(data)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_backup_where_the_till_may_not_write_says_so(admin, tmp_path):
    with running_till(admin.data) as till:
        said = admin.refused("backup", tmp_path / "no" / "such" / "folder" / "k1.db")
        assert "cannot be written: No such file or directory" in said
        assert buy(till)


def test_a_till_does_not_write_a_backup_over_itself(admin, tmp_path):
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    with running_till(admin.data) as till:
        for target in (admin.data / "journal.db", admin.data, admin.data / "x.db"):
            assert "lies in the till's own folder" in admin.refused("backup", target)
        assert "is no backup" in admin.refused("backup", other)
        assert buy(till)
    assert other.read_text() == "mine"
    assert admin.reads("verify")["documents"]


@pytest.mark.parametrize("command", [["rebuild"], ["restore", "k1.db"]])
def test_what_replaces_files_refuses_while_a_till_runs(admin, command):
    with running_till(admin.data) as till:
        said = admin.refused(*command)
        assert said.startswith(f"a till runs in {admin.data}: stop it first")
        assert "systemctl stop kpos" in said
        assert buy(till)


def test_a_second_till_in_one_folder_ends_with_a_line(admin):
    with running_till(admin.data) as till:
        second = kpos("run", "--io", "jsonl", data=admin.data, stdin=None)
        assert (second.returncode, second.stdout) == (1, "")
        [line] = second.stderr.splitlines()
        assert line.startswith(f"kpos: another kpos is using {admin.data}")
        assert buy(till)


def test_a_data_folder_may_have_a_longer_name_than_a_socket(admin, tmp_path):
    long = tmp_path / ("f" * 100) / ("g" * 100)
    long.parent.mkdir()
    shutil.copytree(admin.data, long)
    assert len(str(long / "control.sock")) > 108
    with running_till(long) as till:
        ran = kpos("top-up", "--card", "CARD-ADA", "--amount", "5", data=long)
        assert (ran.stdout, ran.stderr) == ("K1-000002\n", "")
        assert buy(till)
        assert json.loads(kpos("status", "--json", data=long).stdout)["running"] is True
    assert credit(long) == 2500 - 165


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be somebody else")
def test_somebody_without_rights_is_told_what_to_do(admin):
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        data = Path(place) / "till"
        shutil.copytree(admin.data, data)
        data.chmod(0o755)
        for each in data.iterdir():
            each.chmod(0o640)
        commands = (
            ["top-up", "--card", "CARD-ADA", "--amount", "5"], ["status"], ["product", "list"],
            ["verify"], ["journal"], ["rebuild"], ["backup", "/tmp/x.db"],
        )  # fmt: skip
        for till in (nullcontext(), running_till(data)):
            with till:
                for command in commands:
                    ran = kpos_of_a_stranger(*command, data=data)
                    assert ran.returncode == 1, (command, ran)
                    [line] = ran.stderr.splitlines()
                    assert "kpos-admin" in line, (command, line)
                    assert "sudo" in line
        assert credit(data) == 2000


@pytest.mark.parametrize(
    ("at", "flag"), [("1970-01-01T00:00:00Z", "back"), ("2036-02-07T06:28:16Z", "ahead")]
)
def test_a_clock_that_is_wrong_is_flagged_and_sells_on(admin, at, flag):
    with running_till(admin.data, "--at", at) as till:
        buy(till)
        assert admin.does("top-up", "--card", "CARD-ADA", "--amount", "5") == "K1-000003"
    sale, debit, top_up = admin.journal()[-3:]
    assert [document["clock"] for document in (sale, debit, top_up)] == [flag] * 3
    assert sale["at"].startswith(at[:10])
    assert admin.credit("CARD-ADA") == 2500 - 165
    admin.does("verify")
    assert f"{at[:4]}" in admin.does("export", "beancount")
