"""Two teams around one child, changed at the same moment as a yes that one of them rests on is taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import HandoverKind, Team
from samsyn.circle.team_actions import add_member, close_team, remove_member, rest_team_on
from samsyn.circle.teams import lead_of
from samsyn.circle.two_teams import look_for_two
from samsyn.duties.models import Duty, DutyState
from samsyn.sharing.models import Involvement, Reason
from samsyn.trail.models import TrailEntry
from tests.races.counting import race
from tests.rooms.circle.test_two_teams import apart, begun, told, yes
from tests.rooms.sharing.world import NOW, World
from tests.walks.town import Town
from tests.worlds import CommittedWorld

Change = Callable[[World, Team, Team], object]

CHANGES: dict[str, Change] = {
    "the other team closes": lambda world, _school, health: close_team(world.as_("Siv"), health, open_plan=False),
    "a member leaves the other team": lambda world, _school, health: remove_member(
        world.as_("Siv"), health, world.posts["Ines"]
    ),
    "a member leaves the team": lambda world, school, _health: remove_member(
        world.as_("Bo"), school, world.posts["Ines"]
    ),
    "a member joins the team": lambda world, school, _health: add_member(world.as_("Bo"), school, world.posts["Hanna"]),
}


@pytest.mark.parametrize("again", range(3))
@pytest.mark.parametrize("change", CHANGES)
def test_a_yes_is_taken_back_while_a_team_changes(
    committed_world: CommittedWorld, town: Town, change: str, again: int
) -> None:
    world = town.world
    school, health = apart(world)
    newer = yes(world, "Bo", "early team", "bvc")
    rest_team_on(world.as_("Bo"), school, newer)
    race(
        committed_world,
        NOW,
        lambda: CHANGES[change](world, school, health),
        lambda: world.answer(newer, world.amal, "withdrawn"),
    )
    assert told(world) == []
    assert not Involvement.objects.filter(consent=newer, reason=Reason.TEAM).exclude(until__lte=NOW).exists()


@pytest.mark.parametrize("again", range(3))
def test_three_change_the_two_teams_and_the_yes_at_once(
    committed_world: CommittedWorld, town: Town, again: int
) -> None:
    world = town.world
    school, health = apart(world)
    newer = yes(world, "Bo", "early team", "bvc")
    rest_team_on(world.as_("Bo"), school, newer)
    race(
        committed_world,
        NOW,
        lambda: close_team(world.as_("Siv"), health, open_plan=False),
        lambda: world.answer(newer, world.amal, "withdrawn"),
        lambda: add_member(world.as_("Bo"), school, world.posts["Hanna"]),
    )
    assert told(world) == []


@pytest.mark.parametrize("again", range(3))
def test_a_new_yes_and_a_new_lead_at_once_leave_the_duty_with_who_leads(
    committed_world: CommittedWorld, town: Town, again: int
) -> None:
    world = town.world
    school, _health = apart(world)
    newer = yes(world, "Bo", "early team", "bvc")
    offer = propose_handover(world.as_("Siv"), world.signe, HandoverKind.LEAD, world.posts["Ines"], note="x")
    race(
        committed_world,
        NOW,
        lambda: rest_team_on(world.as_("Bo"), school, newer),
        lambda: answer_handover(world.as_("Ines"), offer, accept=True),
    )
    duties = Duty.objects.filter(what="make_one_team", state=DutyState.OPEN)
    assert all(duty.post_id == lead_of(Team.objects.get(ref=duty.object_ref)).post_id for duty in duties)
    before = told(world)
    look_for_two(world.signe)
    assert told(world) == before


@pytest.mark.parametrize("again", range(3))
@pytest.mark.parametrize("accept", [True, False])
def test_an_offer_to_lead_is_answered_while_the_teams_yes_is_taken_back(
    committed_world: CommittedWorld, town: Town, accept: bool, again: int
) -> None:
    world = town.world
    world.named()
    team = begun(world, "Bo", "Ines", units=["early team"])
    offer = propose_handover(world.as_("Bo"), world.signe, HandoverKind.LEAD, world.posts["Ines"], note="x")
    assert team.consent is not None
    consent = team.consent
    race(
        committed_world,
        NOW,
        lambda: answer_handover(world.as_("Ines"), offer, accept=accept, words="Nej."),
        lambda: world.answer(consent, world.amal, "withdrawn"),
    )
    offer.refresh_from_db()
    left = Duty.objects.filter(state=DutyState.OPEN).exclude(what="begin_plan").values_list("what", "post")
    assert (lead_of(team).post, list(left)) == (world.posts["Bo"], [("look_at_yes", world.posts["Bo"].pk)])
    assert offer.state in ("accepted" if accept else "rejected", "withdrawn")
    answered = TrailEntry.objects.filter(act__in=("handover.accepted", "handover.rejected", "handover.withdrawn"))
    assert [entry.act for entry in answered] == [f"handover.{offer.state}"]


@pytest.mark.parametrize("again", range(3))
def test_an_offer_is_accepted_while_its_yes_is_taken_back(
    committed_world: CommittedWorld, town: Town, again: int
) -> None:
    world = town.world
    world.named()
    consent = yes(world, "Bo", "bvc")
    offer = propose_handover(
        world.as_("Bo"), world.signe, HandoverKind.NAMED_PERSON, world.posts["Siv"], note="x", consent=consent
    )
    race(
        committed_world,
        NOW,
        lambda: answer_handover(world.as_("Siv"), offer, accept=True),
        lambda: world.answer(consent, world.amal, "withdrawn"),
    )
    assert not Involvement.objects.filter(consent=consent).exclude(until__lte=NOW).exists()
