"""What may be wrong with a module: every mutant of it, one small change each.

Left out as a class: annotations, docstrings, and texts that only people read (of refusals, of
exceptions, of assertions, and what goes through gettext). SQL is a text like any other here: it is
broken as a whole, not at its operators.
"""

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeGuard

_OPPOSITES: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitXor: (ast.BitOr,),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = ("body", "orelse", "finalbody")
# Calls with a text that only people read, and which argument that is.
_SAID = {"_": 0, "N_": 0, "refuse": 1, "Damaged": 1}


@dataclass(frozen=True)
class Mutant:
    """One change: `place` counts the changes of its module, `key` names it in a table.

    `uses` are the lines that name what its line of a module assigns: a constant, a table.
    """

    path: Path
    place: int
    line: int
    in_function: bool
    key: str
    uses: frozenset[int] = frozenset()


def mutants_of(path: Path, shown: str) -> list[Mutant]:
    """All mutants of a module; `shown` is how its path begins their names."""
    tree = ast.parse(_source(path))
    found, seen = [], Counter[str]()
    for place, (where, node, change) in enumerate(_changes(tree)):
        owner, in_function = where
        before = ast.unparse(node).split("\n")[0]
        key = f"{shown}::{owner}::{before} -> {change.label}"
        seen[key] += 1
        if seen[key] > 1:
            key += f" #{seen[key]}"
        uses = frozenset[int]() if in_function else _uses(tree, node.lineno)
        found.append(Mutant(path, place, node.lineno, in_function, key, uses))
    return found


def _uses(tree: ast.Module, line: int) -> frozenset[int]:
    """Lines that name what the statement around this line assigns; a statement has its first."""
    [around] = [each for each in tree.body if each.lineno <= line <= (each.end_lineno or 0)]
    names = {each.id for each in ast.walk(around) if _is_name(each, ast.Store)}
    statements = [each for each in ast.walk(tree) if isinstance(each, ast.stmt | ast.expr)]
    return frozenset(
        each.lineno
        for each in statements
        if not hasattr(each, "body")
        and any(_is_name(part, ast.Load) and part.id in names for part in ast.walk(each))
    )


def _is_name(node: ast.AST, context: type[ast.expr_context]) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, context)


def mutated(mutant: Mutant) -> ast.Module:
    """The module with that one change."""
    tree = ast.parse(_source(mutant.path))
    for place, (_where, _node, change) in enumerate(_changes(tree)):
        if place == mutant.place:
            change.make()
            break
    return ast.fix_missing_locations(tree)


@cache
def _source(path: Path) -> str:
    """As it was when it was first looked at, whoever edits it meanwhile."""
    return path.read_text("utf-8")


@dataclass(frozen=True)
class _Change:
    """Puts `new` into a field of `parent`, at `index` where that is a list."""

    parent: ast.AST
    field: str
    index: int | None
    new: ast.AST | str | int | None
    label: str

    def make(self) -> None:
        if self.index is None:
            setattr(self.parent, self.field, self.new)
        else:
            getattr(self.parent, self.field)[self.index] = self.new


_Found = tuple[tuple[str, bool], "ast.stmt | ast.expr | ast.excepthandler", _Change]


def _changes(tree: ast.Module) -> Iterator[_Found]:
    """Depth first, in an order that only the text of the module decides."""
    yield from _inside(tree, ("", False))


def _inside(node: ast.AST, where: tuple[str, bool]) -> Iterator[_Found]:
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "type_comment", "decorator_list"):
            continue
        deeper = where
        if field == "body" and isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            name = f"{where[0]}.{node.name}".lstrip(".")
            deeper = (name, where[1] or isinstance(node, _FUNCTIONS))
        elif field == "body" and isinstance(node, ast.Lambda):
            deeper = (where[0], True)
        children = value if isinstance(value, list) else [value]
        for index, child in enumerate(children):
            if not isinstance(child, ast.AST) or _is_silent(node, field, index, child):
                continue
            slot = (node, field, index if isinstance(value, list) else None)
            if isinstance(child, ast.stmt | ast.expr | ast.excepthandler):
                for new, label in _replacements(child, field):
                    yield deeper, child, _Change(*slot, new, label)
            yield from _inside(child, deeper)


def _is_silent(parent: ast.AST, field: str, index: int, child: ast.AST) -> bool:
    """Whether nobody but people reads it, or nothing at all."""
    if isinstance(child, ast.JoinedStr | ast.Import | ast.ImportFrom | ast.Assert):
        return True
    if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
        return True  # a docstring, or the dots of a protocol
    if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
        return True
    if isinstance(child, ast.Assign | ast.AnnAssign):
        named = ast.unparse(child.targets[0] if isinstance(child, ast.Assign) else child.target)
        alias = isinstance(child, ast.AnnAssign) and "TypeAlias" in ast.unparse(child.annotation)
        return alias or named in ("msg", "__all__", "__slots__") or "TypeVar" in ast.unparse(child)
    if isinstance(parent, ast.Call) and field == "args" and isinstance(child, ast.Constant):
        return _SAID.get(ast.unparse(parent.func).rpartition(".")[2]) == index
    return False


def _replacements(node: ast.AST, field: str) -> Iterator[tuple[ast.AST | None, str]]:
    """What may stand in its place, and how to call that."""
    for new in _instead(node):
        yield new, ast.unparse(new).split("\n")[0]
    if field in ("test", "guard", "ifs") and not isinstance(node, ast.Constant):
        for value in (True, False):
            yield _at(ast.Constant(value), node), str(value)
    if isinstance(node, ast.excepthandler):
        again = copy.deepcopy(node)
        assert isinstance(again, ast.ExceptHandler)
        if not isinstance(again.body[0], ast.Raise):
            again.body = [ast.copy_location(ast.Raise(), node)]
            yield again, "raise"
    if _can_be_left_out(node):
        yield _at(ast.Pass(), node), "pass"


def _can_be_left_out(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        return not all(isinstance(target, ast.Name) for target in node.targets)
    return isinstance(node, ast.Expr | ast.AugAssign | ast.Raise | ast.Delete)


def _instead(node: ast.AST) -> Iterator[ast.AST]:
    yield from _other_operator(node)
    yield from _other_constant(node)
    yield from _other_statement(node)


def _other_operator(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for opposite in _OPPOSITES[type(node.ops[0])]:
            yield _changed(node, ops=[opposite(), *node.ops[1:]])
    elif isinstance(node, ast.BinOp | ast.AugAssign | ast.BoolOp):
        for opposite in _OPPOSITES.get(type(node.op), ()):
            yield _changed(node, op=opposite())
    elif isinstance(node, ast.UnaryOp):
        yield node.operand


def _other_constant(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Constant):
        return
    match node.value:
        case bool(value):
            yield _changed(node, value=not value)
        case int(value):
            yield _changed(node, value=value + 1)
        case str(value):
            yield _changed(node, value=value + "~")
        case bytes(value):
            yield _changed(node, value=value + b"~")
        case _:
            pass


def _other_statement(node: ast.AST) -> Iterator[ast.AST]:
    none = _at(ast.Constant(None), node)
    if (
        isinstance(node, ast.Return | ast.Assign)
        and node.value
        and ast.unparse(node.value) != "None"
    ):
        if isinstance(node, ast.Return) or isinstance(node.targets[0], ast.Name):
            yield _changed(node, value=none)
    elif isinstance(node, ast.Break):
        yield _at(ast.Continue(), node)
    elif isinstance(node, ast.Continue):
        yield _at(ast.Break(), node)


def _changed(node: ast.AST, **fields: object) -> ast.AST:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _at(new: ast.AST, old: ast.AST) -> ast.AST:
    return ast.copy_location(new, old)
