"""Only the clock asks the machine what time it is: what asks elsewhere cannot be set by a test or by the village."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent.parent / "samsyn"
TESTS = PACKAGE.parent / "tests"
CLOCK = PACKAGE / "common" / "clock.py"
ASKS = {"now", "today", "utcnow", "localdate", "localtime"}
OF = {"datetime", "date", "timezone"}


def asks_the_machine(source: str) -> list[int]:
    """The lines that ask datetime, date or Django's timezone for the present moment."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and node.attr in ASKS
        and (
            (isinstance(node.value, ast.Name) and node.value.id in OF)
            or (isinstance(node.value, ast.Attribute) and node.value.attr in OF)
        )
    ]


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(timezone.utc)",
        "date.today()",
        "timezone.now()",
        "datetime.date.today()",
        "django.utils.timezone.now",
    ],
)
def test_the_search_finds_what_it_is_for(line: str) -> None:
    assert asks_the_machine(f"def act():\n    return {line}\n") == [2]


def test_nobody_but_the_clock_asks_the_machine() -> None:
    assert asks_the_machine(CLOCK.read_text(encoding="utf-8"))
    found = [
        f"{path.relative_to(PACKAGE)}:{line} asks the machine; use samsyn.common.clock"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != CLOCK
        for line in asks_the_machine(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def asks_when_read(source: str) -> list[int]:
    """The lines that ask the clock when the module is read, and not when the test runs: a run that begins before
    midnight and ends after it would have two days."""
    asked = []
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("clock.now", "clock.today"):
            asked.append(node.lineno)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
        elif not isinstance(node, ast.Lambda):
            waiting += ast.iter_child_nodes(node)
    return sorted(asked)


def test_the_search_for_what_is_asked_too_early_finds_it() -> None:
    decorated = "@given(day=clock.today())\ndef test(day, to=clock.now()):\n    clock.today()\n"
    assert asks_when_read(f"DAY = clock.today()\n{decorated}") == [1, 2, 3]


def test_no_test_asks_what_day_it_is_before_it_runs() -> None:
    found = [
        f"{path.relative_to(TESTS)}:{line} asks when it is read; ask in the test"
        for path in sorted(TESTS.rglob("*.py"))
        for line in asks_when_read(path.read_text(encoding="utf-8"))
    ]
    assert found == []
