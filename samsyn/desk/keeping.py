"""How long the file is kept: saying that it is of a kind that the law keeps in its own way, as a placement."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from samsyn import law
from samsyn.common import clock
from samsyn.common.reading import ground
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.law.words import sentence
from samsyn.people.models import Person
from samsyn.retention.actions import keep_long
from samsyn.retention.models import LongKept
from samsyn.retention.rules import LONGEST_TEXT, classes
from samsyn.sharing.predicate import Explanation, explain
from samsyn.trail.pressing import KeyedForm, offer


class KeepForm(KeyedForm):
    """Which kind of file it is, and by which decision."""

    rule = forms.ChoiceField(label=_lazy("What is in the file?"), widget=forms.RadioSelect)
    decision = forms.CharField(
        label=_lazy("Which decision shows it?"),
        help_text=_lazy("Its number or its date. Write nothing about the family here."),
        max_length=LONGEST_TEXT,
        error_messages={"required": _lazy("Write the number or the date of the decision.")},
    )

    def __init__(self, *args: Any, rules: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, rule=rules)


def kinds_at(sphere: str) -> list[law.Retention]:
    """The kinds of file that the law keeps in their own way at an authority of this sphere, today."""
    return classes(law.Sphere(sphere), law.on(clock.today())) if sphere else []


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def keeping(request: StaffRequest, ref: UUID) -> HttpResponse:
    """What has been said of the own authority's file, and a form to say one thing more."""
    child, why = _child(request, ref)
    said = list(
        LongKept.objects.visible_to(request.viewer)
        .filter(child=child, authority=request.viewer.authority)
        .select_related("child", "said_by__unit", "said_by_person")
        .order_by("at", "pk")
    )
    known = {one.rule for one in said}
    kinds = {row.id: row for row in kinds_at(request.viewer.sphere)}
    form = KeepForm(
        request.POST if request.method == "POST" else None,
        rules=[(row.id, sentence(row)) for row in kinds.values() if row.id not in known],
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if press(request, form, lambda: keep_long(request.viewer, child, told["rule"], told["decision"]).ref):
            return redirect("desk:keeping", child.ref)
    facts = {"child": child, "why": why, "said": said, "more": not known >= set(kinds)}
    return page(request, "desk/children/keeping.html", facts, form)


def _child(request: StaffRequest, ref: UUID) -> tuple[Person, Explanation]:
    """A child whose file is the viewer's to work with, at an authority whose files may be of such a kind; or 404."""
    child: Person = get_object_or_404(Person.objects.visible_to(request.viewer), ref=ref)
    why = explain(request.viewer, child)
    if why is None or not why.follows or not kinds_at(request.viewer.sphere):
        raise Http404
    ground(why.ground)
    return child, why
