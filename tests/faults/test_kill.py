"""Killed at any moment, the till loses nothing that it thanked for, and forgets no wrong PIN."""

import subprocess
import sys

from tests.process.jsonl_till import ROOT


def test_killed_again_and_again_nothing_acknowledged_is_lost(size):
    """Two loops at a time; a failure says the command that repeats it."""
    kills = size(quick=5, ci=1000, long=100_000)
    seeds = (1,) if kills < 100 else (1, 2)
    command = [sys.executable, "-m", "tests.faults.kill", "--kills", str(kills // len(seeds))]
    loops = [
        subprocess.Popen(
            [*command, "--seed", str(seed)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for seed in seeds
    ]
    said = [loop.communicate() for loop in loops]
    assert [loop.returncode for loop in loops] == [0] * len(loops), said
    assert all("nothing lost" in out for out, _ in said)
