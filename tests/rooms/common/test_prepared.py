"""What is put together once for all viewers asks for each of them what it would have asked anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from samsyn.common import clock, prepared
from samsyn.common.viewer import Viewer
from samsyn.protection.predicate import _hidden
from samsyn.sharing.models import Involvement, Reason
from samsyn.sharing.predicate import _opened, _opened_rows, _persons, _single, _whole
from tests.village import STAFF, Village

BUILDS: dict[str, tuple[prepared.Build, tuple[str, ...]]] = {
    "whole": (_whole, ()),
    "single": (_single, ()),
    "signs": (_opened, ("sign",)),
    "plans": (_opened, ("plan",)),
    "disclosures": (_opened_rows, ()),
    "persons": (_persons, ()),
    "hidden": (_hidden, ()),
}


@pytest.fixture(autouse=True)
def nothing_known_before() -> Iterator[None]:
    kept = dict(prepared._known)
    prepared._known.clear()
    yield
    prepared._known.clear()
    prepared._known.update(kept)


def rows(query: Any) -> set[Any]:
    """What a query of one column gives."""
    return {plain(value) for row in query for value in row.values()}


def plain(value: Any) -> str:
    """A value as a word: a reference is text on SQLite and a thing of its own on PostgreSQL."""
    return str(value).replace("-", "")


def rows_of(question: Any) -> set[Any]:
    """What a prepared question gives."""
    with connection.cursor() as cursor:
        cursor.execute(question.sql, question.params)
        return {plain(row[0]) for row in cursor.fetchall()}


@pytest.mark.parametrize("named", BUILDS)
def test_everybody_gets_at_every_moment_what_the_question_itself_gives(lived: Village, named: str) -> None:
    build, words = BUILDS[named]
    found = set()
    for at in (clock.now(), clock.now() - timedelta(days=200), clock.now() + timedelta(days=4000)):
        for who in (*STAFF, "amal"):
            viewer = lived.at_home(who) if who == "amal" else lived.acting(who)
            expected = rows(build(viewer, at, *words))
            question = prepared.prepared(build, viewer, at, *words)
            assert rows_of(question) == expected
            found |= expected
    assert found
    assert len(prepared._known) < len(STAFF)


def test_who_acts_and_who_reads_are_asked_for_apart(lived: Village) -> None:
    bo = lived.acting("bo")
    at = clock.now()
    child = lived.child("Signe")
    Involvement.objects.filter(child=child, post=bo.post).update(reason=Reason.EMERGENCY)
    Involvement.objects.filter(child=child, unit=bo.unit).update(reason=Reason.EMERGENCY)
    assert str(child.pk) in rows_of(prepared.prepared(_whole, bo, at))
    assert str(child.pk) not in rows_of(prepared.prepared(_whole, replace(bo, acts=True), at))


def test_none_is_another_question_than_somebody(lived: Village) -> None:
    at = clock.now()
    assert rows_of(prepared.prepared(_whole, Viewer(), at)) == set()
    assert rows_of(prepared.prepared(_whole, lived.acting("bo"), at))
    assert rows_of(prepared.prepared(_whole, Viewer(), at)) == set()
