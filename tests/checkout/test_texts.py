"""Texts: all of them fit in both languages, and none is missing in German."""

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import kpos.checkout
from kpos.checkout import layout
from kpos.checkout.screens import View, render
from kpos.checkout.screens.view import COUNTDOWN_S, Wawi
from kpos.checkout.states import Idle, State
from kpos.terminal.texts import load_texts
from tests.checkout.sample_values import ORDINARY, WORST
from tests.checkout.samples import Samples

CHECKOUT = Path(kpos.checkout.__file__).parent
LOCALE = CHECKOUT / "locale"
PLACEHOLDER = re.compile(r"{\w+}")


def read(name: str) -> Catalog:
    with (LOCALE / name).open("rb") as file:
        return read_po(file)


def texts(catalogue: Catalog) -> dict[str, str]:
    return {str(m.id): "" if m.fuzzy else str(m.string) for m in catalogue if m.id}


@pytest.mark.parametrize("remaining_s", [None, COUNTDOWN_S, 0])
@pytest.mark.parametrize("values", [ORDINARY, WORST], ids=["ordinary", "worst"])
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("readers", ["", "coins", "notes", "both"])
def test_every_text_fits_in_both_languages(readers, language, values, remaining_s, monkeypatch):
    """Names give way by themselves; whatever `overflow` would have to cut is a text."""
    cut = []

    def overflow(text: str, columns: int) -> str:
        if len(text) > columns:
            cut.append((text, columns))
        return text[:columns]

    monkeypatch.setattr(layout, "overflow", overflow)
    view = View(
        language,
        load_texts()[language],
        till_name=values.name,
        prefix="K9AB",
        time_of_day="21:04",
        remaining_s=remaining_s,
        wawi=Wawi(out=1_000_000),
        clock_doubted=True,
        readers=readers,
    )
    for dialogue in Samples(values).dialogues():
        render(State(dialogue), view)
    assert not cut


@pytest.mark.parametrize(
    ("wawi", "german"),
    [
        (None, ""),
        (Wawi(), "WaWi ok"),
        (Wawi(trouble="other"), "WaWi: kpos status"),
        (Wawi(out=3, trouble="revoked"), "WaWi: neu koppeln"),
        (Wawi(out=-1), "noch ohne WaWi"),
        (Wawi(out=0, trouble="other"), "ohne WaWi 0 min"),
        (Wawi(out=59), "ohne WaWi 59 min"),
        (Wawi(out=60), "ohne WaWi 1 h"),
        (Wawi(out=24 * 60 - 1), "ohne WaWi 23 h"),
        (Wawi(out=24 * 60), "ohne WaWi 1 Tag"),
        (Wawi(out=2 * 24 * 60), "ohne WaWi 2 Tage"),
        (Wawi(out=9_999_999), "ohne WaWi 999 Tage"),
    ],
)
def test_an_idle_till_says_how_it_stands_with_its_wawi(wawi, german):
    view = View("de", load_texts()["de"], "kpos", "K1", "21:04", wawi=wawi)
    line = render(State(Idle()), view)[3]
    assert line == "Nummer+#   0# Menü".ljust(40 - len(german)) + german


def test_the_template_has_the_texts_of_the_code():
    extracted = extract_from_dir(CHECKOUT, keywords={"_": None, "N_": None})
    assert texts(read("kpos.pot")).keys() == {message for _, _, message, _, _ in extracted}


def test_every_text_is_translated_with_its_placeholders():
    german = texts(read("de/LC_MESSAGES/kpos.po"))
    assert german.keys() == texts(read("kpos.pot")).keys()
    for english, translated in german.items():
        assert translated, english
        assert PLACEHOLDER.findall(translated) == PLACEHOLDER.findall(english)


def test_the_compiled_catalogue_is_that_of_today(tmp_path):
    with (tmp_path / "kpos.mo").open("wb") as file:
        write_mo(file, read("de/LC_MESSAGES/kpos.po"))
    with (LOCALE / "de/LC_MESSAGES/kpos.mo").open("rb") as file:
        committed = gettext.GNUTranslations(file)
    with (tmp_path / "kpos.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for english in texts(read("kpos.pot")):
        assert committed.gettext(english) == compiled.gettext(english), "make texts"


@pytest.mark.parametrize("notice", Samples().notices(), ids=lambda notice: notice.code)
def test_every_answer_says_something_first(notice):
    for language, text in load_texts().items():
        frame = render(State(Idle(notice=notice)), View(language, text, "kpos", "K1", "21:04"))
        assert frame[0].strip()
        assert frame[0][0].isupper()
