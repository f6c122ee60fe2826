"""Granska loggen: looks that wait for a second person, and one of them with what was read, when and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
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
from samsyn.organisations.models import Unit
from samsyn.reviews.actions import DUE_BY, DUTY, at_own_child, give_verdict
from samsyn.reviews.models import Found, LogReview, ReviewKind
from samsyn.reviews.words import WHY_WORDS
from samsyn.sharing.models import EmergencyAccess
from samsyn.trail.history import Told, emergency_reads, entries_by, these_entries
from samsyn.trail.pressing import KeyedForm

SHOWN = 30
A_QUARTER = timedelta(days=91)
EMERGENCY_GOAL = "emergency_share_goal"
REVIEWS = "log_reviews"
"""The key in the trail of why the page may be seen."""


class VerdictForm(KeyedForm):
    """Whether there was a reason, and a sentence."""

    found = forms.ChoiceField(choices=Found.choices, required=False)  # each is a button of its own
    words = long_text(_lazy("What did you find?"), _lazy("What you saw, and whom you asked. It cannot be changed."), 3)


def _reviews(request: StaffRequest) -> Any:
    rows = LogReview.objects.visible_to(request.viewer).exclude(at_own_child(request.viewer.person))
    return rows.select_related("child", "reader", "reviewer", "verdict__by_person")


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
        "share": _share(_own_authority(request)),
        "goal_rule": EMERGENCY_GOAL,
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
        "share": _share([opened.post.unit.ref]) if opened is not None else None,
        "lines": [history_line(told, rules, request.viewer, is_ours=True) for told in _read(one, opened)],
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


@dataclass(frozen=True)
class Share:
    """How much of what was read since a moment was read in an emergency. ``goal``: at most so many per cent."""

    emergencies: int
    reads: int
    since: datetime
    goal: int

    @property
    def per_cent(self) -> str:
        """To one decimal, as the reader's language writes it, and never rounded down to nothing."""
        share = 100 * self.emergencies / self.reads if self.reads else 0
        return number_format(max(share, 0.1) if self.emergencies else 0, decimal_pos=1)

    @property
    def some(self) -> str:
        """The reads in an emergency, as the reader's language writes a number."""
        return number_format(self.emergencies, force_grouping=True)

    @property
    def every(self) -> str:
        """All reads, as the reader's language writes a number."""
        return number_format(self.reads, force_grouping=True)

    @property
    def is_above(self) -> bool:
        """Is it more than the goal lets it be."""
        return 100 * self.emergencies > self.goal * self.reads


def _share(unit_refs: Collection[UUID]) -> Share:
    """The share of the last quarter of a year at these units."""
    since = clock.now() - A_QUARTER
    emergencies, reads = emergency_reads(unit_refs, since)
    return Share(emergencies, reads, since, law.on(clock.today()).row(EMERGENCY_GOAL).value or 0)


def _own_authority(request: StaffRequest) -> list[UUID]:
    """Its units, those that have closed among them: what was read there was read in it."""
    units = Unit.objects.visible_to(request.viewer).filter(authority=request.viewer.authority)
    return [unit.ref for unit in units]
