"""Attacks that are commands of their own, so that a failing one is repeated by hand."""

from __future__ import annotations

import subprocess
import sys

from tests.process.jsonl_till import ROOT

_FEW = 100  # cases that are not worth a second process


def run_beside(module: str, option: str, cases: int) -> list[str]:
    """Run `python -m MODULE OPTION CASES`, in two halves of two seeds at a time; what they said."""
    seeds = (1,) if cases < _FEW else (1, 2)
    command = [sys.executable, "-m", module, option, str(cases // len(seeds))]
    runs = [
        subprocess.Popen(
            [*command, "--seed", str(seed)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for seed in seeds
    ]
    said = [run.communicate() for run in runs]
    assert [run.returncode for run in runs] == [0] * len(runs), said
    return [out for out, _ in said]
