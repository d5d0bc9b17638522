"""Processes of its own, of a kpos that no other Python of this machine knows: that of an image."""

import json
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.process.jsonl_till import ROOT

LIKE_AN_IMAGE = f"""
import sys
sys.path[:0] = [{str(ROOT)!r}, {sysconfig.get_path("purelib")!r}]
"""
BACKUP = """
import json
from pathlib import Path
from kpos.ledger.files import Folder
from kpos.terminal.apart import back_up_apart
print(json.dumps(back_up_apart(Folder(Path(sys.argv[1])), Path(sys.argv[2]))))
"""
VERIFY = """
import time
from pathlib import Path
from kpos.cli.trial import _Verifying
from kpos.ledger.files import Folder
verifying = _Verifying(Folder(Path(sys.argv[1])))
for _ in range(1200):
    verifying.look()
    if verifying.fault is not None:
        break
    time.sleep(0.1)
print(repr(verifying.fault))
"""


@pytest.fixture
def image(tmp_path):
    """Runs a program as /usr/bin/kpos of an image does."""
    # That of the system, which the environment of the tests was made of.
    python = Path(sys.base_prefix) / "bin" / Path(sys.executable).resolve().name

    def run(program: str, *arguments: Path) -> str:
        command = [str(python), "-I", "-c", LIKE_AN_IMAGE + program, *map(str, arguments)]
        done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    return run


def test_a_backup_is_made(image, data, tmp_path):
    answer = json.loads(image(BACKUP, data, tmp_path / "copy.db"))
    assert answer["done"]["documents"] > 10
    assert (tmp_path / "copy.db").exists()


def test_the_books_are_verified(image, data):
    assert image(VERIFY, data) == "''"
