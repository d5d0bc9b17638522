"""wawi.toml: few options, each refused with the reason if it cannot be used."""

from pathlib import Path

import pytest

from kpos.config import ConfigError
from kpos.wawi.config import WawiConfig, address_of, database_of, load_config


def written(folder: Path, text: str) -> Path:
    (folder / "wawi.toml").write_text(text, encoding="utf-8")
    return folder


def test_no_file_is_fine(tmp_path):
    assert load_config(tmp_path) == WawiConfig()


def test_what_is_not_said_stays_as_it_was(tmp_path):
    config = load_config(written(tmp_path, '[wawi]\nlanguage = "en"\n'))
    assert config == WawiConfig(language="en")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[wawi\n", "is no TOML"),
        ("wawi = " + 5000 * "[", "is no TOML"),
        ("[till]\n", "there is one section"),
        ("wawi = 1\n", "there is one section"),
        ('[wawi]\ncolour = "red"\n', "no option 'colour'; there are listen, url"),
        ("[wawi]\nlisten = 8020\n", "listen: must be a text"),
        ('[wawi]\nlisten = "8020"\n', "no address to listen at"),
        ('[wawi]\nlisten = "here:there"\n', "no address to listen at"),
        ('[wawi]\nlanguage = "fr"\n', "must be one of de, en"),
        ('[wawi]\nurl = "wawi.example.org"\n', "must be how tills and browsers get here"),
        ('[wawi]\ndatabase = "mysql://x/y"\n', "must be postgresql://"),
        ('[wawi]\ndatabase = "postgresql://x:99999999/y"\n', "must be postgresql://"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path, text, reason):
    with pytest.raises(ConfigError, match=reason):
        load_config(written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8020", ("127.0.0.1", 8020)),
        ("[::1]:80", ("::1", 80)),
        ("localhost:0", ("localhost", 0)),
    ],
)
def test_an_address_is_host_and_port(text, address):
    assert address_of(text) == address


def test_a_database_is_a_file_of_the_data_folder_or_postgresql(tmp_path):
    assert database_of("", tmp_path)["NAME"] == str(tmp_path / "wawi.db")
    found = database_of("postgresql://kpos:pa%2Fss@db.example.org:5433/wawi", tmp_path)
    wanted = {"NAME": "wawi", "USER": "kpos", "PASSWORD": "pa/ss", "PORT": "5433"}
    assert found.items() >= (wanted | {"HOST": "db.example.org"}).items()
    assert database_of("postgresql://kpos@%2Frun%2FPG/wawi", tmp_path)["HOST"] == "/run/PG"
