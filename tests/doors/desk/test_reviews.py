"""Where looks are reviewed, the authority's emergencies are measured: a share, the numbers behind it, and the goal."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db import connection

from samsyn import law
from samsyn.common import clock
from samsyn.common.reading import Reading
from samsyn.common.viewer import Viewer
from samsyn.organisations.models import Unit
from samsyn.people.models import Guardianship
from samsyn.sharing.review_queue import looks_between
from samsyn.sharing.review_rules import monday
from samsyn.trail.actions import read
from samsyn.trail.history import emergency_reads
from samsyn.trail.models import EMERGENCY_READ, READ, TrailEntry
from tests.doors.desk.browsing import Desk
from tests.doors.scenes import filled
from tests.questions import opened
from tests.rooms.sharing.world import TODAY
from tests.village import Village, number_of

SECTION = re.compile(r'aria-labelledby="share".*?</section>', re.DOTALL)


def told(village: Village, who: str) -> str:
    """What somebody is told of emergencies where looks are reviewed, in plain text."""
    found = SECTION.search(village.client(who).get("/reviews/").content.decode())
    assert found is not None
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>|[\u2068\u2069]", " ", found[0]))


def pages_read(viewer: Viewer, ground: str, number: int) -> None:
    """So many pages, read on this ground."""
    for _page in range(number):
        read(viewer, "desk:child", Reading(ground=ground))


def test_the_share_is_of_the_own_authority_with_its_numbers_its_time_and_the_goal(lived: Village) -> None:
    units = list(Unit.objects.filter(authority=lived.unit("stoby").authority).values_list("ref", flat=True))
    some, every = emergency_reads(units, clock.now() - timedelta(days=91))
    pages_read(lived.acting("hanna"), "emergency", 2)
    pages_read(lived.acting("hanna"), "attends", 200)
    pages_read(lived.acting("ines"), "emergency", 50)
    assert some == 0
    shown = told(lived, "bo")
    assert f"Av {every + 202} sidor" in shown
    assert " 2 bara" in shown
    since = clock.today() - timedelta(days=91)
    assert str(since.year) in shown
    assert "Högst 1 procent" in shown
    assert "Målet är nått" in shown
    pages_read(lived.acting("hanna"), "emergency", 100)
    assert "Det är mer än målet" in told(lived, "bo")


def test_nothing_there_names_anybody_and_the_goal_is_a_row_of_law(lived: Village) -> None:
    body = filled({"number": number_of(lived.child("Signe")).value, "code": "life", "words": "Vi når ingen som vet."})
    assert lived.client("hanna").post("/emergency/", body).status_code == 302
    shown = told(lived, "bo")
    assert [name for name in ("Hanna", "Signe", "Bo") if name in shown] == []
    row = law.on(clock.today()).row("emergency_share_goal")
    assert (row.value, row.unit) == (1, "per_cent")


def test_the_queue_asks_the_same_however_many_pages_were_read(lived: Village) -> None:
    bo = lived.client("bo")
    few = opened(bo, "/reviews/")
    pages_read(lived.acting("hanna"), "emergency", 30)
    pages_read(lived.acting("hanna"), "attends", 300)
    assert opened(bo, "/reviews/") == few


def test_counting_reads_looks_in_an_index_and_not_through_the_trail(lived: Village) -> None:
    theirs = TrailEntry.objects.filter(unit_ref=lived.unit("stoby").ref, at__gte=clock.now())
    for condition, index in ((READ, "trail_reads"), (EMERGENCY_READ, "trail_emergency_reads")):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off")
        assert index in theirs.filter(condition).explain()


def test_each_look_at_a_child_whose_father_is_a_pupil_himself_can_be_chosen(desk: Desk) -> None:
    world = desk.world
    world.named(world.nour, "Siv")
    world.named(world.adam, "Bo")
    Guardianship.objects.filter(child=world.nour, guardian=world.olof).update(guardian=world.adam)
    pages = ("child", "custody", "shared", "family")
    for view in pages:
        desk.read("Siv", view, world.nour.ref)
    start = monday(TODAY)
    assert [one.child for one in looks_between(start, start + timedelta(weeks=1))] == [world.nour.ref] * len(pages)


def test_bo_finds_what_he_is_to_look_at_also_when_the_list_of_his_day_is_full(lived: Village) -> None:
    page = lived.client("bo").get("/").content.decode()
    assert "Det finns mer." in page
    assert '<a href="/reviews/">Granska loggen</a>' in page
