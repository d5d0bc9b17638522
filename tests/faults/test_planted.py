"""The planted bugs are in order: each applies to the tree of today.

That they are caught is seen by `make planted`, which takes minutes.
"""

import pytest

from tests.faults.planted.bugs import ROOT, Bug, applies, bugs, plant

BUGS = bugs()
HEADER_LINES_MAX = 6


@pytest.mark.parametrize("bug", BUGS, ids=[bug.name for bug in BUGS])
def test_a_planted_bug_applies_and_names_tests_that_are_there(bug):
    assert applies(bug, ROOT, "--check"), f"{bug.path.name} is stale: make it anew"
    tests = [] if bug.is_simulated else bug.tests.split()
    for path, _, test in (word.partition("::") for word in tests):
        assert (ROOT / path).exists()
        assert not test or f"def {test}(" in (ROOT / path).read_text("utf-8")
    header = bug.path.read_text("utf-8").partition("\n--- ")[0]
    assert 1 < len(header.splitlines()) <= HEADER_LINES_MAX


def test_each_bug_has_a_number_of_its_own():
    numbers = [bug.number for bug in BUGS]
    assert numbers == [f"{number:02}" for number in range(1, len(numbers) + 1)]


HARMLESS = """--- a/LICENSE
+++ b/LICENSE
@@ -1,2 +1,2 @@
-{before}
+A licence
\N{SPACE}
"""
FIRST_LINE = (ROOT / "LICENSE").read_text("utf-8").partition("\n")[0]


@pytest.mark.parametrize(
    ("before", "tests", "verdict"),
    [
        (FIRST_LINE, "tests/domain/test_tax.py", "MISSED"),
        (FIRST_LINE, "python -m tests.simulator --seeds 1", "MISSED"),
        (FIRST_LINE, "tests/domain/test_tax.py::nothing_of_that_name", "BROKEN"),
        ("What never stood there", "tests/domain/test_tax.py", "STALE"),
    ],
)
def test_a_bug_that_nobody_catches_is_said(tmp_path, before, tests, verdict):
    path = tmp_path / "01-harmless.patch"
    path.write_text(HARMLESS.format(before=before))
    assert plant(Bug(path, tests)).verdict == verdict
