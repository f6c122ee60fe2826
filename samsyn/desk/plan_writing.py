"""Writing the plan: heading, needs, goals and actions, each in a small form of its own. Two may write at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from samsyn.common.decision import Refused
from samsyn.desk.doors import StaffRequest, VersionedForm, page, staff
from samsyn.desk.plan_choices import Writing
from samsyn.desk.plan_forms import ActionForm, GoalForm, HeadingForm, NeedForm
from samsyn.desk.plan_page import needs_of, plan_of
from samsyn.look.dates import moment
from samsyn.look.parts import Change, Conflict
from samsyn.plans import content_actions as content
from samsyn.plans import rules, who_does_what
from samsyn.plans.changing import StaleEdit
from samsyn.plans.models import Action, Goal, Need, PlanChange
from samsyn.plans.words import CHANGE_WORDS
from samsyn.trail.actions import once
from samsyn.trail.pressing import say, tell, what_was_sent

PLAN, NEED, GOAL, ACTION = "plan", "need", "goal", "action"
SHAPES: dict[str, tuple[str, type[VersionedForm]]] = {
    "heading": (PLAN, HeadingForm),
    "add_need": (PLAN, NeedForm),
    "change_need": (NEED, NeedForm),
    "remove_need": (NEED, VersionedForm),
    "add_goal": (NEED, GoalForm),
    "change_goal": (GOAL, GoalForm),
    "remove_goal": (GOAL, VersionedForm),
    "add_action": (GOAL, ActionForm),
    "change_action": (ACTION, ActionForm),
    "remove_action": (ACTION, VersionedForm),
}
MODELS: dict[str, Any] = {NEED: Need, GOAL: Goal, ACTION: Action}
REMOVED = ("need_removed", "goal_removed", "action_removed")


@require_http_methods(["GET", "HEAD"])
@staff
def write(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The page where the plan is written: everything in it, with a link to each change."""
    plan = plan_of(request, ref)
    return page(
        request, "desk/plans/write.html", {"plan": plan, "child": plan.child, "needs": needs_of(request.viewer, plan)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def change(request: StaffRequest, ref: UUID, verb: str, target: UUID) -> HttpResponse:
    """One change: a page with its own form, and the change itself. The other's change is shown, the own text kept."""
    plan = plan_of(request, ref)
    if verb not in SHAPES:
        raise Http404
    kind, shape = SHAPES[verb]
    writing = Writing(request, plan)
    on = plan if kind == PLAN else MODELS[kind].objects.visible_to(request.viewer).filter(plan=plan, ref=target).first()
    if on is None:
        return _taken_away(request, writing, verb, target)
    conflict = None
    if request.method == "POST":
        form = writing.form(shape, request.POST)
        if form.is_valid():
            try:
                do = _doing(request, writing, verb, on, form)
                once(request.viewer, form.cleaned_data["key"], do, what_was_sent(form, request.path))
            except StaleEdit as stale:
                conflict = _conflict(stale, writing, target, request.POST)
                form = _with_newest_version(writing, shape, request, stale)
                request.refused = stale.decision
            except Refused as refused:
                tell(form, refused, request.viewer.authority)
                request.refused = refused.decision
            else:
                return redirect("desk:plan_write", plan.ref)
    else:
        form = writing.form(shape, initial={"version": plan.version, **_now(on, verb)})
    facts = {"plan": plan, "child": plan.child, "verb": verb, "on": on, "conflict": conflict}
    response = page(request, "desk/plans/change.html", facts, form)
    response.status_code = 409 if conflict else response.status_code
    return response


def _taken_away(request: StaffRequest, writing: Writing, verb: str, target: UUID) -> HttpResponse:
    """Somebody has taken away meanwhile what was to be changed: what was typed is still there. Else 404."""
    gone = PlanChange.objects.visible_to(request.viewer).filter(plan=writing.plan, item_ref=target)
    if request.method != "POST" or not gone.filter(what__in=REMOVED).exists():
        raise Http404
    form = writing.form(SHAPES[verb][1], request.POST)
    request.refused = rules.was_taken_away(wrote=not verb.startswith("remove"))
    say(form, request.refused, request.viewer.authority)
    facts = {"plan": writing.plan, "child": writing.plan.child, "verb": verb, "on": None, "conflict": None}
    return page(request, "desk/plans/change.html", facts, form)


def _now(on: Any, verb: str) -> dict[str, Any]:
    """What stands there now, for a change."""
    if verb == "heading":
        return {"heading": on.heading}
    if verb == "change_need":
        return {"words": on.words}
    if verb == "change_goal":
        return {
            "words": on.words,
            "in_childs_words": on.in_childs_words,
            "common_goal": on.common_goal.key,
            "evidenced_by": on.evidenced_by,
        }
    if verb == "change_action":
        doer = on.by_post.ref if on.by_post else on.by_person.ref
        return {"words": on.words, "doer": str(doer), "due_on": on.due_on, "evidenced_by": on.evidenced_by}
    return {}


def _doing(request: StaffRequest, writing: Writing, verb: str, on: Any, form: VersionedForm) -> Callable[[], UUID]:
    viewer, told, version = request.viewer, form.cleaned_data, form.cleaned_data["version"]

    def removed(remove: Callable[..., None]) -> UUID:
        ref: UUID = on.ref
        remove(viewer, on, version)
        return ref

    doing: dict[str, Callable[[], UUID]] = {
        "heading": lambda: content.change_heading(viewer, on, version, told["heading"]).ref,
        "add_need": lambda: content.add_need(viewer, on, version, told["words"]).ref,
        "change_need": lambda: content.change_need(viewer, on, version, told["words"]).ref,
        "remove_need": lambda: removed(content.remove_need),
        "add_goal": lambda: content.add_goal(viewer, on, version, writing.goal_text(told)).ref,
        "change_goal": lambda: content.change_goal(viewer, on, version, writing.goal_text(told)).ref,
        "remove_goal": lambda: removed(content.remove_goal),
        "add_action": lambda: who_does_what.add_action(viewer, on, version, writing.action_text(told)).ref,
        "change_action": lambda: who_does_what.change_action(viewer, on, version, writing.action_text(told)).ref,
        "remove_action": lambda: removed(who_does_what.remove_action),
    }
    return doing[verb]


def _conflict(stale: StaleEdit, writing: Writing, target: UUID, sent: QueryDict) -> Conflict:
    newest = stale.changes[-1]
    yours = sent.get("words") or sent.get("heading", "")
    changes = [
        Change(
            str(CHANGE_WORDS[one.what]),
            writing.in_words(one.became) or _("taken away"),
            yours if one.item_ref == target else "",
        )
        for one in stale.changes
    ]
    return Conflict(newest.by_person.full_name, moment(newest.at), changes)


def _with_newest_version(
    writing: Writing, shape: type[VersionedForm], request: StaffRequest, stale: StaleEdit
) -> VersionedForm:
    """The same text, ready to be saved on top of what the other one changed."""
    kept = request.POST.copy()
    kept["version"] = str(stale.version)
    form = writing.form(shape, kept)
    form.is_valid()
    return form
