"""Update files: what is packed is installed, and what somebody else made is not."""

import io
import json
import os
import random
import subprocess
import sys
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpos import __version__
from kpos.appliance import manifest as manifests
from kpos.appliance.bundle import Bundle
from kpos.appliance.manifest import version_key
from kpos.appliance.signing import find_signers, signer_of
from kpos.domain.refusal import Refused
from kpos.ledger.schema import JOURNAL_VERSION
from tests.process.jsonl_till import ROOT
from tests.update.card import SIGNER, image, make_key, make_update, manifest, run

CONTENT = image(3, 70_001)


def test_an_update_is_packed_from_the_command_line_the_same_each_time(tmp_path, key):
    slot = tmp_path / "slot.sqfs"
    slot.write_bytes(CONTENT)
    packed = []
    made = tmp_path
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        asked = ["--key", key.private, "--arch", "i386", "--folder", tmp_path / folder]
        done = subprocess.run(
            [sys.executable, "-m", "kpos.appliance.pack", slot, *asked],
            env=os.environ | {"SOURCE_DATE_EPOCH": "1763800000"},
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        made = tmp_path / folder / f"kpos-{__version__}-i386.update"
        assert done.stdout == f"{made}\n"
        packed.append(made.read_bytes())
    assert packed[0] == packed[1]
    names = run("tar", "-tf", made).split()
    assert names == ["manifest.json", "manifest.json.sig", "slot.sqfs"]
    bundle = Bundle(io.BytesIO(packed[0]))
    found = bundle.manifest()
    assert (found.version, found.arch, found.journal_version) == (
        __version__,
        "i386",
        JOURNAL_VERSION,
    )
    assert str(found.built_at) == "2025-11-22T08:26:40.000Z"
    assert b"".join(bundle.slot()) == CONTENT
    assert signer_of(bundle.signed, bundle.signature, key.signers) == SIGNER


def test_a_key_that_is_none_is_said(tmp_path):
    slot = tmp_path / "slot.sqfs"
    slot.write_bytes(CONTENT)
    command = [sys.executable, "-m", "kpos.appliance.pack", slot, "--key", slot]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "cannot sign" in done.stderr


def bundle_of(update) -> Bundle:
    return Bundle(io.BytesIO(update.read_bytes()))


def test_who_may_not_sign_is_refused(tmp_path, key):
    good = bundle_of(make_update(tmp_path, key, CONTENT))
    (tmp_path / "other").mkdir()
    other = make_key(tmp_path / "other")
    with pytest.raises(Refused, match=r"nobody whom .* names signed"):
        signer_of(good.signed, good.signature, other.signers)
    with pytest.raises(Refused, match="does not fit this update"):
        signer_of(good.signed.replace(b"9.0", b"9.1"), good.signature, key.signers)
    with pytest.raises(Refused, match="nobody whom"):
        signer_of(good.signed, b"", key.signers)
    with pytest.raises(Refused, match="nobody whom"):
        signer_of(good.signed, good.signature, tmp_path / "none")


def test_a_signature_for_something_else_is_none(tmp_path, key):
    """Whoever may sign updates signs commits and mails, too, perhaps with the same key."""
    page = tmp_path / "page"
    page.write_bytes(manifests.written(manifest(CONTENT)))
    run("ssh-keygen", "-Y", "sign", "-f", key.private, "-n", "git", page)
    free = tmp_path / "free"
    free.write_text(key.signers.read_text().replace('namespaces="kpos-update" ', ""))
    for signers in (key.signers, free):
        with pytest.raises(Refused, match="does not fit"):
            signer_of(page.read_bytes(), page.with_suffix(".sig").read_bytes(), signers)


def test_the_houses_own_signers_come_first(tmp_path):
    with pytest.raises(Refused, match="nobody may sign"):
        find_signers(tmp_path)
    for place in ("usr/lib/kpos/update-signers", "etc/kpos/update-signers"):
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).touch()
        assert find_signers(tmp_path) == tmp_path / place


def tar_of(*members: tuple[str, bytes], kind: bytes = tarfile.REGTYPE) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in members:
            header = tarfile.TarInfo(name)
            header.size, header.type = len(content), kind
            tar.addfile(header, io.BytesIO(content))
    return out.getvalue()


SIGNED = manifests.written(manifest(CONTENT))
PAGES = (("manifest.json", SIGNED), ("manifest.json.sig", b"x"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "ends early"),
        (b"rubbish" * 999, "no update file"),
        (bytes(5000), "no update file"),
        (tar_of(("slot.sqfs", CONTENT)), "'slot.sqfs' where manifest.json should be"),
        (tar_of(PAGES[0]), "no update file"),
        (tar_of(*PAGES, kind=tarfile.SYMTYPE), "where manifest.json should be"),
        (tar_of(("manifest.json", bytes(1 << 20))), "has 1048576 bytes"),
        (tar_of(*PAGES, ("slot.sqfs", CONTENT[:-1])), "not of the size that was signed"),
        (tar_of(*PAGES, ("slot.sqfs", CONTENT))[:60_000], "ends early"),
        (tar_of(*PAGES, ("other", CONTENT)), "'other' where slot.sqfs should be"),
    ],
)
def test_what_is_no_update_is_refused(content, says):
    with pytest.raises(Refused, match=says):
        list(Bundle(io.BytesIO(content)).slot())


@given(st.data())
def test_a_file_with_changed_bytes_is_refused_or_as_it_was(data):
    whole = bytearray(tar_of(*PAGES, ("slot.sqfs", CONTENT)))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, 3000))] = data.draw(st.integers(0, 255))
    try:
        bundle = Bundle(io.BytesIO(bytes(whole)))
        content = b"".join(bundle.slot())
    except Refused:
        return
    assert len(content) == bundle.manifest().size


@pytest.mark.parametrize(
    "said",
    [
        {"format": 2}, {"format": None}, {"version": "1.0; rm"}, {"version": 1}, {"version": ""},
        {"arch": "m68k"}, {"size": 0}, {"size": True}, {"size": "1"}, {"size": 1 << 60},
        {"sha256": "AB" * 32}, {"journal_version": -1}, {"journal_version": 1.5},
        {"built_at": "yesterday"}, {"built_at": "2026-11-22T12:00:00"}, {"built_at": None},
    ],
)  # fmt: skip
def test_a_manifest_out_of_range_is_refused(said):
    known = json.loads(SIGNED)
    later = manifests.parse(json.dumps(known | {"comment": "from a newer one"}).encode())
    assert later == manifest(CONTENT)
    with pytest.raises(Refused):
        manifests.parse(json.dumps(known | said).encode())


@pytest.mark.parametrize("content", [b"", b"[]", b"3", b"{}", b"\xff", b"[" * 100_000])
def test_what_is_no_manifest_is_refused(content):
    with pytest.raises(Refused):
        manifests.parse(content)


def test_versions_are_sorted_as_python_sorts_them():
    packaging = pytest.importorskip("packaging.version")
    draw = random.Random(5)
    phases = ["", "", "a1", "a2", "b1", "rc1", ".dev1", ".dev3", "a1.dev1", "rc1.dev2"]
    versions = [
        ".".join(str(draw.choice((0, 1, 2, 10))) for _ in range(draw.randrange(1, 5)))
        + draw.choice(phases)
        for _ in range(400)
    ]
    ours = sorted(versions, key=version_key)
    assert [packaging.Version(each) for each in ours] == sorted(map(packaging.Version, versions))
