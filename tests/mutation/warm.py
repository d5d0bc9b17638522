"""A pytest that has everything loaded, and forks a child for each mutant.

The plugin runs every test once and notes which lines it goes through and how long it takes. A
mutant inside a function is then put into the functions that are there, whoever holds them; one
that acts while a module is loaded (a constant, a default, a table) has its child load all anew.
"""

import gc
import importlib.abc
import importlib.machinery
import os
import resource
import select
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import _lru_cache_wrapper
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import coverage
import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.mutants import Mutant, mutated

# A mutant that takes so much longer than its tests did loops, or waits for ever.
HANG_TIMES, HANG_S = 5, 20.0
# What setting up and tearing down the least of tests takes: the clock of the kernel is coarse.
LEAST_S = 0.005
MEMORY_MAX = 3 << 30
EXAMPLES = 15
KILLED, SURVIVED, CRASHED = 1, 0, 3


@dataclass
class Warm:
    """The plugin: `work` is called with it once everything is known.

    Tests of a mutant may take `seconds_max` together, as long as they took before it; what is left
    out then could only have killed more.
    """

    packages: list[str]
    seconds_max: float
    work: Callable[["Warm"], None]
    seconds: dict[str, float] = field(default_factory=dict)
    reached: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    items: dict[str, pytest.Item] = field(default_factory=dict)
    failing: list[str] = field(default_factory=list)
    caches: list["_lru_cache_wrapper[object]"] = field(default_factory=list)
    telling: dict[str, Counter[str]] = field(default_factory=dict)
    functions: dict[str, list[FunctionType]] = field(default_factory=lambda: defaultdict(list))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = session.items
        seen = coverage.Coverage(
            config_file=False, data_file=None, include=[f"{each}/*" for each in self.packages]
        )
        seen.start()
        for item, after in zip(items, [*items[1:], None], strict=True):
            seen.switch_context(item.nodeid)
            before = _cpu_s()
            reports = self._report(item, after)
            if any(report.failed for report in reports):
                self.failing.append(item.nodeid)
            elif not any(report.skipped for report in reports):
                self.items[item.nodeid] = item
                self.seconds[item.nodeid] = _cpu_s() - before + LEAST_S
        seen.stop()
        for path in seen.get_data().measured_files():
            for line, tests in seen.get_data().contexts_by_lineno(path).items():
                if there := set(tests) & self.items.keys():
                    self.reached[path, line] = there
        for each in gc.get_objects():
            if isinstance(each, FunctionType):
                self.functions[each.__code__.co_filename].append(each)
            elif isinstance(each, _lru_cache_wrapper):
                self.caches.append(each)
        gc.freeze()
        self.work(self)
        return True

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """A few examples of each property, the same each time."""
        # Imported after pytest has prepared its own import of it.
        from hypothesis import is_hypothesis_test, settings

        few = settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
        # A state machine of its takes long, and finds what others find.
        items[:] = [item for item in items if item.name != "runTest"]
        for test in (getattr(item, "obj", None) for item in items):
            if is_hypothesis_test(test):
                test._hypothesis_internal_use_settings = few  # type: ignore[union-attr]

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Tests that go through its line, or through its module where that is loaded.

        A statement of several lines is reached by the first of them.
        """
        path = str(mutant.path)
        found = self.reached.get((path, mutant.line), set())
        if not (mutant.in_function and found):
            of_module = [tests for (each, _), tests in self.reached.items() if each == path]
            found = set().union(*of_module, self._naming(mutant.path)) or set(self.items)
        using = set().union(*(self.reached.get((path, line), set()) for line in mutant.uses))
        chosen, total_s = [], 0.0
        for test in [*self._most_telling(path, using), *self._most_telling(path, found - using)]:
            if total_s + self.seconds[test] <= self.seconds_max:
                total_s += self.seconds[test]
                chosen.append(test)
        return chosen

    def _naming(self, path: Path) -> set[str]:
        """Tests in files that name a module: the methods of its dataclasses are no lines of it."""
        name = ".".join(path.relative_to(Path.cwd()).with_suffix("").parts)
        files = {item.path for item in self.items.values()}
        naming = {file for file in files if name in file.read_text("utf-8")}
        return {test for test, item in self.items.items() if item.path in naming}

    def _most_telling(self, path: str, tests: set[str]) -> list[str]:
        """First those that go where few others do in this module, for the time they take."""
        if path not in self.telling:
            self.telling[path] = Counter[str]()
            for (each, _), there in self.reached.items():
                if each == path:
                    self.telling[path].update(dict.fromkeys(there, 1 / len(there)))
        told = self.telling[path]
        return sorted(
            tests, key=lambda test: (-told[test] / self.seconds[test], self.seconds[test])
        )

    def judge(self, mutant: Mutant) -> str:
        """``killed``, ``hung`` (also dead), or ``survived``."""
        tests = self.tests_of(mutant)
        base_s = sum(self.seconds[test] for test in tests)
        child = os.fork()
        if child == 0:
            _limit(HANG_S + HANG_TIMES * base_s)
            os._exit(self._try(mutant, tests))
        status = _wait(child, HANG_S + 2 * HANG_TIMES * base_s)
        if status is None or os.WIFSIGNALED(status):
            return "hung"
        return "survived" if os.WEXITSTATUS(status) == SURVIVED else "killed"

    def _try(self, mutant: Mutant, tests: list[str]) -> int:
        try:
            code = compile(mutated(mutant), str(mutant.path), "exec", dont_inherit=True)
            at_work = mutant.in_function and (str(mutant.path), mutant.line) in self.reached
            if at_work and _put_in(code, self.functions[str(mutant.path)]):
                for cache in self.caches:
                    cache.cache_clear()
                return self._run(tests)
            return _run_anew(mutant, code, tests)
        except BaseException:  # noqa: BLE001 - whatever it was, the mutant was noticed
            return CRASHED

    def _report(self, item: pytest.Item, after: pytest.Item | None) -> list[pytest.TestReport]:
        # What the session shares stays when the last is done: the next mutant's tests want it.
        after_all: Any = item.session
        return runtestprotocol(item, log=False, nextitem=after or after_all)

    def _run(self, tests: list[str]) -> int:
        items = [self.items[test] for test in tests]
        for item, after in zip(items, [*items[1:], None], strict=True):
            if any(report.failed for report in self._report(item, after)):
                return KILLED
        return SURVIVED


def _cpu_s() -> float:
    """What this process has worked so far, its threads included."""
    times = os.times()
    return times.user + times.system


def _put_in(code: CodeType, functions: list[FunctionType]) -> bool:
    """Give each function of the module that is loaded its new code; False if one cannot have it."""
    new = {(each.co_qualname, each.co_firstlineno): each for each in _codes(code)}
    try:
        for function in functions:
            old = function.__code__
            function.__code__ = new[old.co_qualname, old.co_firstlineno]
    except (KeyError, ValueError):
        return False
    return True


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _run_anew(mutant: Mutant, code: CodeType, tests: list[str]) -> int:
    """Forget every module of ours, load the mutant's for its own, and run pytest in this child."""
    for name in [name for name in sys.modules if name.partition(".")[0] in ("kpos", "tests")]:
        if not name.startswith("tests.mutation"):
            del sys.modules[name]
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    sys.meta_path.insert(0, _Finder(mutant.path, code))
    options = ["-x", "-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestWarning"]
    return KILLED if pytest.main([*options, *tests]) else SURVIVED


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module: the mutant."""

    def __init__(self, path: Path, code: CodeType) -> None:
        self._path, self._code = path, code
        parts = path.relative_to(Path.cwd()).with_suffix("").parts
        self._name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def find_spec(self, name, path, target=None):
        if name != self._name:
            return None
        return importlib.machinery.PathFinder.find_spec(name, path) and self._spec(name)

    def _spec(self, name):
        spec = importlib.machinery.ModuleSpec(name, self, origin=str(self._path))
        spec.has_location = True
        if self._path.name == "__init__.py":
            spec.submodule_search_locations = [str(self._path.parent)]
        return spec

    def create_module(self, spec):
        return None

    def exec_module(self, module) -> None:
        exec(self._code, module.__dict__)


def _limit(cpu_s: float) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_s), int(cpu_s) + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)


def _wait(child: int, seconds: float) -> int | None:
    """Its status; None, and its end, where it does not come to one.

    What others keep the processors busy with is not counted against it.
    """
    descriptor = os.pidfd_open(child)
    waited_s = 0
    try:
        while waited_s - _queued_s(child) < seconds:
            if select.select([descriptor], [], [], 1)[0]:
                return os.waitpid(child, 0)[1]
            waited_s += 1
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return None
    finally:
        os.close(descriptor)


def _queued_s(process: int) -> float:
    """How long it was ready to run and did not: the second number there, in nanoseconds."""
    told = Path(f"/proc/{process}/schedstat").read_text("ascii")
    return int(told.split()[1]) / 1e9
