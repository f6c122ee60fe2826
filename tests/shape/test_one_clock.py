"""Only the clock asks the machine what time it is: what asks elsewhere cannot be set by a test or by the village."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent.parent / "samsyn"
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
