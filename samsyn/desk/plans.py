"""The steps that take a plan on: begun, offered, agreed, reviewed, closed; and how each action went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.circle.models import Team
from samsyn.common import clock
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.plan_forms import (
    ActionStepForm,
    AgreeForm,
    CloseForm,
    ReviewForm,
    StartForm,
)
from samsyn.desk.plan_page import plan_facts, plan_of
from samsyn.plans import actions, review_actions
from samsyn.plans.agreement import yes_to_plan
from samsyn.plans.models import Action, ActionState, Plan
from samsyn.plans.step_actions import action_done, action_handed_on, action_left_out
from samsyn.sharing.actions import consent_stands
from samsyn.sharing.models import Consent
from samsyn.trail.pressing import KeyedForm


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def start(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Begin the plan of a team."""
    team: Team = get_object_or_404(Team.objects.visible_to(request.viewer).select_related("child"), ref=ref)
    form = StartForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        heading = form.cleaned_data["heading"]
        done = press(request, form, lambda: actions.start_plan(request.viewer, team, heading).ref)
        if done:
            return redirect("desk:plan_write", done)
    return page(request, "desk/plans/start.html", {"team": team, "child": team.child}, form)


def work_on(
    request: StaffRequest, found: Plan, form: KeyedForm, template: str, do: Callable[[], UUID], **facts: Any
) -> HttpResponse:
    """A page with its form: carried out once, it leads back to the plan."""
    if request.method == "POST" and form.is_valid() and press(request, form, do):
        return redirect("desk:plan", found.ref)
    return page(request, template, {"plan": found, "child": found.child, **facts}, form)


@require_POST
@staff
def offer(request: StaffRequest, ref: UUID, verb: str) -> HttpResponse:
    """The steps of one press: offer to the family, write down a no, begin a review."""
    found = plan_of(request, ref)
    steps = {"offer": actions.offer, "decline": actions.decline, "start_review": review_actions.start_review}
    if verb not in steps:
        raise Http404
    form = AgreeForm(request.POST)
    if form.is_valid():
        version = form.cleaned_data["version"]
        if press(request, form, lambda: steps[verb](request.viewer, found, version).ref):
            return redirect("desk:plan", found.ref)
    return page(request, "desk/plans/plan.html", plan_facts(request, plan_of(request, ref)), form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def agree(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Put the plan in force, as the family agreed to it."""
    found = plan_of(request, ref)
    form = AgreeForm(request.POST if request.method == "POST" else None, initial={"version": found.version})

    def do() -> UUID:
        told = form.cleaned_data
        return actions.agree(request.viewer, found, told["version"], review_on=told["review_on"]).ref

    asked = yes_to_plan(found)
    seen = asked if asked and Consent.objects.visible_to(request.viewer).filter(pk=asked.pk).exists() else None
    stands = consent_stands(asked) if asked else None
    return work_on(request, found, form, "desk/plans/agree.html", do, asked=seen, stands=stands)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def review(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Finish a review: the child's own number, what changed, what is done, when next."""
    found = plan_of(request, ref)
    rows = list(Action.objects.visible_to(request.viewer).filter(plan=found))
    open_ones = [one for one in rows if one.state == ActionState.TO_DO]
    form = ReviewForm(
        request.POST if request.method == "POST" else None,
        actions=[(str(one.ref), one.words) for one in open_ones],
        done_already={str(one.ref) for one in rows if one.state == ActionState.DONE},
        initial={"version": found.version, "held_on": clock.today()},
    )

    def do() -> UUID:
        told = form.cleaned_data
        look_back = review_actions.LookBack(
            held_on=told["held_on"],
            child_scale=told["child_scale"],
            what_changed=told["what_changed"],
            next_on=told["next_on"],
            child_words=told["child_words"],
        )
        done = [one for one in open_ones if str(one.ref) in told["done"]]
        return review_actions.finish_review(request.viewer, found, told["version"], look_back, done=done).ref

    return work_on(request, found, form, "desk/plans/review.html", do)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def close(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Close the plan."""
    found = plan_of(request, ref)
    form = CloseForm(request.POST if request.method == "POST" else None, initial={"version": found.version})

    def do() -> UUID:
        told = form.cleaned_data
        return actions.close(request.viewer, found, told["version"], how_to_reach_us=told["how_to_reach_us"]).ref

    return work_on(request, found, form, "desk/plans/close.html", do)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def action(request: StaffRequest, ref: UUID) -> HttpResponse:
    """One action: say that it is done, left out, or handed on."""
    rows = Action.objects.visible_to(request.viewer).select_related(
        "plan__child", "goal", "plan__team", "plan__authority"
    )
    one: Action = get_object_or_404(rows, ref=ref)
    form = ActionStepForm(request.POST if request.method == "POST" else None)

    def do() -> UUID:
        words = form.cleaned_data["words"]
        if form.cleaned_data["step"] == "done":
            return action_done(request.viewer, one).ref
        verb = action_left_out if form.cleaned_data["step"] == "left_out" else action_handed_on
        return verb(request.viewer, one, words).ref

    return work_on(request, one.plan, form, "desk/plans/action.html", do, action=one)
