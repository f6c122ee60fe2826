"""The history goes by what stands first in a look: on the page of a thing it is that thing, and no list has one."""

from __future__ import annotations

import pytest
from django.urls import reverse

from samsyn.desk import urls
from samsyn.desk.history_words import AT_HOME, LISTS, PAGES
from samsyn.portal import urls as at_home
from samsyn.trail.history import PERSONS
from samsyn.trail.models import Mode, TrailEntry
from tests.doors.table import TABLE, Line
from tests.village import EVERYBODY, Village

BY_QUERY = {"desk:share", "desk:wrong", "desk:family_mark"}
"""Pages under a child's address that are about one thing, which stands after the question mark."""
OF_THE_HOUSE = {"desk:capacity", "desk:choose_capacity", "desk:begin", "desk:consultation_new", "desk:units"}
"""Pages of no thing of a child, and those that show none."""
OF_A_UNIT = {"desk:leaving"}
NOBODY_NAMED = {"desk:untold_looks"}
OF_THE_POST = {"duty", "notice"}
"""Kinds that one post alone sees: nobody elsewhere is told of a page that begins with one."""


def test_a_page_of_no_single_thing_is_one_of_the_lists() -> None:
    routes = {f"desk:{one.name}": str(one.pattern) for one in urls.urlpatterns}
    of_many = {name for name, route in routes.items() if "<uuid:ref>" not in route or route.startswith("children/")}
    of_many = of_many - BY_QUERY - OF_THE_HOUSE | OF_A_UNIT
    assert {name for name in LISTS if name.startswith("desk:")} == of_many
    assert {f"portal:{one.name}" for one in at_home.urlpatterns} >= AT_HOME


OF_A_THING = [
    line
    for line in TABLE
    if line.name in PAGES and line.name not in LISTS | AT_HOME | BY_QUERY | NOBODY_NAMED and 200 in line.get
]


@pytest.mark.parametrize("line", OF_A_THING, ids=lambda line: f"{line.name} {line.note}".strip())
def test_a_look_at_the_page_of_a_thing_names_that_thing_before_all_others(lived: Village, line: Line) -> None:
    scene = line.scene(lived)
    for who in set(line.get[200].split()) & set(EVERYBODY):
        before = TrailEntry.objects.count()
        assert lived.client(who).get(reverse(line.name, kwargs=scene.place, query=scene.query)).status_code == 200
        assert TrailEntry.objects.count() == before + 1
        look = TrailEntry.objects.order_by("-pk")[0]
        assert (look.mode, look.act) == (Mode.READ, line.name)
        first = look.subjects.exclude(kind__in=PERSONS).order_by("pk")[0]
        assert first.ref == scene.place["ref"] or first.kind in OF_THE_POST
