"""The house as the shape tests read it: its rooms in order, its files, and what their code says."""

from __future__ import annotations

import ast
import importlib
import io
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "samsyn"
DOORS = ("desk", "portal", "public")
ABOVE_THE_ROOMS = (*DOORS, "site")


def rooms_from_the_top() -> list[tuple[str, ...]]:
    """The lines of the import contract, top to bottom; the rooms on one line stand beside each other."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(one["layers"] for one in contracts if one["id"] == "rooms")
    return [tuple(room.strip() for room in layer.split("|")) for layer in layers]


def rooms() -> list[str]:
    """Every room, from the top."""
    return [room for line in rooms_from_the_top() for room in line]


def may_point(room: str, at: str) -> bool:
    """May something in ``room`` point at something in the room ``at``: itself, or one on a line below."""
    height = {one: number for number, line in enumerate(rooms_from_the_top()) for one in line}
    return room == at or height[at] > height[room]


def room_of(path: Path) -> str:
    """The room that a file of the package lies in."""
    return path.relative_to(PACKAGE).parts[0]


def modules(*, of: tuple[str, ...] = (), migrations: bool = False) -> list[Path]:
    """The package's Python files, or those of some rooms; migrations only when asked for."""
    found = sorted(PACKAGE.rglob("*.py"))
    if of:
        found = [path for path in found if path.parent != PACKAGE and room_of(path) in of]
    return [path for path in found if migrations or "migrations" not in path.parts]


@cache
def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def where(path: Path, node: ast.AST) -> str:
    """Place of a node, as an editor opens it."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def calls(path: Path, *names: str) -> Iterator[ast.Call]:
    """Every call in the file of a function or method with one of these names; of any, when none is given."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if not names or called in names:
                yield node


def constant(path: Path, node: ast.AST | None) -> set[str]:
    """The texts that an expression can be, as far as they stand in the file: literals, either branch, module names."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return constant(path, node.body) | constant(path, node.orelse)
    if isinstance(node, ast.Name):
        value: Any = getattr(importlib.import_module(dotted(path)), node.id, None)
        return {value} if isinstance(value, str) else set()
    return set()


def dotted(path: Path) -> str:
    """The module's name."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def code_lines(source: str) -> set[int]:
    """Numbers of the lines that hold code: no blank ones, comments or docstrings."""
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    held: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in silent:
            held.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                held -= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return held
