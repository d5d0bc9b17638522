"""What a pulled plug may leave of a disk whose every write is in a log.

The log is a real one, of QEMU's; the machine itself is in tests/appliance.
"""

from __future__ import annotations

import random
import shutil
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.appliance.judge import Found, Judge
from tests.appliance.platter import HELD, Cut, Device, Platter, whole_disk
from tests.appliance.writelog import SECTOR, Entry, Unreadable, as_killed, read_log

START = 64  # sectors before the data partition
SECTORS = 64
QEMU_IO = "qemu-io"


def entry_of_the_data(sectors: int, kind: int = 0x83) -> bytes:
    """What the table of partitions says of the fourth."""
    return struct.pack("<4xB3xII", kind, START, sectors)


def disk_of(folder: Path, filled_with: bytes = b"\0") -> Path:
    """A disk whose fourth partition is all that counts."""
    table = bytes(446 + 48) + entry_of_the_data(SECTORS) + b"\x55\xaa"
    disk = folder / "base.img"
    disk.write_bytes(table + bytes((START - 1) * SECTOR) + filled_with * (SECTORS * SECTOR))
    return disk


def logged(folder: Path, *commands: str) -> tuple[Path, tuple[Entry, ...]]:
    """What QEMU's own tool did to a disk, and what was noted of it; `commands` are qemu-io's."""
    if shutil.which(QEMU_IO) is None:
        pytest.skip("qemu-utils")
    base = disk_of(folder)
    disk, log = folder / "disk.img", folder / "writes.log"
    shutil.copy(base, disk)
    log.write_bytes(bytes(1 << 20))
    image = (
        f"driver=blklogwrites,file.driver=file,file.filename={disk},"
        f"log.driver=file,log.filename={log},log-sector-size={SECTOR}"
    )
    words = [word for command in commands for word in ("-c", command)]
    subprocess.run([QEMU_IO, "--image-opts", image, *words], check=True, capture_output=True)
    return base, read_log(log)


def at(sector: int) -> str:
    """Of the data partition."""
    return str((START + sector) * SECTOR)


def a_write(number: int, sector: int, letters: str, *, through: bool = False) -> Entry:
    data = b"".join(letter.encode() * SECTOR for letter in letters)
    return Entry(number, 0, (START + sector) * SECTOR, data, is_flush=False, is_durable=through)


def a_flush(number: int) -> Entry:
    return Entry(number, 0, 0, b"", is_flush=True, is_durable=False)


def letters(image: Path | None, count: int) -> str:
    """One for each sector, which must be whole."""
    assert image is not None
    content = image.read_bytes()
    sectors = [content[n * SECTOR : (n + 1) * SECTOR] for n in range(count)]
    assert all(len(set(sector)) == 1 for sector in sectors)
    return "".join(chr(sector[0] or ord(".")) for sector in sectors)


def left(
    folder: Path, entries: Sequence[Entry], device: Device = "honest", count: int = 4
) -> set[str]:
    """Every disk that many cuts after these entries left."""
    platter = Platter(disk_of(folder), folder, device)
    for entry in entries:
        platter.apply(entry)
    cuts = {cut.key: cut for cut in (platter.cut(random.Random(n)) for n in range(300))}
    found = {letters(platter.image(cut), count) for cut in cuts.values()}
    platter.close()
    return found


# The log


def test_what_qemu_did_is_read_in_order(tmp_path):
    _, entries = logged(
        tmp_path,
        f"write -P 0x61 {at(0)} 1k", "flush", f"write -P 0x62 {at(1)} 512",
        f"write -f -P 0x63 {at(2)} 512", f"write -z {at(0)} 512", f"discard {at(1)} 512",
    )  # fmt: skip
    done = [(each.offset // SECTOR - START, each.data[:1], len(each.data)) for each in entries]
    assert done[0] == (0, b"a", 1024)
    assert (entries[1].is_flush, entries[1].data) == (True, b"")
    assert done[2] == (1, b"b", 512)
    through = next(each for each in entries if each.data[:1] == b"c")
    later = entries[through.number + 1 :]
    assert through.is_durable or any(each.is_flush for each in later)
    assert [each.data for each in later if each.data] == [bytes(512), bytes(512)]
    assert [each.number for each in entries] == list(range(len(entries)))


def test_what_is_no_log_is_not_read(tmp_path):
    file = tmp_path / "writes.log"
    for content, why in (
        (b"\1" * 4096, "no log"),
        (struct.pack("<QQQI", 0x6A736677736872, 1, 2, 512).ljust(4096, b"\0"), "2 entries"),
        (bytes(512) + struct.pack("<QQQQ", 1, 1, 64, 0).ljust(4096, b"\0"), "flags"),
    ):
        file.write_bytes(content)
        with pytest.raises(Unreadable, match=why):
            read_log(file)


def test_a_killed_qemu_may_have_noted_half_of_its_last_write():
    entries = (a_write(0, 0, "a"), a_flush(1))
    assert as_killed(entries) == entries
    assert as_killed((*entries, a_write(2, 0, "b"))) == entries


# The disk


def test_what_was_flushed_is_there_and_of_the_rest_anything_may_be(tmp_path):
    entries = [a_write(0, 0, "ab"), a_flush(1), a_write(2, 1, "cd"), a_write(3, 2, "e")]
    #  flushed: ab..   then: .cd. and ..e.
    assert left(tmp_path, entries) == {
        first + third for first in ("ab", "ac") for third in ("..", "d.", "e.")
    }


def test_what_is_written_through_is_there_at_once(tmp_path):
    assert left(tmp_path, [a_write(0, 0, "ab", through=True)]) == {"ab.."}
    entries = [a_write(0, 0, "ab"), a_write(1, 0, "c", through=True), a_write(2, 3, "d")]
    assert left(tmp_path, entries) == {"cb..", "cb.d"}


def test_a_forgetful_disk_loses_what_was_flushed_and_an_unsafe_one_all_of_it(tmp_path):
    entries = [a_write(0, 0, "a"), a_flush(1), a_write(2, 1, "b", through=True)]
    everything = {"....", "a...", ".b..", "ab.."}
    for device in ("forgetful", "unsafe"):
        assert left(tmp_path, entries, device) == everything
    many = [*entries, *(a_write(3 + n, 2, "c") for n in range(HELD))]
    assert {each[:2] for each in left(tmp_path, many, "forgetful")} == {"ab"}
    assert "." in {each[0] for each in left(tmp_path, many, "unsafe")}


def test_equal_cuts_have_equal_keys_and_are_the_same_with_the_same_seed(tmp_path):
    platter = Platter(disk_of(tmp_path), tmp_path, "honest")
    for entry in (a_write(0, 0, "abcd"), a_write(1, 2, "ef")):
        platter.apply(entry)
    cuts = {number: platter.cut(random.Random(number)) for number in range(200)}
    shown: dict[tuple[object, ...], str] = {}
    for number, cut in cuts.items():
        assert cut == platter.cut(random.Random(number))
        seen = letters(platter.image(cut), 4)
        assert shown.setdefault(cut.key, seen) == seen
    platter.close()


def test_a_partition_that_grew_is_as_long_as_its_table_says(tmp_path):
    base = disk_of(tmp_path)
    with base.open("ab") as disk:
        disk.write(bytes(16 * SECTOR))
    table = bytes(446 + 48) + entry_of_the_data(SECTORS + 16)
    grown = Entry(0, 0, 0, table.ljust(SECTOR, b"\0"), is_flush=False, is_durable=False)
    platter = Platter(base, tmp_path, "honest")
    platter.apply(grown)
    cuts = (Cut((), (), 0, 0), platter.everything())
    sizes = [image.stat().st_size // SECTOR for cut in cuts if (image := platter.image(cut))]
    assert sizes == [SECTORS, SECTORS + 16]
    platter.close()


def test_a_partition_is_there_when_its_type_says_that_it_was_made(tmp_path):
    base = disk_of(tmp_path)
    made = base.read_bytes()[:SECTOR]
    with base.open("r+b") as disk:
        disk.seek(446 + 48)
        disk.write(entry_of_the_data(SECTORS, 0xDA))
    platter = Platter(base, tmp_path, "honest")
    platter.apply(Entry(0, 0, 0, made, is_flush=False, is_durable=False))
    nothing = Cut((), (), 0, 0)
    assert platter.image(nothing) is None
    assert platter.image(platter.everything()) is not None
    assert Judge(tmp_path).look(None) == Found()
    platter.close()


def test_a_whole_disk_is_left_as_its_partition_is(tmp_path):
    base, entries = logged(
        tmp_path, f"write -P 0x61 {at(0)} 1k", "flush", f"write -P 0x62 {at(1)} 1k"
    )
    found = set()
    for number in range(100):
        whole_disk(base, entries[:3], random.Random(number), tmp_path / "after.img")
        content = (tmp_path / "after.img").read_bytes()[START * SECTOR :]
        found.add(bytes(content[n * SECTOR] or 0x2E for n in range(4)).decode())
    assert found == {"aa..", "ab..", "aab.", "abb."}
