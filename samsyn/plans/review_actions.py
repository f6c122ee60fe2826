"""Looking back on a plan: the review begun, and ended with what the child says and what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from samsyn.circle.team_actions import held_team
from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.text import clean_text
from samsyn.common.viewer import Viewer
from samsyn.plans import rules
from samsyn.plans.agreement import could_rest_on, put_in_force, yes_to_plan
from samsyn.plans.changing import acting_post, for_a_step, note_change, tell_team
from samsyn.plans.models import Action, Plan, PlanState, Review
from samsyn.plans.step_actions import mark_done


@transaction.atomic
def start_review(viewer: Viewer, plan: Plan, version: int) -> Plan:
    """Begin to look back; from now on the text may be changed. Raises Refused, or StaleEdit."""
    plan = for_a_step(viewer, plan, "start_review", version)
    plan.state = PlanState.IN_REVIEW
    note_change(viewer, plan, "review_started", fields=["state"])
    tell_team(viewer, plan, "plan_review_started")
    return plan


@dataclass(frozen=True)
class LookBack:
    """A review as written: when, the child's own number from 0 to 10 or None and why, what changed, the next day."""

    held_on: date
    child_scale: int | None
    what_changed: str
    next_on: date | None
    child_words: str = ""


@transaction.atomic
def finish_review(
    viewer: Viewer, plan: Plan, version: int, look_back: LookBack, *, done: Sequence[Action] = ()
) -> Plan:
    """End the review: the actions in ``done`` are done, and the text becomes a new version in force.

    Raises Refused, or StaleEdit.
    """
    child_words = clean_text(look_back.child_words, rules.LONGEST_TEXT, field="child_words")
    what_changed = clean_text(look_back.what_changed, rules.LONGEST_TEXT, field="what_changed")
    held_team(plan.team, *could_rest_on(plan))
    plan = for_a_step(viewer, plan, "finish_review", version)
    assert plan.agreed_at is not None  # a constraint says so for every plan in review
    require(
        rules.may_review(
            held_on=look_back.held_on,
            on=clock.today(),
            agreed_on=plan.agreed_at.astimezone(clock.STOCKHOLM).date(),
            child_scale=look_back.child_scale,
            child_words=child_words,
            what_changed=what_changed,
        )
    )
    for action in done:
        mark_done(viewer, plan, action, look_back.held_on)
    Review.objects.create(
        plan=plan,
        child_id=plan.child_id,
        authority_id=plan.authority_id,
        held_on=look_back.held_on,
        child_scale=look_back.child_scale,
        child_words=child_words,
        what_changed=what_changed,
        next_on=look_back.next_on,
        at=clock.now(),
        recorded_by_id=acting_post(viewer),
    )
    plan.consent = yes_to_plan(plan)
    put_in_force(
        viewer,
        plan,
        "review_finished",
        review_on=look_back.next_on,
        counted_from=look_back.held_on,
        rule="later_review",
    )
    tell_team(viewer, plan, "plan_review_finished")
    return plan
