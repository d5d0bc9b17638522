"""A planted bug: its patch, the copy of the tree that it is tried in, and what the tests say."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent.parent
# What the tests of a copy need: everything but what was fetched or generated. What is compiled
# goes along: it holds for each file that a patch leaves alone.
# Modules that are being compiled (*.pyc.N) are gone before they can be copied.
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".hypothesis", "*_cache", ".coverage*", "build", "dist", "htmlcov", "*.pyc.*"
)
CAUGHT_BY = re.compile(r"^Caught by: (.+)$", re.MULTILINE)
# What pytest and the simulator say of the first thing that is wrong.
FIRST_FAILURE = re.compile(r"^(?:(?:FAILED|ERROR) (\S+)|(seed \d+), step)", re.MULTILINE)
# The one command that is no selection of tests.
SIMULATED = re.compile(r"python -m tests\.simulator --seeds? (\d+)")
# Far more than any selection takes; a bug that makes a till wait for ever is caught as well.
TIMEOUT_S = 300
# For seeds: they end by themselves, and that they take longer says nothing about a bug.
TIMEOUT_OF_SEEDS_S = 1800

Verdict: TypeAlias = Literal["CAUGHT", "MISSED", "STALE", "BROKEN", "PASSED"]
PASSED, FAILED = 0, 1


@dataclass(frozen=True)
class Bug:
    """A patch, and the tests that must notice it, as pytest takes them, by spaces.

    Or the command of the simulator, which must notice it by one of so many seeds.
    """

    path: Path
    tests: str

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def number(self) -> str:
        return self.name.partition("-")[0]

    @property
    def is_simulated(self) -> bool:
        """Whether the simulator has to find it."""
        return SIMULATED.fullmatch(self.tests) is not None


@dataclass(frozen=True)
class Trial:
    """What became of a bug; `said` is the first failing test, or what else there is to say.

    `output` is all that was said where that could not even begin.
    """

    verdict: Verdict
    said: str
    output: str = ""


def bugs() -> list[Bug]:
    """All of them, in order.

    Raises:
        ValueError: if one does not say who catches it.
    """
    return [_bug(path) for path in sorted(FOLDER.glob("*.patch"))]


def _bug(path: Path) -> Bug:
    found = CAUGHT_BY.search(path.read_text(encoding="utf-8"))
    if found is None:
        error = f"{path.name} has no line 'Caught by: …' above the diff"
        raise ValueError(error)
    return Bug(path, found.group(1))


@contextmanager
def copy_of_tree() -> Iterator[Path]:
    """A copy that may be spoiled."""
    with tempfile.TemporaryDirectory(prefix="kpos-planted-") as folder:
        copy = Path(folder) / "kpos"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        yield copy


def applies(bug: Bug, tree: Path, *options: str) -> bool:
    """Apply the patch; with ``--check`` only see whether it would."""
    # A folder inside somebody's repository is not taken for a part of it.
    outside = os.environ | {"GIT_CEILING_DIRECTORIES": str(tree.parent)}
    command = ["git", "apply", *options, str(bug.path)]
    done = subprocess.run(command, cwd=tree, env=outside, capture_output=True, check=False)
    return done.returncode == 0


def run_tests(tree: Path, tests: str) -> tuple[int, str]:
    """Exit status and output of pytest, or the simulator, of that tree and no other."""
    is_simulated = SIMULATED.fullmatch(tests) is not None
    pytest = ["-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    command = [] if is_simulated else pytest
    timeout_s = TIMEOUT_OF_SEEDS_S if is_simulated else TIMEOUT_S
    here = os.environ | {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [sys.executable, *command, *tests.removeprefix("python ").split()],
            cwd=tree,
            env=here,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout_s,
        )
    except subprocess.TimeoutExpired:
        caught = "" if is_simulated else "FAILED "
        return FAILED, f"{caught}still running after {timeout_s} s"
    return done.returncode, done.stdout + done.stderr


def plant(bug: Bug) -> Trial:
    """Try one bug in a copy of its own."""
    with copy_of_tree() as tree:
        if not applies(bug, tree):
            return Trial("STALE", "the patch no longer applies: make it anew")
        status, output = run_tests(tree, bug.tests)
    first = _first_failure(output)
    if status == FAILED and first is not None:
        return Trial("CAUGHT", first)
    if status == PASSED:
        return Trial("MISSED", bug.tests)
    return _broken(status, output)


def control(selections: Iterable[str]) -> Trial:
    """The same on a tree without a bug: all must pass, or a failure with one proves nothing."""
    last = ""
    with copy_of_tree() as tree:
        for tests in selections:
            status, output = run_tests(tree, tests)
            last = output.strip().rpartition("\n")[2]
            if status != PASSED:
                return _broken(status, output)
    return Trial("PASSED", last)


def _broken(status: int, output: str) -> Trial:
    said = _first_failure(output) or output.strip().rpartition("\n")[2]
    return Trial("BROKEN", f"exit status {status}: {said}", output)


def _first_failure(output: str) -> str | None:
    found = FIRST_FAILURE.search(output)
    return found and (found.group(1) or found.group(2))
