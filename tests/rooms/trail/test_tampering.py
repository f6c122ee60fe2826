"""Whatever is done to the trail behind the triggers' back, ``verify`` names the first entry that is broken."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.db import connection, connections

from samsyn.trail import stored
from samsyn.trail.findings import Report
from samsyn.trail.models import Leaf, Root, TrailEntry
from samsyn.trail.roots import facts_of
from samsyn.trail.rules import RootFacts
from samsyn.trail.verifying import principals, verify
from tests import figures, worlds
from tests.rooms.trail.bulk import fill
from tests.rooms.trail.tampering import DEEDS, LILLKOPING, POLICE, REGION, SIZE, behind_the_triggers, some_days

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

A_MILLION, SECONDS = 1_000_000, 15
FEWER = 20_000


@pytest.fixture(scope="module")
def days(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database with a trail of some days, by the name that Django calls it."""
    with django_db_blocker.unblock():
        with worlds.moved_to_a_copy():
            some_days()
            connections.close_all()
            name = worlds.copy_database(connection.settings_dict["NAME"])
        yield name
        worlds.drop_database(name)


@pytest.fixture
def written_out(days: str, django_db_blocker: DjangoDbBlocker) -> Iterator[list[RootFacts]]:
    """A copy of that database to do as one likes in, and its roots as they were written out."""
    with django_db_blocker.unblock(), worlds.moved_to_a_copy(days):
        yield [facts_of(root) for root in Root.objects.order_by("pk")]


@pytest.fixture
def short_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trail is read in more spans than one, and a gap can be longer than a span."""
    monkeypatch.setattr(stored, "BATCH", 7)


def _seconds() -> float:
    """Seconds of one processor, without what others do; of the wall where the database works beside us."""
    return time.process_time() if connection.vendor == "sqlite" else time.perf_counter()


def kinds(report: Report) -> set[str]:
    return {finding.kind for finding in report.findings}


def test_a_trail_that_nobody_has_touched_is_whole(written_out: list[RootFacts]) -> None:
    assert principals() == [LILLKOPING, REGION, POLICE]
    for principal in principals():
        report = verify(principal, written_out)
        assert (report.findings, report.number) == ([], 0)
    report = verify(LILLKOPING, written_out)
    assert (report.entries, report.roots, report.outside) == (SIZE, 6, 6)


@pytest.mark.usefixtures("short_spans")
@pytest.mark.parametrize("name", list(DEEDS))
def test_each_way_to_tamper_is_found_and_named_by_its_place(name: str, written_out: list[RootFacts]) -> None:
    deed = DEEDS[name]
    with behind_the_triggers():
        deed.does()
    inside = verify(LILLKOPING)
    if deed.outside:
        assert inside.findings == [], "only what is kept outside can tell"
    report = verify(LILLKOPING, written_out) if deed.outside else inside
    assert deed.kind in kinds(report)
    assert report.findings[0].place == deed.place
    figures.tell("tampering", kinds=len(DEEDS))
    figures.tell("tampering", **{f"found {name}": 1})


@pytest.mark.usefixtures("short_spans")
def test_a_gap_that_is_longer_than_what_is_read_at_once_hides_nothing_behind_it(written_out: list[RootFacts]) -> None:
    with behind_the_triggers():
        Leaf.objects.filter(principal_ref=LILLKOPING, position__range=(3, 40)).delete()
        TrailEntry.objects.filter(leaf__principal_ref=LILLKOPING, leaf__position=50).update(ground="x")
    report = verify(LILLKOPING, written_out)
    assert [(one.place, one.kind) for one in report.findings[:1]] == [(3, "place missing")]
    assert (50, "entry changed") in [(one.place, one.kind) for one in report.findings]


def test_tampering_with_one_principal_leaves_the_others_whole(written_out: list[RootFacts]) -> None:
    with behind_the_triggers():
        DEEDS["rewritten tail"].does()
    assert verify(REGION, written_out).findings == []
    assert verify(POLICE, written_out).findings == []


def test_a_long_trail_is_checked_in_seconds(written_out: list[RootFacts]) -> None:
    """A million entries when the promise is proved, fewer on other days, and every one is truly read."""
    number = A_MILLION if os.environ.get(figures.FOLDER) else FEWER
    with behind_the_triggers():
        fill(number)
        begun = _seconds()
        report = verify(POLICE)
        seconds = _seconds() - begun
        assert (report.entries, report.findings) == (number, [])
        with connection.cursor() as cursor:
            last = number - 3
            cursor.execute("UPDATE trail_trailentry SET ground = 'x' WHERE act = %s", [f"page {last}"])
        assert [finding.place for finding in verify(POLICE).findings] == [last]
    figures.tell("tampering", rows=number, seconds=round(seconds, 1))
    assert seconds <= SECONDS
