"""Handing over: an offer on its page, and the list of one's own. Nothing moves before the other one has said yes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.circle.handover_actions import withdraw_handover
from samsyn.circle.handover_answers import answer_handover, met_family
from samsyn.circle.models import Handover, HandoverKind, HandoverState, Team, TeamState
from samsyn.circle.rules import may_answer_handover
from samsyn.common import clock
from samsyn.common.prepared import first_asked
from samsyn.common.reading import ground
from samsyn.common.viewer import Viewer
from samsyn.desk import withdrawn
from samsyn.desk.circle_forms import WordsForm
from samsyn.desk.doors import StaffRequest, asked_or_404, page, press, staff
from samsyn.duties.models import Duty, DutyState
from samsyn.organisations.attendance import attendance
from samsyn.sharing.predicate import explain
from samsyn.trail.pressing import KeyedForm

SHOWN = 30
TAKEN_BACK = may_answer_handover(state=HandoverState.WITHDRAWN, is_receiver=True, verb="accept", words="")


@require_http_methods(["GET", "HEAD"])
@staff
def handovers(request: StaffRequest) -> HttpResponse:
    """The offers to this post and from it."""
    viewer = request.viewer
    rows = (
        Handover.objects.visible_to(viewer)
        .filter(Q(to_post_id=viewer.post) | Q(from_post_id=viewer.post))
        .select_related("child", "from_post__unit", "to_post__unit", "from_person")
        .order_by("-proposed_at", "-pk")[:SHOWN]
    )
    found = list(rows)
    waiting = [row for row in found if row.state == HandoverState.PROPOSED]
    facts = {
        "to_me": [row for row in waiting if row.to_post_id == viewer.post],
        "by_me": [row for row in waiting if row.from_post_id == viewer.post],
        "answered": [row for row in found if row.state != HandoverState.PROPOSED],
        "who": attendance([row.to_post for row in found], clock.now()),
        "due": _due_days(request),
        "now": clock.now(),
    }
    return page(request, "desk/circle/handovers.html", facts)


def _due_days(request: StaffRequest) -> dict[UUID, Any]:
    duties = Duty.objects.visible_to(request.viewer).filter(room="handover", state=DutyState.OPEN)
    return {duty.object_ref: duty for duty in duties.select_related("child")}


def handover_of(request: StaffRequest, ref: UUID) -> Handover:
    """The hand-over, if the viewer may see it, or 404."""
    return asked_or_404(_handover, request.viewer, ref)


def _handover(viewer: Viewer, ref: UUID) -> QuerySet[Handover]:
    rows = Handover.objects.visible_to(viewer).filter(ref=ref)
    return rows.select_related(
        "child", "from_post__unit__authority", "to_post__unit__authority", "from_person", "authority"
    )


@require_http_methods(["GET", "HEAD"])
@staff
def handover(request: StaffRequest, ref: UUID) -> HttpResponse:
    """One hand-over: what was written, where it stands, and the next step."""
    found = first_asked(_handover, request.viewer, ref)
    if found is None:
        return withdrawn.show(request, withdrawn.OFFER, withdrawn.notice_of(request, withdrawn.OFFER, ref))
    return _show(request, found, {})


def _show(request: StaffRequest, found: Handover, bound: dict[str, KeyedForm]) -> HttpResponse:
    why = explain(request.viewer, found.child)
    if why is not None:
        ground(why.ground)
    duties = Duty.objects.visible_to(request.viewer).filter(object_ref=found.ref, state=DutyState.OPEN)
    duty = duties.select_related("child").order_by("due_at", "pk").first()
    who = attendance([found.from_post, found.to_post], clock.now())
    teams = Team.objects.visible_to(request.viewer).filter(child=found.child, authority=found.authority)
    facts = {
        "handover": found,
        "team": teams.exclude(state=TeamState.CLOSED).first() if found.kind == HandoverKind.LEAD else None,
        "child": found.child,
        "age": found.child.age_on(clock.today()),
        "why": why,
        "duty": duty,
        "mine": found.to_post_id == request.viewer.post,
        "is_sender": found.from_post_id == request.viewer.post,
        "meets": duty is not None and duty.what == "meet_family" and duty.post_id == request.viewer.post,
        "receiver": who.present_name(found.to_post) or found.to_post.title,
        "decline": bound.get("decline") or WordsForm(),
        "key_form": KeyedForm(),
        "now": clock.now(),
    }
    return page(request, "desk/circle/handover.html", facts, next(iter(bound.values()), None))


@require_POST
@staff
def act(request: StaffRequest, ref: UUID, verb: str) -> HttpResponse:
    """Accept, decline, take back, or note that the family has been met."""
    form = WordsForm(request.POST) if verb == "decline" else KeyedForm(request.POST)
    found = first_asked(_handover, request.viewer, ref)
    if found is None:
        taken_back = withdrawn.notice_of(request, withdrawn.OFFER, ref)
        return withdrawn.refuse(request, withdrawn.OFFER, taken_back, form, TAKEN_BACK)
    do = _doing(request, found, form).get(verb)
    if do is None:
        raise Http404
    if form.is_valid() and press(request, form, do):
        still_mine = verb in ("accept", "met")
        return redirect("desk:handover", found.ref) if still_mine else redirect("desk:handovers")
    return _show(request, handover_of(request, ref), {verb: form})


def _doing(request: StaffRequest, found: Handover, form: KeyedForm) -> dict[str, Callable[[], UUID]]:
    viewer = request.viewer

    def taken_back() -> UUID:
        withdraw_handover(viewer, found)
        return found.ref

    def met() -> UUID:
        met_family(viewer, found)
        return found.ref

    return {
        "accept": lambda: answer_handover(viewer, found, accept=True).ref,
        "decline": lambda: answer_handover(viewer, found, accept=False, words=form.cleaned_data["words"]).ref,
        "withdraw": taken_back,
        "met": met,
    }
