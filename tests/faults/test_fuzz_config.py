"""A kpos.toml of any bytes: it starts a till, or refuses in one line that says which and why."""

import subprocess
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given, seed, settings
from hypothesis import strategies as st

from kpos.config import Config, ConfigError, read_config
from tests.process.jsonl_till import ROOT, kpos, run_kpos

LISTED = (ROOT / "config/kpos.toml").read_text("utf-8")
OPTIONS = tomllib.loads(LISTED)
HOSTILE = [
    "",
    "\0",
    "\x1b[2J",
    "a\nb",
    "\u2028",
    "\u202e",
    "N" * 10_000,
    "/",
    "-",
    "🦄",
]
LINE_MAX = 500


def written(value: str | int) -> str:
    """A value as TOML, escaped where that is needed."""
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(character):08x}" for character in value) + '"'
    return str(value).lower()


texts = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
)
values = st.one_of(
    texts.map(written),
    st.one_of(st.integers(), st.integers(-1, 3602), st.booleans()).map(written),
    st.sampled_from(
        [
            "inf",
            "nan",
            "1e400",
            "9" * 4301,
            "[" * 1500,
            "{a=" * 1500,
            "0x" + "f" * 4000,
            "1979-05-27",
        ]
    ),
    st.sampled_from(["[1, 'x']", "{a = 1}", "0x10", "0b" + "1" * 70, "1_000", "'''\n'''"]),
)
sections = st.one_of(st.sampled_from([*OPTIONS, "tills", "a.b"]), texts.map(written))
options = st.one_of(
    st.sampled_from([name for each in OPTIONS.values() for name in each]), texts.map(written)
)


@st.composite
def documents(draw) -> str:
    """Sections and options, known and not, with values of any kind."""
    known = draw(st.sampled_from(sorted(OPTIONS)))
    section = draw(st.one_of(st.just(known), st.just(known), sections))
    named = st.one_of(st.sampled_from(sorted(OPTIONS[known])), options)
    lines = draw(st.lists(st.tuples(named, values), max_size=4))
    return "\n".join([f"[{section}]", *(f"{option} = {value}" for option, value in lines)])


@st.composite
def misprints(draw) -> bytes:
    """The file of the tree with a few bytes changed, cut out or put in."""
    data = bytearray(LISTED.encode())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 8))] = draw(st.binary(max_size=4))
    return bytes(data)


files = st.one_of(st.binary(max_size=200), misprints(), documents().map(str.encode))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("config") / "kpos.toml"


def test_any_file_is_read_or_refused_in_one_line(place, size):
    @settings(max_examples=size(quick=200, ci=3_000, long=1_000_000), database=None)
    @seed(1)
    @given(files)
    @example(b"[till]\nx = " + b"[" * 100_000)
    @example(b"[timeouts]\nmenu_s = " + b"9" * 4301)
    @example(b"[timeouts]\nmenu_s = 0x" + b"f" * 4000)
    @example(b"till" + b".a" * 5000 + b" = 1")
    @example(b"[till]\nname" + b".a" * 5000 + b" = 1")
    @example(b"\xef\xbb\xbf[till]\n")
    @example(b"\r")
    def check(data: bytes) -> None:
        place.write_bytes(data)
        try:
            config = read_config(place)
        except ConfigError as refused:
            check_message(str(refused))
            return
        check_used(config, data)

    check()


def check_message(said: str) -> None:
    assert "kpos.toml" in said
    assert said.isprintable(), repr(said)
    assert len(said) < LINE_MAX, len(said)


def check_used(config: Config, data: bytes) -> None:
    """What is accepted is what stands there, each within its range."""
    parsed = tomllib.loads(data.decode())
    for section, options in parsed.items():
        for option, value in options.items():
            assert getattr(getattr(config, section), option) == value
    assert 1 <= len(config.till.name) <= 30
    assert config.till.name.isprintable()
    for seconds in ("purchase_s", "menu_s", "pin_s", "result_s"):
        assert 1 <= getattr(config.timeouts, seconds) <= 3600


def test_a_till_starts_with_any_file_or_refuses(tmp_path, size):
    """The same as real processes, with a config file of each kind of wrong, and right ones."""
    data = tmp_path / "data"
    run_kpos("init", "--data", data)

    @settings(max_examples=size(quick=3, ci=40, long=10_000), database=None)
    @seed(2)
    @given(files)
    @example(LISTED.encode())
    def check(content: bytes) -> None:
        file = tmp_path / "kpos.toml"
        file.write_bytes(content)
        done = subprocess.run(
            kpos("run", "--io", "jsonl", "--data", data, "--config", file),
            input='{"key":"0"}\n',
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        assert done.returncode in (0, 1), done.stderr
        if done.returncode == 0:
            assert done.stderr == ""
            assert '{"done":1' in done.stdout
        else:
            [line] = done.stderr.splitlines()
            check_message(line)
            assert done.stdout == ""

    check()
    run_kpos("verify", "--data", data)
