"""What people type wrong: one line that says why, and nothing is booked."""

import shlex
import subprocess

import pytest

from tests.process.jsonl_till import ROOT, kpos, run_kpos

NAMES = [
    "Zoë Müller-Łukasiewicz",
    "李小龍",
    "محمد",
    "Ольга",
    "Δανάη",
    "🦄",
    'O\'Brien "Bob"',
    "N" * 200,
]


@pytest.fixture
def unchanged(admin):
    """The till, which has booked nothing more when the test is over."""
    before = admin.journal()
    yield admin
    assert admin.journal() == before
    admin.does("verify")


AMOUNTS = ["0", "0,00", "1,505", "-5", "1e3", "", " ", "1.5.0", "1 000", "€5", "٣", "NaN", "9" * 30,
           "1000000.00", "0x10", ".5", "5.", "+5"]  # fmt: skip


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("command", ["top-up", "payout"])
def test_a_wrong_amount_is_refused(unchanged, command, amount):
    said = unchanged.refused(command, "--card", "CARD-ADA", "--amount", amount)
    assert "amount" in said


@pytest.mark.parametrize("amount", ["20", "20.00", "20,00", "0.01", " 20 "])
def test_an_amount_has_two_decimals_or_none(admin, amount):
    admin.does("top-up", "--card", "GUEST-1", "--amount", amount)


@pytest.mark.parametrize("amount", ["-1", "1e3", "1,505", "1000000"])
@pytest.mark.parametrize("option", ["--price", "--deposit"])
def test_a_wrong_price_is_refused(unchanged, option, amount):
    options = {"--name": "X", "--price": "1", option: amount}
    unchanged.refused("product", "add", *(word for pair in options.items() for word in pair))
    unchanged.refused("product", "set", 12, option, amount)


@pytest.mark.parametrize("name", [*NAMES, "N" * 200])
def test_a_name_may_be_long_and_in_any_script(admin, name):
    admin.does("member", "add", "--name", name)
    admin.does("product", "add", "--name", name, "--price", "1")
    admin.does("group", "add", name)
    assert admin.reads("member", "show", name)["name"] == name
    assert admin.reads("product", "show", name)["name"] == name
    assert admin.reads("group", "show", name)["name"] == name
    assert name in admin.does("member", "list")


@pytest.mark.parametrize("name", ["N" * 201, "", "   ", "two\nlines", "bell\a", "nul\0", "\udcff"])
def test_what_is_no_name_is_refused(unchanged, name):
    unchanged.refused("member", "add", "--name", name)
    unchanged.refused("product", "add", "--name", name, "--price", "1")
    unchanged.refused("group", "add", name)
    unchanged.refused("member", "set", "Ada", "--name", name)


@pytest.mark.parametrize("code", ["CARD-ADA", "GUEST-1", "4029764001807", "04029764001807"])
def test_a_code_is_a_card_or_a_barcode_once(unchanged, code):
    assert "is" in unchanged.refused("card", "issue", "--code", code, "--member", "Ada")
    unchanged.refused("barcode", "add", code, "--product", 12)
    unchanged.refused("product", "add", "--name", "X", "--price", "1", "--barcode", code)


@pytest.mark.parametrize("number", ["12", "42", "0", "-1", "100000"])
def test_a_number_is_a_products_or_a_members_once(unchanged, number):
    unchanged.refused("product", "add", "--name", "X", "--price", "1", "--number", number)
    unchanged.refused("member", "add", "--name", "X", "--number", number)
    if number != "42":
        unchanged.refused("member", "set", "Ada", "--number", number)


def test_the_same_barcode_twice_is_refused(unchanged):
    twice = ("--barcode", "4260031874056", "--barcode", "4260031874056")
    assert "twice" in unchanged.refused("product", "add", "--name", "X", "--price", "1", *twice)


@pytest.mark.parametrize("code", ["4029764001808", "", " ", "a\nb", "x" * 129, "\x1b[2J", "\udcff"])
def test_what_no_scanner_sends_is_no_barcode(unchanged, code):
    unchanged.refused("barcode", "add", code, "--product", 12)


@pytest.mark.parametrize(
    "who", ["NOBODY", "", "99", "4029764001807", "0" * 16, "\udcff", "x" * 9999]
)
def test_whom_nobody_knows_is_said_so(unchanged, who):
    for command in (
        ["member", "show"], ["member", "retire"], ["card", "show"], ["card", "block"],
        ["erase", "--yes"], ["group", "show"], ["group", "retire"], ["barcode", "retire"],
    ):  # fmt: skip
        if (command, who) != (["barcode", "retire"], "4029764001807"):
            assert len(unchanged.refused(*command, who)) < 200
    unchanged.refused("top-up", "--card", who, "--amount", "1")
    unchanged.refused("top-up", "--member", who, "--amount", "1")
    unchanged.refused("card", "issue", "--code", "NEW", "--member", who)
    unchanged.refused("member", "add", "--name", "X", "--group", who or "no")
    if who != "4029764001807":
        unchanged.refused("product", "show", who)
        unchanged.refused("barcode", "show", who)


def test_a_note_of_many_lines_is_refused(unchanged):
    top_up = ("top-up", "--card", "CARD-ADA", "--amount", "1", "--note")
    assert "one line" in unchanged.refused(*top_up, "a\nb")
    assert "200 characters" in unchanged.refused(*top_up, "n" * 201)


def test_a_card_is_of_a_member_or_of_a_group(unchanged):
    assert "either --member or --group" in unchanged.refused("card", "issue", "--code", "NEW")


@pytest.mark.parametrize(
    "command",
    [
        ["nonsense"],
        ["top-up", "--bla"],
        ["top-up", "--card", "CARD-ADA"],
        ["top-up", "--amount", "5", "--kind", "barter"],
        ["member", "add", "--name", "X", "--role", "king"],
        ["member", "add", "--name", "X", "--number", "x"],
        ["member", "add", "--name", "X", "--language", "fr"],
        ["product", "add", "--name", "X", "--price", "1", "--unit", "litre"],
        ["product", "set", "12"],
        ["member", "set", "42"],
        ["card", "set", "CARD-ADA"],
        ["product", "show"],
        ["product", "show", "1", "2"],
        ["reverse", "K1-000001", "--line", "x"],
        ["reverse", "K1-000001", "--line", "1:"],
        ["journal", "--limit", "-1"],
        ["member", "import", "/nowhere.csv"],
        ["run", "--io", "devices", "--real-time"],
        ["run", "--io", "jsonl", "--at", "yesterday"],
        ["status", "--data"],
    ],
)
def test_wrong_usage_is_status_2_and_one_line(unchanged, command):
    said = unchanged.misused(*command)
    assert "--help)" in said


def test_a_group_of_commands_alone_shows_what_there_is(unchanged):
    ran = unchanged.types("product")
    assert ran.status == 2
    assert "retire" in ran.err


def test_a_till_whose_input_was_closed_ends_without_a_traceback(tmp_path):
    run_kpos("init", "--data", tmp_path / "till")
    command = " ".join(map(shlex.quote, kpos("run", "--io", "jsonl", "--data", tmp_path / "till")))
    done = subprocess.run(
        ["sh", "-c", f"{command} <&-"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (done.returncode, done.stderr) == (0, "")
