"""A till of its own knows nothing of WaWis, and says nothing of them."""

import subprocess
import sys
from pathlib import Path

from tests.process.jsonl_till import ROOT, run_kpos

# A till with one purchase; what it has imported then.
_SELLS = """
import sys
from kpos.cli import main
try:
    main(["run", "--io", "jsonl", "--data", sys.argv[1]])
except SystemExit:
    pass
of_it = ("kpos.sync", "requests", "urllib3", "kpos.ledger.feed", "kpos.ledger.pairing")
print(sorted(name for name in sys.modules if name.startswith(of_it)), file=sys.stderr)
"""
_LINES = '{"rfid": "CARD-ADA"}\n{"scan": "4029764001807"}\n{"key": "#"}\n'


def test_a_till_of_its_own_imports_nothing_of_it(tmp_path: Path) -> None:
    run_kpos("init", "--demo", "--data", tmp_path / "data")
    ran = subprocess.run(
        [sys.executable, "-c", _SELLS, str(tmp_path / "data")],
        input=_LINES, capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert '"booked"' in ran.stdout
    assert "WaWi" not in ran.stdout
    assert ran.stderr.strip() == "[]"
