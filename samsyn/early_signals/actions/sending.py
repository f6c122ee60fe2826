"""One unit asks another for help. Nothing moves: whoever asks stays responsible until and after the answer."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from samsyn.circle.actions import ensure_named_person
from samsyn.common import clock
from samsyn.common.decision import Decision, require
from samsyn.common.viewer import Viewer
from samsyn.early_signals import rules
from samsyn.early_signals.actions.changing import (
    acting,
    cleaned_text,
    locked_sign,
)
from samsyn.early_signals.actions.requests import items_of, step_taken
from samsyn.early_signals.actions.stuck import call_when_stuck
from samsyn.early_signals.models import Request, Sign
from samsyn.organisations.models import Authority, Post, PostRole, Unit
from samsyn.people.models import Person
from samsyn.protection.insight_actions import held_for_work, let_work
from samsyn.sharing.actions import Sharing, disclose, involve
from samsyn.sharing.models import Disclosure, Reason, Scope, Way
from samsyn.sharing.predicate import follows

_ANSWERS_FOR_A_UNIT = (PostRole.INTAKE, PostRole.HEAD, PostRole.NAMED_PERSON)


def receiving_post(unit: Unit) -> Post | None:
    """The post that answers requests to a unit: its intake, else its head, else its named person. None: nobody."""
    posts = Post.objects.filter(unit=unit, ended_on=None, role__in=_ANSWERS_FOR_A_UNIT).select_related(
        "unit__authority"
    )
    by_role = {post.role: post for post in posts.order_by("-pk")}
    return next((by_role[role] for role in _ANSWERS_FOR_A_UNIT if role in by_role), None)


@transaction.atomic
def send_request(
    viewer: Viewer,
    child: Person,
    sign: Sign | None,
    to_unit: Unit,
    *,
    wanted: str,
    background: str,
    includes_sign: bool = False,
    ground: Sharing | None = None,
) -> Request:
    """Ask a unit for help. Nothing moves: the asker stays responsible until and after the answer.

    To another authority the request (and the sign, if chosen) is opened through ``ground`` until it ends.
    Raises Refused when the viewer may not ask, the unit has nobody who answers, or the gate does not hold.
    """
    child = held_for_work(child)
    sign = locked_sign(sign) if sign is not None else None
    to_post = receiving_post(to_unit)
    here = acting(viewer)
    request = Request(
        sign=sign,
        child=child,
        authority_id=here.authority,
        from_post_id=here.post,
        from_person_id=viewer.person,
        to_unit=to_unit,
        to_post=to_post,
        wanted=cleaned_text(wanted, "wanted"),
        background=cleaned_text(background, "background"),
        includes_sign=includes_sign,
        sent_at=clock.now(),
    )
    _require_may_ask(viewer, request, has_receiver=to_post is not None, has_ground=ground is not None)
    crosses = to_unit.authority_id != here.authority
    if crosses and ground is not None:
        request.disclosure = _open(viewer, request, replace(ground, way=Way.OPEN))
    request.save()
    let_work(child, [request.to_post.pk], Reason.OFFERED)  # also in another authority, which has no reason of its own
    if not crosses:
        _show(request)
    gate = ground.gate if ground is not None and crosses else "own_authority"
    step_taken(viewer, request, "", "send", request.wanted, "request_received", request.to_post, ground=gate)
    call_when_stuck(viewer, child, sign, asked=to_unit)
    return request


def asking_lies_with(viewer: Viewer, child: Person, sign: Sign | None, named_post: int | None) -> Decision:
    """Does it lie with the viewer to ask for help about the child (and the sign), whose named person is that post."""
    helps = sign is None and follows(viewer, child, clock.now())
    return rules.asks_for_help(is_asker=helps or (named_post is not None and named_post == viewer.post))


def _require_may_ask(viewer: Viewer, request: Request, *, has_receiver: bool, has_ground: bool) -> None:
    sign, child = request.sign, request.child
    named = ensure_named_person(viewer, child)
    require(asking_lies_with(viewer, child, sign, named.post_id))
    require(
        rules.may_ask(
            same_child=sign is None or sign.child_id == child.pk,
            sign_state=sign.state if sign is not None else None,
            receiver_found=has_receiver,
            asks_itself=request.to_post_id == viewer.post,
            same_authority=request.to_unit.authority_id == viewer.authority,
            has_ground=has_ground,
            owns_sign=not request.includes_sign or (sign is not None and sign.authority_id == viewer.authority),
            wanted=request.wanted,
            background=request.background,
        )
    )


def _open(viewer: Viewer, request: Request, ground: Sharing) -> Disclosure:
    sender = Authority.objects.get(pk=request.authority_id)
    about = {request.ref: ("sign", request.sign.ref)} if request.sign is not None else {}
    return disclose(viewer, request.child, sender, request.to_unit, items_of(request), ground, about=about)


def _show(request: Request) -> None:
    """Let the receiving post in the own authority read what is asked before it has answered."""
    for _kind, ref in items_of(request):
        involve(
            request.child,
            request.to_post.unit,
            Reason.OFFERED,
            Scope.ITEM,
            post_id=request.to_post_id,
            item_ref=ref,
            source="early_signals",
        )
