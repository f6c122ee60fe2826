"""Ending a unit, as its head, the operator and those who have something there meet it on the screen."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from samsyn.circle.unit_endings import end_unit
from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.early_signals.actions import consult
from samsyn.organisations.models import PostRole, Unit
from samsyn.people.models import Person, Protection
from tests.doors.relations import AT_WORK
from tests.doors.scenes import filled
from tests.village import Village, masked

TEA = AT_WORK["tea2"]


@pytest.fixture
def town(lived: Village) -> Village:
    """The village, with Tea signed in, who is the head of Ines's unit."""
    client = lived.client("")
    assert client.post(f"/demo/{TEA}/").status_code == 302
    lived.cookies[TEA] = client.cookies
    return lived


def address(unit: Unit) -> str:
    """Where a unit is ended."""
    return reverse("desk:unit", args=[unit.ref])


def pressed(town: Village, who: str, unit: Unit) -> Unit:
    """Somebody presses, is led back to the page, and the unit stands as it does then."""
    answer = town.client(who).post(address(unit), filled({}))
    assert (answer.status_code, answer.headers["Location"]) == (302, address(unit))
    return Unit.objects.get(pk=unit.pk)


def test_ulla_ends_a_unit_that_is_empty_and_it_can_be_asked_for_help_no_longer(town: Village) -> None:
    unit = town.unit("midwives")
    ended = pressed(town, "ulla", unit)
    assert ended.ended_on == clock.today()
    assert town.client("ulla").get(address(unit)).status_code == 200
    assert unit.name not in town.client("ulla").get(reverse("desk:units")).content.decode()
    new = reverse("desk:consultation_new")
    assert unit.name not in town.client("bo").get(new).content.decode()
    assert town.client("ulla").post(address(unit), filled({})).status_code == 422


def test_where_something_hangs_its_head_reads_with_whom_and_the_operator_that_it_does(town: Village) -> None:
    unit = town.unit("early")
    assert pressed(town, "ulla", unit).closing_since is not None
    waits = {who: town.client(who).get(address(unit)).context["waits"] for who in (TEA, "ulla")}
    assert waits["ulla"] == []
    assert town.post("early") in [post for post, _name in waits[TEA]]


@pytest.mark.parametrize("who", ["ulla", TEA])
def test_neither_reads_how_much_is_left_nor_a_childs_name(town: Village, who: str) -> None:
    unit = town.unit("early")
    pressed(town, who, unit)
    with clock.at(clock.now()):
        before = masked(town.client(who).get(address(unit)).content)
        consult(town.acting("bo"), unit, "Vad kan en skola göra?", looked_through=True)
        pressed(town, who, unit)
        assert masked(town.client(who).get(address(unit)).content) == before
    young = Person.objects.filter(birth_date__gt=clock.today() - timedelta(days=18 * 365), protection=Protection.NONE)
    assert [child.full_name for child in young if child.full_name in before.decode()] == []


def test_ines_finds_in_her_day_what_she_is_to_hand_over_and_where(town: Village) -> None:
    end_unit(SYSTEM, town.unit("early"))
    ines = town.client("ines")
    leaving = reverse("desk:leaving", args=[town.post("early").ref])
    assert leaving in ines.get(reverse("desk:day")).content.decode()
    page = ines.get(leaving)
    assert page.status_code == 200
    for row in page.context["members"]:
        place = "desk:handover_new" if row.is_lead else "desk:team"
        about = row.child.ref if row.is_lead else row.team.ref
        assert reverse(place, args=[about]) in page.content.decode()
    assert page.context["members"]
    assert page.context["waiting"]


def test_a_unit_that_goes_on_after_all_asks_nobody(town: Village) -> None:
    unit = town.unit("early")
    pressed(town, TEA, unit)
    assert town.client(TEA).post(reverse("desk:unit_keep", args=[unit.ref]), filled({})).status_code == 302
    assert Unit.objects.get(pk=unit.pk).closing_since is None
    assert town.client("ines").get(reverse("desk:leaving", args=[town.post("early").ref])).status_code == 404


def test_the_head_finds_the_way_there_and_others_do_not(town: Village) -> None:
    assert town.post("social_head").role == PostRole.HEAD
    link = f'href="{reverse("desk:units")}"'
    found = {who: link in town.client(who).get(reverse("desk:away")).content.decode() for who in (TEA, "bo", "ines")}
    assert found == {TEA: True, "bo": True, "ines": False}
    assert link in town.client("ulla").get(reverse("desk:capacity")).content.decode()


@pytest.mark.parametrize(("who", "links"), [("ulla", 1), ("bo", 3)])
def test_the_menu_leads_only_where_one_may_go(town: Village, who: str, links: int) -> None:
    client = town.client(who)
    page = client.get(reverse("desk:capacity")).content.decode()
    menu = page.partition("<nav")[2].partition("</nav>")[0]
    addresses = re.findall(r'href="([^"]+)"', menu)
    assert len(addresses) == links
    assert [client.get(one).status_code for one in addresses] == [200] * links
