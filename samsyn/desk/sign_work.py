"""What happens with a sign that was sent: the named person takes it on, talks, decides, tells and closes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.sign_forms import FeedbackForm, MergeForm, QuestionsForm, TalkForm
from samsyn.desk.sign_page import answers_for, named_of, sent_sign
from samsyn.early_signals.actions import (
    acknowledge,
    answer_five_questions,
    close_sign,
    merge_sign,
    record_talk,
    tell_noticer,
)
from samsyn.early_signals.models import Sign, Talk
from samsyn.early_signals.rules import feedback_limits
from samsyn.sharing.actions import guardians_today
from samsyn.trail.pressing import KeyedForm


def _to_answer(request: StaffRequest, ref: UUID) -> Sign:
    """The sign, for whoever answers for it alone; others get 404."""
    sign = sent_sign(request, ref)
    if not answers_for(request, sign, named_of(request, sign)):
        raise Http404
    return sign


@require_POST
@staff
def take_on(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The named person takes the sign on."""
    found = _to_answer(request, ref)
    form = KeyedForm(request.POST)
    if form.is_valid() and press(request, form, lambda: acknowledge(request.viewer, found).ref):
        return redirect("desk:sign", found.ref)
    return page(request, "desk/signs/refused.html", {"sign": found}, form)


@require_POST
@staff
def merge(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Join a sign with an earlier one about the same child."""
    found = _to_answer(request, ref)
    form = MergeForm(request.POST)
    if form.is_valid():
        into = _to_answer(request, form.cleaned_data["into"])
        if press(request, form, lambda: merge_sign(request.viewer, found, into).ref):
            return redirect("desk:sign", into.ref)
    return page(request, "desk/signs/refused.html", {"sign": found}, form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def talk(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Write down a talk with the child and the family."""
    found = _to_answer(request, ref)
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
    found = _to_answer(request, ref)
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
    found = _to_answer(request, ref)
    form = FeedbackForm(request.POST if request.method == "POST" else None, initial={"feedback": found.told_noticer})
    verb = close_sign if "close" in request.POST else tell_noticer
    joined = Sign.objects.visible_to(request.viewer).filter(merged_into=found)
    noticed = {one.noticer_authority_id for one in [found, *joined]}
    limits = feedback_limits(same_authority=noticed == {found.authority_id})
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
    talks = Talk.objects.visible_to(request.viewer).filter(sign=found).order_by("at", "pk")
    about = {"sign": found, "child": found.child, "talks": list(talks), "family": guardians_today(found.child)}
    return page(request, template, {**about, **facts}, form)
