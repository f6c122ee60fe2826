"""Protected personal data: setting and lifting them, and letting a post know of the person until a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.circle.models import Membership, NamedPerson
from samsyn.circle.protecting import protect_child, stop_knowing
from samsyn.circle.rules import may_let_go
from samsyn.common import clock
from samsyn.common.decision import Refused, no
from samsyn.common.ports import Children
from samsyn.common.viewer import Viewer
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.protection_forms import DecidedForm, EndForm, InsightForm, WhereaboutsForm
from samsyn.early_signals.models import Request
from samsyn.early_signals.rules import OPEN_REQUEST
from samsyn.organisations.intervals import standing
from samsyn.organisations.models import Post
from samsyn.organisations.partnerships import named_person_word
from samsyn.people.actions import is_kin
from samsyn.people.models import Person
from samsyn.people.vault import open_whereabouts
from samsyn.plans.models import IN_FORCE, Action, ActionState
from samsyn.protection import actions, insight_actions
from samsyn.protection.models import Insight
from samsyn.sharing.actions import posts_around
from samsyn.sharing.models import Reason
from samsyn.sharing.predicate import reason_words
from samsyn.sharing.review_queue import TO_REVIEW
from samsyn.trail.pressing import KeyedForm

BY_WORK = {TO_REVIEW: _lazy("reviews who has looked")}

Act = Callable[[StaffRequest, Person, Any], UUID]


@require_http_methods(["GET", "HEAD"])
@staff
def protection(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The protection of one child, on which decision, and who may know of the child."""
    child = _child(request, ref)
    return _page(request, child)


@require_POST
@staff
def act(request: StaffRequest, ref: UUID, verb: str) -> HttpResponse:
    """Set or lift the protection, give or take back a reason, or note where the child can be found."""
    if verb not in _VERBS:
        raise Http404
    child = _child(request, ref)
    name, do = _VERBS[verb]
    form = _forms(request, child, _around(request, child), {name: request.POST})[name]
    if form.is_valid() and press(request, form, lambda: do(request, child, form)):
        # Who hides a child of the own family no longer answers for it at work, and the page is there no more.
        is_there = _children(request).filter(ref=ref).exists()
        return redirect("desk:protection", child.ref) if is_there else redirect("desk:day")
    return _page(request, child, {name: form})


def _child(request: StaffRequest, ref: UUID) -> Person:
    """A child whom the viewer works with. Who only belongs to the unit is not enough."""
    found: Person = get_object_or_404(_children(request), ref=ref)
    return found


def _children(request: StaffRequest) -> QuerySet[Person]:
    return Person.objects.visible_to(request.viewer, Children.BEYOND_FINDING)


def _page(request: StaffRequest, child: Person, bound: dict[str, KeyedForm] | None = None) -> HttpResponse:
    around = _around(request, child)
    known = _insights(request, child, around) if child.is_protected else []
    shown = {**_forms(request, child, around, {}), **(bound or {})}
    knowing = {one.post_id for one in known}
    named = {one.post_id for one in NamedPerson.objects.visible_to(request.viewer).filter(child=child, until=None)}
    facts: dict[str, Any] = {
        "child": child,
        "own": is_kin(child, request.viewer.person),
        "marking": actions.newest_marking(child),
        "insights": [
            (one, _why(request.viewer, one.why), may_let_go(own_looks=False, answers=one.post_id in named).reason)
            for one in known
        ],
        "left": _with_something_left(request, child, around, knowing) if child.is_protected else [],
        "places": [field for field in shown["places"] if field.name != "key"],
        **{f"{name}_form": form for name, form in shown.items()},
    }
    return page(request, "desk/protection/protection.html", facts, next(iter(bound.values())) if bound else None)


def _forms(request: StaffRequest, child: Person, around: list[Post], sent: dict[str, Any]) -> dict[str, KeyedForm]:
    told = asdict(open_whereabouts(child)) if child.is_protected else {}
    return {
        "decided": DecidedForm(sent.get("decided"), initial={"level": child.protection}),
        "insight": InsightForm(sent.get("insight"), posts=_posts(request, around)),
        "end": EndForm(sent.get("end")),
        "places": WhereaboutsForm(sent.get("places"), initial=told),
    }


def _around(request: StaffRequest, child: Person) -> list[Post]:
    """The posts that have to do with the child and that the viewer may know of.

    Those of the own authority, and of another those that the viewer meets in the team, as named person or in a request.
    """
    viewer = request.viewer
    named = NamedPerson.objects.visible_to(viewer).filter(child=child, until=None)
    team = Membership.objects.visible_to(viewer).filter(child=child, until=None)
    asked = Request.objects.visible_to(viewer).filter(child=child)
    met = {row.post_id for row in named} | {row.post_id for row in team}
    met |= {end for row in asked for end in (row.from_post_id, row.to_post_id)}
    rows = Post.objects.visible_to(viewer).filter(pk__in=met, ended_on=None).select_related("unit")
    return list(dict.fromkeys([*posts_around(viewer, child), *rows.order_by("unit__name", "title", "pk")]))


def _insights(request: StaffRequest, child: Person, around: list[Post]) -> list[Insight]:
    """The reasons that the viewer may know of: why another authority knows of the child says what it does there."""
    own, met = request.viewer.authority, {post.pk for post in around}
    rows = insight_actions.insights_into(child).filter(
        Q(post__in=met) | Q(post__unit__authority=own) | Q(given_by__unit__authority=own)
    )
    return list(rows)


def _with_something_left(
    request: StaffRequest, child: Person, around: list[Post], knowing: set[int | None]
) -> list[Post]:
    """The posts that have help to give or promises to keep, as the viewer may read, and no longer know of the child."""
    asked = Request.objects.visible_to(request.viewer).filter(child=child, state__in=OPEN_REQUEST)
    promised = Action.objects.visible_to(request.viewer).filter(
        child=child, state=ActionState.TO_DO, plan__state__in=IN_FORCE
    )
    waits = {row.to_post_id for row in asked} | {row.by_post_id for row in promised}
    return [post for post in around if post.pk in waits - knowing]


def _posts(request: StaffRequest, around: list[Post]) -> list[Post]:
    """Who had to do with the child before, then everybody of the own authority."""
    rows = Post.objects.visible_to(request.viewer).filter(
        standing(clock.today()), unit__authority=request.viewer.authority
    )
    own = rows.exclude(ref=request.viewer.post_ref).select_related("unit").order_by("unit__name", "title", "pk")
    return list(dict.fromkeys([*(post for post in around if post.pk != request.viewer.post), *own]))


def _why(viewer: Viewer, word: str) -> str:
    """A reason as it was written, or the words for what the work gave."""
    if word in BY_WORK:
        return str(BY_WORK[word])
    return reason_words(word, named_person_word(viewer.authority)) if word in Reason.values else word


def _decide(request: StaffRequest, child: Person, form: DecidedForm) -> UUID:
    return protect_child(request.viewer, child, form.decided()).ref


def _give(request: StaffRequest, child: Person, form: InsightForm) -> UUID:
    told = form.cleaned_data
    return insight_actions.give_insight(request.viewer, child, told["post"], told["why"], told["until"]).ref


def _end(request: StaffRequest, child: Person, form: EndForm) -> UUID:
    chosen = form.cleaned_data["insight"]
    shown = _insights(request, child, _around(request, child))
    row = next((one for one in shown if one.ref == chosen), None)
    if row is None:
        raise Refused(no("This reason has ended already."))
    return stop_knowing(request.viewer, row).ref


def _note(request: StaffRequest, child: Person, form: WhereaboutsForm) -> UUID:
    actions.note_whereabouts(request.viewer, child, form.whereabouts())
    return child.ref


_VERBS: dict[str, tuple[str, Act]] = {
    "decide": ("decided", _decide),
    "give": ("insight", _give),
    "end": ("end", _end),
    "note": ("places", _note),
}
