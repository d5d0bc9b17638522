"""Rules of the house that no linter knows."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
GENERATED = {"build", "dist", "htmlcov"}
FOLDERS = sorted(
    path
    for path in ROOT.iterdir()
    if path.is_dir() and not path.name.startswith((".", "__")) and path.name not in GENERATED
)
CODE = sorted(
    [
        *ROOT.glob("kpos/**/*.py"),
        *ROOT.glob("hardware/**/*.py"),
        *ROOT.glob("image-build/**/*.py"),
    ]
)
TESTS = sorted(ROOT.glob("tests/**/*.py"))

LINES_MAX = 300
FUNCTION_LINES_MAX = 50

# Modules that are longer for a reason. A transition table is one: a dialogue reads better in one
# file than in two halves.
LONGER: dict[str, str] = {}

# Whoever adds up money has no use for a float; the functional core has none for a file either.
MONEY = ("kpos/domain/", "kpos/checkout/", "kpos/ledger/")
CORE = ("kpos/domain/", "kpos/checkout/")
# One that compiles its own field names; see there.
COMPILES = {"kpos/domain/values.py"}
IO_BUILTINS = {"open", "input", "print", "exec", "eval", "breakpoint", "__import__"}

# In brackets, lest this file finds itself.
UNFINISHED = re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X])\b")
SOMEBODYS_MACHINE = re.compile(r"(?:^|[\s\"'`=(:])/(?:home|Users|work)/\w", re.MULTILINE)
UNCOUNTED = re.compile(r"pragma: no (?:cover|branch)")

WRITTEN_BY_HAND = {".conf", ".csv", ".md", ".po", ".py", ".rules", ".service", ".sh", ".toml"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def among(folders: tuple[str, ...]) -> list[Path]:
    return [path for path in CODE if name(path).startswith(folders)]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def length(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def imported(path: Path) -> Iterator[str]:
    """The top-level packages that a module imports."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def texts() -> Iterator[Path]:
    """What a person wrote: other folders with a dot hold what was fetched or generated."""
    yield from (ROOT / ".ci/run", ROOT / "Makefile")
    for path in [*ROOT.iterdir(), *(path for top in FOLDERS for path in top.rglob("*"))]:
        if path.suffix in WRITTEN_BY_HAND and path.is_file():
            yield path


def test_a_module_fits_in_the_head():
    long = {name(path): length(path) for path in [*CODE, *TESTS] if length(path) > LINES_MAX}
    unexplained = {path: lines for path, lines in long.items() if path not in LONGER}
    assert not unexplained, "split by what changes together, or give the reason in LONGER"
    assert LONGER.keys() <= long.keys(), "no longer long: take it out of LONGER"


def test_a_function_fits_on_a_screen():
    long = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in [*CODE, *TESTS]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES_MAX
    ]
    assert not long


def test_money_is_never_a_float():
    floats = [
        f"{name(path)}:{node.lineno}"
        for path in among(MONEY)
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    ]
    assert not floats


def test_the_functional_core_divides_nothing_and_opens_nothing():
    found = [
        f"{name(path)}:{node.lineno}"
        for path in among(CORE)
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div))
        or (isinstance(node, ast.Name) and node.id in IO_BUILTINS and name(path) not in COMPILES)
    ]
    assert not found


def test_the_functional_core_needs_nothing_but_the_standard_library():
    foreign = {
        f"{name(path)} imports {package}"
        for path in among(CORE)
        for package in imported(path)
        if package != "kpos" and package not in sys.stdlib_module_names
    }
    assert not foreign


def test_no_branch_is_left_out_of_the_count_where_money_is():
    uncounted = [
        name(path) for path in among(MONEY) if UNCOUNTED.search(path.read_text(encoding="utf-8"))
    ]
    assert not uncounted


def test_every_folder_says_what_lives_there():
    packages = {path.parent for path in CODE} | {path.parent for path in TESTS}
    silent = [
        name(folder)
        for folder in sorted(packages | set(FOLDERS))
        if not (folder / "README.md").is_file()
        and not ((first := folder / "__init__.py").is_file() and ast.get_docstring(tree(first)))
    ]
    assert not silent


def test_nothing_is_left_unfinished_or_tied_to_one_machine():
    found = [
        f"{name(path)}: {match.group().strip()}"
        for path in texts()
        for pattern in (UNFINISHED, SOMEBODYS_MACHINE)
        if (match := pattern.search(path.read_text(encoding="utf-8")))
    ]
    assert not found
