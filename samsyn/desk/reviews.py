"""Granska loggen: looks that wait for a second person, and one of them with what was read, when and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from samsyn import law
from samsyn.common import clock
from samsyn.common.reading import ground
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.history import history_line
from samsyn.desk.sign_forms import long_text
from samsyn.duties.models import Duty, DutyState
from samsyn.reviews.actions import DUE_BY, DUTY, give_verdict
from samsyn.reviews.models import Found, LogReview, ReviewKind
from samsyn.reviews.words import WHY_WORDS
from samsyn.sharing.models import EmergencyAccess, Reason
from samsyn.trail.history import Told, entries_by, share_of_reads, these_entries
from samsyn.trail.pressing import KeyedForm

SHOWN = 30
A_QUARTER = timedelta(days=91)
REVIEWS = "log_reviews"
"""The key in the trail of why the page may be seen."""


class VerdictForm(KeyedForm):
    """Whether there was a reason, and a sentence."""

    found = forms.ChoiceField(choices=Found.choices, required=False)  # each is a button of its own
    words = long_text(_lazy("What did you find?"), _lazy("What you saw, and whom you asked. It cannot be changed."), 3)


def _reviews(request: StaffRequest) -> Any:
    return LogReview.objects.visible_to(request.viewer).select_related(
        "child", "reader", "reviewer", "verdict__by_person"
    )


@require_http_methods(["GET", "HEAD"])
@staff
def reviews(request: StaffRequest) -> HttpResponse:
    """What waits for this post's eyes, the most urgent first, and what was reviewed lately."""
    ground(REVIEWS)
    found = list(_reviews(request).filter(verdict=None).order_by("kind", "made_at", "pk")[: SHOWN + 1])
    waiting = found[:SHOWN]
    done = list(_reviews(request).filter(verdict__isnull=False).order_by("-verdict__at", "-pk")[:8])
    duties = Duty.objects.visible_to(request.viewer).filter(what=DUTY, state=DutyState.OPEN)
    due = {duty.object_ref: duty for duty in duties.filter(object_ref__in=[one.ref for one in waiting])}
    waiting.sort(key=lambda one: due[one.ref].due_at if one.ref in due else one.made_at)
    facts = {
        "waiting": [(one, _why(one)) for one in waiting],
        "due": due,
        "more": len(found) > SHOWN,
        "done": done,
        "now": clock.now(),
        "rule": DUE_BY[ReviewKind.LOOKS],
    }
    return page(request, "desk/reviews/reviews.html", facts)


def _why(review: LogReview) -> list[object]:
    return [WHY_WORDS[word] for word in review.why if word in WHY_WORDS]


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def review(request: StaffRequest, ref: UUID) -> HttpResponse:
    """One member of staff's looks at one child, and the verdict."""
    ground(REVIEWS)
    one: LogReview = get_object_or_404(_reviews(request), ref=ref)
    form = VerdictForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if press(request, form, lambda: give_verdict(request.viewer, one, told["found"], told["words"]).ref):
            return redirect("desk:reviews")
    rules = law.on(clock.today())
    opened = EmergencyAccess.objects.visible_to(request.viewer).filter(review=one).select_related("post__unit").first()
    facts = {
        "review": one,
        "why": _why(one),
        "opened": opened,
        "share": _share(opened) if opened is not None else "",
        "lines": [history_line(told, rules, is_ours=True) for told in _read(one, opened)],
        "verdict": getattr(one, "verdict", None),
        "is_own": one.reader_id == request.viewer.person,
        "rule": DUE_BY[ReviewKind(one.kind)],
        "now": clock.now(),
    }
    return page(request, "desk/reviews/review.html", facts, form)


def _read(one: LogReview, opened: EmergencyAccess | None) -> list[Told]:
    """What is reviewed: the entries that were chosen, or all that an emergency led to."""
    if opened is None:
        return these_entries(one.entries, one.child.ref)
    return entries_by(opened.post.ref, one.child.ref, opened.opened_at, opened.until)


def _share(opened: EmergencyAccess) -> str:
    """How many per cent of the unit's reads in three months were in an emergency."""
    some, every = share_of_reads([opened.post.unit.ref], clock.now() - A_QUARTER, Reason.EMERGENCY)
    return number_format(100 * some / every if every else 0, decimal_pos=1)
