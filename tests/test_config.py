"""kpos.toml: what the file in the tree says, and what a wrong one is answered with."""

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from kpos.config import DEFAULT_FILE, Config, ConfigError, load_config, parse_config, read_config

ROOT = Path(__file__).parent.parent
LISTED = ROOT / "config/kpos.toml"


def as_mapping(config: Config) -> dict[str, dict[str, object]]:
    return {
        section: {option.name: getattr(getattr(config, section), option.name) for option in options}
        for section, options in sections(config).items()
    }


def sections(config: Config):
    from kpos.domain.values import fields

    return {each.name: fields(getattr(config, each.name)) for each in fields(config)}


def test_the_file_in_the_tree_lists_every_option_with_its_default():
    assert tomllib.loads(LISTED.read_text("utf-8")) == as_mapping(Config())


def test_the_file_in_the_tree_is_read_as_the_defaults():
    assert read_config(LISTED) == Config()


def test_every_option_of_the_file_in_the_tree_is_explained():
    lines = LISTED.read_text("utf-8").splitlines()
    for before, line in pairwise(lines):
        if "=" in line and not line.startswith("#"):
            # The scanner is explained by its section's comment.
            assert before.startswith(("#", "[scanner]")), line


def test_without_a_file_the_defaults_hold():
    assert DEFAULT_FILE.exists() or load_config(None) == Config()


def test_what_a_file_does_not_name_keeps_its_default():
    config = parse_config({"till": {"name": "Fridge"}})
    assert config.till.name == "Fridge"
    assert config.timeouts == Config().timeouts


def test_a_display_is_described(tmp_path):
    file = tmp_path / "kpos.toml"
    file.write_text("[display]\nkind = 'serial'\nbaud = 9600\ndim_after_s = 0\n")
    display = load_config(file).display
    assert (display.kind, display.baud, display.dim_after_s) == ("serial", 9600, 0)
    assert display.size == "40x4"


def test_a_named_file_that_is_missing_refuses_to_start(tmp_path):
    with pytest.raises(ConfigError, match="is not there"):
        load_config(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("till = 3", r"\[till\] is no section; there are till, timeouts, scanner, card_reader"),
        ("[tills]", r"\[tills\] is no section"),
        ("[till]\nnam = 'x'", r"\[till\] has no option 'nam'; there are name, language, data"),
        ("[till]\nlanguage = 'fr'", "must be one of de, en"),
        ("[till]\nname = ''", "must have 1 to 30 characters"),
        ("[till]\nname = 7", "must be a text"),
        ("[timeouts]\nmenu_s = 0", "must be from 1 to 3600 seconds"),
        ("[timeouts]\nmenu_s = 3601", "must be from 1 to 3600 seconds"),
        ("[timeouts]\nmenu_s = true", "must be a whole number"),
        ("[timeouts]\nmenu_s = '30'", "must be a whole number"),
        ("[scanner]\nlayout = 'fr'", "must be one of us, de"),
        ("[sound]\nplayer = 'loud'", "must be one of bell, pcspkr, aplay, none"),
        ("[keypad]\nkeymap = 7", "must be a text"),
        ("[display]\nkind = 'vga'", "must be one of none, pcf8574, .*, lcdd"),
        ("[display]\nsize = '80x25'", "must be one of 40x4, 20x4, 16x2"),
        ("[display]\nrom = 'A00'", "must be one of a00, a02, st0b"),
        ("[display]\ndriver = 'fast'", "must be one of rplcd, packed"),
        ("[display]\nbaud = 9601", "must be one of 1200, .*, 115200"),
        ("[display]\nbaud = '9600'", "must be a whole number"),
        ("[display]\ndim_after_s = -1", "must be from 0 to 3600 seconds"),
        ("[till", "is no TOML"),
        ("till = " + "[" * 3000, "is no TOML"),
        ("[timeouts]\nmenu_s = " + "9" * 4301, "is no TOML"),
        ("[timeouts]\nmenu_s = 0x" + "f" * 4000, "too long, a int"),
        ("[till]\nname" + ".a" * 5000 + " = 1", "too long, a dict"),
        ('[till]\nname = "\\u001b[2J"', "has a character that cannot be shown"),
        ('[till]\ndata = "a\\u0000"', "has a character that cannot be shown"),
        ('["a\\nb"]', r"\[a\?b\] is no section"),
        (f"[till]\n{'n' * 500} = 1", "nnn…; there are name"),
    ],
)
def test_a_wrong_file_refuses_to_start_and_says_where(tmp_path, text, says):
    file = tmp_path / "kpos.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=says) as refused:
        load_config(file)
    assert str(file) in str(refused.value)


def test_a_file_that_is_no_text_refuses_to_start(tmp_path):
    file = tmp_path / "kpos.toml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="is no TOML"):
        load_config(file)


def test_a_folder_is_no_config(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path)
