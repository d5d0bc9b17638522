"""What `kpos install-units` puts into a system, judged by systemd's own tools."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.daemon import kpos

UNITS = "usr/local/lib/systemd/system"
TEMPLATES = Path(__file__).parents[2] / "systemd"
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is missing: systemd")

# Tenths of what `systemd-analyze security` says (systemd 252), each as low as it can be.
EXPOSURES = {
    "kpos.service": 5,
    "kpos-out-of-order.service": 5,
    "kpos-line.service": 11,
    "kpos-wawi.service": 9,
    "kpos-backup.service": 2,
    "kpos-verify.service": 2,
    "kpos-backup-stick@.service": 12,
    "kpos-metrics.service": 10,
}
# Of the units that only an image has.
EXPOSURES_OF_AN_IMAGE = {"kpos-good.service": 14}
BY_ROOT = {"kpos-power@.service", "kpos-line-again.service", "kpos-stick@.service"}
KINDS = {"till": (), "alone": ("--no-wawi",), "server": ("--wawi-server",)}


def install(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Into a folder; users and links are made there where systemd has the tools for it."""
    ran = kpos("install-units", "--root", root, *arguments, data=root / "none")
    assert "Traceback" not in ran.stderr
    return ran


def files(root: Path) -> dict[str, str]:
    """Everything below a root, links apart."""
    return {
        path.relative_to(root).as_posix(): path.read_text()
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink() and "etc" not in path.parts
    }


@pytest.fixture(params=KINDS)
def kind(request):
    """What `kpos install-units` is called with; a program that is there, for systemd's tools."""
    return ("--program", str(shutil.which("true")), *KINDS[request.param])


@pytest.fixture
def root(kind, tmp_path):
    """A system with all files of a kind in it."""
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)
    install(root, *kind)
    return root


@needs_systemd
def test_systemd_understands_every_line(root):
    folder = root / UNITS
    units = [path for path in folder.iterdir() if path.is_file()]
    named = [str(path).replace("@.", "@sdz1.") for path in units]
    for path, name in zip(units, named, strict=True):
        if name != str(path):
            shutil.copy(path, name)
    # What they want of this system (modprobe@, the timers' targets) is looked up here.
    path = f"{folder}:/usr/lib/systemd/system:/lib/systemd/system"
    ran = subprocess.run(
        [str(ANALYZE), "verify", "--man=no", *named],
        env=os.environ | {"SYSTEMD_UNIT_PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def exposed(unit: str, most: int, *where: str) -> str:
    """What systemd has against a unit that is more exposed than that."""
    judge = [str(ANALYZE), "security", "--offline=yes", "--no-pager", f"--threshold={most}"]
    ran = subprocess.run([*judge, *where, unit], capture_output=True, text=True, check=False)
    return ran.stdout if ran.returncode else ""


@needs_systemd
def test_no_service_has_more_rights_than_it_was_thought_to_need(root):
    judged = 0
    for path in (root / UNITS).glob("*.service"):
        if path.name not in EXPOSURES:
            # A line or two of root's, by Debian's tools.
            assert path.name in BY_ROOT
            continue
        assert not exposed(path.name, EXPOSURES[path.name], f"--root={root}")
        judged += 1
    assert judged


@needs_systemd
@pytest.mark.parametrize("unit", EXPOSURES_OF_AN_IMAGE)
def test_nor_has_one_that_only_an_image_has(unit):
    assert not exposed(str(TEMPLATES / unit), EXPOSURES_OF_AN_IMAGE[unit])


def test_the_till_itself_has_no_network(root):
    unit = root / UNITS / "kpos.service"
    if not unit.exists():
        return
    lines = unit.read_text().splitlines()
    assert "PrivateNetwork=yes" in lines
    assert "RestrictAddressFamilies=AF_UNIX" in lines
    assert not (root / UNITS / "kpos.service.d/network.conf").exists()


def test_a_second_time_changes_nothing(root, kind):
    before = files(root)
    assert "All files are there as they shall be." in install(root, *kind).stdout
    assert files(root) == before


def test_what_a_till_without_a_wawi_does_not_have_goes(tmp_path):
    (tmp_path / "etc").mkdir()
    install(tmp_path)
    own = tmp_path / UNITS / "kpos.service.d/mine.conf"
    own.write_text("[Service]\n")
    dry = install(tmp_path, "--no-wawi", "--dry-run")
    assert "removed  " in dry.stdout
    assert (tmp_path / UNITS / "kpos-line.service").exists()
    install(tmp_path, "--no-wawi")
    assert [path for path in files(tmp_path) if "kpos-line" in path or "wawi" in path] == []
    assert own.exists()
    links = [path.name for path in tmp_path.rglob("*") if path.is_symlink()]
    assert "kpos-line.socket" not in links


def test_the_program_of_an_image_is_debians_place(tmp_path):
    (tmp_path / "etc").mkdir()
    install(tmp_path)
    unit = (tmp_path / UNITS / "kpos.service").read_text()
    assert "ExecStart=/usr/bin/kpos run --io devices\n" in unit
    assert "include " not in [line[:8] for line in unit.splitlines()]
    assert unit.count("[Service]") == 1
    install(tmp_path, "--program", "/opt/kpos/bin/kpos")
    ran = install(tmp_path, "--dry-run")
    assert "-ExecStart=/opt/kpos/bin/kpos run --io devices" in ran.stdout
    assert "+ExecStart=/usr/bin/kpos run --io devices" in ran.stdout
    units = [path for path in (tmp_path / UNITS).rglob("*") if path.is_file()]
    assert not any("/usr/bin/kpos" in path.read_text() for path in units)


def test_a_display_by_network_is_given_this_machines_own(tmp_path):
    config = tmp_path / "etc/kpos/kpos.toml"
    config.parent.mkdir(parents=True)
    config.write_text("[display]\nkind = 'lcdd'\n")
    install(tmp_path)
    for name in ("kpos", "kpos-out-of-order"):
        lines = (tmp_path / UNITS / f"{name}.service.d/network.conf").read_text().splitlines()
        assert "IPAddressAllow=localhost" in lines
    config.write_text("[display]\nkind = 'none'\n")
    install(tmp_path)
    assert not (tmp_path / UNITS / "kpos-out-of-order.service.d").exists()


def test_a_till_without_a_wawi_is_no_server(tmp_path):
    ran = install(tmp_path, "--no-wawi", "--wawi-server")
    assert ran.returncode == 2
    assert "--wawi-server makes none" in ran.stderr
