"""The plan on one page that can be shown on a wall in a meeting, and the steps that take it on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.circle.models import Membership, Team
from samsyn.common import clock
from samsyn.common.guards import recently_signed_in
from samsyn.common.reading import ground
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.plan_forms import (
    ActionStepForm,
    AgreeForm,
    CloseForm,
    PaperForm,
    ReviewForm,
    StartForm,
    ViewForm,
    WheelForm,
)
from samsyn.organisations.attendance import attendance
from samsyn.people.models import Person
from samsyn.plans import actions, review_actions
from samsyn.plans.agreement import yes_to_plan
from samsyn.plans.changing import role_of
from samsyn.plans.models import Action, ActionState, Goal, Need, Plan, PlanPaper, PlanState, Review, View
from samsyn.plans.partnership import area_labels
from samsyn.plans.picture import marked_when, wheel_picture
from samsyn.plans.rules import ENDED, PLAN_STEPS, WRITABLE
from samsyn.plans.step_actions import action_done, action_handed_on, action_left_out
from samsyn.plans.tasks import ask_for_paper
from samsyn.plans.versions import marks_of
from samsyn.plans.view_actions import ViewText, mark_wheel, number_spoken_of, record_view
from samsyn.plans.wheel import wheel_facts
from samsyn.sharing.actions import consent_stands, guardians_today
from samsyn.sharing.models import Consent
from samsyn.sharing.predicate import explain
from samsyn.trail.pressing import KeyedForm


def plan_of(request: StaffRequest, ref: UUID) -> Plan:
    """The plan, if the viewer may see it, or 404."""
    plans = Plan.objects.visible_to(request.viewer).select_related("child", "team", "authority")
    found: Plan = get_object_or_404(plans, ref=ref)
    return found


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


@require_http_methods(["GET", "HEAD"])
@staff
def plan(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The whole plan: the wheel, everybody's own view, and from need to action."""
    return page(request, "desk/plans/plan.html", plan_facts(request, plan_of(request, ref)))


def plan_facts(request: StaffRequest, found: Plan) -> dict[str, Any]:
    """Everything that the plan's page shows."""
    viewer = request.viewer
    why = explain(viewer, found.child)
    if why is not None:
        ground(why.ground)
    role = role_of(viewer, found)
    holds = role.is_lead or role.is_named_person
    papers = PlanPaper.objects.visible_to(viewer).filter(plan=found).defer("content")
    return {
        **plan_body(request, found),
        "why": why,
        "lead": _lead_name(request, found),
        "verbs": [step.verb for step in PLAN_STEPS if step.state == found.state] if holds else [],
        "shares": bool(
            why and why.follows and found.authority_id == viewer.authority and found.state != PlanState.DRAFT
        ),
        "writes": (holds or role.is_member) and found.state in WRITABLE,
        "takes_part": (holds or role.is_member) and found.state not in ENDED,
        "papers": list(papers.order_by("-asked_at")[:4]),
        "paper_form": PaperForm(languages=settings.LANGUAGES, initial={"language": get_language()}),
        "key_form": KeyedForm(),
    }


def plan_body(request: StaffRequest, found: Plan) -> dict[str, Any]:
    """What everybody who may read the plan reads: the wheel, each one's own view, from need to action, looking back."""
    viewer, child = request.viewer, found.child
    areas = wheel_facts(marks_of(found))
    number = found.agreed_number if found.state in ENDED else number_spoken_of(found)
    views = View.objects.visible_to(viewer).filter(plan=found, number=number)
    newest = {view.whose_id: view for view in views.select_related("whose").order_by("id")}
    return {
        "plan": found,
        "child": child,
        "now": clock.now(),
        "needs": needs_of(request, found),
        "wheel": wheel_picture(areas, child.name, found.authority_id, "wheel"),
        "marked": marked_when(areas, child.name),
        "has_marks": any(one.child or one.adults for one in areas),
        "apart": [one for one in wheel_picture(areas, child.name, found.authority_id, "w").areas if _differ(one)],
        "child_view": newest.get(child.pk),
        "family_views": [(row, newest.get(row.guardian_id)) for row in guardians_today(child)],
        "reviews": list(Review.objects.visible_to(viewer).filter(plan=found).order_by("-held_on")),
        "takes_part": False,
    }


def _differ(area: Any) -> bool:
    return area.child is not None and area.adults is not None and abs(area.child - area.adults) > 1


def _lead_name(request: StaffRequest, found: Plan) -> str:
    leads = Membership.objects.visible_to(request.viewer).filter(team=found.team, is_lead=True, until=None)
    row = leads.select_related("post").first()
    return attendance([row.post], clock.now()).present_name(row.post) if row else ""


def needs_of(request: StaffRequest, found: Plan) -> list[dict[str, Any]]:
    """Needs with their goals and actions, each action with the name of who does it."""
    viewer = request.viewer
    goals = Goal.objects.visible_to(viewer).filter(plan=found).select_related("common_goal")
    acts = list(
        Action.objects.visible_to(viewer).filter(plan=found).select_related("by_post__unit__authority", "by_person")
    )
    who = attendance([one.by_post for one in acts if one.by_post], clock.now())
    by_goal: dict[int, list[dict[str, Any]]] = {}
    for one in acts:
        name = who.present_name(one.by_post) if one.by_post else _name_of(one)
        sphere = one.by_post.unit.authority.sphere if one.by_post else "family"
        by_goal.setdefault(one.goal_id, []).append({"action": one, "name": name, "sphere": sphere})
    by_need: dict[int, list[dict[str, Any]]] = {}
    for goal in goals:
        by_need.setdefault(goal.need_id, []).append({"goal": goal, "actions": by_goal.get(goal.pk, [])})
    needs = Need.objects.visible_to(viewer).filter(plan=found)
    return [{"need": need, "goals": by_need.get(need.pk, [])} for need in needs]


def _name_of(one: Action) -> str:
    return one.by_person.name if one.by_person else ""


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def views(request: StaffRequest, ref: UUID, whose: UUID) -> HttpResponse:
    """Write down what the child or a guardian says of the plan."""
    found = plan_of(request, ref)
    family = [found.child_id, *(row.guardian_id for row in guardians_today(found.child))]
    person = get_object_or_404(Person.objects.visible_to(request.viewer), ref=whose, pk__in=family)
    form = ViewForm(request.POST if request.method == "POST" else None)

    def do() -> UUID:
        told = {name: value for name, value in form.cleaned_data.items() if name != "key"}
        return record_view(request.viewer, found, person, ViewText(**told)).ref

    return _work(request, found, form, "desk/plans/view.html", do, person=person)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def wheel(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Mark the wheel, by the child or by the adults."""
    found = plan_of(request, ref)
    form = WheelForm(
        request.POST if request.method == "POST" else None,
        labels=area_labels(found.authority_id),
        child_name=found.child.name,
        initial={"by_child": "yes"},
    )

    def do() -> UUID:
        mark_wheel(request.viewer, found, form.cleaned_data["by_child"] == "yes", form.values())
        return found.ref

    return _work(request, found, form, "desk/plans/wheel.html", do)


def _work(
    request: StaffRequest, found: Plan, form: KeyedForm, template: str, do: Callable[[], UUID], **facts: Any
) -> HttpResponse:
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
    return _work(request, found, form, "desk/plans/agree.html", do, asked=seen, stands=stands)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def review(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Finish a review: the child's own number, what changed, what is done, when next."""
    found = plan_of(request, ref)
    open_ones = list(Action.objects.visible_to(request.viewer).filter(plan=found, state=ActionState.TO_DO))
    form = ReviewForm(
        request.POST if request.method == "POST" else None,
        actions=[(str(one.ref), one.words) for one in open_ones],
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

    return _work(request, found, form, "desk/plans/review.html", do)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def close(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Close the plan."""
    found = plan_of(request, ref)
    form = CloseForm(request.POST if request.method == "POST" else None, initial={"version": found.version})

    def do() -> UUID:
        told = form.cleaned_data
        return actions.close(request.viewer, found, told["version"], how_to_reach_us=told["how_to_reach_us"]).ref

    return _work(request, found, form, "desk/plans/close.html", do)


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

    return _work(request, one.plan, form, "desk/plans/action.html", do, action=one)


@recently_signed_in()
@require_POST
@staff
def paper(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Ask for the plan on paper; it is made beside the request, and a notice tells when it is there."""
    found = plan_of(request, ref)
    form = PaperForm(request.POST, languages=settings.LANGUAGES)
    if form.is_valid():
        press(request, form, lambda: ask_for_paper(request.viewer, found, form.cleaned_data["language"]).ref)
    return redirect("desk:plan", found.ref)


@recently_signed_in(methods=("GET", "HEAD"))
@require_http_methods(["GET", "HEAD"])
@staff
def printed(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The paper itself, when it is made."""
    one: PlanPaper = get_object_or_404(
        PlanPaper.objects.visible_to(request.viewer).filter(made_at__isnull=False), ref=ref
    )
    response = HttpResponse(bytes(one.content or b""), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="plan.pdf"'
    return response
