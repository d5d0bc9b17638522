"""Updates that a server keeps for its tills, fetched over a line that breaks."""

import json

import pytest

from kpos import __version__
from kpos.appliance.grubenv import Choice
from kpos.appliance.manifest import arch_of_machine
from tests.update.card import MIB, SIGNER, image, make_key, make_update
from tests.update.grub import machine_of
from tests.wawi.line import Line
from tests.wawi.server import kpos_wawi, serving
from tests.wawi.test_problems import check_problem
from tests.wawi.till import HttpTill, code_for

NEW = image(7, MIB + 5000)
PART = "fetched.update"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("wawi") / "data") as server:
        server.kpos("branch", "add", "Keller")
        yield server


@pytest.fixture
def kept(server, tmp_path, key):
    """An update that the server keeps."""
    (server.data / "update-signers").write_bytes(key.signers.read_bytes())
    update = make_update(tmp_path, key, NEW)
    said = server.kpos("update", "add", str(update))
    assert said == f"Kept: kpos 9.0 for {arch_of_machine()}, signed by {SIGNER}.\n"
    yield update
    for row in json.loads(server.kpos("update", "list", "--json")):
        server.kpos("update", "remove", row["version"], row["arch"])


@pytest.fixture
def line(server, admin, appliance):
    """Between the till and its server."""
    line = Line(server.url)
    admin.does("pair", line.url, code_for(server, "Keller"))
    yield line
    line.close()


@pytest.fixture
def till(server, tmp_path):
    made = HttpTill(tmp_path / "other", server)
    made.pair(code_for(server, "Keller"))
    yield made
    made.close()


def test_a_till_fetches_what_its_wawi_keeps(admin, appliance, line, kept):
    said = admin.does("update", "--from-wawi")
    assert f"signed by {SIGNER}" in said
    assert machine_of(appliance.card.folder).switch_on() == ("B", "2")
    assert appliance.card.slots.b.read_bytes()[: len(NEW)] == NEW
    assert sorted(path.name for path in (appliance.root / "data/update").iterdir()) == [
        "lock",
        "record.json",
    ]


def test_a_line_that_breaks_again_and_again_loses_nothing(admin, appliance, line, kept):
    line.down_max = 300_000
    admin.does("update", "--from-wawi")
    assert line.down < 300_000, "the last part was the rest of it"
    assert machine_of(appliance.card.folder).switch_on() == ("B", "2")


def test_what_came_before_a_power_cut_is_not_fetched_again(admin, appliance, line, kept, till):
    """Nothing tells these bytes from those of the server but that a signature does not fit."""
    whole = till.ask("GET", f"updates/{arch_of_machine()}/9.0")
    folder = appliance.root / "data/update"
    folder.mkdir()
    (folder / PART).write_bytes(bytes(2 * 512) + whole.content[1024 : len(whole.content) // 2])
    (folder / f"{PART}.etag").write_text(whole.headers["ETag"])
    assert "no update file" in admin.types("update", "--from-wawi").err
    assert not (folder / PART).exists(), "what is bad is thrown away"
    admin.does("update", "--from-wawi")


def test_a_part_of_another_update_is_thrown_away(admin, appliance, line, kept):
    folder = appliance.root / "data/update"
    folder.mkdir()
    (folder / PART).write_bytes(bytes(5000))
    (folder / f"{PART}.etag").write_text('"of another one"')
    admin.does("update", "--from-wawi")
    assert machine_of(appliance.card.folder).switch_on() == ("B", "2")


def test_nothing_newer_is_said_and_nothing_fetched(admin, appliance, line, server, kept, key):
    update = make_update(kept.parent, key, NEW, version="0.0.1")
    server.kpos("update", "remove", "9.0", arch_of_machine())
    assert "keeps no update for" in admin.refused("update", "--from-wawi")
    server.kpos("update", "add", str(update))
    assert "Nothing newer: the WaWi has 0.0.1" in admin.does("update", "--from-wawi")
    admin.does("update", "--from-wawi", "--allow-older")


def test_the_same_version_built_later_is_news_and_built_before_is_none(
    admin, appliance, line, server, kept, key
):
    server.kpos("update", "remove", "9.0", arch_of_machine())
    update = make_update(kept.parent, key, NEW, version=__version__)
    server.kpos("update", "add", str(update))
    admin.does("update", "--from-wawi")
    appliance.starts("B")
    appliance.card.set_grubenv(Choice("B"))
    assert "Nothing newer" in admin.does("update", "--from-wawi")


def test_without_a_wawi_it_is_said(admin, appliance, line):
    line.to = None
    line.hang_up()
    assert "no answer from" in admin.refused("update", "--from-wawi")


def test_a_till_that_is_not_paired_has_none(admin, appliance):
    assert "not paired: kpos pair" in admin.refused("update", "--from-wawi")


# The server


def test_the_newest_is_offered_by_version_and_by_when_it_was_built(server, kept, key, till):
    arch = arch_of_machine()
    for version in ("9.0rc1", "10.0", "9.1"):
        server.kpos("update", "add", str(make_update(kept.parent, key, NEW, version=version)))
    server.kpos("update", "add", str(make_update(kept.parent, key, NEW, arch="armhf")))
    found = till.ask("GET", f"updates/{arch}").json()
    assert (found["version"], found["arch"]) == ("10.0", arch)
    assert till.ask("GET", "updates/armhf").json()["version"] == "9.0"
    assert till.ask("GET", "updates/i386").json() is None or arch == "i386"
    listed = json.loads(server.kpos("update", "list", "--json"))
    assert [row["version"] for row in listed if row["arch"] == arch] == [
        "9.0rc1",
        "9.0",
        "9.1",
        "10.0",
    ]


def test_a_part_of_it_is_what_was_asked_for(server, kept, till):
    path, whole = f"updates/{arch_of_machine()}/9.0", kept.read_bytes()
    answer = till.ask("GET", path)
    etag = answer.headers["ETag"]
    assert (answer.status_code, answer.content) == (200, whole)

    def part(span, of=etag):
        headers = {"Range": span} | ({"If-Range": of} if of else {})
        return till.ask("GET", path, headers=headers)

    rest = part("bytes=1000-")
    assert (rest.status_code, rest.content) == (206, whole[1000:])
    assert rest.headers["Content-Range"] == f"bytes 1000-{len(whole) - 1}/{len(whole)}"
    assert part("bytes=1000-", of="").status_code == 206
    for span, of in (
        ("bytes=1000-", '"another"'), ("bytes=0-", etag), ("bytes=-5", etag), ("bytes=1-2", etag),
        ("lines=1-", etag), ("bytes=1000-,2000-", etag), ("bytes=" + "9" * 99 + "-", etag),
    ):  # fmt: skip
        answer = part(span, of)
        assert (answer.status_code, answer.content) == (200, whole), span
    answer = part(f"bytes={len(whole)}-")
    check_problem(answer, 416, "range")
    assert answer.headers["Content-Range"] == f"bytes */{len(whole)}"


def test_what_is_not_there_is_not_found(server, kept, till):
    arch = arch_of_machine()
    check_problem(till.ask("GET", f"updates/{arch}/1.0"), 404, "not-found")
    check_problem(till.ask("GET", f"updates/{arch}/..%2f..%2fwawi.toml"), 404, "not-found")
    check_problem(till.ask("GET", f"updates/{arch}/1.0;x"), 422, "malformed")
    check_problem(till.ask("GET", "updates/m68k"), 422, "malformed")


def test_what_is_no_update_or_nobodys_is_not_kept(server, kept, tmp_path):
    (tmp_path / "stranger").mkdir()
    stranger = make_key(tmp_path / "stranger")
    update = make_update(tmp_path / "stranger", stranger, NEW, version="9.9")
    whole = kept.read_bytes()
    files = {
        "rubbish": (b"rubbish" * 999, "no update file"),
        "half": (whole[: MIB // 2], "ends early"),
        "changed": (whole[:-20_000] + b"x" + whole[-19_999:], "not what was signed"),
        "stranger's": (update.read_bytes(), "nobody whom"),
    }
    for name, (content, why) in files.items():
        file = tmp_path / name
        file.write_bytes(content)
        done = kpos_wawi(server.data, "update", "add", str(file), check=False)
        assert (done.returncode, why in done.stderr) == (1, True), name
    refused = kpos_wawi(server.data, "update", "remove", "1.0", "i386", check=False)
    assert "see kpos wawi update list" in refused.stderr
    (server.data / "update-signers").unlink()
    done = kpos_wawi(server.data, "update", "add", str(update))
    assert "Whoever signed it was not looked at" in done.stderr
    assert len(json.loads(server.kpos("update", "list", "--json"))) == 2
