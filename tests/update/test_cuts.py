"""The plug is pulled during an update: what is started then is whole, whatever the disk has kept.

Each write of an update is recorded, and the power is cut after each of them, with what was not
synced kept, lost or torn at its sectors.
"""

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpos.appliance.grubenv import Choice
from tests.process.jsonl_till import ROOT
from tests.update.card import MIB, Card, image, install_from, make_card, make_update
from tests.update.disk import Recorder, Step, Sync, Write, states
from tests.update.grub import SUPERBLOCK, Machine, env_offset, machine_of

# Not a whole number of sectors, to be sure.
NEW = image(7, 2 * MIB + 777)


def parts(card: Card) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in (card.slots.boot, card.slots.a, card.slots.b)}


def recorded(card: Card, key, folder) -> tuple[dict[Path, bytes], list[Step]]:
    """The partitions before an update, and all that it wrote."""
    before, recorder = parts(card), Recorder()
    install_from(make_update(folder, key, NEW), card.place(recorder))
    return before, recorder.steps


def is_half(card: Card, before, machine: Machine) -> bool:
    """Whether the slot that does not run could be started, if need be, and is not whole."""
    content = machine.content(card.slots.other)
    is_whole = content[: len(NEW)] == NEW or content == before[card.slots.path(card.slots.other)]
    return content.startswith(SUPERBLOCK) and not is_whole


def wrong(card: Card, before, steps, torn: int) -> Iterator[str]:
    """What is started after some cut, and is neither what ran nor the new one as it was signed."""
    runs = card.running
    env = env_offset(before[card.slots.boot])
    old = before[card.slots.path(runs)]
    for number, state in states(before, steps, random.Random(1), torn):
        boot, a, b = (state[path] for path in before)
        machine = Machine(bytearray(boot), a, b, env)
        if is_half(card, before, machine):
            yield f"after step {number}: half a slot that can be started"
        slot, tries = machine.switch_on()
        is_old = slot == runs and not tries and machine.content(slot) == old
        is_new = slot != runs and tries == "2" and machine.content(slot)[: len(NEW)] == NEW
        is_over = number == len(steps) - 1
        if not (is_new or (is_old and not is_over)):
            yield f"after step {number}: slot {slot}, tries {tries!r}"
        elif is_new and [machine.switch_on()[0] for _ in range(3)] != [slot, slot, runs]:
            yield f"after step {number}: no way back"


@pytest.mark.parametrize("running", ["A", "B"])
@pytest.mark.parametrize("waiting", ["nothing", "an update", "an update that GRUB counted"])
def test_a_cut_at_any_moment_leaves_a_whole_slot_to_start(tmp_path, key, size, running, waiting):
    card = make_card(tmp_path / "card", running=running)
    if waiting != "nothing":
        tries = "3" if waiting == "an update" else "1"
        card.set_grubenv(Choice(card.slots.other, tries))
    before, steps = recorded(card, key, tmp_path)
    assert len(steps) > 8
    if waiting != "nothing":
        # Until the first write of all is on the disk, what waited is started, whole as it is.
        [first, *_] = (number for number, step in enumerate(steps) if isinstance(step, Sync))
        assert {step.path for step in steps[: first + 1]} == {card.slots.boot}
        for step in steps[:first]:
            assert isinstance(step, Write)
            content = bytearray(before[step.path])
            content[step.offset : step.offset + len(step.data)] = step.data
            before[step.path] = bytes(content)
        steps = steps[first + 1 :]
    torn = size(quick=3, ci=60, long=1000)
    assert list(wrong(card, before, steps, torn)) == []
    machine = machine_of(card.folder)
    assert machine.switch_on() == (card.slots.other, "2")
    assert machine.content(card.slots.other)[: len(NEW)] == NEW


def of_grubenv(card: Card, steps: list[Step]) -> list[Step]:
    return [step for step in steps if step.path == card.slots.boot]


def of_slots(card: Card, steps: list[Step]) -> list[Step]:
    return [step for step in steps if step.path != card.slots.boot]


SPOILED = {
    "grubenv before the slot": lambda card, steps: [
        *of_grubenv(card, steps),
        *of_slots(card, steps),
    ],
    "nothing is synced but in the end": lambda _card, steps: [
        step for step in steps[:-1] if isinstance(step, Write)
    ],
    "the first sector first": lambda card, steps: [
        *of_slots(card, steps)[-2:],
        *of_grubenv(card, steps),
        *of_slots(card, steps)[:-2],
    ],
}


@pytest.mark.parametrize("order", SPOILED)
def test_another_order_of_the_same_writes_is_found_out(tmp_path, card, key, order):
    """The control: what must fail does."""
    before, steps = recorded(card, key, tmp_path)
    assert any(wrong(card, before, SPOILED[order](card, steps), 20))


INSTALLING = """
import sys
from pathlib import Path
from kpos.appliance.bundle import Bundle
from kpos.appliance.install import install
from tests.update.card import NOW, Card
def say(what, done, of):
    print(what, done, flush=True)
install(Bundle(sys.stdin.buffer), Card(Path(sys.argv[1])).place(), NOW, say)
print("end", 0, flush=True)
"""


@pytest.mark.parametrize(
    "last_words",
    [
        *(f"written {done}" for done in (MIB, 2 * MIB, len(NEW))),
        *("read back", f"read back {len(NEW)}", "end"),
    ],
)
def test_a_process_that_is_killed_meanwhile_leaves_a_whole_slot_to_start(
    tmp_path, card, key, last_words
):
    update = make_update(tmp_path, key, NEW)
    old = card.slots.a.read_bytes()
    with (
        update.open("rb") as stream,
        subprocess.Popen(
            [sys.executable, "-c", INSTALLING, str(card.folder)],
            stdin=stream,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(last_words):
                process.kill()
                break
        else:
            pytest.fail(f"it never said {last_words}")
    machine = machine_of(card.folder)
    slot, _tries = machine.switch_on()
    assert machine.content(slot)[: len(NEW)] == NEW if slot == "B" else machine.a == old
    # The same command again, and all is well.
    install_from(update, card.place())
    assert machine_of(card.folder).switch_on() == ("B", "2")
