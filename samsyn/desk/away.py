"""Being away: from when to when, who stands in, what waits meanwhile, and who answers on each day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.circle.models import Membership, NamedPerson
from samsyn.common import clock
from samsyn.common.reading import ground
from samsyn.desk.away_forms import AwayForm
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.duty_words import DUTY_WORDS
from samsyn.duties.waiting import waiting_at
from samsyn.organisations.actions_presence import end_absence, end_cover, set_absence, set_cover
from samsyn.organisations.actions_units import units_headed
from samsyn.organisations.intervals import standing
from samsyn.organisations.models import Absence, Cover, Holding, Post, PostRole
from samsyn.organisations.presence import accountable
from samsyn.organisations.resolution import Span
from samsyn.people.models import Account
from samsyn.trail.pressing import KeyedForm

ONE_DAY = timedelta(days=1)
SHOWN_DAYS = 31


@dataclass(frozen=True)
class Stretch:
    """Days in a row on which the same person answers for the post. ``via``: holder, cover, parent or duty_desk."""

    since: date
    until: date
    name: str
    title: str
    via: str


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def away(request: StaffRequest) -> HttpResponse:
    """Say when one is away and who stands in; see who answers meanwhile."""
    ground("away")
    post = _own_post(request)
    form = AwayForm(request.POST if request.method == "POST" else None, posts=_may_stand_in(request, post))
    if request.method == "POST" and form.is_valid():
        done = press(request, form, lambda: _arranged(request, post, form))
        if done:
            return redirect("desk:away")
    return page(request, "desk/away/away.html", {**_facts(request, post), "away_form": form}, form)


def _own_post(request: StaffRequest) -> Post:
    posts = Post.objects.visible_to(request.viewer).select_related("unit__authority__principal")
    found: Post = get_object_or_404(posts, ref=request.viewer.post_ref)
    return found


def _may_stand_in(request: StaffRequest, post: Post) -> list[Post]:
    """The posts of the same authority: those of the own unit first."""
    rows = Post.objects.visible_to(request.viewer).filter(
        standing(clock.today()), unit__authority=request.viewer.authority
    )
    found = list(rows.exclude(pk=post.pk).select_related("unit").order_by("unit__name", "title", "pk"))
    return sorted(found, key=lambda one: one.unit_id != post.unit_id)


def _arranged(request: StaffRequest, post: Post, form: AwayForm) -> UUID:
    told = form.cleaned_data
    account = request.user
    assert isinstance(account, Account)  # the door lets nobody else in
    cover = form.cover()
    if cover is not None:  # first: a duty desk may be left only to somebody who stands in
        set_cover(request.viewer, post, cover, told["since"], until=told["until"])
    return set_absence(request.viewer, account.person, told["since"], until=told["until"]).ref


def _facts(request: StaffRequest, post: Post) -> dict[str, Any]:
    viewer, today = request.viewer, clock.today()
    lasting = Q(until=None) | Q(until__gte=today)
    mine = Absence.objects.visible_to(viewer).filter(lasting, person=viewer.person).order_by("since", "pk")
    covers = Cover.objects.visible_to(viewer).filter(lasting, post=post).select_related("covered_by__unit")
    absences = list(mine)
    named = NamedPerson.objects.visible_to(viewer).filter(post=post, until=None).select_related("child")
    leading = Membership.objects.visible_to(viewer).filter(post=post, is_lead=True, until=None)
    others = Holding.objects.visible_to(viewer).filter(lasting, person=viewer.person).exclude(post=post)
    return {
        "post": post,
        "absences": absences,
        "covers": list(covers.order_by("since", "pk")),
        "stretches": _stretches(request, post, absences, today),
        "duties": [(one, DUTY_WORDS[one.what]) for one in waiting_at(viewer, post.pk)],
        "named": list(named.order_by("child__called", "child__given_name", "pk")),
        "leading": list(leading.select_related("child", "team").order_by("since", "pk")),
        "covering": viewer.covering,
        "heads_a_unit": units_headed(viewer).exists(),
        "others": list(others.select_related("post__unit").order_by("pk")),
        "today": today,
        "now": clock.now(),
    }


def _stretches(request: StaffRequest, post: Post, absences: list[Absence], today: date) -> list[Stretch]:
    """Who answers for the post from today until the day after one is back, at most a month ahead."""
    if not absences:
        return []
    last = today + SHOWN_DAYS * ONE_DAY
    if all(one.until is not None for one in absences):
        last = min(last, max(Span(one.since, one.until).edges[-1] for one in absences))
    found: list[Stretch] = []
    starts = _days_of_change(request, post, today, last)
    for since, after in zip(starts, [*starts[1:], last + ONE_DAY], strict=True):
        answer = accountable(post, clock.noon(since))
        now = Stretch(since, after - ONE_DAY, answer.person.full_name, answer.post.title, answer.via.value)
        if found and (found[-1].name, found[-1].title, found[-1].via) == (now.name, now.title, now.via):
            now = replace(now, since=found.pop().since)
        found.append(now)
    return found


def _days_of_change(request: StaffRequest, post: Post, first: date, last: date) -> list[date]:
    """The days on which somebody who could answer comes or goes: in the post's authority, or at a duty desk."""
    viewer = request.viewer
    near = Q(post__unit__authority=post.unit.authority_id) | Q(post__role=PostRole.DUTY_DESK)
    holdings = list(Holding.objects.visible_to(viewer).filter(near, Q(until=None) | Q(until__gte=first)))
    persons = [one.person_id for one in holdings]
    rows: list[Holding | Cover | Absence] = [
        *holdings,
        *Cover.objects.visible_to(viewer).filter(near),
        *Absence.objects.visible_to(viewer).filter(person__in=persons),
    ]
    # A register of staff may say the last day of all where it means until further notice: no day comes after that.
    edges = {day for one in rows for day in Span(one.since, one.until).edges}
    return [first, *sorted(day for day in edges if first < day <= last)]


@require_POST
@staff
def end(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Be back from today, and let the cover for those days end as well."""
    absence: Absence = get_object_or_404(
        Absence.objects.visible_to(request.viewer).filter(person=request.viewer.person), ref=ref
    )
    form = KeyedForm(request.POST)
    if form.is_valid() and press(request, form, lambda: _back(request, absence)):
        return redirect("desk:away")
    post = _own_post(request)
    away_form = AwayForm(posts=_may_stand_in(request, post))
    return page(request, "desk/away/away.html", {**_facts(request, post), "away_form": away_form, "form": form}, form)


def _back(request: StaffRequest, absence: Absence) -> UUID:
    yesterday = clock.today() - ONE_DAY
    own = Cover.objects.visible_to(request.viewer).filter(post=_own_post(request))
    for cover in own.filter(since=absence.since, until=absence.until):
        end_cover(request.viewer, cover, yesterday)
    end_absence(request.viewer, absence, yesterday)
    return absence.ref
