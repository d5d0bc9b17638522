"""What holds for every test.

``KPOS_SKIPS=fail`` in the environment fails a run that skipped a test: where every part that a test
may need is installed, a skip is a test that nobody runs.

``--proof`` says how much work a test that counts its cases does: `quick` shows that it works and is
what `make test` runs, `ci` is what a change must pass (`make proof`), `long` is for a night.

``--display`` shows every picture of every story on a display as well, and reads it there:
`make test ARGS='tests/stories --display lcdd'`.
"""

import os
from typing import Protocol

import pytest
from hypothesis import HealthCheck, settings

SKIPS_FAIL = os.environ.get("KPOS_SKIPS") == "fail"

# A slow machine is no failure: nothing here fails by wall clock.
settings.register_profile(
    "kpos", settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
)
settings.load_profile("kpos")


class Size(Protocol):
    """How many cases a test is to go through, by what --proof says."""

    def __call__(self, *, quick: int, ci: int, long: int) -> int: ...


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--proof", choices=("quick", "ci", "long"), default="quick")
    parser.addoption("--display", help="show stories on one of tests/hardware/display/rigs.py")
    parser.addoption("--image", help="an image of `make image`, for tests/appliance")
    parser.addoption("--keep", help="a folder for what tests/appliance records")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest begin first, or all would wait in the end for one that began late."""
    items.sort(key=_minutes, reverse=True)


def _minutes(item: pytest.Item) -> int:
    mark = item.get_closest_marker("minutes")
    return mark.args[0] if mark else 0


@pytest.fixture(scope="session")
def size(pytestconfig: pytest.Config) -> Size:
    def chosen(*, quick: int, ci: int, long: int) -> int:
        return {"quick": quick, "ci": ci, "long": long}[pytestconfig.getoption("proof")]

    return chosen


def pytest_sessionfinish(session: pytest.Session) -> None:
    if SKIPS_FAIL and session.exitstatus == pytest.ExitCode.OK and _skips(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    skips = _skips(config) if SKIPS_FAIL else []
    if skips:
        terminalreporter.section("skipped, which KPOS_SKIPS=fail forbids", red=True)
        for name, reason in skips:
            terminalreporter.line(f"{name}: {reason}", red=True)


def _skips(config: pytest.Config) -> list[tuple[str, str]]:
    """Name and reason of each test, or whole module, that was skipped."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return [
        (report.nodeid, _reason(report))
        for report in (reporter.stats.get("skipped", []) if reporter else [])
    ]


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """What the test said; pytest hands it over as (path, line, "Skipped: reason")."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")
