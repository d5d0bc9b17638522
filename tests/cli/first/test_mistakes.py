"""Files as people write them: what is meant is taken, what is wrong is told with what to do."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kpos.cli.first.reading import config_of, find_file, read
from kpos.cli.first.said import Wrong
from kpos.cli.first.text import BYTES_MAX
from kpos.cli.first.writing import file_of, without_secrets
from tests.cli.first.appliance import GRACE, KEY

WAWI = '[wawi]\nurl = "https://wawi.example"\ncode = "7KQM-2XHD-9PTW"\n'
TEMPLATE = Path(__file__).parents[3] / "config/kpos-setup.toml"

# What stands in the file, where the fault is, and what both languages say to do.
MISTAKES = {
    "no quotes": ('[till]\nname = Keller\n', (2, 8), 'name = "Keller"'),
    "one quote": ('[till]\nname = "Keller\n', (2, 15), "closing"),
    "colon": ('[till]\nname: "Keller"\n', (2, 5), "write ="),
    "curly within": ('[till]\nname = “Bar „Eck“ im Hof”\n', (2, 8), "straight"),
    "no bracket": ('[till\nname = "x"\n', (1, 1), "between [ and ]"),
    "no section": ('name = "Keller"\n', (1, 1), "write a line [till] before"),
    "typo in section": ('[perso]\nname = "Ada"\n', (1, 2), "[person]"),
    "capital section": ('[Till]\nname = "Ada"\n', (1, 2), "[till]"),
    "typo in option": ('[till]\nnmae = "Keller"\n', (2, 1), "name"),
    "twice": ('[till]\nname = "a"\nname = "b"\n', (3, 1), "twice"),
    "section twice": ('[till]\nname = "a"\n[till]\nlanguage = "de"\n', (3, 1), "already"),
    "prose": ("[till]\nDas ist meine Kasse\n", (2, 1), "begins with #"),
    "blank in option": ('[till]\ntill name = "a"\n', (2, 1), "one word"),
    "nothing behind": ("[till]\nname =\n", (2, 7), "something is missing"),
    "leading zero": (GRACE.replace('"271828"', "071828"), (7, 7), 'pin = "071828"'),
    "backslash": ('[till]\nname = "C:\\Users"\n', (2, 11), "write / instead"),
    "words behind": ('[till]\nname = "Keller" unten\n', (2, 15), "remark with #"),
    "language": ('[till]\nlanguage = "deutsch"\n', (2, 12), "de, en"),
    "long name": (f'[till]\nname = "{"x" * 31}"\n', (2, 8), "1 to 30"),
    "zone": ('[till]\ntime_zone = "Berlin"\n', (2, 13), "Europe/Berlin"),
    "short PIN": (GRACE.replace("271828", "1234"), (7, 7), "6 to 8 digits"),
    "PIN of letters": (GRACE.replace("271828", "geheim!"), (7, 7), "6 to 8 digits"),
    "no PIN": (GRACE.replace('pin = "271828"\n', ""), (4, 2), "pin is missing in [person]"),
    "bad number": (GRACE.replace("7\n", '"sieben"\n', 1), (6, 10), "from 1 to"),
    "both": (GRACE + WAWI, (4, 2), "leave [person] out"),
    "http": (WAWI.replace("https", "http"), (2, 7), "write https://"),
    "no address": (WAWI.replace("https://wawi.example", "wawi"), (2, 7), "https://wawi.example"),
    "no code": (WAWI.replace("7KQM-2XHD-9PTW", ""), (3, 8), "code is missing"),
    "private key": ('[ssh]\nkey = "-----BEGIN OPENSSH PRIVATE KEY-----"\n', (2, 7), ".pub"),
    "half a key": (f'[ssh]\nkey = "{KEY[12:]}"\n', (2, 7), "all of it"),
    "mask": ('[network]\naddress = "192.168.1.50"\n', (2, 11), "/24"),
    "whole network": ('[network]\naddress = "192.168.1.0/24"\n', (2, 11), "a whole network"),
    "router": ('[network]\naddress = "10.0.0.5/24"\ngateway = "10.1.0.1"\n', (3, 11), "reached"),
    "no backup": ('[restore]\nfile = ""\n', (2, 8), "name of a backup"),
    "backup by path": ('[restore]\nfile = "backups/kpos-K1.db"\n', (2, 8), "without folders"),
    "device": ('[display]\nkind = "hd44780"\n', (2, 8), "pcf8574"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "place", "says"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_place_and_what_to_do(text, place, says):
    with pytest.raises(Wrong) as wrong:
        read(text.encode())
    fault = wrong.value.faults[0]
    assert (fault.line, fault.column) == place, fault
    assert says in fault.of("en")
    assert fault.of("en").startswith(f"line {place[0]}, column {place[1]}: ")
    assert fault.of("de").startswith(f"Zeile {place[0]}, Spalte {place[1]}: ")


def test_all_mistakes_that_can_be_seen_are_told_at_once():
    text = '[till]\nlanguage = "deutsch"\nnmae = "x"\n[person]\nname = "Ada"\n'
    with pytest.raises(Wrong) as wrong:
        read(text.encode())
    assert [fault.line for fault in wrong.value.faults] == [2, 3, 4, 4]


MEANT = {
    "as it is": GRACE.encode(),
    "Windows": GRACE.replace("\n", "\r\n").encode(),
    "old Mac": GRACE.replace("\n", "\r").encode(),
    "BOM": b"\xef\xbb\xbf" + GRACE.encode(),
    "UTF-16": GRACE.encode("utf-16"),
    "UTF-16 the other way": b"\xfe\xff" + GRACE.encode("utf-16-be"),
    "ANSI": GRACE.encode("cp1252"),
    "curly": GRACE.replace('"Get', "“Get").replace('Keller"', "Keller”").encode(),
    "German quotes": GRACE.replace('"Grace"', "„Grace“  # die Chefin").encode(),
    "guillemets": GRACE.replace('"271828"', "»271828«").encode(),
    "curly and single": GRACE.replace('"Grace"', "‘Grace’").encode(),
    "hard blanks": GRACE.replace(" = ", "\xa0=\xa0").encode(),
    "no width": GRACE.replace("[till]", "\u200b[till]").encode(),
    "number in quotes": GRACE.replace("= 7", '= "7"').encode(),
    "PIN without quotes": GRACE.replace('"271828"', "271828").encode(),
    "blanks at the ends": GRACE.replace("\n", "  \n").replace("Grace", " Grace ").encode(),
}


@pytest.mark.parametrize("content", MEANT.values(), ids=MEANT)
def test_what_means_one_thing_only_is_taken_as_meant(content):
    assert read(content) == read(GRACE.encode())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{\\rtf1\\ansi [till]}", "plain text"),
        (b"PK\x03\x04 a document", "plain text"),
        (b"<html><body>[till]", "plain text"),
        (b"\x00\x01\x02\x03", "plain text"),
        (b"#" * (BYTES_MAX + 1), "too large"),
    ],
)
def test_what_is_no_text_is_told_how_to_become_one(content, says):
    with pytest.raises(Wrong, match=says):
        read(content)


@pytest.mark.parametrize(
    "name", ["kpos-setup.toml", "KPOS-SETUP.TOML", "kpos-setup.toml.txt", "Kpos-Setup.txt"]
)
def test_the_file_is_found_by_whichever_name_a_computer_gave_it(tmp_path, name):
    for other in ("._kpos-setup.toml", "kpos-setup-done.toml", "kpos-setup-error.txt", "x.toml"):
        (tmp_path / other).touch()
    assert find_file(tmp_path) is None
    (tmp_path / name).touch()
    assert find_file(tmp_path) == tmp_path / name
    (tmp_path / "kpos-setup.toml.TXT").touch()
    with pytest.raises(Wrong, match="only one of these"):
        find_file(tmp_path)


def test_the_file_on_the_card_says_nothing_and_all_of_it_is_good_when_the_marks_are_gone():
    content = TEMPLATE.read_bytes()
    assert read(content).says_nothing
    lines = content.decode().splitlines()
    examples = [
        line[1:] for line in lines if line[:1] == "#" and line[1:2] in "[abcdefghijklmnopqrstuvwxyz"
    ]
    text = "\n".join(examples).replace("AAAAC3NzaC1lZDI1NTE5AAAA…", KEY.split()[1])
    text = text.replace("0123…", "ab" * 32)
    person, _, rest = text.partition("[wawi]")
    assert "Grace Hopper" in repr(read(person.encode()).person)
    wishes = read(f"[wawi]{rest}".encode())
    assert wishes.wawi is not None
    assert wishes.network is not None
    assert wishes.ssh_keys == (KEY.replace("grace@mac", "grace@laptop"),)
    assert wishes.backup
    assert wishes.config["display"]["kind"] == "pcf8574"


def test_several_keys_are_a_list_or_lines():
    for value in (f'["{KEY}", "{KEY}2"]', f'"""\n{KEY}\n{KEY}2\n"""'):
        assert read(f"[ssh]\nkey = {value}\n".encode()).ssh_keys == (KEY, f"{KEY}2")


def test_wishes_are_written_as_they_are_read():
    text = (
        GRACE
        + f'[ssh]\nkey = "{KEY}"\n[network]\naddress = "10.0.0.5/24"\n[restore]\nfile = "a.db"\n'
    )
    for content in (text, WAWI, '[till]\ntime_zone = "Europe/Vienna"\n[scanner]\ndevice = "x"\n'):
        wishes = read(content.encode())
        assert read(file_of(wishes).encode()) == wishes


@pytest.mark.parametrize(
    "text",
    [
        "# mine\n" + GRACE,
        "# 271828\n" + GRACE,
        "# mine\nperson = { name = 'Ada', number = 7, pin = '271828' }\n",
        "# mine\n" + GRACE.replace('"271828"', '"""\n271828"""'),
        "# mine\n[person]\nPIN = 271828",
        "# mine\n[person\npin: 271828\n",
        "# mine\n" + WAWI,
    ],
)
def test_no_secret_stays_however_it_was_written(text):
    left = without_secrets(text.encode())
    assert "271828" not in left
    assert "9PTW" not in left
    assert "# mine" in left or text.startswith("# 2")
    tomllib.loads(left)


def test_the_display_of_a_file_is_known_though_the_file_is_wrong_elsewhere():
    text = '[display]\nkind = "serial"\nwhere = "/dev/ttyUSB0"\n[till]\nnmae = "x"\n'
    assert config_of(text.encode()) == {"display": {"kind": "serial", "where": "/dev/ttyUSB0"}}
    for worse in (text + "x", text.replace("serial", "cereal"), "{\\rtf"):
        assert config_of(worse.encode()) == {}
