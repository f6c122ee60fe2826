"""What is put together once for all viewers asks for each of them what it would have asked anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from samsyn.common import clock, prepared, reading
from samsyn.common.prepared import asked
from samsyn.common.viewer import Viewer
from samsyn.early_signals.models import Sign
from samsyn.organisations.models import Holding, Post
from samsyn.organisations.presence import viewer_for
from samsyn.people.models import Person
from samsyn.people.querysets import Ways, ways_to_read
from samsyn.plans.models import Plan
from samsyn.protection.predicate import hidden_from
from samsyn.sharing.models import Involvement, Reason
from samsyn.sharing.predicate import _opened, _opened_rows, _persons, _single, _whole
from tests.questions import put_together_anew
from tests.village import STAFF, Village


def _hidden(viewer: Viewer, at: datetime) -> QuerySet[Any, Any]:
    return hidden_from(viewer, at).values("pk")


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
    with put_together_anew():
        yield


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


def test_who_knows_somebody_hidden_and_who_knows_nobody_are_asked_for_apart(lived: Village) -> None:
    at = clock.now()
    shortened = set()
    for who in STAFF:
        viewer = lived.acting(who)
        told = viewer_for(lived.account(who), viewer.post, at, in_request=True)
        shortened.add(told.knows_nobody_hidden)
        assert rows_of(prepared.prepared(_hidden, told, at)) == rows(_hidden(viewer, at))
    assert shortened == {True, False}


def test_none_is_another_question_than_somebody(lived: Village) -> None:
    at = clock.now()
    assert rows_of(prepared.prepared(_whole, Viewer(), at)) == set()
    assert rows_of(prepared.prepared(_whole, lived.acting("bo"), at))
    assert rows_of(prepared.prepared(_whole, Viewer(), at)) == set()


# ---------------------------------------------------------------- whole questions


def _signs_of(viewer: Viewer, child_id: int) -> QuerySet[Sign]:
    return Sign.objects.visible_to(viewer).filter(child_id=child_id).select_related("child").order_by("pk")


def _by_ref(viewer: Viewer, ref: UUID) -> QuerySet[Person]:
    return Person.objects.visible_to(viewer).filter(ref=ref)


def _at_posts(posts: tuple[int, ...], at: datetime) -> QuerySet[Holding]:
    return Holding.objects.filter(post__in=posts, since__lte=at.astimezone(clock.STOCKHOLM).date()).order_by("pk")


def _called(viewer: Viewer, ways: Ways) -> QuerySet[Person]:
    return Person.objects.visible_to(viewer).beginning(ways).order_by("pk")


def test_a_whole_question_gives_everybody_what_it_gives_when_it_is_put_together_anew(lived: Village) -> None:
    signe = lived.child("Signe")
    found = 0
    for who in STAFF:
        viewer = lived.acting(who)
        for at in (clock.now(), clock.now() - timedelta(days=200), clock.now() + timedelta(days=4000)):
            with clock.at(at):
                signs = list(_signs_of(viewer, signe.pk))
                assert asked(_signs_of, viewer, signe.pk) == signs
                assert asked(_by_ref, viewer, signe.ref) == list(_by_ref(viewer, signe.ref))
                ways = ways_to_read("Sig")
                assert asked(_called, viewer, ways) == list(_called(viewer, ways))
                found += len(signs)
    assert found
    assert len(prepared._asked) < len(STAFF) * 3


def _signs_and_plans(viewer: Viewer, child_id: int) -> QuerySet[Any, Any]:
    signs = Sign.objects.visible_to(viewer).filter(child_id=child_id).order_by().values_list("ref")
    return signs.union(Plan.objects.visible_to(viewer).filter(child_id=child_id).order_by().values_list("ref"))


def test_what_a_question_asks_of_two_kinds_of_things_is_said_once(lived: Village) -> None:
    signe, found = lived.child("Signe"), 0
    for who in STAFF:
        viewer = lived.acting(who)
        with CaptureQueriesContext(connection) as questions:
            rows = asked(_signs_and_plans, viewer, signe.pk)
        assert set(rows) == set(_signs_and_plans(viewer, signe.pk))
        whole = prepared.prepared(_whole, viewer, clock.now()).sql
        assert questions[0]["sql"].count(whole.partition(" WHERE ")[0]) == 1
        found += len(rows)
    assert found


def test_what_comes_along_with_the_rows_comes_along_each_time(lived: Village) -> None:
    bo, signe = lived.acting("bo"), lived.child("Signe")
    asked(_signs_of, bo, signe.pk)
    with CaptureQueriesContext(connection) as questions:
        signs = asked(_signs_of, bo, signe.pk)
        assert [sign.child.name for sign in signs] == [signe.name] * len(signs)
    assert signs
    assert len(questions) == 1


def test_what_a_whole_question_shows_is_noted_for_the_trail(lived: Village) -> None:
    bo, signe = lived.acting("bo"), lived.child("Signe")
    for _turn in range(2):
        with reading.gather() as gathered:
            signs = asked(_signs_of, bo, signe.pk)
        assert {ref for kind, ref in gathered.subjects if kind == "sign"} == {sign.ref for sign in signs} != set()


def test_posts_and_days_are_told_in_their_places(lived: Village) -> None:
    bo, ines = lived.acting("bo"), lived.acting("ines")
    assert bo.post is not None
    assert ines.post is not None
    for posts in ((bo.post,), (ines.post,), (bo.post, ines.post), (ines.post, bo.post), ()):
        for at in (clock.now(), clock.now() - timedelta(days=4000)):
            assert asked(_at_posts, posts, at) == list(_at_posts(posts, at))


def test_what_was_made_of_something_given_is_not_mistaken_for_it(lived: Village) -> None:
    def a_day_before(at: datetime) -> QuerySet[Sign]:
        return Sign.objects.filter(created_at__gte=at - timedelta(hours=1))

    def two_words(first: str, second: str) -> QuerySet[Person]:
        return Person.objects.filter(family_name=f"{first} {second}")

    def one_more(number: int) -> QuerySet[Person]:
        return Person.objects.filter(pk=number - 1)

    for build, given in ((a_day_before, (clock.now(),)), (two_words, ("Al", "Hassan")), (one_more, (7,))):
        with pytest.raises(ValueError, match="given"):
            asked(build, *given)


def test_what_stands_nowhere_in_the_question_is_an_error(lived: Village) -> None:
    def of_anybody(child_id: int) -> QuerySet[Sign]:
        return Sign.objects.all()

    with pytest.raises(ValueError, match="does not stand in it"):
        asked(of_anybody, lived.child("Signe").pk)


def test_somebody_in_the_own_family_is_asked_for_anew(lived: Village) -> None:
    amal, signe = lived.at_home("amal"), lived.child("Signe")
    assert asked(_signs_of, amal, signe.pk) == list(_signs_of(amal, signe.pk))
    assert [key for key in prepared._asked if key[0] is _signs_of] == []


def test_no_viewers_own_words_or_references_stay_in_a_question(lived: Village) -> None:
    def by_post(viewer: Viewer, ref: UUID) -> QuerySet[Post]:
        return Post.objects.filter(ref=ref).exclude(ref=viewer.post_ref)

    bo, ines = lived.acting("bo"), lived.acting("ines")
    asked(by_post, bo, ines.post_ref)
    (question,) = [whole for key, whole in prepared._asked.items() if key[0] is by_post]
    assert question is not None
    assert bo.post_ref not in {UUID(str(value)) for value in question.part.values if isinstance(value, str | UUID)}


def test_who_asks_while_a_question_is_put_together_for_another_is_asked_the_whole_of_it() -> None:
    viewer, meanwhile = Viewer(account=1, person=2), list[Any]()

    def own(viewer: Viewer, at: datetime) -> QuerySet[Any, Any]:
        if not meanwhile:
            meanwhile.append(None)
            meanwhile[0] = prepared.prepared(own, viewer, at)
        return Person.objects.filter(pk=viewer.person).values("pk")

    first = prepared.prepared(own, viewer, clock.now())
    assert meanwhile[0].sql == first.sql
