"""The shim sees everything that a process asks of the disk: strace is asked as well."""

import random
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.cuts_disk import Disk
from tests.faults.failing_scene import MATE
from tests.faults.shim import CALLS, HAS_COMPILER, NAMES, Record, Shim
from tests.process.jsonl_till import JsonlTill, kpos

pytestmark = pytest.mark.skipif(not HAS_COMPILER, reason="needs a C compiler (cc)")

# System calls that change what is on a disk, and the name under which the shim records them.
CHANGES = {
    "write": "write", "pwrite64": "write", "pwritev": "write", "pwritev2": "write",
    "writev": "write", "ftruncate": "ftruncate", "truncate": "ftruncate",
    "fallocate": "fallocate", "fsync": "fsync", "fdatasync": "fdatasync", "msync": "fsync",
    "sync_file_range": "sync_file_range", "unlink": "unlink", "unlinkat": "unlink",
    "rename": "rename", "renameat": "rename", "renameat2": "rename", "link": "link",
    "linkat": "link", "symlink": "link", "symlinkat": "link", "mkdir": "mkdir", "mkdirat": "mkdir",
    "rmdir": "rmdir", "copy_file_range": "write", "sendfile": "write", "sync": "fsync",
    "syncfs": "fsync",
}  # fmt: skip


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_the_shim_sees_every_change_that_strace_sees(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    shim, trace = Shim(disk, tmp_path / "own", 1), tmp_path / "trace"
    strace = (
        "strace",
        "-A",
        "-f",
        "-y",
        "-s",
        "0",
        "-e",
        f"trace={','.join(CHANGES)}",
        "-o",
        str(trace),
    )
    before = (*strace, *shim.before)
    _a_life(before, disk)
    recorded = Counter(
        (NAMES[each.call], each.name)
        for each in shim.records()
        if each.call in CALLS.values() and NAMES[each.call] in CHANGES.values()
    )
    assert recorded == _traced(trace, disk)
    assert len(recorded) > 30
    mapped = {each.name for each in shim.records() if each.call == "M"}
    assert {name.rpartition("-")[2] for name in mapped} == {"shm"}, "a durable file is mapped"


def _a_life(before: tuple[str, ...], disk: Path) -> None:
    data = disk / "till"

    def run(*arguments: object) -> None:
        command = [*before, *kpos(*map(str, arguments), "--data", data)]
        subprocess.run(command, check=True, capture_output=True)

    run("init", "--demo")
    till = JsonlTill(data, before=before)
    till.scan("CARD-LINUS", MATE)
    till.keys("#")
    till.do(wait_ms=3_600_000)
    run("backup", disk / "backup.db")
    assert till.end() == 0
    run("rebuild")
    run("restore", disk / "backup.db")


def _traced(trace: Path, disk: Path) -> Counter[tuple[str, str]]:
    """What strace saw below the folder: call, and the name of the file or its first argument."""
    seen: Counter[tuple[str, str]] = Counter()
    for line in trace.read_text().splitlines():
        found = re.match(r"\d+ +(\w+)\((.*)", line)
        if found is None or found[1] not in CHANGES:
            continue
        call, arguments = CHANGES[found[1]], found[2]
        if found[1] == "unlinkat" and "AT_REMOVEDIR" in arguments:
            call = "rmdir"
        path = re.search(rf'{re.escape(str(disk))}(?:/([^">]*))?', arguments)
        if path is None:
            continue
        # A file named by its folder's descriptor: the folder, then the name in quotes.
        rest = re.search(r'>, "([^"/]+)"', arguments)
        name = path[1] or "."
        seen[call, f"{name}/{rest[1]}" if rest and not arguments.startswith('"') else name] += 1
    return seen


# The model of a disk


def test_what_was_synced_stays_and_the_rest_may(tmp_path):
    disk = Disk("posix", "honest", random.Random(1), {})
    for record in [
        Record("o", "file", inode=1, made=True),
        Record("w", "file", inode=1, length=1024, data=b"A" * 1024),
        Record("s", "file", inode=1),
        Record("w", "file", inode=1, length=1024, data=b"B" * 1024),
    ]:
        disk.apply(record)
    found = {disk.cut(random.Random(n))[1].files.get("file") for n in range(200)}
    halves = {a * 512 + b * 512 for a in (b"A", b"B") for b in (b"A", b"B")}
    assert found == {None, *halves}, "without a sync of its folder the name may be missing too"
    disk.apply(Record("s", "."))
    assert {disk.cut(random.Random(n))[1].files.get("file") for n in range(200)} == halves


def test_names_change_in_order_or_not_by_the_file_system():
    for system, both in (("posix", {"old", "new"}), ("journal", {"old"})):
        disk = Disk(system, "honest", random.Random(1), {"a": b"old", "b": b"new"})  # type: ignore[arg-type]
        disk.apply(Record("r", "a", "kept"))
        disk.apply(Record("r", "b", "a"))
        images = [disk.cut(random.Random(n))[1].files for n in range(100)]
        lost = [each for each in images if b"old" not in each.values()]
        assert bool(lost) == ("new" in both)


def test_a_failed_sync_is_not_made_good_by_the_next():
    disk = Disk("posix", "honest", random.Random(1), {"a": b"old"})
    for record in [
        Record("o", "a", inode=1),
        Record("w", "a", inode=1, length=3, data=b"new"),
        Record("d", "a", inode=1, error=5),
        Record("d", "a", inode=1),
    ]:
        disk.apply(record)
    assert disk.perfect(disk.lost) == {"a": b"old"}
