"""Somebody around the child who gets no information: noted by who follows the child, and it opens nothing."""

from __future__ import annotations

from typing import Any

import pytest

from samsyn.circle import rules
from samsyn.circle.models import Relation
from samsyn.circle.relation_actions import add_relation, end_relation
from samsyn.common.decision import Refused
from samsyn.common.viewer import SYSTEM
from samsyn.people.actions import set_protection
from samsyn.people.models import Protection
from samsyn.sharing.models import Disclosure, Involvement
from samsyn.trail.models import TrailEntry
from tests.rooms.sharing.world import World

NOTE: dict[str, Any] = {"follows_child": True, "protected": False, "name": "Alva", "relation": "tränare"}


def test_who_follows_the_child_notes_a_name_and_who_it_is() -> None:
    assert rules.may_note_relation(**NOTE)
    for change, field in (({"name": ""}, "name"), ({"relation": ""}, "relation")):
        decision = rules.may_note_relation(**{**NOTE, **change})
        assert not decision
        assert decision.field == field
    assert not rules.may_note_relation(**{**NOTE, "follows_child": False})


def test_no_names_are_written_around_a_protected_child() -> None:
    assert "protected" in rules.may_note_relation(**{**NOTE, "protected": True}).reason


def test_it_is_taken_away_once() -> None:
    assert rules.may_end_relation(follows_child=True, ended=False)
    assert not rules.may_end_relation(follows_child=True, ended=True)
    assert not rules.may_end_relation(follows_child=False, ended=False)


def test_bo_notes_the_coach_and_nobody_sees_more_for_it(world: World) -> None:
    world.named()
    before = (Involvement.objects.count(), Disclosure.objects.count())
    noted = add_relation(world.as_("Bo"), world.signe, name=" Alva ", relation="tränare", place="Simklubben")
    assert (noted.name, noted.relation, noted.place) == ("Alva", "tränare", "Simklubben")
    assert (Involvement.objects.count(), Disclosure.objects.count()) == before
    assert Relation.objects.visible_to(world.as_("Bo")).get() == noted
    for name in ("Maja", "Ines", "Kurt"):
        assert not Relation.objects.visible_to(world.as_(name)).exists()
    assert TrailEntry.objects.filter(act="relation.noted").count() == 1


@pytest.mark.parametrize("name", ["Maja", "Ines", "Kurt"])
def test_who_does_not_follow_the_child_neither_notes_nor_takes_away(world: World, name: str) -> None:
    world.named()
    noted = add_relation(world.as_("Bo"), world.signe, name="Alva", relation="tränare")
    with pytest.raises(Refused, match="Only those who follow"):
        add_relation(world.as_(name), world.signe, name="Nils", relation="granne")
    with pytest.raises(Refused, match="Only those who follow"):
        end_relation(world.as_(name), noted)
    assert Relation.objects.filter(until=None).count() == 1


def test_somebody_is_taken_away_and_the_row_stays(world: World) -> None:
    world.named()
    bo = world.as_("Bo")
    noted = end_relation(bo, add_relation(bo, world.signe, name="Alva", relation="tränare"))
    assert noted.until is not None
    with pytest.raises(Refused, match="already"):
        end_relation(bo, noted)


def test_a_hidden_character_in_the_name_is_refused_beside_the_field(world: World) -> None:
    world.named()
    with pytest.raises(Refused) as refused:
        add_relation(world.as_("Bo"), world.signe, name="Al\u202eva", relation="tränare")
    assert refused.value.decision.field == "name"


def test_protection_stops_it_in_the_action_too(world: World) -> None:
    world.named()
    signe = set_protection(SYSTEM, world.signe, Protection.MARKED, ground="Uppgift från skattekontoret.")
    with pytest.raises(Refused, match="protected"):
        add_relation(world.as_("Bo"), signe, name="Alva", relation="tränare")
