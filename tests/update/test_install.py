"""One slot is renewed, and what is not as it was signed never starts."""

import io
import os
import tarfile
from pathlib import Path

import pytest

from kpos.appliance.device import Partition
from kpos.appliance.grubenv import Choice, Grubenv
from kpos.appliance.record import alone, read_record
from kpos.domain.refusal import Refused
from tests.update.card import MIB, SLOT_SIZE, Card, image, install_from, make_update, manifest
from tests.update.grub import machine_of

MEMORY = Path("/dev/shm")
NEW = image(7, 2 * MIB + 4096)


@pytest.mark.parametrize("size", [512, 600, 4096, 4097, MIB, MIB + 4096, SLOT_SIZE])
def test_a_slot_of_any_size_is_written_and_started_next(tmp_path, card: Card, key, size):
    content, old = image(5, size), card.slots.a.read_bytes()
    install_from(make_update(tmp_path, key, content), card.place())
    assert card.slots.b.read_bytes()[:size] == content
    assert card.slots.a.read_bytes() == old
    assert card.grubenv().rstrip("#").split("\n")[1:3] == ["slot=B", "tries=3"]
    record = read_record(card.folder / "update")
    assert record.slots == {"B": manifest(content)}
    assert record.last is not None
    assert (record.last.slot, record.last.version, record.last.outcome) == ("B", "9.0", "waiting")


def test_the_next_update_goes_to_the_slot_that_is_not_running_then(tmp_path, card: Card, key):
    install_from(make_update(tmp_path, key, NEW), card.place())
    card.set_grubenv(Choice("B"))
    newer = image(8, MIB)
    install_from(make_update(tmp_path, key, newer, version="9.1"), Card(card.folder, "B").place())
    assert card.slots.a.read_bytes()[:MIB] == newer
    assert card.slots.b.read_bytes()[: len(NEW)] == NEW
    assert machine_of(card.folder).switch_on() == ("A", "2")


def not_what_was_signed(tmp_path, key) -> bytes:
    """Somebody put another slot behind the signature."""
    update = make_update(tmp_path, key, NEW)
    with tarfile.open(update) as tar:
        pages = [(name, tar.extractfile(name)) for name in ("manifest.json", "manifest.json.sig")]
        members = [(name, page.read()) for name, page in pages if page is not None]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in [*members, ("slot.sqfs", image(8, len(NEW)))]:
            header = tarfile.TarInfo(name)
            header.size = len(content)
            tar.addfile(header, io.BytesIO(content))
    return out.getvalue()


def test_another_slot_behind_the_same_signature_is_never_started(tmp_path, card: Card, key):
    bad = tmp_path / "bad.update"
    bad.write_bytes(not_what_was_signed(tmp_path, key))
    with pytest.raises(Refused, match="is not what was signed"):
        install_from(bad, card.place())
    assert not card.slots.b.read_bytes().startswith(b"hsqs")
    assert machine_of(card.folder).switch_on() == ("A", "")
    last = read_record(card.folder / "update").last
    assert last is not None
    assert (last.outcome, "not what was signed" in last.why) == ("writing", True)


def test_a_file_that_ends_early_is_never_started(tmp_path, card: Card, key):
    half = tmp_path / "half.update"
    half.write_bytes(make_update(tmp_path, key, NEW).read_bytes()[:MIB])
    with pytest.raises(Refused, match="ends early"):
        install_from(half, card.place())
    assert not card.slots.b.read_bytes().startswith(b"hsqs")
    assert machine_of(card.folder).switch_on() == ("A", "")


@pytest.mark.parametrize("at", [0, 512, MIB, 2 * MIB])
def test_a_card_that_does_not_keep_what_is_written_is_found_out(tmp_path, card: Card, key, at):
    class Worn(Partition):
        def write(self, offset: int, data: bytes) -> None:
            if offset == at and data.strip(b"\0"):
                data = data[:511] + bytes([data[511] ^ 1]) + data[512:]
            super().write(offset, data)

    def opener(path, *, alone):
        return (Worn if path == card.slots.b else Partition)(path, alone=alone)

    with pytest.raises(Refused, match="replace the card"):
        install_from(make_update(tmp_path, key, NEW), card.place(opener))
    assert machine_of(card.folder).switch_on()[0] == "A"
    assert Grubenv(card.slots.boot, Partition).read() == Choice("A")


def test_what_does_not_fit_is_refused_before_anything_is_written(tmp_path, card: Card, key):
    before = card.slots.b.read_bytes()
    with pytest.raises(Refused, match="slot B has room for 3145728 bytes"):
        install_from(make_update(tmp_path, key, image(5, SLOT_SIZE + 1)), card.place())
    assert card.slots.b.read_bytes() == before


def test_two_updates_at_a_time_are_refused(card: Card):
    folder = card.folder / "update"
    with alone(folder), pytest.raises(Refused, match="another kpos update"), alone(folder):
        pytest.fail("both went on")
    with alone(folder):
        pass


def test_a_partition_that_ends_is_no_answer(card: Card):
    partition = Partition(card.slots.b, alone=True)
    with pytest.raises(OSError, match="ends at"):
        partition.read(SLOT_SIZE - 512, 1024)
    partition.close()


@pytest.mark.skipif(not MEMORY.is_dir(), reason="needs a memory file system")
def test_where_there_is_no_disk_the_cache_is_the_file():
    file = MEMORY / f"kpos-test-{os.getpid()}"
    try:
        file.write_bytes(bytes(4096))
        partition = Partition(file, alone=True)
        partition.write(512, b"x" * 512)
        partition.sync()
        assert partition.read(512, 3) == b"xxx"
        partition.close()
    finally:
        file.unlink()
