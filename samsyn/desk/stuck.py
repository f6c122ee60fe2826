"""A request that is passed around, for the duty desk of another authority: who waits, and not what it is about."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from samsyn.desk.doors import StaffRequest, page, press
from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals.actions import settle
from samsyn.early_signals.models import Request
from samsyn.trail.pressing import KeyedForm


def called_in(request: StaffRequest, ref: UUID) -> Duty | None:
    """The viewer's own duty to help a request on that it may not read; None when it may, or has no such duty."""
    if Request.objects.visible_to(request.viewer).filter(ref=ref).exists():
        return None
    duties = Duty.objects.visible_to(request.viewer).filter(object_ref=ref, what="unstick", state=DutyState.OPEN)
    duty: Duty | None = duties.filter(post_id=request.viewer.post or 0).select_related("child").first()
    return duty


def show(request: StaffRequest, duty: Duty, form: KeyedForm) -> HttpResponse:
    """The page, and its one press: that the request has been helped on."""

    def helped() -> UUID:
        settle(request.viewer, duty)
        return duty.ref

    if form.is_bound and form.is_valid() and press(request, form, helped):
        return redirect("desk:day")
    return page(request, "desk/requests/stuck.html", {"duty": duty}, form)
