"""The plan's life: begun, offered, agreed or declined, closed."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from samsyn.circle.models import Team, TeamState
from samsyn.circle.team_actions import close_team, held_team, plan_ended
from samsyn.circle.words import AFTER_PLAN, BEGIN_PLAN
from samsyn.common import clock
from samsyn.common.decision import Refused, require
from samsyn.common.text import clean_line, clean_text
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties, open_duty
from samsyn.duties.models import Duty, DutyState, HangsOn
from samsyn.plans import rules
from samsyn.plans.agreement import could_rest_on, lead_of_plan, open_to_team, put_in_force, yes_to_plan
from samsyn.plans.changing import for_a_step, note_change, role_of, tell_team
from samsyn.plans.content_actions import undecided
from samsyn.plans.models import OPEN_STATES, Plan, PlanState
from samsyn.sharing.models import Consent


def open_plan(team: Team) -> Plan | None:
    """The team's plan that is neither closed nor declined. There is at most one."""
    return Plan.objects.filter(team=team, state__in=OPEN_STATES).select_related("child", "team").first()


@transaction.atomic
def start_plan(viewer: Viewer, team: Team, heading: str) -> Plan:
    """Begin the team's one plan and open it to its units.

    Raises Refused when the team is not at work, a plan is open, or the family's yes does not stand.
    """
    heading = clean_line(heading, rules.LONGEST_HEADING, field="heading")
    require(rules.has_words(heading, "heading"))
    team = held_team(team)
    now = clock.now()
    plan = Plan(child=team.child, authority=team.authority, team=team, heading=heading, version=0, started_at=now)
    role = role_of(viewer, plan)
    require(rules.takes_part(is_lead=role.is_lead, is_named_person=role.is_named_person, is_member=role.is_member))
    require(rules.may_start(team_at_work=team.state == TeamState.ACTIVE, open_plan=open_plan(team) is not None))
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError:
        raise Refused(rules.may_start(team_at_work=True, open_plan=True)) from None
    note_change(viewer, plan, "started", became=heading)
    open_to_team(viewer, plan)
    lead = lead_of_plan(plan)
    # The time for a first plan is counted from when the team began, and not from when somebody began to write.
    begun = Duty.objects.filter(object_ref=team.ref, what=BEGIN_PLAN, state=DutyState.OPEN).first()
    if lead is not None:
        open_duty(
            lead.post,
            "finish_plan",
            child=team.child,
            room="plan",
            object_ref=plan.ref,
            rule="plan_after_team_meeting",
            start=begun.started_at if begun is not None else now,
            hangs_on=HangsOn.LEAD,
        )
    end_duties(team.ref, BEGIN_PLAN, AFTER_PLAN)
    tell_team(viewer, plan, "plan_started")
    return plan


@transaction.atomic
def end_team(viewer: Viewer, team: Team) -> None:
    """End the team's work, if it has no open plan; one that is begun at this moment comes before this, or after it.

    Whose plan it is plays no part: the team's is open or not, whoever asks. Raises Refused.
    """
    team = held_team(team)
    close_team(viewer, team, open_plan=open_plan(team) is not None)


@transaction.atomic
def offer(viewer: Viewer, plan: Plan, version: int) -> Plan:
    """Offer the written plan to the family. Raises Refused, or StaleEdit."""
    plan = for_a_step(viewer, plan, "offer", version)
    require(
        rules.may_offer(
            state=plan.state, needs=plan.needs.count(), goals=plan.goals.count(), actions=plan.actions.count()
        )
    )
    plan.state = PlanState.OFFERED
    note_change(viewer, plan, "offered", fields=["state"])
    tell_team(viewer, plan, "plan_offered")
    return plan


@transaction.atomic
def decline(viewer: Viewer, plan: Plan, version: int) -> Plan:
    """Write down that the family says no to the plan. The team and its lead stay; nothing is flagged.

    Those who wrote it can read it as long as the family's yes to the team stands. Raises Refused, or StaleEdit.
    """
    plan = for_a_step(viewer, plan, "decline", version)
    plan.state = PlanState.DECLINED
    plan.closed_at = clock.now()
    note_change(viewer, plan, "declined", fields=["state", "closed_at"])
    end_duties(plan.ref, dropped=True)
    tell_team(viewer, plan, "plan_declined")
    return plan


@transaction.atomic
def agree(viewer: Viewer, plan: Plan, version: int, *, review_on: date | None, consent: Consent | None = None) -> Plan:
    """Put the plan in force as the family has agreed to it, with the day of the first review.

    ``consent``: the yes it rests on, found when not given. Raises Refused, or StaleEdit.
    """
    held_team(plan.team, *could_rest_on(plan), *([consent] if consent is not None else []))
    plan = for_a_step(viewer, plan, "agree", version)
    plan.consent = consent or yes_to_plan(plan)
    put_in_force(viewer, plan, "agreed", review_on=review_on, counted_from=clock.today(), rule="first_review")
    tell_team(viewer, plan, "plan_agreed")
    return plan


@transaction.atomic
def close(viewer: Viewer, plan: Plan, version: int, *, how_to_reach_us: str) -> Plan:
    """Close the plan, when everything is decided and the family knows how to get hold of us again.

    Closing the team is a step of its own. Raises Refused, or StaleEdit.
    """
    words = clean_text(how_to_reach_us, rules.LONGEST_TEXT, field="how_to_reach_us")
    team = held_team(plan.team)
    plan = for_a_step(viewer, plan, "close", version)
    require(rules.may_close(state=plan.state, how_to_reach_us=words, undecided=undecided(plan)))
    plan.state = PlanState.CLOSED
    plan.how_to_reach_us = words
    plan.closed_at = clock.now()
    note_change(viewer, plan, "closed", fields=["state", "how_to_reach_us", "closed_at"])
    end_duties(plan.ref)
    plan_ended(team)
    tell_team(viewer, plan, "plan_closed")
    return plan
