"""Writing the plan's text: needs and goals. Each save says which version the writer saw."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from samsyn.common.decision import require
from samsyn.common.text import clean_line, clean_text
from samsyn.common.viewer import Viewer
from samsyn.organisations.models import CommonGoal
from samsyn.plans import rules
from samsyn.plans.changing import for_writing, note_change
from samsyn.plans.models import BETWEEN, ActionState, Goal, Need, Plan
from samsyn.plans.partnership import is_common_goal
from samsyn.plans.versions import agreed_refs


@dataclass(frozen=True)
class GoalText:
    """A goal as written: the own words first, then which common goal it is part of, and how it will be seen."""

    common_goal: CommonGoal
    words: str
    in_childs_words: bool = False
    evidenced_by: str = ""


@transaction.atomic
def change_heading(viewer: Viewer, plan: Plan, version: int, heading: str) -> Plan:
    """Give the plan another heading. Raises Refused, or StaleEdit."""
    words = clean_line(heading, rules.LONGEST_HEADING, field="heading")
    require(rules.has_words(words, "heading"))
    plan = for_writing(viewer, plan, version)
    was, plan.heading = plan.heading, words
    note_change(viewer, plan, "heading_changed", was=was, became=words, fields=["heading"])
    return plan


@transaction.atomic
def add_need(viewer: Viewer, plan: Plan, version: int, words: str) -> Need:
    """Write one more need, last. Raises Refused, or StaleEdit."""
    words = _text(words)
    plan = for_writing(viewer, plan, version)
    last = plan.needs.aggregate(last=Max("position"))["last"] or 0
    need = Need.objects.create(
        plan=plan, child_id=plan.child_id, authority_id=plan.authority_id, position=last + 1, words=words
    )
    note_change(viewer, plan, "need_added", item_ref=need.ref, became=words)
    return need


@transaction.atomic
def change_need(viewer: Viewer, need: Need, version: int, words: str) -> Need:
    """Write a need in other words. Raises Refused, or StaleEdit."""
    words = _text(words)
    plan = for_writing(viewer, need.plan, version)
    need = Need.objects.get(pk=need.pk)
    was, need.words = need.words, words
    need.save(update_fields=["words"])
    note_change(viewer, plan, "need_changed", item_ref=need.ref, was=was, became=words)
    return need


@transaction.atomic
def remove_need(viewer: Viewer, need: Need, version: int) -> None:
    """Take away a need that holds no goal and was never agreed. Raises Refused, or StaleEdit."""
    plan = for_writing(viewer, need.plan, version)
    require(rules.may_remove(agreed=is_agreed(plan, need.ref), holds=need.goals.count()))
    need.delete()
    note_change(viewer, plan, "need_removed", item_ref=need.ref, was=need.words)


@transaction.atomic
def add_goal(viewer: Viewer, need: Need, version: int, text: GoalText) -> Goal:
    """Write a goal for a need. Raises Refused, or StaleEdit."""
    text = _clean_goal(text)
    plan = for_writing(viewer, need.plan, version)
    require(rules.belongs_to_partnership(same=is_common_goal(text.common_goal, plan.authority_id)))
    goal = Goal.objects.create(
        plan=plan,
        need=need,
        child_id=plan.child_id,
        authority_id=plan.authority_id,
        common_goal=text.common_goal,
        words=text.words,
        in_childs_words=text.in_childs_words,
        evidenced_by=text.evidenced_by,
    )
    note_change(viewer, plan, "goal_added", item_ref=goal.ref, became=_goal_words(goal))
    return goal


@transaction.atomic
def change_goal(viewer: Viewer, goal: Goal, version: int, text: GoalText) -> Goal:
    """Write a goal in other words. Raises Refused, or StaleEdit."""
    text = _clean_goal(text)
    plan = for_writing(viewer, goal.plan, version)
    require(rules.belongs_to_partnership(same=is_common_goal(text.common_goal, plan.authority_id)))
    goal = Goal.objects.get(pk=goal.pk)
    was = _goal_words(goal)
    goal.common_goal = text.common_goal
    goal.words = text.words
    goal.in_childs_words = text.in_childs_words
    goal.evidenced_by = text.evidenced_by
    goal.save(update_fields=["common_goal", "words", "in_childs_words", "evidenced_by"])
    note_change(viewer, plan, "goal_changed", item_ref=goal.ref, was=was, became=_goal_words(goal))
    return goal


@transaction.atomic
def remove_goal(viewer: Viewer, goal: Goal, version: int) -> None:
    """Take away a goal that holds no action and was never agreed. Raises Refused, or StaleEdit."""
    plan = for_writing(viewer, goal.plan, version)
    require(rules.may_remove(agreed=is_agreed(plan, goal.ref), holds=goal.actions.count()))
    goal.delete()
    note_change(viewer, plan, "goal_removed", item_ref=goal.ref, was=_goal_words(goal))


def undecided(plan: Plan) -> int:
    """How many actions are neither done, left out nor handed on."""
    return plan.actions.filter(state=ActionState.TO_DO).count()


def _text(words: str) -> str:
    cleaned = clean_text(words, rules.LONGEST_TEXT, field="words")
    require(rules.has_words(cleaned, "words"))
    return cleaned


def _clean_goal(text: GoalText) -> GoalText:
    words = clean_line(text.words, rules.LONGEST_LINE, field="words")
    require(rules.has_words(words, "words"))
    evidence = clean_line(text.evidenced_by, rules.LONGEST_LINE, field="evidenced_by")
    return GoalText(text.common_goal, words, text.in_childs_words, evidence)


def is_agreed(plan: Plan, ref: UUID) -> bool:
    """Is the piece of text in the version that the family has agreed to."""
    return str(ref) in agreed_refs(plan)


def _goal_words(goal: Goal) -> str:
    return BETWEEN.join(part for part in (goal.words, goal.common_goal.key, goal.evidenced_by) if part)
