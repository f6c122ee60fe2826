"""Opening a child in an emergency, and looking at it afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from samsyn import law
from samsyn.common import clock
from samsyn.desk.doors import KeyedForm, StaffRequest, page, press, staff
from samsyn.desk.history import history_line
from samsyn.desk.sign_forms import long_text
from samsyn.organisations.models import Unit
from samsyn.sharing.actions import open_in_emergency, review_emergency
from samsyn.sharing.models import EmergencyAccess, EmergencyCode, EmergencyReview, Reason
from samsyn.trail.reads import entries_by, share_of_reads

A_QUARTER = timedelta(days=91)


class OpenForm(KeyedForm):
    """Which child, and what has happened."""

    number = forms.CharField(label=_lazy("Personal identity number"), max_length=20)
    code = forms.ChoiceField(label=_lazy("What is it about?"), choices=EmergencyCode.choices, widget=forms.RadioSelect)
    words = long_text(_lazy("What has happened?"), _lazy("One sentence. Your manager reads it."), 3)


class ReviewForm(KeyedForm):
    """What somebody else found."""

    justified = forms.ChoiceField(
        label=_lazy("Was it needed?"),
        choices=(("yes", _lazy("Yes, it was needed")), ("no", _lazy("No, it was not needed"))),
        widget=forms.RadioSelect,
    )
    words = long_text(_lazy("What did you find?"), _lazy("One sentence is enough."), 3)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new(request: StaffRequest) -> HttpResponse:
    """Open, for reading and for a short while, what the own authority holds about a child."""
    form = OpenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        opened: list[UUID] = []

        def open_it() -> UUID:
            access = open_in_emergency(request.viewer, told["number"], told["code"], told["words"])
            opened.append(access.child.ref)
            return access.ref

        done = press(request, form, open_it)
        if done:
            # Sent twice: the child is found again by what the first press made.
            return redirect("desk:child", opened[0] if opened else _mine(request, done).child.ref)
    rows = law.on(clock.today())
    facts = {"rows": [rows.row("emergency_access"), rows.row("review_emergency")]}
    return page(request, "desk/emergencies/new.html", facts, form)


def _mine(request: StaffRequest, ref: UUID) -> EmergencyAccess:
    rows = EmergencyAccess.objects.visible_to(request.viewer).select_related(
        "child", "post__unit", "person", "reviewer"
    )
    found: EmergencyAccess = get_object_or_404(rows, ref=ref)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def one(request: StaffRequest, ref: UUID) -> HttpResponse:
    """What was opened, why and what was read; and the review, for the post that was asked to look."""
    access = _mine(request, ref)
    review = EmergencyReview.objects.visible_to(request.viewer).filter(access=access).select_related("person").first()
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if press(
            request,
            form,
            lambda: review_emergency(request.viewer, access, justified=told["justified"] == "yes", words=told["words"]),
        ):
            return redirect("desk:emergency", access.ref)
    return page(request, "desk/emergencies/one.html", _facts(request, access, review), form)


def _facts(request: StaffRequest, access: EmergencyAccess, review: EmergencyReview | None) -> dict[str, Any]:
    rules, now = law.on(clock.today()), clock.now()
    read = entries_by(access.post.ref, access.child.ref, access.opened_at, access.until)
    units = list(Unit.objects.visible_to(request.viewer).filter(authority=access.authority_id))
    some, all_of_them = share_of_reads([unit.ref for unit in units], now - A_QUARTER, Reason.EMERGENCY)
    return {
        "access": access,
        "review": review,
        "reviews": review is None and access.reviewer_id == request.viewer.post,
        "lines": [history_line(told, rules, is_ours=True) for told in read],
        "share": f"{100 * some / all_of_them:.1f}" if all_of_them else "0",
        "due": law.deadline("review_emergency", access.opened_at).due_at,
        "now": now,
    }
