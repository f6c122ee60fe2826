"""Writing the plan's actions: what is done, by whom and until when. Each save says which version the writer saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from samsyn.circle.models import Membership
from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.text import clean_line
from samsyn.common.viewer import Viewer
from samsyn.organisations.models import Post
from samsyn.people.models import Person
from samsyn.plans import rules
from samsyn.plans.changing import for_writing, note_change
from samsyn.plans.content_actions import is_agreed
from samsyn.plans.models import BETWEEN, Action, Goal, Plan
from samsyn.sharing.actions import guardians_today


@dataclass(frozen=True)
class ActionText:
    """An action as written: what, by one post in the team or by one in the family, by when, and how it will be seen."""

    words: str
    due_on: date
    by_post: Post | None = None
    by_person: Person | None = None
    evidenced_by: str = ""


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
    require(rules.may_remove(agreed=is_agreed(plan, action.ref), holds=0))
    was = _action_words(action)
    action.delete()
    note_change(viewer, plan, "action_removed", item_ref=action.ref, was=was)


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


def _action_words(action: Action) -> str:
    """What a change keeps of an action. One in the family by reference: who is protected later is named nowhere."""
    doer = action.by_post.title if action.by_post else str(action.by_person.ref) if action.by_person else ""
    parts = (action.words, doer, action.due_on.isoformat(), action.evidenced_by)
    return BETWEEN.join(part for part in parts if part)
