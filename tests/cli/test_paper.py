"""Cards and labels on paper, from the command line."""

import stat
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from kpos.domain.instant import Instant
from tests.cli.admin import MATE
from tests.ledger.kasse import Kasse
from tests.process.jsonl_till import ROOT, JsonlTill, kpos, run_kpos
from tests.reports.paper.eyes import needs_eyes, symbols


def lines(svg: Path) -> list[str]:
    """What stands on a page, line by line."""
    nodes = ET.parse(svg).getroot().iter()
    return [node.text or "" for node in nodes if node.tag.endswith("text")]


def codes_on(svg: Path) -> list[str]:
    """The codes as somebody reads them out."""
    digits = [line.replace(" ", "") for line in lines(svg)]
    return [line for line in digits if len(line) == 40 and line.isdigit()]


def test_ten_guest_cards_are_booked_and_printed(admin, tmp_path):
    paper = tmp_path / "guests.svg"
    said = admin.does("card", "print", paper, "--guests", 10)
    assert said == f"10 cards (10 new) on 1 page: {paper}"
    cards = {row["code"]: row for row in admin.reads("card", "list")}
    codes = codes_on(paper)
    assert len(set(codes)) == 10
    assert set(codes) < cards.keys()
    assert {(cards[code]["group"], cards[code]["credit_cents"]) for code in codes} == {
        ("guests", 0)
    }
    assert lines(paper).count("Gästekarte") == 10
    assert stat.S_IMODE(paper.stat().st_mode) == 0o600
    admin.does("verify")


def test_cards_there_are_can_be_printed_and_nothing_is_booked(admin, tmp_path):
    before = admin.journal()
    paper = tmp_path / "cards.svg"
    admin.does("card", "print", paper, "--member", "Ada", "--card", "GUEST-1", "--language", "en")
    assert {"Ada", "CARD-ADA", "Member card", "Guest card", "GUEST-1"} <= set(lines(paper))
    assert admin.journal() == before


def test_a_member_gets_a_new_card_only_when_asked(admin, tmp_path):
    admin.does("member", "add", "--name", "Bo")
    said = admin.refused("card", "print", tmp_path / "bo.pdf", "--member", "Bo")
    assert said == "Bo has no card that is not blocked: --new issues one"
    admin.does("card", "print", tmp_path / "bo.svg", "--member", "Bo", "--member", 42, "--new")
    [card] = admin.reads("card", "list", "--member", "Bo")
    assert codes_on(tmp_path / "bo.svg")[0] == card["code"]
    assert len(admin.reads("card", "list", "--member", "Ada")) == 2


def test_a_blocked_card_is_not_printed(admin, tmp_path):
    admin.does("card", "block", "CARD-ADA")
    assert "kpos card unblock" in admin.refused(
        "card", "print", tmp_path / "x.pdf", "--card", "CARD-ADA"
    )
    assert "--new issues one" in admin.refused(
        "card", "print", tmp_path / "x.pdf", "--member", "Ada"
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("x.pdf",), "nothing to print"),
        (("x.pdf", "--guests", "1", "--new"), "--new goes with --member"),
        (("x.pdf", "--card", "GUEST-1", "--group", "guests"), "--group goes with --guests"),
        (("x.docx", "--guests", "1"), "must end in .pdf or .svg"),
    ],
)
def test_wrong_usage_books_nothing(admin, arguments, says):
    before = admin.journal()
    assert says in admin.misused("card", "print", *arguments)
    assert admin.journal() == before


def test_where_nothing_can_be_written_nothing_is_booked(admin, tmp_path):
    before = admin.journal()
    (tmp_path / "folder.pdf").mkdir()
    for file in (tmp_path / "nowhere/x.pdf", tmp_path / "folder.pdf"):
        assert "folder" in admin.refused("card", "print", file, "--guests", 1)
    assert "from 1 to 500" in admin.refused("card", "print", tmp_path / "x.pdf", "--guests", 501)
    assert "kpos group add" in admin.refused(
        "card", "print", tmp_path / "x.pdf", "--guests", 1, "--group", "press"
    )
    assert admin.journal() == before
    assert not (tmp_path / "x.pdf").exists()


def test_a_disk_that_is_full_leaves_a_way_to_print_what_was_booked(admin, tmp_path, monkeypatch):
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device", "x.pdf")

    paper = tmp_path / "x.pdf"
    paper.write_text("the old one")
    monkeypatch.setattr(Path, "replace", full)
    ran = admin.types("card", "print", paper, "--guests", 2)
    monkeypatch.undo()
    assert (ran.status, paper.read_text()) == (1, "the old one")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    first, error = ran.err.splitlines()
    assert "No space left" in error
    again = first.partition("kpos card print FILE ")[2].split()
    monkeypatch.setenv("KPOS_DATA", str(admin.data))
    assert admin.does("card", "print", paper, *again) == f"2 cards on 1 page: {paper}"


def test_a_pdf_goes_through_a_pipe(admin):
    command = kpos("card", "print", "-", "--guests", "11", "--data", admin.data)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.startswith(b"%PDF-")
    assert done.stderr.decode() == "11 cards (11 new) on 2 pages: standard output\n"


def test_more_pages_of_svg_are_more_files(admin, tmp_path):
    said = admin.does("card", "print", tmp_path / "g.svg", "--guests", 3, "--skip", 9)
    assert said.startswith("3 cards (3 new) on 2 pages: ")
    assert [len(codes_on(tmp_path / f"g-{page}.svg")) for page in (1, 2)] == [1, 2]


def test_what_pdf_has_no_letters_for_is_said(admin, tmp_path):
    admin.does("product", "set", 12, "--name", "Квас")
    ran = admin.types("product", "label", tmp_path / "l.pdf", 12)
    assert (ran.status, ran.err) == (
        0, "PDF has no letters for all of: Квас. Write an .svg: it shows them as they are\n",
    )  # fmt: skip
    assert admin.types("product", "label", tmp_path / "l.svg", 12).err == ""


def test_a_label_says_what_the_goods_cost(admin, tmp_path):
    paper = tmp_path / "labels.svg"
    cheese = ("--name", "Gouda <jung> & mild", "--unit", "kg", "--price", "12.90")
    admin.does("product", "add", *cheese, "--barcode", "2810010000000")
    admin.does("setting", "set", "in_store_layouts", "28IIIIcWWWWWC")
    assert admin.does("product", "label", paper, 12, "Gouda <jung> & mild").startswith("2 labels")
    assert lines(paper) == [
        "Club-Mate 0,5l", "Nr. 12", "1,50 €", "zzgl. 0,15 € Pfand", "4 029764 001807",
        # What a scale prints differs from piece to piece: on the shelf it would be refused.
        "Gouda <jung> & mild", "12,90 €/kg",
    ]  # fmt: skip
    admin.does("product", "label", paper, 12, "--language", "en", "--sheet", "70x37")
    assert lines(paper)[1:4] == ["No. 12", "1.50 €", "plus 0.15 € deposit"]


def test_a_label_says_what_conditions_ask_of_members_and_guests(admin, tmp_path):
    paper = tmp_path / "labels.svg"
    admin.does("product", "add", "--name", "Brezel")
    admin.does("product", "label", paper, "Brezel")
    assert lines(paper) == ["Brezel"], "nothing says what it costs"

    for group, price in (("guests", "1.80"), ("members", "1.40")):
        named = ("--group", group, "--product", 12, "--fixed", price)
        admin.does("condition", "add", *named, "--levy", "0.05", "--levy-for", "kultur")
    admin.does("condition", "add", "--member", "Ada", "--product", 12, "--fixed", "0.10")
    admin.does("product", "label", paper, 12)
    assert lines(paper)[1:-1] == [
        "Nr. 12", "1,40 €", "Gäste 1,80 €", "zzgl. 0,15 € Pfand, 0,05 € kultur",
    ]  # fmt: skip


def test_labels_of_all_and_of_none(admin, tmp_path):
    paper = tmp_path / "labels.svg"
    admin.does("product", "add", "--name", "Brezel", "--price", "1")
    admin.does("product", "add", "--name", "Gone", "--price", "1")
    gone = admin.reads("product", "show", "Gone")["id"]
    admin.does("product", "retire", "Gone")
    assert admin.does("product", "label", paper, "--all").startswith("2 labels on 1 page")
    assert lines(paper)[0] == "Brezel"
    assert "no longer sold" in admin.refused("product", "label", paper, gone)
    assert "no product" in admin.refused("product", "label", paper, "Nothing")
    for wrong in ((), (12, "--all"), ("--all", "--changed-since", "2026-01-01")):
        assert "say which labels" in admin.misused("product", "label", paper, *wrong)


def test_only_labels_that_changed_since(admin, tmp_path):
    old, paper = Kasse(tmp_path / "old", Instant.parse("2026-01-02T12:00:00Z")), tmp_path / "l.svg"
    for name in ("Brezel", "Kuchen", "Taler", "Unchanged", "Gone", "There and back"):
        old.office("product_add", name=name, price_cents=100, barcodes=[f"C-{name}"])
    old.office("member_add", name="Bo")
    old.office("condition_add", kind="fixed", value=10, member="Bo", product="Unchanged")
    old.close()

    def types(*arguments):
        return admin.does(*arguments, "--data", old.folder.path)

    types("product", "set", "Brezel", "--price", "1.10")
    types("barcode", "add", "4029764001807", "--product", "Kuchen")
    types("barcode", "retire", "C-Taler")
    types("product", "retire", "Gone")
    types("product", "set", "There and back", "--price", "2")
    types("product", "set", "There and back", "--price", "1")
    types("product", "add", "--name", "New", "--price", "3")
    types("product", "label", paper, "--changed-since", "2026-01-03")
    assert [line for line in lines(paper) if "€" not in line] == [
        "Brezel", "C-Brezel", "Kuchen", "4 029764 001807", "New", "Taler",
    ]  # fmt: skip
    types("condition", "add", "--product", "Unchanged", "--fixed", "5", "--end", "2026-01-04")
    types("condition", "add", "--product", "There and back", "--fixed", "1")
    types("condition", "add", "--product", "C-Brezel", "--markup", "10")
    types("product", "label", paper, "--changed-since", "2026-01-03")
    assert {"Unchanged", "There and back"}.isdisjoint(lines(paper))
    named = ("--product", "There and back", "--fixed", "2")
    types("condition", "add", *named, "--start", "2026-01-05")
    types("product", "label", paper, "--changed-since", "2026-01-03")
    assert "There and back" in lines(paper)
    assert "no time" in admin.refused(
        "product", "label", paper, "--changed-since", "yesterday", "--data", old.folder.path
    )
    # In the zone of the books it was one o'clock.
    types("product", "label", paper, "--changed-since", "2026-01-02T13:00")
    assert "Unchanged" in lines(paper)
    types("product", "label", paper, "--changed-since", "2026-01-02 13:01")
    assert "Unchanged" not in lines(paper)
    assert "no label to print" in admin.refused(
        "product", "label", paper, "--changed-since", "2099-01-01", "--data", old.folder.path
    )


def test_no_command_but_these_brings_the_libraries_of_paper():
    program = (
        "import sys, kpos.cli.card, kpos.cli.product, kpos.terminal.run;"
        "print(sorted({'segno', 'pydyf'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"[]\n"


@needs_eyes
def test_a_printed_card_is_topped_up_and_buys_at_the_till(tmp_path):
    run_kpos("init", "--data", tmp_path / "till", "--demo")
    till = JsonlTill(tmp_path / "till")
    paper = tmp_path / "guests.pdf"
    run_kpos("card", "print", paper, "--guests", "1", "--data", tmp_path / "till")
    bars, square = (each.partition(":")[2] for each in symbols(paper))
    assert bars == square
    run_kpos("top-up", "--card", bars, "--amount", "5", "--data", tmp_path / "till")

    till.scan(bars)
    assert "5,00" in till.shows
    till.scan(MATE)
    till.keys("#")
    assert till.booked[-1]["kind"] == "sale"
    assert "3,05" in till.shows  # a guest pays 1.80 and the deposit
    assert till.end() == 0
    run_kpos("verify", "--data", tmp_path / "till")
