"""A unit that ends: for its head and for those who look after the organisation; and what whoever has something sees.

Nobody here is shown a child: the head and the operator read that something is left, and the post itself reads what.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.circle.models import Membership, NamedPerson, TeamState
from samsyn.circle.unit_endings import EMPTY_POST, end_unit, keep_unit
from samsyn.common import clock
from samsyn.common.reading import ground
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.duty_words import DUTY_WORDS
from samsyn.duties.models import Duty, DutyState
from samsyn.duties.waiting import waiting_at
from samsyn.organisations.actions_units import may_see_end_of, units_headed
from samsyn.organisations.attendance import attendance
from samsyn.organisations.models import Post, Unit
from samsyn.trail.pressing import KeyedForm

SHOWN = 50


@require_http_methods(["GET", "HEAD"])
def units(request: StaffRequest) -> HttpResponse:
    """The units that the viewer may end: those it heads, or for an operator all, found by name."""
    viewer, name = request.viewer, request.GET.get("name", "").strip()
    rows = Unit.objects.visible_to(viewer).select_related("authority").filter(ended_on=None)
    if not viewer.operator:
        rows = rows.filter(pk__in=units_headed(viewer))
        if not rows.exists():
            raise Http404
    found = list(rows.filter(name__icontains=name).order_by("name", "pk")[: SHOWN + 1])
    facts = {"units": found[:SHOWN], "more": len(found) > SHOWN, "name": name}
    return page(request, "desk/units/units.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: StaffRequest, ref: UUID) -> HttpResponse:
    """What ends with the unit, and ending it."""
    return _pressed(request, ref, end_unit)


@require_POST
def keep(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Take back that the unit is to end."""
    return _pressed(request, ref, keep_unit)


def _pressed(request: StaffRequest, ref: UUID, do: Callable[..., Unit]) -> HttpResponse:
    viewer = request.viewer
    found: Unit = get_object_or_404(Unit.objects.visible_to(viewer).select_related("authority"), ref=ref)
    if not may_see_end_of(viewer, found):
        raise Http404
    form = KeyedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and press(request, form, lambda: do(viewer, found).ref):
        return redirect("desk:unit", found.ref)
    posts: list[Post] = list(Post.objects.visible_to(viewer).filter(unit=found, ended_on=None).order_by("title", "pk"))
    who = attendance(posts, clock.now())
    below = Unit.objects.visible_to(viewer).filter(parent=found, ended_on=None).order_by("name", "pk")
    facts: dict[str, Any] = {
        "unit": found,
        "posts": [(post, who.present_name(post)) for post in posts],
        "below": list(below),
        # Whoever looks after the organisation reads that something is left, and not with whom.
        "waits": [
            (post, who.present_name(post)) for post in posts if post.pk in found.waits_for and not viewer.operator
        ],
        "now": clock.now(),
    }
    return page(request, "desk/units/unit.html", facts, form)


@require_http_methods(["GET", "HEAD"])
@staff
def leaving(request: StaffRequest, ref: UUID) -> HttpResponse:
    """What the viewer's own post is to hand over, because its unit ends: each thing leads to where that is done."""
    viewer = request.viewer
    asked = Duty.objects.visible_to(viewer).filter(object_ref=ref, what=EMPTY_POST, state=DutyState.OPEN)
    duty: Duty = get_object_or_404(asked.select_related("child"), post_id=viewer.post or 0)
    ground("worklist")
    named = NamedPerson.objects.visible_to(viewer).filter(post_id=duty.post_id, until=None).select_related("child")
    members = Membership.objects.visible_to(viewer).filter(post_id=duty.post_id, until=None)
    open_teams = members.exclude(team__state=TeamState.CLOSED).select_related("child", "team")
    facts = {
        "duty": duty,
        "named": list(named.order_by("child__called", "child__given_name", "pk")),
        "members": list(open_teams.order_by("-is_lead", "since", "pk")),
        "waiting": [(one, DUTY_WORDS[one.what]) for one in waiting_at(viewer, duty.post_id) if one.what != EMPTY_POST],
        "now": clock.now(),
    }
    return page(request, "desk/units/leaving.html", facts)
