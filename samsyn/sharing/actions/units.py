"""What follows for children when a unit has ended: nobody there has a reason any more, and nothing stays open to it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.people.models import Person
from samsyn.sharing.actions.disclosures import end_disclosure
from samsyn.sharing.models import Disclosure, Involvement, Way
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def unit_ended(viewer: Viewer, unit_id: int) -> None:
    """End every reason of the unit around a child, and close what is open to it. One entry a child, and a row.

    A reason follows its post: whoever has moved to another unit meanwhile keeps those that began here.
    """
    now = clock.now()
    here = Q(post=None) | Q(post__unit=unit_id)
    lasting = Involvement.objects.filter(Q(until=None) | Q(until__gt=now), here, unit_id=unit_id)
    children = list(Person.objects.filter(pk__in=lasting.values("child")).order_by("pk"))
    reasons: dict[int, list[UUID]] = {}
    for child_id, ref in lasting.order_by("pk").values_list("child_id", "ref"):
        reasons.setdefault(child_id, []).append(ref)
    Involvement.objects.filter(pk__in=lasting.filter(since__lte=now).values("pk")).update(until=now)
    opened = Disclosure.objects.filter(receiver_id=unit_id, way=Way.OPEN, ended_at=None).select_related("child")
    for disclosure in opened.order_by("pk"):
        end_disclosure(viewer, disclosure, because="unit_ended")
    for child in children:
        # Each reason is named: who may not know that the unit had to do with the child is not told of its end either.
        ended = [Subject("involvement", ref, child.ref, "unit_ended") for ref in reasons[child.pk]]
        act(viewer, "child.unit_ended", [Subject("child", child.ref, child.ref, "unit_ended"), *ended])
