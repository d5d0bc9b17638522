"""Every request that the document allows, and those that it does not: schemathesis tries them.

No 5xx, no answer that is not documented, nothing accepted that must not be, no way around the
token; and afterwards the books are as they were.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.wawi.openapi import COMMITTED
from tests.wawi.till import HttpTill, code_for

SETTINGS = Path(__file__).with_name("schemathesis.toml")
# A till may ask 20 times a second for ever.
RATE = "20/s"
PHASES = ("fuzzing", "examples,coverage,fuzzing,stateful")


@pytest.mark.minutes(1)
def test_no_request_brings_the_server_out_of_step(server, tmp_path, size):
    branch = f"Fuzz {tmp_path.parent.name} {server.data.parent.name}"
    server.kpos("branch", "add", branch)
    till = HttpTill(tmp_path / "till", server)
    till.book("product_add", name="Club-Mate", price_cents=150)
    till.pair(code_for(server, branch))
    held = till.push(till.entries()).json()
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(SETTINGS)),
            *("run", str(COMMITTED), "--url", server.url, "--no-color", "--continue-on-failure"),
            *("-H", f"Authorization: Bearer {till.token}", "--rate-limit", RATE, "--seed", "7"),
            # Giving the token back would end the test; figures are not for tills.
            *("--exclude-method", "DELETE", "--exclude-path", "/api/v1/metrics"),
            *("--max-examples", str(size(quick=1, ci=20, long=1000))),
            *("--phases", PHASES[size(quick=0, ci=1, long=1)]),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert till.push([], after=till.head).json() == held
    assert server.kpos("check").endswith("are whole.\n")
    till.close()
