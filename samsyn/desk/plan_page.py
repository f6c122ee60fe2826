"""The plan on one page that can be shown on a wall in a meeting."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from samsyn.circle.models import Membership
from samsyn.common import clock
from samsyn.common.reading import ground
from samsyn.common.viewer import Viewer
from samsyn.desk.claims import claims_beside
from samsyn.desk.doors import StaffRequest, page, staff
from samsyn.desk.plan_forms import (
    PaperForm,
)
from samsyn.organisations.attendance import attendance
from samsyn.plans.changing import has_part, role_of
from samsyn.plans.models import Action, Goal, Need, Plan, PlanPaper, PlanState, Review, View
from samsyn.plans.picture import marked_when, wheel_picture
from samsyn.plans.promises import unread
from samsyn.plans.rules import ENDED, PLAN_STEPS, WRITABLE
from samsyn.plans.tasks import still_true
from samsyn.plans.versions import marks_of
from samsyn.plans.view_actions import number_spoken_of
from samsyn.plans.wheel import wheel_facts
from samsyn.sharing.actions import guardians_today
from samsyn.sharing.predicate import explain
from samsyn.trail.pressing import KeyedForm


def plan_of(request: StaffRequest, ref: UUID) -> Plan:
    """The plan, if the viewer may see it, or 404. Without its team: whom it was shared with may not read that one."""
    plans = Plan.objects.visible_to(request.viewer).select_related("child", "authority")
    found: Plan = get_object_or_404(plans, ref=ref)
    return found


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
    prints = has_part(viewer, found)
    papers = PlanPaper.objects.visible_to(viewer).filter(plan=found).defer("content")
    return {
        **plan_body(viewer, found),
        "waiting": _what_waits(viewer, found) if holds else set(),
        "why": why,
        "claims": claims_beside(viewer, [found.ref]).get(found.ref, []),
        "lead": _lead_name(request, found),
        "verbs": [step.verb for step in PLAN_STEPS if step.state == found.state] if holds else [],
        "shares": bool(
            why and why.follows and found.authority_id == viewer.authority and found.state != PlanState.DRAFT
        ),
        "writes": (holds or role.is_member) and found.state in WRITABLE,
        "takes_part": (holds or role.is_member) and found.state not in ENDED,
        "prints": prints,
        "papers": still_true(papers.order_by("-asked_at", "-pk")[:4], found.child) if prints else [],
        "paper_form": PaperForm(languages=settings.LANGUAGES, initial={"language": get_language()}),
        "key_form": KeyedForm(),
    }


def _what_waits(viewer: Viewer, found: Plan) -> set[int]:
    """Row ids of the actions that wait, since the post that has promised them may not read the plan now."""
    return {action.pk for action in unread(Action.objects.visible_to(viewer).filter(plan=found))}


def plan_body(viewer: Viewer, found: Plan) -> dict[str, Any]:
    """What everybody who may read the plan reads: the wheel, each one's own view, from need to action, looking back."""
    child = found.child
    areas = wheel_facts(marks_of(found))
    picture = wheel_picture(areas, child.name, found.authority_id, "wheel")
    number = found.agreed_number if found.state in ENDED else number_spoken_of(found)
    views = View.objects.visible_to(viewer).filter(plan=found, number=number)
    newest = {view.whose_id: view for view in views.select_related("whose").order_by("id")}
    return {
        "plan": found,
        "child": child,
        "now": clock.now(),
        "needs": needs_of(viewer, found),
        "wheel": picture,
        "marked": marked_when(areas, child.name),
        "has_marks": any(one.child or one.adults for one in areas),
        "apart": [one for one in picture.areas if _differ(one)],
        "child_view": newest.get(child.pk),
        "family_views": [(row, newest.get(row.guardian_id)) for row in guardians_today(child)],
        "reviews": list(Review.objects.visible_to(viewer).filter(plan=found).order_by("-held_on", "-pk")),
        "takes_part": False,
    }


def _differ(area: Any) -> bool:
    return area.child is not None and area.adults is not None and abs(area.child - area.adults) > 1


def _lead_name(request: StaffRequest, found: Plan) -> str:
    leads = Membership.objects.visible_to(request.viewer).filter(team=found.team_id, is_lead=True, until=None)
    row = leads.select_related("post").first()
    return attendance([row.post], clock.now()).present_name(row.post) if row else ""


def needs_of(viewer: Viewer, found: Plan) -> list[dict[str, Any]]:
    """Needs with their goals and actions, each action with the name of who does it."""
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
