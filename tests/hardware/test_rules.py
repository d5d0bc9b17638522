"""The rules for udev, as udev itself reads them."""

import shutil
from pathlib import Path

import pytest

from tests.cli.test_faults import on_a_disk_of_its_own
from tests.hardware import mocked

ROOT = Path(__file__).parents[2]
RULES = ROOT / "systemd/70-kpos-devices.rules"
STICK = ROOT / "systemd/71-kpos-backup.rules"
DEVICE = "/devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/input/input7/event7"


needs_udev = pytest.mark.skipif(
    shutil.which("udevadm") is None, reason="udevadm is missing: apt install udev"
)
needs_umockdev = pytest.mark.skipif(
    shutil.which("umockdev-run") is None, reason="umockdev-run is missing: apt install umockdev"
)


@needs_udev
@needs_umockdev
@pytest.mark.parametrize(("vendor", "is_given"), [("05f9", True), ("04f2", False)])
def test_a_scanner_is_given_to_the_group_of_the_till_and_a_keyboard_is_not(
    tmp_path, vendor, is_given
):
    command = mocked.write(tmp_path, [])
    device = tmp_path / "s.umockdev"
    device.write_text(
        device.read_text().replace("A: id/vendor", f"A: idVendor={vendor}\nA: id/vendor")
    )
    rules = tmp_path / "rules"
    # udev looks the group up, and there is none of this name where no till is installed.
    rules.write_text(RULES.read_text().replace('GROUP="kpos"', 'GROUP="daemon"'))
    ran = on_a_disk_of_its_own(
        "mount -t tmpfs tmpfs /run && mkdir -p /run/udev/rules.d"
        f" && cp {rules} /run/udev/rules.d/70-kpos-devices.rules"
        f" && {' '.join(command[:3])} -- udevadm test {DEVICE} 2>&1"
    )
    assert "70-kpos-devices.rules" in ran.stdout, ran.stderr
    assert "nvalid" not in ran.stdout
    assert ("MODE 0660" in ran.stdout) is is_given


@needs_udev
@needs_umockdev
@pytest.mark.parametrize(
    ("label", "bus", "is_wanted"),
    [("KPOS-BACKUP", "usb", True), ("KPOS-BACKUP", "ata", False), ("HOLIDAYS", "usb", False)],
)
def test_a_stick_that_is_called_so_gets_a_backup_and_another_does_not(
    tmp_path, label, bus, is_wanted
):
    device = tmp_path / "s.umockdev"
    path = "/devices/pci0000:00/0000:00:14.0/usb1/1-1/block/sdz/sdz1"
    device.write_text(f"P: {path}\nN: sdz1\nE: DEVNAME=/dev/sdz1\nE: SUBSYSTEM=block\n\n")
    # What udev's own rules read from it.
    (tmp_path / "found.rules").write_text(f'ENV{{ID_FS_LABEL}}="{label}", ENV{{ID_BUS}}="{bus}"\n')
    ran = on_a_disk_of_its_own(
        "mount -t tmpfs tmpfs /run && mkdir -p /run/udev/rules.d"
        f" && cp {STICK} /run/udev/rules.d/"
        f" && cp {tmp_path}/found.rules /run/udev/rules.d/70-a.rules"
        f" && umockdev-run --device={device} -- udevadm test --action=add /sys{path} 2>&1"
    )
    assert "71-kpos-backup.rules" in ran.stdout, ran.stderr
    assert "nvalid" not in ran.stdout
    assert ("SYSTEMD_WANTS=kpos-backup-stick@sdz1.service" in ran.stdout) is is_wanted, ran.stdout
