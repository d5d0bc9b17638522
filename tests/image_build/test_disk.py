"""What the disk, its boot loader and the update must agree about."""

from __future__ import annotations

import re
from pathlib import Path

from making import disk
from making.tools import HERE

APPLIANCE = HERE / "root/usr/lib/kpos-appliance"
GRUB_CFG = (HERE / "grub.cfg").read_text(encoding="utf-8")


def test_grub_names_the_disk_that_is_made():
    assert set(re.findall(r"PARTUUID=(\w+)-0", GRUB_CFG)) == {disk.DISK_ID}
    numbers = dict(re.findall(r'"\$slot" = (A) \]; then set number=(\d)', GRUB_CFG))
    assert numbers == {"A": str(disk.SLOT_A.number)}


def test_partitions_follow_each_other_and_the_last_may_grow():
    ends = [each.start + each.size for each in disk.PARTITIONS]
    assert [each.start for each in disk.PARTITIONS[1:]] == ends[:-1]
    assert [each.number for each in disk.PARTITIONS] == [1, 2, 3, 4]
    assert disk.DATA is disk.PARTITIONS[-1]


def test_what_grub_is_told_stands_in_one_sector():
    block = disk.environment(slot="B", tries="3")
    assert len(block) == 1024
    assert set(block[512:]) == {ord("#")}
    assert block.startswith(b"# GRUB Environment Block\nslot=B\ntries=3\n#")


def test_the_first_start_makes_the_data_partition_of_the_disk_that_is_made():
    scripts = [
        (APPLIANCE / name).read_text(encoding="utf-8") for name in ("make-data", "mkfs-data")
    ]
    assert f"by-partuuid/{disk.DISK_ID}-0{disk.DATA.number}" in scripts[0]
    assert f"number={disk.DATA.number}\n" in scripts[0]
    assert re.findall(r"\b83\b", scripts[0]) == [disk.MADE] * 2
    assert f" -L {disk.DATA_LABEL} " in scripts[1]
    unit = (HERE / "root/etc/systemd/system/kpos-make-data.service").read_text(encoding="utf-8")
    assert f"dev-disk-by\\x2dpartuuid-{disk.DISK_ID}\\x2d0{disk.DATA.number}.device" in unit


def test_the_root_names_the_partitions_by_their_labels():
    fstab = Path(HERE / "root/etc/fstab").read_text(encoding="utf-8")
    assert set(re.findall(r"^LABEL=(\S+)", fstab, re.MULTILINE)) == {
        disk.BOOT_LABEL,
        disk.DATA_LABEL,
    }
