"""The one sector: found on a real FAT, changed in place, read by GRUB's own tool."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpos.appliance.device import SECTOR, Partition
from kpos.appliance.grubenv import Choice, Grubenv, parse, written
from kpos.domain.refusal import Refused
from tests.update.card import HEADER, Card, make_card, run
from tests.update.grub import env_offset


@pytest.mark.parametrize(
    ("boot_kib", "options"),
    [
        (4096, ("-s", "1")),
        (48 * 1024, ()),
        (64 * 1024, ("-s", "8", "-f", "1")),
        (16384, ("-R", "8")),
    ],
)
def test_one_sector_changes_and_nothing_else_on_the_partition(tmp_path, boot_kib, options):
    card = make_card(tmp_path / "card", boot_kib=boot_kib, options=options)
    before = card.slots.boot.read_bytes()
    Grubenv(card.slots.boot, Partition).write(Choice("B", "3"))
    after = card.slots.boot.read_bytes()
    at = env_offset(after)
    assert after[:at] == before[:at]
    assert after[at + SECTOR :] == before[at + SECTOR :]
    assert card.grubenv().rstrip("#") == HEADER.decode() + "slot=B\ntries=3\n"
    assert len(card.grubenv()) == 1024
    run("fsck.fat", "-n", card.slots.boot)


def test_grubs_own_tool_reads_it_and_what_that_wrote_is_read(card: Card):
    env = Grubenv(card.slots.boot, Partition)
    env.write(Choice("B", "3"))
    file = card.folder / "theirs"
    file.write_text(card.grubenv())
    assert run("grub-editenv", file, "list").splitlines() == ["slot=B", "tries=3"]
    run("grub-editenv", file, "set", "slot=A", "tries=", "saved=x")
    sector = file.read_bytes()[:SECTOR]
    assert parse(sector) == Choice("A")
    file.write_bytes(written(Choice("B", "2"), sector) + file.read_bytes()[SECTOR:])
    assert run("grub-editenv", file, "list").splitlines() == ["slot=B", "tries=2", "saved=x"]


def test_what_is_there_already_is_not_written_again(card: Card):
    card.slots.boot.chmod(0o600)
    before = card.slots.boot.stat().st_mtime_ns
    Grubenv(card.slots.boot, Partition).write(Choice("A"))
    assert card.slots.boot.stat().st_mtime_ns == before


def spoiled_header(boot: bytes) -> bytes:
    at = env_offset(boot)
    return boot[:at] + b"?" + boot[at + 1 :]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (spoiled_header, "no environment block"),
        (lambda boot: bytes(len(boot)), "no FAT16"),
        (lambda boot: boot.replace(b"GRUBENV ", b"GRUBEN2 "), "no GRUBENV"),
        (lambda boot: boot.replace(b"GRUB    ", b"GRUB2   "), "no GRUB on"),
        (lambda boot: boot[:11] + b"\x00\x10" + boot[13:], "no FAT16"),
    ],
)
def test_a_boot_partition_that_is_not_as_it_was_made_is_left_alone(card: Card, spoil, says):
    spoilt = spoil(card.slots.boot.read_bytes())
    card.slots.boot.write_bytes(spoilt)
    with pytest.raises(Refused, match=says):
        Grubenv(card.slots.boot, Partition).write(Choice("B", "3"))
    assert card.slots.boot.read_bytes() == spoilt


def test_neither_a_deleted_file_nor_a_folder_is_taken_for_it(card: Card):
    run("mdel", "-i", card.slots.boot, "::/grub/grubenv")
    env = Grubenv(card.slots.boot, Partition)
    with pytest.raises(Refused, match="no GRUBENV"):
        env.read()
    run("mmd", "-i", card.slots.boot, "::/grub/grubenv")
    with pytest.raises(Refused, match="no GRUBENV"):
        env.read()


def test_a_partition_that_forgets_is_noticed(card: Card):
    class Forgetful(Partition):
        def write(self, offset: int, data: bytes) -> None:
            """It says yes."""

    with pytest.raises(Refused, match="did not keep"):
        Grubenv(card.slots.boot, Forgetful).write(Choice("B", "3"))


@given(st.binary(max_size=600))
def test_whatever_stands_there_is_read_or_refused(rubbish):
    for sector in (rubbish, HEADER + rubbish):
        try:
            found = parse(sector)
        except Refused:
            assert not sector.startswith(HEADER)
        else:
            assert found.slot in ("A", "B")


@given(st.lists(st.from_regex(r"[a-z]{1,8}=[a-z]{0,8}", fullmatch=True), max_size=40))
def test_others_variables_stay_and_what_is_too_much_is_refused(lines):
    kept = [line for line in lines if line.split("=")[0] not in ("slot", "tries")]
    former = HEADER + "".join(f"{line}\n" for line in lines).encode()
    try:
        sector = written(Choice("B", "1"), former)
    except Refused:
        assert len(HEADER) + sum(len(line) + 1 for line in [*kept, "slot=B", "tries=1"]) > SECTOR
        return
    assert len(sector) == SECTOR
    assert parse(sector) == Choice("B", "1")
    said = [line for line in sector.decode().split("\n") if line and line[0] != "#"]
    assert said == ["slot=B", "tries=1", *kept]
