"""A door reaches rows by ``visible_to`` and nothing else, and only doors know requests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shape.house import ABOVE_THE_ROOMS, DOORS, PACKAGE, modules, rooms, tree, where

WITHOUT_A_VIEWER = {"samsyn/public/demo.py": 4}
"""Files of a door that reach rows for somebody who has not signed in, and how often.

The demo's front page lists the accounts of a village in which nobody is real, and its doors sign in as one of them.
It is not mounted in production.
"""
MANAGERS = {"objects", "_default_manager", "_base_manager"}
NOT_NOTED = {"values_list", "raw", "cursor", "extra", "in_bulk", "aggregate"}
"""What gives rows, or parts of them, that the trail does not hear of."""
GALLERY = PACKAGE / "look" / "gallery.py"
"""The one page below the doors: it shows every component in every state, and knows nothing of anybody."""
OF_A_REQUEST = {"user", "session", "POST", "GET", "COOKIES", "META", "FILES", "headers", "viewer", "resolver_match"}


def unseen(parsed: ast.Module) -> Iterator[ast.AST]:
    """Every manager that is not followed at once by ``visible_to(``, and every way around the trail."""
    through = {
        node.func.value
        for node in ast.walk(parsed)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "visible_to"
    }
    for node in ast.walk(parsed):
        if not isinstance(node, ast.Attribute):
            continue
        if node.attr in MANAGERS and node not in through:
            yield node
    for node in ast.walk(parsed):
        # A dictionary's values() takes nothing; a queryset's names columns, or follows a manager.
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr in NOT_NOTED:
            yield node
        if node.func.attr == "values":
            inside = {one.attr for one in ast.walk(node.func.value) if isinstance(one, ast.Attribute)}
            if node.args or node.keywords or inside & MANAGERS:
                yield node


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Plan.objects.visible_to(viewer).filter(ref=ref)", 0),
        ("MODELS[kind].objects.visible_to(viewer)", 0),
        ("{1: 2}.values()", 0),
        ("Plan.objects.filter(ref=ref)", 1),
        ("rows = Plan.objects", 1),
        ("get_object_or_404(Plan.objects, ref=ref)", 1),
        ("Plan._default_manager.all()", 1),
        ("Plan.objects.filter(x=1).visible_to(viewer)", 1),
        ("Plan.objects.visible_to(viewer).values_list('heading')", 1),
        ("Plan.objects.visible_to(viewer).values('heading')", 1),
        ("Plan.objects.visible_to(viewer).values()", 1),
        ("connection.cursor()", 1),
    ],
)
def test_the_search_finds_what_it_is_for(line: str, found: int) -> None:
    assert len(list(unseen(ast.parse(line)))) == found


def test_a_door_reaches_rows_only_as_somebody_who_may_see_them() -> None:
    around: dict[str, int] = {}
    for path in modules(of=DOORS):
        for node in unseen(tree(path)):
            file = where(path, node).partition(":")[0]
            around[file] = around.get(file, 0) + 1
    assert around == WITHOUT_A_VIEWER


def knows_requests(path: Path) -> Iterator[str]:
    """Where a file imports HTTP or takes something out of a request."""
    for node in ast.walk(tree(path)):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        if any(name.split(".")[:2] in (["django", "http"], ["django", "shortcuts"]) for name in names):
            yield f"{where(path, node)} imports HTTP"
        if isinstance(node, ast.Attribute) and node.attr in OF_A_REQUEST:
            owner = node.value
            if isinstance(owner, ast.Name) and owner.id in {"request", "http_request", "req"}:
                yield f"{where(path, node)} takes {node.attr} out of a request"


def test_no_room_below_the_doors_knows_a_request() -> None:
    below = tuple(room for room in rooms() if room not in ABOVE_THE_ROOMS)
    assert len(below) > 8
    known = [sentence for path in modules(of=below) if path != GALLERY for sentence in knows_requests(path)]
    assert known == []
    assert any(list(knows_requests(path)) for path in modules(of=DOORS))


def test_no_signal_carries_a_business_effect() -> None:
    heard = [
        where(path, node)
        for path in modules()
        for node in ast.walk(tree(path))
        if (
            isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith(("django.dispatch", "django.db.models.signals"))
        )
        or (isinstance(node, ast.Attribute) and node.attr in {"post_save", "pre_save", "post_delete", "m2m_changed"})
    ]
    assert heard == []
