"""What asvs.toml and docs/security.md promise names tests that are there, leaves no requirement out, and has no more
gaps than it tells.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
STANDARD: dict[str, Any] = tomllib.loads((ROOT / "asvs.toml").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
KINDS = {"tested": "says", "measure": "says", "not_applicable": "why", "gap": "lacks"}
LEVEL_ONE, LEVEL_TWO = 70, 183
"""How many requirements the standard's version 5.0.0 has at each of the two levels."""
PROPERTIES = [f"P{number}" for number in range(1, 13)]


@cache
def defined_in(path: str) -> frozenset[str]:
    """The tests that a file defines, read and not run."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = (one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef))
    return frozenset(name for name in found if name.startswith("test_"))


def is_there(named: str) -> bool:
    """Is there such a test: ``path::name``."""
    path, _, name = named.partition("::")
    return (ROOT / path).is_file() and name in defined_in(path)


def entries(kind: str) -> list[dict[str, Any]]:
    """The entries of a kind."""
    found: list[dict[str, Any]] = STANDARD.get(kind, [])
    return found


def numbers(kind: str) -> list[str]:
    """The requirements that the entries of a kind are about."""
    return [number for entry in entries(kind) for number in entry["numbers"]]


def test_the_search_finds_what_it_is_for() -> None:
    assert is_there("tests/shape/test_asvs.py::test_the_search_finds_what_it_is_for")
    assert not is_there("tests/shape/test_asvs.py::test_of_nothing")
    assert not is_there("tests/shape/test_of_nothing.py::test_of_nothing")


def test_every_requirement_of_the_two_levels_is_answered_once() -> None:
    one, two = STANDARD["levels"]["one"], STANDARD["levels"]["two"]
    assert (len(one), len(two)) == (LEVEL_ONE, LEVEL_TWO)
    assert all(re.fullmatch(r"(?:[1-9]|1[0-7])\.[1-9]\.[1-9][0-9]?", number) for number in [*one, *two])
    answered = Counter(number for kind in KINDS for number in numbers(kind))
    assert [number for number, times in answered.items() if times > 1] == []
    assert set(answered) == {*one, *two}


@pytest.mark.parametrize(("kind", "sentence"), KINDS.items())
def test_every_answer_says_something(kind: str, sentence: str) -> None:
    for entry in entries(kind):
        assert entry["numbers"]
        assert len(entry[sentence]) > 10, entry
        assert entry[sentence].endswith("."), entry


def test_every_test_and_every_measure_that_is_named_is_there() -> None:
    named = [one for entry in entries("tested") for one in entry["tests"]]
    assert named
    assert [one for one in named if not is_there(one)] == []
    assert [entry["where"] for entry in entries("measure") if not (ROOT / entry["where"]).is_file()] == []


def test_the_gaps_do_not_grow() -> None:
    """Who closes one lowers the number; a new one is a decision, and raises it where everybody sees it."""
    assert len(numbers("gap")) == STANDARD["gaps_at_most"]


def test_every_property_names_its_tests_or_what_is_missing() -> None:
    rows = re.findall(r"^\| (P\d+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
    assert [name for name, _, _ in rows] == PROPERTIES
    for name, _, answer in rows:
        named = re.findall(r"`([^`]+::[^`]+)`", answer)
        assert named or answer.startswith("Missing: "), name
        assert [one for one in named if not is_there(f"tests/{one}")] == [], name
