"""What happens with a sign that was sent: the named person takes it on, talks, decides, tells and closes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from samsyn import law
from samsyn.circle.actions import named_post_for
from samsyn.circle.models import NamedPerson
from samsyn.common import clock
from samsyn.common.reading import ground
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.letters import letter
from samsyn.desk.shown import claims_beside
from samsyn.desk.sign_forms import FeedbackForm, MergeForm, QuestionsForm, TalkForm
from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals.actions import (
    acknowledge,
    answer_five_questions,
    close_sign,
    merge_sign,
    record_talk,
    tell_noticer,
)
from samsyn.early_signals.models import FiveQuestions, Request, Sign, SignState, Talk
from samsyn.early_signals.rules import OPEN_SIGN, SIGN_STEPS, feedback_limits, verbs
from samsyn.organisations.attendance import attendance
from samsyn.sharing.actions import guardians_today
from samsyn.sharing.predicate import explain
from samsyn.trail.pressing import KeyedForm


def sent_sign(request: StaffRequest, ref: UUID) -> Sign:
    """A sign that has been sent and that the viewer may see, or 404."""
    signs = Sign.objects.visible_to(request.viewer).exclude(state=SignState.DRAFT)
    rows = signs.select_related("child", "noticer", "noticer_post__unit", "merged_into", "authority")
    found: Sign = get_object_or_404(rows, ref=ref)
    return found


def _named(request: StaffRequest, sign: Sign) -> NamedPerson | None:
    return (
        NamedPerson.objects.visible_to(request.viewer)
        .filter(child=sign.child, until=None)
        .select_related("post__unit")
        .first()
    )


def _as_named_person(request: StaffRequest, ref: UUID) -> Sign:
    """The sign, for the child's named person alone; others get 404."""
    sign = sent_sign(request, ref)
    named = _named(request, sign)
    if named is None or named.post_id != request.viewer.post:
        raise Http404
    return sign


@require_http_methods(["GET", "HEAD"])
@staff
def sign(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A sign: what was noticed, where it stands, and the one next step for who is reading."""
    found = sent_sign(request, ref)
    why = explain(request.viewer, found.child)
    if why is not None:
        ground(why.ground)
    named = _named(request, found)
    answers = named_post_for(found.child)  # which post it is, is no secret: the one who noticed may know whom to ask
    mine = named is not None and named.post_id == request.viewer.post
    family = guardians_today(found.child)
    duty = Duty.objects.visible_to(request.viewer).filter(object_ref=found.ref, state=DutyState.OPEN).first()
    facts: dict[str, Any] = {
        **letter(found, family),
        "why": why,
        "now": clock.now(),
        "mine": mine,
        "named": named,
        "who": attendance([answers], clock.now()).present_name(answers) if answers else "",
        "claims": claims_beside(request, [found.ref]),
        "shares": why is not None and why.follows and found.authority_id == request.viewer.authority,
        "is_noticer": found.noticer_post_id == request.viewer.post,
        "verbs": verbs(SIGN_STEPS, found.state) if mine else (),
        "duty": duty,
        "talks": list(Talk.objects.visible_to(request.viewer).filter(sign=found).order_by("at")),
        "questions": FiveQuestions.objects.visible_to(request.viewer).filter(sign=found).first(),
        "requests": list(
            Request.objects.visible_to(request.viewer).filter(sign=found).select_related("to_unit").order_by("sent_at")
        ),
        "merged": list(
            Sign.objects.visible_to(request.viewer).filter(merged_into=found).select_related("noticer", "noticer_post")
        ),
        "earlier": _earlier(request, found) if mine else [],
        "answer_by": law.deadline("decision_after_signal", found.sent_at).latest if found.sent_at else None,
        "form": KeyedForm(),
    }
    return page(request, "desk/signs/sign.html", facts)


def _earlier(request: StaffRequest, found: Sign) -> list[Sign]:
    open_ones = Sign.objects.visible_to(request.viewer).filter(child=found.child, state__in=OPEN_SIGN)
    return list(open_ones.filter(sent_at__lt=found.sent_at).exclude(pk=found.pk).select_related("noticer"))


@require_POST
@staff
def take_on(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The named person takes the sign on."""
    found = _as_named_person(request, ref)
    form = KeyedForm(request.POST)
    if form.is_valid() and press(request, form, lambda: acknowledge(request.viewer, found).ref):
        return redirect("desk:sign", found.ref)
    return page(request, "desk/signs/refused.html", {"sign": found}, form)


@require_POST
@staff
def merge(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Join a sign with an earlier one about the same child."""
    found = _as_named_person(request, ref)
    form = MergeForm(request.POST)
    if form.is_valid():
        into = _as_named_person(request, form.cleaned_data["into"])
        if press(request, form, lambda: merge_sign(request.viewer, found, into).ref):
            return redirect("desk:sign", into.ref)
    return page(request, "desk/signs/refused.html", {"sign": found}, form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def talk(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Write down a talk with the child and the family."""
    found = _as_named_person(request, ref)
    form = TalkForm(request.POST if request.method == "POST" else None, family=guardians_today(found.child))
    return _work(
        request,
        found,
        form,
        "desk/signs/talk.html",
        lambda: record_talk(request.viewer, found, form.held()).ref,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def questions(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The five questions, and the decision."""
    found = _as_named_person(request, ref)
    form = QuestionsForm(request.POST if request.method == "POST" else None)
    return _work(
        request,
        found,
        form,
        "desk/signs/questions.html",
        lambda: answer_five_questions(request.viewer, found, form.answers()).ref,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def close(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Tell the one who noticed, and close the sign when nothing is left open."""
    found = _as_named_person(request, ref)
    form = FeedbackForm(request.POST if request.method == "POST" else None, initial={"feedback": found.told_noticer})
    verb = close_sign if "close" in request.POST else tell_noticer
    limits = feedback_limits(same_authority=found.noticer_authority_id == found.authority_id)
    return _work(
        request,
        found,
        form,
        "desk/signs/close.html",
        lambda: verb(request.viewer, found, form.cleaned_data["feedback"]).ref,
        limits=limits,
    )


def _work(
    request: StaffRequest, found: Sign, form: Any, template: str, do: Callable[[], UUID], **facts: Any
) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and press(request, form, do):
        return redirect("desk:sign", found.ref)
    talks = Talk.objects.visible_to(request.viewer).filter(sign=found).order_by("at")
    about = {"sign": found, "child": found.child, "talks": list(talks), "family": guardians_today(found.child)}
    return page(request, template, {**about, **facts}, form)
