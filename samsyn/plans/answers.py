"""What plans answers to lower rooms that ask upwards (``common/ports.py``)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext as _

from samsyn.common.ports import Hanging
from samsyn.plans.models import OPEN_STATES, Action, ActionState, Plan


def hangs_on_post(post_id: int) -> Iterator[Hanging]:
    """Actions of open plans that the post is still to do. They name nobody."""
    actions = Action.objects.filter(by_post_id=post_id, state=ActionState.TO_DO, plan__state__in=OPEN_STATES)
    for ref in actions.values_list("ref", flat=True):
        yield Hanging("plans", "plan_action", ref, _("An action in a plan is still to be done."))


def goes_with_the_child(child_id: int) -> Iterator[tuple[str, UUID]]:
    """The child's open plan."""
    for ref in Plan.objects.filter(child_id=child_id, state__in=OPEN_STATES).values_list("ref", flat=True):
        yield "plan", ref
