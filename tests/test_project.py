"""What a newcomer relies on: documented commands, complete packages, current texts."""

import gettext
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "kpos/checkout/locale"
# The till's texts, and those of the companion server's pages.
CATALOGUES = [
    (LOCALE, "kpos"),
    (ROOT / "kpos/wawi/desk/locale", "django"),
]
TARGETS = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
TARGET_MENTIONED = re.compile(
    r"(?:`|^(?: {4})?(?:\$ )?)make ([a-z]+)(?=`| ARGS=| +#| *$)", re.MULTILINE
)


def mentioned(*documents: str) -> set[str]:
    """The make targets that a document tells its reader to call."""
    texts = [(ROOT / document).read_text(encoding="utf-8") for document in documents]
    return {target for text in texts for target in TARGET_MENTIONED.findall(text)}


def test_the_readme_starts_with_the_two_commands_a_visitor_needs():
    assert {"demo", "test"} <= mentioned("README.md")


def test_every_make_target_is_documented_and_every_documented_one_exists():
    assert mentioned("README.md", "CONTRIBUTING.md", "tests/README.md") == TARGETS - {"help"}


def test_the_check_of_a_fresh_clone_can_be_run():
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_changes_are_collected_under_unreleased():
    assert "\n## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_wheel_brings_everything_the_packages_read(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    needed = {
        path.relative_to(ROOT).as_posix()
        for package in ("kpos", "hardware")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert needed <= packed
    units = {f"kpos/systemd/{path.name}" for path in (ROOT / "systemd").iterdir()}
    assert units <= packed, "kpos install-units looks for them there"


def catalogue(path: Path) -> dict[str, str]:
    """The messages of a template or a catalogue; those that are fuzzy count as untranslated."""
    with path.open("rb") as file:
        return {str(m.id): "" if m.fuzzy else str(m.string) for m in read_po(file) if m.id}


@pytest.mark.parametrize(("locale", "domain"), CATALOGUES)
def test_the_template_has_the_texts_of_its_package(locale, domain):
    extracted = extract_from_dir(locale.parent, keywords={"_": None, "N_": None})
    texts = {message for _, _, message, _, _ in extracted}
    assert catalogue(locale / f"{domain}.pot").keys() == texts, "make texts"


@pytest.mark.parametrize(("locale", "domain"), CATALOGUES)
def test_the_german_catalogue_is_complete_and_compiled(locale, domain):
    german = catalogue(locale / f"de/LC_MESSAGES/{domain}.po")
    assert german.keys() == catalogue(locale / f"{domain}.pot").keys(), "make texts"
    assert not [text for text, translated in german.items() if not translated], "translate these"

    compiled = gettext.translation(domain, localedir=locale, languages=["de"])
    assert {text: compiled.gettext(text) for text in german} == german, "make texts"


SKIPPING = """
import pytest
def test_with_a_part_that_is_missing():
    pytest.skip("no display")
"""


@pytest.mark.parametrize(("skips", "status"), [("fail", 1), ("", 0)])
def test_a_skip_fails_the_run_only_where_it_must_not_happen(tmp_path, skips, status):
    (tmp_path / "conftest.py").write_text((ROOT / "tests/conftest.py").read_text("utf-8"))
    (tmp_path / "test_skipping.py").write_text(SKIPPING)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--rootdir", str(tmp_path), str(tmp_path)],
        env=os.environ | {"KPOS_SKIPS": skips},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == status
    line = "test_skipping.py::test_with_a_part_that_is_missing: no display"
    assert (line in run.stdout) is bool(skips)
