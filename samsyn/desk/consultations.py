"""Asking another unit for advice without saying whom it is about, and answering."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.sign_forms import long_text
from samsyn.early_signals.actions import answer_consultation, consult, what_points_out
from samsyn.early_signals.models import Consultation
from samsyn.early_signals.pointing_out import PointsOut
from samsyn.organisations.partnerships import partner_units
from samsyn.trail.pressing import KeyedForm, offer


class QuestionForm(KeyedForm):
    """The question, and whom it goes to."""

    to_unit = forms.ChoiceField(label=_lazy("Whom do you ask?"))
    question = long_text(
        _lazy("Your question"), _lazy("No name, no number, no place. Say “a child in the first years of school”."), 5
    )
    looked_through = forms.BooleanField(
        label=_lazy("I have read it once more: nobody can be recognised"), required=False
    )
    warned = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, to_unit=[("", _lazy("Choose a place")), *units])


class AnswerForm(KeyedForm):
    """The answer."""

    answer = long_text(_lazy("Your answer"), "", 5)
    warned = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new(request: StaffRequest) -> HttpResponse:
    """Ask without identity. What may point somebody out is shown, and must have been seen, before it is asked."""
    units = {str(unit.ref): unit for unit in partner_units(request.viewer)}
    choices = [(ref, f"{unit.name}, {unit.authority.name}") for ref, unit in units.items()]
    form = QuestionForm(request.POST if request.method == "POST" else None, units=choices)
    found = PointsOut()
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        found = what_points_out(request.viewer, told["question"])
        if request.headers.get("HX-Request") == "true":
            return page(request, "desk/requests/_points_out.html", {"found": found, "mark": _mark(told["question"])})
        # A tick that was set before the warning was there says nothing about it.
        seen = told["looked_through"] and (not found.warns or told["warned"] == _mark(told["question"]))
        done = press(
            request,
            form,
            lambda: consult(request.viewer, units[told["to_unit"]], told["question"], looked_through=seen).ref,
        )
        if done:
            return redirect("desk:consultation", done)
    mark = _mark(form["question"].value() or "")
    return page(request, "desk/requests/consult.html", {"found": found, "mark": mark}, form)


def _mark(question: str) -> str:
    """Says which text a warning was about, without holding it."""
    return hashlib.sha256(" ".join(question.split()).encode()).hexdigest()


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def one(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A question without identity, for the one who asked and the one who answers.

    What may point somebody out in the answer is shown before it is sent, and must have been seen for that very text.
    """
    rows = Consultation.objects.visible_to(request.viewer).select_related("from_person", "from_post", "to_unit")
    asked: Consultation = get_object_or_404(rows, ref=ref)
    answers = asked.to_post_id == request.viewer.post and asked.answered_at is None
    form = AnswerForm(request.POST if request.method == "POST" else None)
    found = PointsOut()
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["answer"]
        found = what_points_out(request.viewer, text) if answers else found
        if found.warns and form.cleaned_data["warned"] != _mark(text):
            form.add_error("answer", _("Somebody may be recognised by this"))
        elif press(request, form, lambda: answer_consultation(request.viewer, asked, text).ref):
            return redirect("desk:consultation", asked.ref)
    facts = {"asked": asked, "answers": answers, "found": found, "mark": _mark(form["answer"].value() or "")}
    return page(request, "desk/requests/consultation.html", facts, form)
