"""How an action of the plan went: done, left out with a reason, or handed on."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.text import clean_line
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties
from samsyn.plans import rules
from samsyn.plans.changing import for_taking_part, note_change
from samsyn.plans.models import Action, ActionState, Plan
from samsyn.trail.rules import Subject


@transaction.atomic
def action_done(viewer: Viewer, action: Action, done_on: date | None = None) -> Action:
    """Write down that an action is done, today or on an earlier day. Raises Refused."""
    plan = for_taking_part(viewer, action.plan)
    return mark_done(viewer, plan, action, done_on or clock.today())


def mark_done(viewer: Viewer, plan: Plan, action: Action, done_on: date) -> Action:
    """As ``action_done``, for a plan that the caller has locked."""
    require(rules.happened(done_on, on=clock.today(), field="done_on"))
    action = _decided(plan, action, "", "")
    action.state = ActionState.DONE
    action.done_on = done_on
    action.save(update_fields=["state", "done_on"])
    end_duties(action.ref)
    _note(viewer, plan, action)
    return action


@transaction.atomic
def action_left_out(viewer: Viewer, action: Action, because: str) -> Action:
    """Write down that an action is left out, and why. Raises Refused."""
    words = clean_line(because, rules.LONGEST_LINE, field="because")
    plan = for_taking_part(viewer, action.plan)
    action = _decided(plan, action, words, "because")
    action.state = ActionState.LEFT_OUT
    action.left_out_because = words
    action.save(update_fields=["state", "left_out_because"])
    end_duties(action.ref, dropped=True)
    _note(viewer, plan, action)
    return action


@transaction.atomic
def action_handed_on(viewer: Viewer, action: Action, to_whom: str) -> Action:
    """Write down who goes on with an action outside the plan. Raises Refused."""
    words = clean_line(to_whom, rules.LONGEST_LINE, field="to_whom")
    plan = for_taking_part(viewer, action.plan)
    action = _decided(plan, action, words, "to_whom")
    action.state = ActionState.HANDED_ON
    action.handed_on_to = words
    action.save(update_fields=["state", "handed_on_to"])
    end_duties(action.ref, dropped=True)
    _note(viewer, plan, action)
    return action


def _decided(plan: Plan, action: Action, words: str, needs_words: str) -> Action:
    now = Action.objects.filter(pk=action.pk, plan=plan).first()
    require(rules.is_still_there(now is not None))
    assert now is not None
    require(
        rules.may_decide_action(plan_state=plan.state, action_state=now.state, words=words, needs_words=needs_words)
    )
    return now


def _note(viewer: Viewer, plan: Plan, action: Action) -> None:
    note_change(
        viewer,
        plan,
        f"action_{action.state}",
        item_ref=action.ref,
        became=action.words,
        subjects=[Subject("plan_action", action.ref, plan.child.ref, action.state)],
    )
