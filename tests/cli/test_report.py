"""`kpos report`: the same rows as a table, JSON, CSV, in a terminal's bars and as a picture."""

import os
import subprocess
from xml.etree.ElementTree import fromstring

import pytest

from tests.cli.admin import Admin
from tests.ledger.kasse import Kasse
from tests.process.jsonl_till import kpos
from tests.reports.weekend import spend_a_weekend

REPORTS = (
    "turnover", "product-mix", "profit", "balances", "credit", "deposit", "low-stock", "expiring"
)  # fmt: skip
TURNOVER_BY_DAY = """\
period      sales  turnover  levy   tax    net  deposit
2026-11-20      2      5.50  0.00  0.72   4.78     0.45
2026-11-21      1      2.00  0.00  0.00   2.00     0.00
2026-11-22      1      6.87  0.00  0.00   6.87     0.00
2026-11-23      1      1.00  0.00  0.00   1.00     0.00
total           5     15.37  0.00  0.72  14.65     0.45"""


@pytest.fixture
def weekend(shell: Admin) -> Admin:
    """A shell beside a till with a weekend behind it (`tests/reports/weekend.py`)."""
    kasse = Kasse(shell.data)
    spend_a_weekend(kasse)
    kasse.close()
    return shell


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_is_a_table_json_csv_bars_and_a_picture(weekend, name, tmp_path):
    rows = weekend.reads("report", name)
    assert rows
    header, *lines = weekend.does("report", name, "--csv").splitlines()
    assert header.split(",") == list(rows[0])
    assert len(lines) == len(rows)
    assert len(weekend.does("report", name).splitlines()) >= 1 + len(rows)
    assert "\N{FULL BLOCK}" in weekend.does("report", name, "--chart")
    picture = tmp_path / "picture.svg"
    assert weekend.does("report", name, "--svg", picture) == ""
    assert fromstring(picture.read_text(encoding="utf-8")).tag.endswith("svg")


def test_turnover_by_day_has_a_sum_for_people_and_none_for_programs(weekend):
    assert weekend.does("report", "turnover", "--per", "day") == TURNOVER_BY_DAY
    rows = weekend.reads("report", "turnover", "--per", "day")
    assert [row["turnover_cents"] for row in rows] == [550, 200, 687, 100]
    [only] = weekend.does("report", "turnover").splitlines()[1:]
    assert only.split() == ["5", "15.37", "0.00", "0.72", "14.65", "0.45"]


def test_what_is_weighed_is_in_kilograms_for_people_and_in_thousandths_for_programs(weekend):
    table = weekend.does("report", "product-mix")
    assert "Cheese" in table
    assert "0.345 kg" in table
    assert "46.89 %" in table
    [cheese, *_] = weekend.reads("report", "product-mix")
    assert (cheese["quantity"], cheese["unit"], cheese["turnover_share_bp"]) == (345, "kg", 4689)


def test_days_are_inclusive_and_a_month_or_a_year_is_whole(weekend):
    for days in (("2026-11-21", "2026-11-22"), ("2026-11-21", "2026-11-22")):
        [row] = weekend.reads("report", "turnover", "--from", days[0], "--to", days[1])
        assert row["turnover_cents"] == 887
    for month in ("2026-11", "2026"):
        [row] = weekend.reads("report", "turnover", "--from", month, "--to", month)
        assert row["turnover_cents"] == 1537


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "22.11.2026"], "--from: '22.11.2026' is no day (write 2026-11-22, 2026-11"),
        (["--to", "2026-02-30"], "--to: '2026-02-30' is no day"),
        (["--from", "2026-12", "--to", "2026-11"], "--from 2026-12-01 is after --to 2026-11-30"),
        (["--from", "2000", "--per", "day"], "more than 3660 days from 2000-01-01 to 2026-11-23:"),
    ],
)
def test_days_that_cannot_be_are_refused_and_it_says_what_can(weekend, arguments, said):
    assert weekend.refused("report", "turnover", *arguments).startswith(said)


def test_members_are_named_only_where_they_keep_a_history(weekend):
    table = weekend.does("report", "turnover", "--by", "member")
    assert "Ada" in table
    assert "(without history)" in table
    assert "Linus" not in table


def test_balances_of_a_day_name_nobody(weekend):
    assert "Linus" in weekend.does("report", "balances")
    table = weekend.does("report", "balances", "--to", "2026-11-21")
    assert "Linus" not in table
    assert "wallet" in table


def test_a_picture_and_the_rows_can_be_had_together(weekend, tmp_path):
    arguments = ("report", "turnover", "--by", "product", "--svg", tmp_path / "a.svg")
    assert weekend.does(*arguments, "--csv").startswith("product,quantity,unit,turnover_cents,")
    assert (tmp_path / "a.svg").exists()
    assert weekend.does(*arguments, "--chart").startswith("Turnover (EUR)\nCheese")


def test_a_picture_that_cannot_be_written_is_refused(weekend, tmp_path):
    said = weekend.refused("report", "turnover", "--svg", tmp_path / "nowhere/a.svg")
    assert said.endswith("nowhere/a.svg: No such file or directory")
    assert weekend.misused("report", "turnover", "--svg", tmp_path)


def test_a_terminal_that_has_no_blocks_gets_letters(weekend):
    command = kpos("report", "turnover", "--chart", "--data", weekend.data)
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii", "COLUMNS": "40"}
    said = subprocess.run(command, env=ascii_only, capture_output=True, check=True).stdout
    assert said.decode("ascii").splitlines() == ["Turnover (EUR)", f"all 15.37 {'#' * 29}"]


def test_an_empty_till_has_nothing_to_report(shell):
    shell.does("init")
    for name in ("deposit", "expiring", "low-stock", "product-mix"):
        assert shell.does("report", name) == "(none)"
        assert shell.does("report", name, "--chart").endswith("(none)")
