"""What is printed is read back by the decoder of a scanner."""

import random
import string
import xml.etree.ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from kpos.domain.barcode import Barcode, check_digit, parse
from kpos.domain.money import Money
from kpos.reports.paper.cards import PaperCard, card
from kpos.reports.paper.drawing import Drawing
from kpos.reports.paper.labels import Label, Prices, label
from kpos.reports.paper.pdf import pdf, replaced
from kpos.reports.paper.sheets import CARD_SHEETS, LABEL_SHEETS
from kpos.reports.paper.svg import svg
from kpos.reports.paper.words import WORDS
from tests.reports.paper.eyes import needs_eyes, symbols, words
from tests.reports.paper.test_letters import NAMES

CARDS, LABELS = CARD_SHEETS["cut"], LABEL_SHEETS["cut"]
MATE = Prices(Money(150), None, (("deposit", Money(15)),))
SEED = 4


def labels_of(codes: list[str]) -> list[Drawing]:
    said = (Label("Mate", MATE, "piece", 12, code) for code in codes)
    return [label(each, LABELS, WORDS["de"]) for each in said]


def gtins(chance: random.Random, count: int) -> list[str]:
    """EAN-13, EAN-8, UPC-A and numbers of crates, in their stored form."""
    found = []
    for _ in range(count):
        digits = chance.choice((7, 11, 12, 13))
        body = str(chance.randrange(1, 10)) + "".join(chance.choices(string.digits, k=digits - 1))
        found.append(f"{body}{check_digit(body)}".zfill(14))
    return found


@needs_eyes
def test_goods_are_scanned_off_their_labels(tmp_path, size):
    chance = random.Random(SEED)
    stored = gtins(chance, size(quick=21, ci=210, long=2100))
    paper = tmp_path / "labels.pdf"
    paper.write_bytes(pdf(LABELS.pages(labels_of(stored))))
    scanned = symbols(paper)
    found = [parse(each.partition(":")[2]) for each in scanned]
    assert sorted(each.code for each in found if isinstance(each, Barcode)) == sorted(stored)
    kinds = {each.partition(":")[0] for each in scanned}
    assert kinds == {"EAN-13", "EAN-8", "CODE-128"}


@needs_eyes
def test_a_number_is_the_symbol_that_is_on_the_bottle(tmp_path):
    paper = tmp_path / "labels.svg"
    [page] = LABELS.pages(labels_of(["04029764001807", "00000040678092", "14029764001804", "A-1"]))
    paper.write_bytes(svg(page))
    assert symbols(paper) == [
        "CODE-128:14029764001804", "CODE-128:A-1", "EAN-13:4029764001807", "EAN-8:40678092",
    ]  # fmt: skip


@needs_eyes
def test_cards_of_any_code_are_scanned_by_bars_and_by_qr(tmp_path, size):
    chance = random.Random(SEED)
    plain = string.ascii_letters + 5 * string.digits + string.punctuation + " "
    lengths = [chance.randrange(1, 21) for _ in range(size(quick=4, ci=100, long=1000))]
    # Blanks at the ends are stripped before a code is stored.
    codes = {"".join(chance.choices(plain, k=length)).strip() or "x" for length in lengths}
    codes |= {f"9{chance.randrange(10**39):039}" for _ in range(7)}
    codes |= {"99", "990012", "1", "12", "123", "1234", "a1234567b", "99a99", "9999a9999"}
    drawings = [card(PaperCard(code, "Ada"), CARDS, WORDS["de"]) for code in sorted(codes)]
    paper = tmp_path / "cards.pdf"
    paper.write_bytes(pdf(CARDS.pages(drawings)))
    expected = [f"{kind}:{code}" for kind in ("CODE-128", "QR-Code") for code in codes]
    assert symbols(paper) == sorted(expected), f"seed {SEED}"


@needs_eyes
def test_what_bars_cannot_hold_is_a_qr_code(tmp_path):
    paper = tmp_path / "cards.svg"
    codes = ["KARTE-ÄÖÜ", "X" * 60]
    [page] = CARDS.pages([card(PaperCard(code), CARDS, WORDS["de"]) for code in codes])
    paper.write_bytes(svg(page))
    assert symbols(paper) == ["QR-Code:KARTE-ÄÖÜ", f"QR-Code:{'X' * 60}"]

    wide = tmp_path / "label.svg"
    [page] = LABELS.pages(labels_of(["LONG-AND-LOWER-case"]))
    wide.write_bytes(svg(page))
    assert symbols(wide) == ["QR-Code:LONG-AND-LOWER-case"]


@settings(max_examples=30)
@given(st.lists(NAMES, min_size=1, max_size=3))
def test_svg_shows_every_name_as_it_is(names):
    drawings = [label(Label(name, Prices(Money(1)), "piece", None, None), LABELS, WORDS["de"])
                for name in names]  # fmt: skip
    [page] = LABELS.pages(drawings)
    texts = [node.text for node in ET.fromstring(svg(page)).iter() if node.tag.endswith("text")]
    assert texts == [text.text for text in page.texts]


@settings(max_examples=30)
@given(st.lists(NAMES, min_size=1, max_size=3))
def test_pdf_takes_every_name(names):
    drawings = [card(PaperCard("1", name), CARDS, WORDS["de"]) for name in names]
    written = pdf(CARDS.pages(drawings))
    assert written.startswith(b"%PDF-1.7")
    assert written.rstrip().endswith(b"%%EOF")


@needs_eyes
def test_brackets_backslashes_and_umlauts_mean_nothing_to_pdf(tmp_path):
    paper = tmp_path / "card.pdf"
    names = ["(A) \\ <B>", "Ärger & Größe 5 €", "Łódź"]
    pages = CARDS.pages([card(PaperCard("1", name), CARDS, WORDS["de"]) for name in names])
    paper.write_bytes(pdf(pages))
    copied = words(paper)
    for shown in ("(A) \\ <B>", "Ärger & Größe 5 €", "Lódz", "Mitgliedskarte"):
        assert shown in copied
    assert replaced(pages) == ["Łódź"]


def test_the_same_rows_give_the_same_file():
    pages = CARDS.pages([card(PaperCard("9" * 40), CARDS, WORDS["en"])])
    assert pdf(pages) == pdf(pages)
