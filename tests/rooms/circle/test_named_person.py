"""The child's named person: by stage, stored from the first sign on, one at a time, two at once make one."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from samsyn.circle.actions import belongs, current_named_person, ensure_named_person, give_named_person, named_post_for
from samsyn.circle.models import NamedPerson
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.viewer import SYSTEM
from samsyn.organisations.models import Post
from samsyn.people.models import Person
from samsyn.sharing.models import Involvement, Reason
from tests.rooms.sharing.world import NOW, World, lillkoping
from tests.worlds import CommittedWorld


def test_the_rektor_is_named_person_at_school_and_the_nurse_before_it(world: World) -> None:
    assert named_post_for(world.signe) == world.posts["Bo"]
    assert named_post_for(world.nour) == world.posts["Siv"]
    assert not NamedPerson.objects.exists()  # nothing is stored before there is a reason


def test_a_unit_without_such_a_post_has_the_one_above(world: World) -> None:
    belongs(world.adam, world.units["fritids"], source="test")
    assert named_post_for(world.adam) is None  # fritids is no school
    world.units["fritids"].kind = "school"
    world.units["fritids"].save()
    assert named_post_for(world.adam) == world.posts["Bo"]


def test_where_nobody_knows_the_duty_desk_helps(world: World) -> None:
    with pytest.raises(Refused, match="Ask the duty desk"):
        ensure_named_person(world.as_("Bo"), world.adam)


def test_the_first_sign_stores_it_and_the_next_finds_it(world: World) -> None:
    row = ensure_named_person(world.as_("Maja"), world.signe)
    assert ensure_named_person(world.as_("Mats"), world.signe) == row
    assert (row.post, row.stage, row.authority) == (world.posts["Bo"], "school", world.authorities["school"])
    assert Involvement.objects.get(reason=Reason.NAMED_PERSON, until=None).post == world.posts["Bo"]


def test_a_child_that_changes_schools_belongs_to_the_new_one_and_keeps_its_named_person(world: World) -> None:
    world.named()
    belongs(world.signe, world.units["norr"], source="test")
    places = Involvement.objects.filter(child=world.signe, reason=Reason.ATTENDS, until=None)
    assert [row.unit for row in places] == [world.units["norr"]]
    assert named_post_for(world.signe) == world.posts["Bo"]  # until the baton has been accepted


def test_a_new_one_begins_in_the_moment_the_old_one_ends(world: World) -> None:
    world.named()
    with clock.at(clock.noon(date(2026, 11, 18))):
        give_named_person(SYSTEM, world.signe, world.posts["Rakel"])
    old, new = NamedPerson.objects.order_by("pk")
    assert old.until == new.since
    current = current_named_person(world.signe)
    assert current is not None
    assert current.post == world.posts["Rakel"]
    reasons = Involvement.objects.filter(reason=Reason.NAMED_PERSON, until=None)
    assert [row.post for row in reasons] == [world.posts["Rakel"]]


def test_the_store_holds_one_at_a_time(world: World) -> None:
    world.named()
    with pytest.raises(IntegrityError, match=r"one_named_person_at_a_time|circle_namedperson"), transaction.atomic():
        NamedPerson.objects.create(
            child=world.signe,
            authority=world.authorities["school"],
            post=world.posts["Rakel"],
            stage="school",
            since=NOW,
        )


def test_two_at_once_make_one(committed_world: CommittedWorld) -> None:
    with clock.at(NOW):
        world = lillkoping()

    def notice(name: str) -> NamedPerson:
        with clock.at(NOW):
            return ensure_named_person(world.as_(name), Person.objects.get(pk=world.signe.pk))

    outcomes = committed_world.at_once(*(lambda name=name: notice(name) for name in ("Maja", "Mats", "Hanna", "Bo")))
    assert len({row.pk for row in outcomes if isinstance(row, NamedPerson)}) == 1
    assert all(isinstance(row, NamedPerson) for row in outcomes), outcomes
    assert NamedPerson.objects.count() == 1


def test_two_that_give_it_at_once_leave_one_and_no_gap(committed_world: CommittedWorld) -> None:
    with clock.at(NOW):
        world = lillkoping()
        world.named()

    def give(name: str) -> NamedPerson:
        with clock.at(NOW):
            child, post = Person.objects.get(pk=world.signe.pk), Post.objects.get(pk=world.posts[name].pk)
            return give_named_person(SYSTEM, child, post)

    outcomes = committed_world.at_once(*(lambda name=name: give(name) for name in ("Rakel", "Hanna", "Mats")))
    assert all(isinstance(row, NamedPerson) for row in outcomes), outcomes
    assert NamedPerson.objects.filter(until=None).count() == 1
    held = list(NamedPerson.objects.order_by("pk"))
    assert len(held) == 4
    reasons = Involvement.objects.filter(reason=Reason.NAMED_PERSON, until=None)
    assert [row.post_id for row in reasons] == [held[-1].post_id]
