"""A sign on a page of its own: what was noticed, where it stands, and the one next step for who is reading."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from samsyn.circle.actions import named_post_for
from samsyn.circle.models import NamedPerson
from samsyn.common import clock
from samsyn.common.reading import ground
from samsyn.desk.claims import claims_beside
from samsyn.desk.doors import StaffRequest, page, staff
from samsyn.desk.letters import letter
from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals.actions import with_post
from samsyn.early_signals.area_words import areas_of
from samsyn.early_signals.models import FiveQuestions, Request, Sign, SignState, Talk
from samsyn.early_signals.rules import OPEN_SIGN, SIGN_STEPS, verbs
from samsyn.organisations.attendance import attendance
from samsyn.organisations.partnerships import deadline_for
from samsyn.sharing.actions import guardians_today
from samsyn.sharing.predicate import explain
from samsyn.trail.pressing import KeyedForm


def sent_sign(request: StaffRequest, ref: UUID) -> Sign:
    """A sign that has been sent and that the viewer may see, or 404."""
    signs = Sign.objects.visible_to(request.viewer).exclude(state=SignState.DRAFT)
    rows = signs.select_related("child", "noticer", "noticer_post__unit", "merged_into", "authority")
    found: Sign = get_object_or_404(rows, ref=ref)
    return found


def named_of(request: StaffRequest, sign: Sign) -> NamedPerson | None:
    """The child's named person today, as far as the viewer may know."""
    return (
        NamedPerson.objects.visible_to(request.viewer)
        .filter(child=sign.child, until=None)
        .select_related("post__unit")
        .first()
    )


def answers_for(request: StaffRequest, sign: Sign, named: NamedPerson | None) -> bool:
    """Does the viewer's post answer for the sign: as the child's named person, or since it came back to it."""
    if named is not None and named.post_id == request.viewer.post:
        return True
    return with_post(request.viewer, sign) is not None


@require_http_methods(["GET", "HEAD"])
@staff
def sign(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A sign: what was noticed, where it stands, and the one next step for who is reading."""
    found = sent_sign(request, ref)
    why = explain(request.viewer, found.child)
    if why is not None:
        ground(why.ground)
    named = named_of(request, found)
    answers = named_post_for(found.child)  # which post it is, is no secret: the one who noticed may know whom to ask
    mine = answers_for(request, found, named)
    # Whoever it was shared with reads the sign, and neither where it stands nor what the one who noticed was told.
    takes_part = mine or found.noticer_post_id == request.viewer.post or found.authority_id == request.viewer.authority
    family = guardians_today(found.child)
    duty = Duty.objects.visible_to(request.viewer).filter(object_ref=found.ref, state=DutyState.OPEN).first()
    talks = list(Talk.objects.visible_to(request.viewer).filter(sign=found).order_by("at", "pk"))
    questions = FiveQuestions.objects.visible_to(request.viewer).filter(sign=found).first()
    texts = [found, *talks, *([questions] if questions else [])]
    claims = claims_beside(request.viewer, [text.ref for text in texts])
    facts: dict[str, Any] = {
        **letter(found, family, areas_of(found.authority_id)),
        "why": why,
        "now": clock.now(),
        "mine": mine,
        "named": named,
        "who": attendance([answers], clock.now()).present_name(answers) if answers else "",
        "claims": claims.get(found.ref, []),
        "shares": why is not None and why.follows and found.authority_id == request.viewer.authority,
        "takes_part": takes_part,
        "is_noticer": found.noticer_post_id == request.viewer.post,
        "verbs": verbs(SIGN_STEPS, found.state) if mine else (),
        "duty": duty,
        "talks": [(talk, claims.get(talk.ref, [])) for talk in talks],
        "questions": questions,
        "claims_in_questions": claims.get(questions.ref, []) if questions else [],
        "requests": list(
            Request.objects.visible_to(request.viewer)
            .filter(sign=found)
            .select_related("to_unit")
            .order_by("sent_at", "pk")
        ),
        "merged": list(
            Sign.objects.visible_to(request.viewer).filter(merged_into=found).select_related("noticer", "noticer_post")
        ),
        "earlier": _earlier(request, found) if mine else [],
        "answer_by": _answer_by(found),
        "form": KeyedForm(),
    }
    return page(request, "desk/signs/sign.html", facts)


def _answer_by(found: Sign) -> date | None:
    """The last day for the decision, as the partnership has promised; None when the sign has not been sent."""
    if found.sent_at is None:
        return None
    return deadline_for(found.authority_id, "decision_after_signal", found.sent_at).latest_day


def _earlier(request: StaffRequest, found: Sign) -> list[Sign]:
    open_ones = Sign.objects.visible_to(request.viewer).filter(child=found.child, state__in=OPEN_SIGN)
    return list(open_ones.filter(sent_at__lt=found.sent_at).exclude(pk=found.pk).select_related("noticer"))
