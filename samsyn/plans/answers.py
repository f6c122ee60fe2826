"""What plans answers to lower rooms that ask upwards (``common/ports.py``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from samsyn.common.ports import Hanging, Resting
from samsyn.common.viewer import Viewer
from samsyn.duties.models import HangsOn
from samsyn.plans.agreement import lead_of_plan, yes_to_plan
from samsyn.plans.models import IN_FORCE, OPEN_STATES, Action, ActionState, Plan
from samsyn.plans.promises import let_unread_wait, unread
from samsyn.sharing.actions import consent_stands
from samsyn.sharing.models import Consent
from samsyn.sharing.words import LOOK_AT_YES


def hangs_on_post(post_id: int) -> Iterator[Hanging]:
    """Actions of open plans that the post is still to do. They name nobody."""
    actions = Action.objects.filter(by_post_id=post_id, state=ActionState.TO_DO, plan__state__in=OPEN_STATES)
    waiting = {action.pk for action in unread(actions)}
    for pk, ref in actions.values_list("pk", "ref"):
        if pk not in waiting:  # what it may not read is for those to decide about who hold the plan together
            yield Hanging("plans", "plan_action", ref, _("An action in a plan is still to be done."))


def goes_with_the_child(child_id: int, authority_id: int, unit_id: int) -> Iterator[tuple[str, UUID]]:
    """The open plan of the authority's team. One that another authority has opened stays that one's to open."""
    plans = Plan.objects.filter(child_id=child_id, authority_id=authority_id, state__in=OPEN_STATES)
    for ref in plans.values_list("ref", flat=True):
        yield "plan", ref


def work_of_team(team_id: int) -> Iterator[QuerySet[Any, Any]]:
    """Its plans, and the actions in them."""
    yield Plan.objects.filter(team_id=team_id).values("ref")
    yield Action.objects.filter(plan__team_id=team_id).values("ref")


def rests_on_a_yes() -> Iterator[QuerySet[Any, Any]]:
    """The consents of plans in force."""
    yield Plan.objects.filter(state__in=IN_FORCE, consent__isnull=False).values("consent")


def yes_ended(viewer: Viewer, consent_id: int) -> Iterator[Resting]:
    """Who leads looks at it with the family. Where the team rests on the same yes, that is told of the team."""
    child_id = Consent.objects.values_list("child_id", flat=True).get(pk=consent_id)
    yield from (Resting("plan", plan.ref, post_id, closed=True) for plan, post_id in let_unread_wait(child_id))
    own = Q(team__consent=None) | ~Q(team__consent=F("consent"))
    for plan in Plan.objects.filter(own, consent=consent_id, state__in=IN_FORCE).select_related(
        "team__consent__child", "consent__child", "authority"
    ):
        newer = yes_to_plan(plan)
        if newer is not None and newer.pk != consent_id and consent_stands(newer):
            Plan.objects.filter(pk=plan.pk).update(consent=newer)  # the family was asked anew in time
            continue
        lead = lead_of_plan(plan)
        if lead is not None:
            yield Resting("plan", plan.ref, lead.post_id, LOOK_AT_YES, HangsOn.LEAD)


def less_is_open(viewer: Viewer, child_id: int) -> Iterator[Resting]:
    """What is promised where the plan may not be read any longer waits, and whoever leads is told."""
    for plan, post_id in let_unread_wait(child_id):
        yield Resting("plan", plan.ref, post_id, closed=True)
        lead = lead_of_plan(plan)
        if lead is not None:
            yield Resting("plan", plan.ref, lead.post_id)
