"""Small enough to keep in sight: a module, a function, and most of them much smaller."""

from __future__ import annotations

import ast
from pathlib import Path

from tests import figures
from tests.shape.house import PACKAGE, code_lines, modules, rooms, where

LONGEST_MODULE = 300
# What the house wishes, and what holds: nine modules of ten are within 150 lines.
MOST_MODULES = 150
LONGEST_FUNCTION, MOST_FUNCTIONS = 50, 25
LONGEST_README = 30


def module_sizes() -> dict[str, int]:
    """Lines of code of each module; nothing but comments and docstrings counts nothing."""
    sizes = {str(path.relative_to(PACKAGE)): len(code_lines(path.read_text(encoding="utf-8"))) for path in modules()}
    return {name: size for name, size in sizes.items() if size}


def function_sizes() -> dict[str, int]:
    """Lines of code of each function and method, those inside it counted with it."""
    sizes = {}
    for path in modules():
        source = path.read_text(encoding="utf-8")
        held = code_lines(source)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
                sizes[f"{where(path, node)} {node.name}"] = len(held & set(lines))
    return sizes


def ninetieth(sizes: dict[str, int]) -> int:
    """The size that nine of ten do not go beyond."""
    return sorted(sizes.values())[int(len(sizes) * 0.9)]


def test_counting_leaves_out_what_is_no_code() -> None:
    source = (
        '"""What.\n\nMore."""\n\n# why\nX = (\n    1,\n)\n\n\ndef act() -> int:\n    """Do."""\n    return X  # so\n'
    )
    assert code_lines(source) == {6, 7, 8, 11, 13}


def test_modules_stay_in_sight() -> None:
    sizes = module_sizes()
    assert {name: size for name, size in sizes.items() if size > LONGEST_MODULE} == {}
    assert ninetieth(sizes) <= MOST_MODULES
    figures.tell("one-way", rooms=len(rooms()), modules=len(sizes), largest=max(sizes.values()))


def test_functions_stay_in_sight() -> None:
    sizes = function_sizes()
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}
    assert ninetieth(sizes) <= MOST_FUNCTIONS


def test_every_room_says_on_half_a_page_what_it_is() -> None:
    pages: dict[str, Path] = {room: PACKAGE / room / "README.md" for room in rooms()}
    missing = [room for room, page in pages.items() if not page.exists()]
    assert missing == []
    long = {room: len(page.read_text(encoding="utf-8").splitlines()) for room, page in pages.items()}
    assert {room: lines for room, lines in long.items() if not 3 <= lines <= LONGEST_README} == {}
