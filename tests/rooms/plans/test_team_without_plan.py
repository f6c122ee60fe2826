"""A team at work that has no plan, or none any longer: whoever leads it has something to do."""

from __future__ import annotations

from datetime import date, timedelta

from samsyn.common import clock
from samsyn.duties.models import Duty, DutyState
from samsyn.plans.actions import close, decline, end_team, offer, start_plan
from samsyn.plans.models import Plan
from samsyn.plans.step_actions import action_handed_on
from tests.rooms.plans.world import TODAY, Around

ABOUT_PLANS = ("begin_plan", "team_after_plan", "finish_plan")


def to_do() -> list[tuple[str, str, date]]:
    """The open duties about making a plan: what, whose, by which day."""
    rows = Duty.objects.filter(state=DutyState.OPEN, what__in=ABOUT_PLANS).select_related("post")
    return [(row.what, row.post.title, row.due_at.astimezone(clock.STOCKHOLM).date()) for row in rows]


def closed(world: Around) -> Plan:
    """A plan that was in force, and is closed."""
    plan = world.in_force()
    action_handed_on(world.bo, plan.actions.get(), "Skolsköterskan Elin")
    return close(world.bo, plan, plan.version, how_to_reach_us="Ring Bo.")


def test_a_team_that_has_begun_lies_with_its_lead_until_a_plan_is_begun(world: Around) -> None:
    team = world.team()
    assert to_do() == [("begin_plan", "rektor", TODAY + timedelta(days=28))]
    with clock.at(clock.noon(TODAY + timedelta(days=20))):
        start_plan(world.bo, team, "Det ska vara lugnt på morgonen.")
    assert to_do() == [("finish_plan", "rektor", TODAY + timedelta(days=28))], "counted from the team's beginning"


def test_a_team_whose_plan_is_closed_is_closed_or_makes_a_new_one(world: Around) -> None:
    plan = closed(world)
    assert [(what, who) for what, who, _day in to_do()] == [("team_after_plan", "rektor")]
    start_plan(world.bo, plan.team, "Vi fortsätter med kvällarna.")
    assert [what for what, _who, _day in to_do()] == ["finish_plan"]


def test_a_team_that_is_closed_before_it_has_a_plan_leaves_nothing_to_do(world: Around) -> None:
    end_team(world.bo, world.team())
    assert to_do() == []


def test_a_team_that_is_closed_after_its_plan_leaves_nothing_to_do(world: Around) -> None:
    end_team(world.bo, closed(world).team)
    assert to_do() == []


def test_a_family_that_declines_the_plan_keeps_the_team_and_nobody_is_told_to_make_another(world: Around) -> None:
    plan = world.written()
    plan = offer(world.bo, plan, plan.version)
    decline(world.bo, plan, plan.version)
    assert to_do() == []
