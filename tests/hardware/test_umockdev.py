"""From /sys to a scan with everything real but the kernel: umockdev answers in its place."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hardware import mocked
from tests.hardware.strokes import Strokes

pytest.importorskip("evdev", reason="evdev is not installed: it needs a C compiler to build")
needs_umockdev = pytest.mark.skipif(
    shutil.which("umockdev-run") is None, reason="umockdev-run is missing: apt install umockdev"
)
ROOT = Path(__file__).parents[2]


@needs_umockdev
def test_two_bottles_are_scanned_with_a_scanner_that_is_found_by_its_name(tmp_path):
    bottles = ["4029764001807", "5449000000996"]
    strokes = Strokes(step_ms=2)
    for bottle in bottles:
        strokes.scans(bottle).waits(300)
    command = [*mocked.write(tmp_path, strokes.events), sys.executable, "-m"]
    done = subprocess.run(
        [*command, "tests.hardware.mocked_till", str(len(bottles))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found, scanned = map(json.loads, done.stdout.splitlines())
    assert found == [[mocked.NODE, "PSC QS6000 Plus", "usb-PSC_QS6000_Plus-event-kbd"]]
    assert scanned == bottles
