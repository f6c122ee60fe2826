"""Two who write about one child's custody or number at once: one is carried out, the other is told what stands now."""

from __future__ import annotations

from datetime import date

import pytest

from samsyn.circle.custody_actions import Told, custody_seen, end_guardian, note_guardian, shown
from samsyn.circle.number_actions import give_number
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.people.actions import Facts, begin_look_up
from samsyn.people.models import Guardianship, Identity
from samsyn.people.numbers import test_number as kept_number
from samsyn.sharing.actions import guardians_today
from tests.rooms.sharing.world import NOW, TODAY, World, lillkoping
from tests.worlds import CommittedWorld

OFTEN = 4


@pytest.fixture
def world(committed_world: CommittedWorld) -> World:
    """Lillköping, where commits are real and Bo is Signe's named person."""
    with clock.at(NOW):
        made = lillkoping()
        made.named(made.signe, "Bo")
    return made


def test_custody_ends_and_begins_once(world: World, committed_world: CommittedWorld) -> None:
    bo, signe = world.as_("Bo"), world.signe
    with clock.at(NOW):
        yesterday = date.fromordinal(TODAY.toordinal() - 1)
        row = Guardianship.objects.get(child=signe, guardian=world.olof)
        Guardianship.objects.filter(pk=row.pk).update(since=date(2020, 1, 1))
        stood = shown(custody_seen(bo, signe))

    def end() -> object:
        with clock.at(NOW):
            return end_guardian(bo, signe, world.olof, yesterday, "The court", as_shown=stood)

    ended = committed_world.at_once(*[end] * OFTEN)
    assert sum(isinstance(one, Refused) for one in ended) == OFTEN - 1
    with clock.at(NOW):
        stood = shown(custody_seen(bo, signe))
    told = Told(Facts(given_name="Sven", family_name="Ek"), "joint", TODAY, "The court")

    def note() -> object:
        with clock.at(NOW):
            return note_guardian(bo, signe, told, None, as_shown=stood)

    noted = committed_world.at_once(*[note] * OFTEN)
    assert sum(isinstance(one, Refused) for one in noted) == OFTEN - 1
    with clock.at(NOW):
        assert [row.guardian.given_name for row in guardians_today(signe)] == ["Amal", "Sven"]


def test_one_number_is_given_to_one_child(world: World, committed_world: CommittedWorld) -> None:
    bo, number = world.as_("Bo"), kept_number(world.signe.birth_date or TODAY, 9)
    with clock.at(NOW):
        begun = [begin_look_up(bo, number, "A decision on paper") for _ in range(OFTEN)]

    def give(at: int) -> object:
        with clock.at(NOW):
            return give_number(bo, world.signe, begun[at])

    given = committed_world.at_once(*[lambda at=at: give(at) for at in range(OFTEN)])
    assert not [one for one in given if isinstance(one, BaseException)]
    assert Identity.objects.filter(person=world.signe, system="personnummer", noted_by=bo.post_ref).count() == 1
