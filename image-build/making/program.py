"""kpos and the Python packages it needs, in one folder for /usr/lib/kpos.

What comes from the package index is named in ``requirements.txt`` by version and hash (``lock.py``
writes it) and is pure Python, so that one folder does for all machines. kpos itself is built from
the checkout.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

from making.tools import HERE, run

REQUIREMENTS: Final = HERE / "requirements.txt"
PIP: Final = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
# What a wheel must be to run on any of our machines with Debian 12's Python.
PURE: Final = (
    "--only-binary=:all:",
    "--platform=any",
    "--implementation=py",
    "--abi=none",
    "--python-version=3.11",
)


def make_program(folder: Path, wheels: Path) -> Path:
    """Fill a folder; what was downloaded before is taken from ``wheels``."""
    shutil.rmtree(folder, ignore_errors=True)
    own = folder.with_name("wheel")
    shutil.rmtree(own, ignore_errors=True)
    wheels.mkdir(parents=True, exist_ok=True)
    links = f"--find-links={wheels}"
    download = ("download", "--no-deps", "--require-hashes", links, f"--dest={wheels}")
    run([*PIP, *download, *PURE, f"--requirement={REQUIREMENTS}"])
    run(
        [sys.executable, "-m", "hatchling", "build", "--target=wheel", "--directory", own.resolve()]
    )
    # By name, not by file: else pip writes down where the file was.
    into = ("install", "--no-index", "--no-deps", "--no-compile", f"--target={folder}")
    run([*PIP, *into, links, "--require-hashes", *PURE, f"--requirement={REQUIREMENTS}"])
    run([*PIP, *into, f"--find-links={own}", *PURE, "kpos"])
    _remove_scripts(folder)
    return folder


def _remove_scripts(folder: Path) -> None:
    """And the word of them: their first line, and so their hash, says where the checkout was."""
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for record in folder.glob("*.dist-info/RECORD"):
        lines = record.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("../../bin/")]
        record.write_text("".join(kept), encoding="utf-8")
