"""Writing the plan's text: needs, goals and actions. Each save says which version the writer saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from samsyn.circle.models import Membership
from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.text import clean_line, clean_text
from samsyn.common.viewer import Viewer
from samsyn.organisations.models import CommonGoal, Post
from samsyn.people.models import Person
from samsyn.plans import rules
from samsyn.plans.changing import for_writing, note_change
from samsyn.plans.models import BETWEEN, Action, ActionState, Goal, Need, Plan
from samsyn.plans.partnership import is_common_goal
from samsyn.plans.versions import agreed_refs
from samsyn.sharing.actions import guardians_today


@dataclass(frozen=True)
class GoalText:
    """A goal as written: the own words first, then which common goal it is part of, and how it will be seen."""

    common_goal: CommonGoal
    words: str
    in_childs_words: bool = False
    evidenced_by: str = ""


@dataclass(frozen=True)
class ActionText:
    """An action as written: what, by one post in the team or by one in the family, by when, and how it will be seen."""

    words: str
    due_on: date
    by_post: Post | None = None
    by_person: Person | None = None
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
    require(rules.may_remove(agreed=_is_agreed(plan, need.ref), holds=need.goals.count()))
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
    require(rules.may_remove(agreed=_is_agreed(plan, goal.ref), holds=goal.actions.count()))
    goal.delete()
    note_change(viewer, plan, "goal_removed", item_ref=goal.ref, was=_goal_words(goal))


@transaction.atomic
def add_action(viewer: Viewer, goal: Goal, version: int, text: ActionText) -> Action:
    """Write who does what, by when: a promise, and a duty, once the plan is agreed. Raises Refused, or StaleEdit."""
    text = _clean_action(text)
    plan = for_writing(viewer, goal.plan, version)
    _require_doer(plan, text)
    action = Action.objects.create(
        plan=plan,
        goal=goal,
        child_id=plan.child_id,
        authority_id=plan.authority_id,
        words=text.words,
        by_post=text.by_post,
        by_person=text.by_person,
        due_on=text.due_on,
        evidenced_by=text.evidenced_by,
    )
    note_change(viewer, plan, "action_added", item_ref=action.ref, became=_action_words(action))
    return action


@transaction.atomic
def change_action(viewer: Viewer, action: Action, version: int, text: ActionText) -> Action:
    """Change an action that is still to do. Raises Refused, or StaleEdit."""
    text = _clean_action(text)
    plan = for_writing(viewer, action.plan, version)
    _require_doer(plan, text)
    action = Action.objects.select_related("by_post", "by_person").get(pk=action.pk)
    require(rules.is_still_to_do(action.state))
    was = _action_words(action)
    action.words, action.due_on, action.evidenced_by = text.words, text.due_on, text.evidenced_by
    action.by_post, action.by_person = text.by_post, text.by_person
    action.save(update_fields=["words", "due_on", "evidenced_by", "by_post", "by_person"])
    note_change(viewer, plan, "action_changed", item_ref=action.ref, was=was, became=_action_words(action))
    return action


@transaction.atomic
def remove_action(viewer: Viewer, action: Action, version: int) -> None:
    """Take away an action that was never agreed. Raises Refused, or StaleEdit."""
    plan = for_writing(viewer, action.plan, version)
    require(rules.may_remove(agreed=_is_agreed(plan, action.ref), holds=0))
    was = _action_words(action)
    action.delete()
    note_change(viewer, plan, "action_removed", item_ref=action.ref, was=was)


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


def _clean_action(text: ActionText) -> ActionText:
    words = clean_line(text.words, rules.LONGEST_LINE, field="words")
    require(rules.has_words(words, "words"))
    evidence = clean_line(text.evidenced_by, rules.LONGEST_LINE, field="evidenced_by")
    return ActionText(words, text.due_on, text.by_post, text.by_person, evidence)


def _require_doer(plan: Plan, text: ActionText) -> None:
    require(rules.has_one_doer(post=text.by_post is not None, person=text.by_person is not None))
    in_team = text.by_post is not None and text.by_post.pk in team_posts(plan)
    in_family = text.by_person is not None and text.by_person.pk in family(plan)
    require(rules.can_be_done_by(in_team=in_team, in_family=in_family))
    require(rules.is_ahead(text.due_on, on=clock.today(), field="due_on"))


def team_posts(plan: Plan) -> set[int]:
    """Row ids of the posts in the plan's team now."""
    return set(Membership.objects.filter(team_id=plan.team_id, until=None).values_list("post_id", flat=True))


def family(plan: Plan) -> set[int]:
    """Row ids of the child and of those who have custody today."""
    return {plan.child_id, *(row.guardian_id for row in guardians_today(plan.child))}


def _is_agreed(plan: Plan, ref: UUID) -> bool:
    return str(ref) in agreed_refs(plan)


def _goal_words(goal: Goal) -> str:
    return BETWEEN.join(part for part in (goal.words, goal.common_goal.key, goal.evidenced_by) if part)


def _action_words(action: Action) -> str:
    doer = action.by_post.title if action.by_post else action.by_person.name if action.by_person else ""
    parts = (action.words, doer, action.due_on.isoformat(), action.evidenced_by)
    return BETWEEN.join(part for part in parts if part)
