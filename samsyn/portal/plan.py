"""The plan as the family may see it: to read, and nothing to press."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from samsyn.common.reading import ground
from samsyn.plans.models import Action, Goal, Need, Plan, View
from samsyn.portal.doors import FamilyRequest, family, page
from samsyn.portal.words import PLAN_STATES


@require_http_methods(["GET", "HEAD"])
@family
def plan(request: FamilyRequest, ref: UUID) -> HttpResponse:
    """From need to action, and the reader's own view."""
    viewer = request.viewer
    ground("own_family")
    found: Plan = get_object_or_404(Plan.objects.visible_to(viewer).select_related("child"), ref=ref)
    acts: dict[int, list[Action]] = {}
    rows = Action.objects.visible_to(viewer).filter(plan=found).select_related("child", "by_post__unit", "by_person")
    for one in rows:
        acts.setdefault(one.goal_id, []).append(one)
    goals: dict[int, list[dict[str, Any]]] = {}
    for goal in Goal.objects.visible_to(viewer).filter(plan=found).select_related("child"):
        goals.setdefault(goal.need_id, []).append({"goal": goal, "actions": acts.get(goal.pk, [])})
    needs = Need.objects.visible_to(viewer).filter(plan=found).select_related("child")
    views = View.objects.visible_to(viewer).filter(plan=found).select_related("child").order_by("-number", "-pk")
    facts = {
        "plan": found,
        "child": found.child,
        "state": PLAN_STATES.get(found.state, ""),
        "itself": found.child_id == viewer.person,
        "needs": [{"need": need, "goals": goals.get(need.pk, [])} for need in needs],
        "view": views.first(),
    }
    return page(request, "portal/plan.html", facts)
