"""A request for help on its page, and each answer to it: nothing moves before the other one has said yes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.common import clock
from samsyn.common.prepared import first_asked
from samsyn.common.reading import ground
from samsyn.common.viewer import Viewer
from samsyn.desk import stuck, withdrawn
from samsyn.desk.claims import claims_beside
from samsyn.desk.doors import StaffRequest, asked_or_404, page, press, staff
from samsyn.desk.request_forms import FORMS
from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals.actions import (
    accept_request,
    agree_counter,
    asker_of,
    counter_request,
    decline_request,
    finish_request,
    is_closed_to_receiver,
    revoke_request,
    settle,
)
from samsyn.early_signals.models import Request, RequestState, RequestStep, Sign
from samsyn.early_signals.rules import REQUEST_STEPS, possible, verbs
from samsyn.organisations.attendance import attendance
from samsyn.sharing.predicate import explain
from samsyn.trail.pressing import KeyedForm

ORDER = ("accept", "agree", "finish", "counter", "decline", "revoke")  # what helps the child soonest stands first
ENDING = ("decline", "revoke", "finish", "settle")
RECEIVER_VERBS = ("accept", "counter", "decline", "finish")


def _request(request: StaffRequest, ref: UUID) -> Request:
    return asked_or_404(_rows, request.viewer, ref)


def _rows(viewer: Viewer, ref: UUID) -> QuerySet[Request]:
    return (
        Request.objects.visible_to(viewer)
        .filter(ref=ref)
        .select_related(
            "child",
            "from_post__unit__authority",
            "to_post__unit__authority",
            "from_person",
            "sign",
            "to_unit",
            "disclosure",
        )
    )


def _open_verbs(request: StaffRequest, found: Request, settles: Duty | None) -> list[str]:
    is_receiver = found.to_post_id == request.viewer.post
    is_asker = asker_of(found)[0].pk == request.viewer.post
    allowed = [
        verb
        for verb in sorted(verbs(REQUEST_STEPS, found.state), key=ORDER.index)
        if (is_receiver if verb in RECEIVER_VERBS else is_asker)
    ]
    if found.state == RequestState.ACCEPTED and "revoke" in allowed and not is_closed_to_receiver(found):
        allowed.remove("revoke")  # whoever carries it out says how it ended
    return [*allowed, "settle"] if settles else allowed


@require_http_methods(["GET", "HEAD"])
@staff
def one(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A request: what is asked, by whom, where it stands, and what the reader can do."""
    duty = stuck.called_in(request, ref)
    if duty is not None:
        return stuck.show(request, duty, KeyedForm())
    found = first_asked(_rows, request.viewer, ref)
    if found is None:
        return withdrawn.show(request, withdrawn.REQUEST, withdrawn.notice_of(request, withdrawn.REQUEST, ref))
    return _show(request, found, {})


def _show(request: StaffRequest, found: Request, bound: dict[str, KeyedForm]) -> HttpResponse:
    why = explain(request.viewer, found.child)
    if why is not None:
        ground(why.ground)
    duties = Duty.objects.visible_to(request.viewer).filter(object_ref=found.ref, state=DutyState.OPEN)
    duty = duties.order_by("due_at", "pk").first()
    settles = duty if duty is not None and duty.what == "unstick" else None
    form_by_verb = {verb: bound.get(verb) or FORMS[verb]() for verb in _open_verbs(request, found, settles)}
    steps = RequestStep.objects.visible_to(request.viewer).filter(request=found)
    takes_part = bool(duty or form_by_verb) or _is_between(request.viewer, found)
    signs = Sign.objects.visible_to(request.viewer).filter(requests=found).select_related("noticer", "noticer_post")
    facts: dict[str, Any] = {
        "asked": found,
        "claims": claims_beside(request.viewer, [found.ref]).get(found.ref, []),
        "shares": why is not None and why.follows and found.authority_id == request.viewer.authority,
        "child": found.child,
        "age": found.child.age_on(clock.today()),
        "why": why,
        "duty": duty,
        "now": clock.now(),
        "takes_part": takes_part,
        "steps": list(steps.select_related("person").order_by("at", "pk")) if takes_part else [],
        "sign": signs.first(),
        "who": attendance([found.to_post, found.from_post], clock.now()).present_name(found.to_post),
        "forms": form_by_verb,
        "waits": set(form_by_verb) == {"revoke"} and found.state != RequestState.ACCEPTED,
        "closed": found.state == RequestState.ACCEPTED and "revoke" in form_by_verb,
        "is_receiver": found.to_post_id == request.viewer.post,
    }
    refused = next(iter(bound.values()), None)
    if not bound.keys() <= form_by_verb.keys():
        facts["late"] = refused  # somebody else was first: the step is gone, and what was typed for it is kept
    return page(request, "desk/requests/request.html", facts, refused)


def _is_between(viewer: Viewer, found: Request) -> bool:
    """Is the viewer of one of the two that the request is between, or does it answer for having asked.

    Whoever the request was shared with reads what was asked, and not what those two have said to each other since.
    """
    parties = (found.authority_id, found.to_unit.authority_id)
    return viewer.authority in parties or asker_of(found)[0].pk == viewer.post


@require_POST
@staff
def act(request: StaffRequest, ref: UUID, verb: str) -> HttpResponse:
    """Take one step with a request."""
    duty = stuck.called_in(request, ref) if verb == "settle" else None
    if duty is not None:
        return stuck.show(request, duty, KeyedForm(request.POST))
    if verb not in FORMS:
        raise Http404
    form = FORMS[verb](request.POST)
    found = first_asked(_rows, request.viewer, ref)
    if found is None:
        taken_back = withdrawn.notice_of(request, withdrawn.REQUEST, ref)
        because = possible(REQUEST_STEPS, RequestState.REVOKED, verb)
        return withdrawn.refuse(request, withdrawn.REQUEST, taken_back, form, because)
    if form.is_valid() and press(request, form, _doing(request, found, verb, form.cleaned_data)):
        return redirect("desk:day") if verb in ENDING else redirect("desk:request", found.ref)
    return _show(request, _request(request, ref), {verb: form})


def _doing(request: StaffRequest, found: Request, verb: str, told: dict[str, Any]) -> Callable[[], UUID]:
    viewer = request.viewer

    def settled() -> UUID:
        duties = Duty.objects.visible_to(viewer).filter(object_ref=found.ref, what="unstick", state=DutyState.OPEN)
        settle(viewer, get_object_or_404(duties))
        return found.ref

    doing: dict[str, Callable[[], UUID]] = {
        "accept": lambda: accept_request(viewer, found).ref,
        "counter": lambda: counter_request(viewer, found, told["proposal"]).ref,
        "agree": lambda: agree_counter(viewer, found).ref,
        "decline": lambda: decline_request(viewer, found, reason=told["reason"], alternative=told["alternative"]).ref,
        "revoke": lambda: revoke_request(viewer, found, told["words"]).ref,
        "finish": lambda: finish_request(viewer, found, told["outcome"], told["words"]).ref,
        "settle": settled,
    }
    return doing[verb]
