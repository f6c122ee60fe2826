"""The plan as it was agreed, whole, as plain data. Persons and posts are references: names are looked up when shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from samsyn.plans.models import Action, Goal, Plan, View, WheelMark
from samsyn.plans.wheel import AreaNow, Mark, wheel_facts


def agreed_refs(plan: Plan) -> set[str]:
    """References, as text, of the needs, goals and actions that the version in force holds."""
    newest = plan.versions.order_by("-number").first()
    return set(_refs(newest.content)) if newest is not None else set()


def _refs(content: dict[str, Any]) -> Iterator[str]:
    for need in content["needs"]:
        yield need["ref"]
        for goal in need["goals"]:
            yield goal["ref"]
            for action in goal["actions"]:
                yield action["ref"]


def content_of(plan: Plan, number: int) -> dict[str, Any]:
    """All that is agreed to as version ``number``: needs, goals, actions, views, the wheel and the review day."""
    needs = plan.needs.prefetch_related(
        "goals__common_goal", "goals__actions__by_post__unit", "goals__actions__by_person"
    )
    return {
        "heading": plan.heading,
        "number": number,
        "review_on": plan.review_on.isoformat() if plan.review_on else "",
        "needs": [
            {"ref": str(need.ref), "words": need.words, "goals": [_goal(goal) for goal in need.goals.all()]}
            for need in needs
        ],
        "views": [_view(view) for view in plan.views.filter(number=number).select_related("whose")],
        "wheel": [_area(area) for area in wheel_facts(marks_of(plan))],
    }


def _goal(goal: Goal) -> dict[str, Any]:
    return {
        "ref": str(goal.ref),
        "common_goal": goal.common_goal.key,
        "words": goal.words,
        "in_childs_words": goal.in_childs_words,
        "evidenced_by": goal.evidenced_by,
        "actions": [_action(action) for action in goal.actions.all()],
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "ref": str(action.ref),
        "words": action.words,
        "by_post": str(action.by_post.ref) if action.by_post else "",
        "by_post_label": f"{action.by_post.title}, {action.by_post.unit.name}" if action.by_post else "",
        "by_person": str(action.by_person.ref) if action.by_person else "",
        "due_on": action.due_on.isoformat(),
        "evidenced_by": action.evidenced_by,
        "state": action.state,
        "done_on": action.done_on.isoformat() if action.done_on else "",
        "left_out_because": action.left_out_because,
        "handed_on_to": action.handed_on_to,
    }


def _view(view: View) -> dict[str, Any]:
    return {
        "ref": str(view.ref),
        "whose": str(view.whose.ref),
        "kind": view.kind,
        "words": view.words,
        "through_interpreter": view.through_interpreter,
        "disagrees": view.disagrees,
    }


def _area(area: AreaNow) -> dict[str, Any]:
    return {"area": area.area, "child": area.child, "adults": area.adults, "before": area.before}


def marks_of(plan: Plan) -> list[Mark]:
    """The marks of a plan's wheel."""
    return [as_mark(row) for row in plan.marks.all()]


def as_mark(row: WheelMark) -> Mark:
    """A stored mark as the wheel reads it."""
    return Mark(row.area, row.by_child, row.value, row.made_on, row.pk, row.words)
