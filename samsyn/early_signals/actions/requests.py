"""The answers to a request for help. Only a yes makes the other responsible for its part."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from samsyn.circle.models import NamedPerson
from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties, open_duty
from samsyn.duties.models import HangsOn
from samsyn.early_signals import rules
from samsyn.early_signals.actions.changing import (
    acting,
    cleaned_text,
    counted_from,
    locked_request,
    require_newest,
)
from samsyn.early_signals.actions.coming_back import is_open_to, let_asker_read, let_go, now_with
from samsyn.early_signals.actions.stuck import count_bounce, no_longer_stuck
from samsyn.early_signals.models import Outcome, Request, RequestState, RequestStep
from samsyn.early_signals.words import REQUEST
from samsyn.notices.actions import tell
from samsyn.organisations.models import Post
from samsyn.protection.insight_actions import hold_before_work
from samsyn.sharing.actions import end_disclosure, end_involvement, involve
from samsyn.sharing.models import Reason, Scope
from samsyn.sharing.words import LOOK_AT_YES
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def items_of(request: Request) -> list[tuple[str, UUID]]:
    """What the receiver reads: the request, and the sign when it was sent along."""
    with_sign = [("sign", request.sign.ref)] if request.includes_sign and request.sign is not None else []
    return [("request", request.ref), *with_sign]


def asker_of(request: Request) -> tuple[Post, HangsOn]:
    """The post that answers for having asked, and what that follows.

    Somebody who asked as the named person has handed the request over with the child; a helper keeps its own. Where the
    new one is in another authority and may not read it, it has come back to the post that was the named person last.
    """
    rows = list(NamedPerson.objects.filter(child=request.child).select_related("post__unit").order_by("-since"))
    asked_as_named = any(
        row.post_id == request.from_post_id
        and row.since <= request.sent_at
        and (row.until is None or row.until >= request.sent_at)
        for row in rows
    )
    now = next((row.post for row in rows if row.until is None), None)
    if asked_as_named and now is not None:
        back = now_with(request)
        return (back, HangsOn.POST) if back is not None else (now, HangsOn.NAMED_PERSON)
    return request.from_post, HangsOn.POST


def step_taken(
    viewer: Viewer, request: Request, state: str, verb: str, words: str, key: str, told: Post, *, ground: str = ""
) -> Request:
    """Write what belongs to every step: the step itself, the next duty, the notice and the trail."""
    line = rules.step(rules.REQUEST_STEPS, state, verb)
    assert line is not None  # the guard has said so
    RequestStep.objects.create(
        request=request,
        child=request.child,
        authority_id=request.authority_id,
        state=line.to,
        words=words,
        post_id=acting(viewer).post,
        person_id=viewer.person,
        at=clock.now(),
    )
    if verb != "send":
        end_duties(request.ref, "answer_request", "answer_counter", "accept_request", "carry_out_request", LOOK_AT_YES)
    if line.duty:
        post, hangs_on = asker_of(request) if line.by == "asker" else (request.to_post, HangsOn.POST)
        if line.by == "asker":
            let_asker_read(request, post, hangs_on)
        open_duty(
            post,
            line.duty,
            child=request.child,
            room=REQUEST,
            object_ref=request.ref,
            rule=line.rule,
            start=counted_from(line.rule, None),
            hangs_on=hangs_on,
            waiting=viewer.person_label,
        )
    tell(told, key, room=REQUEST, object_ref=request.ref, child=request.child)
    subject = Subject("request", request.ref, request.child.ref, line.to)
    act(viewer, f"request.{rules.PAST[verb]}", [subject], ground=ground)
    return request


def _moved(viewer: Viewer, request: Request, verb: str, words: str, key: str, told: Post, **changes: str) -> Request:
    """Take the table's step from where the request stands, with ``changes`` to its fields."""
    state = request.state
    line = rules.step(rules.REQUEST_STEPS, state, verb)
    assert line is not None  # the guard has said so
    for field, value in changes.items():
        setattr(request, field, value)
    request.state = line.to
    request.version += 1
    if verb in ("accept", "counter", "decline"):
        request.answered_at = clock.now()
    if line.to not in rules.OPEN_REQUEST:
        request.ended_at = clock.now()
    request.save()
    taken = step_taken(viewer, request, state, verb, words, key, told)
    if line.to not in rules.OPEN_REQUEST:
        let_go(request.child)
    return taken


@transaction.atomic
def accept_request(viewer: Viewer, request: Request, *, version: int | None = None) -> Request:
    """Say yes. Only now the receiver is responsible, for its own part, and sees what its own authority holds.

    Raises Refused when it has been answered, taken back or closed meanwhile, ChangedMeanwhile for an old screen.
    """
    hold_before_work(request.child_id)
    request = locked_request(request)
    is_read = not is_closed_to_receiver(request)
    require(rules.may_accept(state=request.state, is_receiver=request.to_post_id == viewer.post, is_read=is_read))
    require_newest(request, version)
    asker, _ = asker_of(request)
    involve(
        request.child,
        request.to_post.unit,
        Reason.ANSWERS_REQUEST,
        Scope.WHOLE,
        post_id=request.to_post_id,
        source=f"request:{request.ref}",
    )
    no_longer_stuck(request.child, request.sign)  # before the yes, which ends the matter of those without a sign
    return _moved(viewer, request, "accept", request.proposal, "request_accepted", asker)


@transaction.atomic
def counter_request(viewer: Viewer, request: Request, proposal: str) -> Request:
    """Propose another way. The asker answers it. Raises Refused without words or when answered meanwhile."""
    request = locked_request(request)
    proposal = cleaned_text(proposal, "proposal")
    facts = {"is_receiver": request.to_post_id == viewer.post, "is_read": not is_closed_to_receiver(request)}
    require(rules.may_counter(state=request.state, **facts, proposal=proposal))
    asker, _ = asker_of(request)
    return _moved(viewer, request, "counter", proposal, "request_countered", asker, proposal=proposal)


@transaction.atomic
def agree_counter(viewer: Viewer, request: Request, *, version: int | None = None) -> Request:
    """Agree to the other way. Still nothing has moved: the receiver accepts next."""
    request = locked_request(request)
    asker, _ = asker_of(request)
    is_read = not is_closed_to_receiver(request)
    require(rules.may_agree(state=request.state, is_asker=asker.pk == viewer.post, is_read=is_read))
    require_newest(request, version)
    return _moved(viewer, request, "agree", request.proposal, "request_agreed", request.to_post)


@transaction.atomic
def decline_request(viewer: Viewer, request: Request, *, reason: str, alternative: str) -> Request:
    """Say no, with a reason and what could be done instead. The sign's count of bounces goes up, and never down.

    Raises Refused without either, or when it has been answered meanwhile.
    """
    request = locked_request(request)
    reason, alternative = cleaned_text(reason, "reason"), cleaned_text(alternative, "alternative")
    is_receiver = request.to_post_id == viewer.post
    require(rules.may_decline(state=request.state, is_receiver=is_receiver, reason=reason, alternative=alternative))
    asker, _ = asker_of(request)
    _moved(
        viewer, request, "decline", reason, "request_declined", asker, decline_reason=reason, alternative=alternative
    )
    _hide(viewer, request)
    count_bounce(viewer, request)
    return request


@transaction.atomic
def revoke_request(viewer: Viewer, request: Request, words: str = "") -> Request:
    """Take the request back before anybody has accepted it, or when who has can read it no longer. What was opened for
    its sake closes now. Raises Refused.
    """
    request = locked_request(request)
    asker, _ = asker_of(request)
    is_read = not is_closed_to_receiver(request)
    require(rules.may_revoke(state=request.state, is_asker=asker.pk == viewer.post, is_read=is_read))
    was_accepted = request.state == RequestState.ACCEPTED
    _moved(viewer, request, "revoke", cleaned_text(words, "words"), "request_revoked", request.to_post)
    if was_accepted:
        _no_longer_answers(request)
    _hide(viewer, request)
    return request


def is_closed_to_receiver(request: Request) -> bool:
    """Can the receiver, in another authority, read the request no longer: the yes has ended, or it has been closed."""
    return request.disclosure_id is not None and not is_open_to(request.to_post.unit, request)


@transaction.atomic
def finish_request(viewer: Viewer, request: Request, outcome: str, words: str = "") -> Request:
    """End the receiver's part: it helped, or one of the listed reasons. Its reason to see the child ends with it."""
    request = locked_request(request)
    is_receiver = request.to_post_id == viewer.post
    require(rules.may_finish(state=request.state, is_receiver=is_receiver, outcome=outcome, outcomes=Outcome.values))
    words = cleaned_text(words, "words")
    asker, _ = asker_of(request)
    _moved(viewer, request, "finish", words, "request_done", asker, outcome=outcome, outcome_words=words)
    _no_longer_answers(request)
    _hide(viewer, request)
    return request


def _no_longer_answers(request: Request) -> None:
    """End the receiver's reason around the child, unless it carries out another request."""
    others = Request.objects.filter(child=request.child, to_post=request.to_post, state=RequestState.ACCEPTED)
    if not others.exists():
        end_involvement(request.child, Reason.ANSWERS_REQUEST, post_id=request.to_post_id)


def _hide(viewer: Viewer, request: Request) -> None:
    """Close what the receiver could read for the sake of this request."""
    if request.disclosure is not None:
        end_disclosure(viewer, request.disclosure, because=f"request_{request.state}")
    others = Request.objects.filter(
        state__in=rules.OPEN_REQUEST, to_post=request.to_post, sign=request.sign, includes_sign=True
    )
    for kind, ref in items_of(request):
        if kind == "request" or not others.exists():
            end_involvement(request.child, Reason.OFFERED, post_id=request.to_post_id, item_ref=ref)
