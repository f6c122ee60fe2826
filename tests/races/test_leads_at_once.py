"""A plan and a team that are made, agreed or closed at the very moment when who leads them, or is in them, changes."""

from __future__ import annotations

import pytest

from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import Handover, HandoverKind, Membership, Team, TeamState
from samsyn.circle.team_actions import propose_team, remove_member
from samsyn.common.viewer import Viewer
from samsyn.duties.models import Duty, DutyState
from samsyn.plans.actions import agree, offer, open_plan, start_plan
from samsyn.plans.models import Plan
from samsyn.sharing.models import Involvement, Reason
from tests.races.counting import judged, race
from tests.rooms.sharing.world import NOW
from tests.walks import deeds
from tests.walks.invariants import Watch
from tests.walks.town import Town
from tests.worlds import CommittedWorld


def offered_lead(town: Town) -> Handover:
    """Bo has offered Ines the lead of Signe's team."""
    signe = town.world.signe
    return deeds.offer_baton(town, town.named(signe), signe, HandoverKind.LEAD, town.world.posts["Ines"])


@pytest.mark.parametrize("again", range(4))
def test_a_plan_that_is_agreed_while_the_lead_moves_is_looked_back_on_by_who_leads(
    committed_world: CommittedWorld, town: Town, again: int
) -> None:
    world, signe = town.world, town.world.signe
    deeds.live_until(town, signe, "plan written")
    bo, ines, given = town.acting(world.posts["Bo"]), town.acting(world.posts["Ines"]), offered_lead(town)
    plan = Plan.objects.get()
    offer(bo, plan, Plan.objects.get().version)
    deeds.hear(bo, plan)
    town.yes_to_plan(plan)
    version, day = Plan.objects.get().version, NOW.date() + 30 * deeds.DAY
    race(
        committed_world,
        NOW,
        lambda: agree(bo, plan, version, review_on=day),
        lambda: answer_handover(ines, given, accept=True),
    )
    lead = Membership.objects.get(is_lead=True, until=None)
    reviews = Duty.objects.filter(what="review_plan", state=DutyState.OPEN)
    assert [duty.post_id for duty in reviews] == [lead.post_id] == [world.posts["Ines"].pk]
    Watch().look()


@pytest.mark.parametrize("again", range(4))
def test_a_plan_that_is_begun_while_the_lead_moves_is_made_ready_by_who_leads(
    committed_world: CommittedWorld, town: Town, again: int
) -> None:
    world, signe = town.world, town.world.signe
    bo, ines = town.acting(world.posts["Bo"]), town.acting(world.posts["Ines"])
    deeds.live_until(town, signe, "asked")
    team = deeds.propose(town, bo, signe, [world.posts["Ines"], world.posts["Maja"]])
    deeds.team_step(town, bo, team, "start", world.posts["Bo"])
    given = offered_lead(town)
    race(
        committed_world,
        NOW,
        lambda: start_plan(bo, team, "Lugna kvällar"),
        lambda: answer_handover(ines, given, accept=True),
    )
    assert [duty.post_id for duty in Duty.objects.filter(what="finish_plan")] == [world.posts["Ines"].pk]
    Watch().look()


@pytest.mark.parametrize("again", range(4))
def test_a_team_that_closes_while_a_plan_is_begun_is_one_of_the_two(
    committed_world: CommittedWorld, town: Town, again: int
) -> None:
    world, signe = town.world, town.world.signe
    bo = town.acting(world.posts["Bo"])
    deeds.live_until(town, signe, "asked")
    team = deeds.propose(town, bo, signe, [world.posts["Ines"], world.posts["Maja"]])
    deeds.team_step(town, bo, team, "start", world.posts["Bo"])
    race(
        committed_world,
        NOW,
        lambda: start_plan(bo, team, "Lugna kvällar"),
        lambda: deeds.team_step(town, bo, team, "close", world.posts["Bo"]),
    )
    closed = Team.objects.get().state == TeamState.CLOSED
    judged(2, expected=1, found=closed + (open_plan(team) is not None))
    Watch().look()


@pytest.mark.parametrize("again", range(4))
def test_a_team_that_is_proposed_while_the_child_is_handed_over_is_asked_about_by_the_named_person(
    committed_world: CommittedWorld, town: Town, again: int
) -> None:
    world, signe = town.world, town.world.signe
    deeds.live_until(town, signe, "asked")
    bo, hanna, maja = town.acting(world.posts["Bo"]), town.acting(world.posts["Hanna"]), world.posts["Maja"]
    given = deeds.offer_baton(town, bo, signe, HandoverKind.NAMED_PERSON, world.posts["Hanna"])
    race(
        committed_world,
        NOW,
        lambda: propose_team(bo, signe, purpose="Lugn", members=[maja], consent=None),
        lambda: answer_handover(hanna, given, accept=True),
    )
    named = world.posts["Hanna"].pk
    for team in Team.objects.all():
        assert Duty.objects.get(what="start_team", object_ref=team.ref).post_id == named
        assert team.memberships.filter(post=named, until=None).exists(), "the named person is always in the team"


@pytest.mark.parametrize("again", range(4))
def test_nobody_is_to_do_something_in_a_plan_whose_team_they_have_just_left(
    committed_world: CommittedWorld, town: Town, again: int
) -> None:
    world, signe = town.world, town.world.signe
    deeds.live_until(town, signe, "asked")
    bo, maja = town.acting(world.posts["Bo"]), world.posts["Maja"]
    team = deeds.propose(town, bo, signe, [world.posts["Ines"], maja])
    for verb in ("start", "plan"):
        deeds.team_step(town, bo, team, verb, world.posts["Bo"])
    plan = Plan.objects.get()
    deeds.write(town, town.acting(maja), plan, 9)
    offer(bo, plan, Plan.objects.get().version)
    deeds.hear(bo, plan)
    town.yes_to_plan(plan)
    version, day = Plan.objects.get().version, NOW.date() + 30 * deeds.DAY
    race(
        committed_world,
        NOW,
        lambda: agree(bo, plan, version, review_on=day),
        lambda: remove_member(bo, team, maja),
    )
    promised = Duty.objects.filter(what="carry_out_action", state=DutyState.OPEN, post=maja)
    assert promised.exists() == team.memberships.filter(post=maja, until=None).exists()
    Watch().look()


def team_with(town: Town, *names: str) -> Team:
    """Bo's team around Signe is at work, with these in it."""
    world = town.world
    deeds.live_until(town, world.signe, "asked")
    bo = town.acting(world.posts["Bo"])
    team = deeds.propose(town, bo, world.signe, [world.posts[name] for name in names])
    deeds.team_step(town, bo, team, "start", world.posts["Bo"])
    return team


def baton_to_hanna(town: Town) -> tuple[Viewer, Viewer, Handover]:
    """Bo has offered Hanna to be Signe's named person: both at work, and the offer."""
    bo, to = town.acting(town.world.posts["Bo"]), town.world.posts["Hanna"]
    given = deeds.offer_baton(town, bo, town.world.signe, HandoverKind.NAMED_PERSON, to)
    return bo, town.acting(to), given


@pytest.mark.parametrize("again", range(4))
def test_a_team_that_closes_while_the_child_is_handed_over_leaves_nobody_in_it(
    committed_world: CommittedWorld, town: Town, again: int
) -> None:
    world, team = town.world, team_with(town, "Ines", "Maja")
    bo, hanna, given = baton_to_hanna(town)
    race(
        committed_world,
        NOW,
        lambda: deeds.team_step(town, bo, team, "close", world.posts["Bo"]),
        lambda: answer_handover(hanna, given, accept=True),
    )
    assert Team.objects.get().state == TeamState.CLOSED
    assert not Membership.objects.filter(until=None).exists()
    assert not Involvement.objects.filter(reason=Reason.TEAM, until=None).exists(), "a reason that nothing ends"


@pytest.mark.parametrize("again", range(4))
def test_who_is_let_out_of_the_team_while_becoming_the_named_person_is_in_it(
    committed_world: CommittedWorld, town: Town, again: int
) -> None:
    world, team = town.world, team_with(town, "Ines", "Hanna")
    bo, hanna, given = baton_to_hanna(town)
    race(
        committed_world,
        NOW,
        lambda: remove_member(bo, team, world.posts["Hanna"]),
        lambda: answer_handover(hanna, given, accept=True),
    )
    assert team.memberships.filter(post=world.posts["Hanna"], until=None).exists()
