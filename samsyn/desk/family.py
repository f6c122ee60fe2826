"""Who in the family reads what: opening or closing something for the child or one guardian, with the reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.common import clock
from samsyn.common.reading import ground
from samsyn.desk.circle_forms import WordsForm
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.sharing_words import ASKED_FOR
from samsyn.desk.sign_forms import long_text
from samsyn.early_signals.models import Sign, Talk
from samsyn.look.dates import day_and_year
from samsyn.look.fields import DayField
from samsyn.organisations.models import Authority, Unit
from samsyn.people.models import Person
from samsyn.sharing.actions import About, decide_in_family, end_family_decision, family_of
from samsyn.sharing.family import in_force
from samsyn.sharing.family_looks import LOOKS
from samsyn.sharing.models import FamilyDecision, FamilyMark, Scope
from samsyn.sharing.predicate import explain, reasons_of
from samsyn.trail.pressing import KeyedForm, offer

EVERYTHING = "everything"
KINDS: dict[str, Any] = {
    EVERYTHING: _lazy("everything that we hold"),
    **ASKED_FOR,
    "disclosure": _lazy("what is shared"),
    "consent": _lazy("questions about consent"),
    LOOKS: _lazy("who has looked"),
}
OPENS, CLOSES = "opens", "closes"
SHOWN = 20


class DecideForm(KeyedForm):
    """For whom, what, which way, why and until when."""

    whom = forms.ChoiceField(label=_lazy("For whom?"), widget=forms.RadioSelect)
    what = forms.ChoiceField(label=_lazy("What?"))
    step = forms.ChoiceField(
        label=_lazy("Which way?"),
        choices=((OPENS, _lazy("Open it for this person alone")), (CLOSES, _lazy("Close it for this person alone"))),
        widget=forms.RadioSelect,
    )
    reason = long_text(_lazy("Why?"), _lazy("Age and maturity, or how the child could be harmed."), 3)
    until = DayField(
        label=_lazy("Until when?"), help_text=_lazy("Leave it empty for until further notice."), required=False
    )

    def __init__(self, *args: Any, whom: list[tuple[str, str]], what: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, whom=whom, what=what)


def _child(request: StaffRequest, ref: UUID) -> Person:
    """A child of whom the viewer may read all that the own authority holds, or 404: others cannot decide."""
    child: Person = get_object_or_404(Person.objects.visible_to(request.viewer), ref=ref)
    whole = reasons_of(request.viewer, clock.now()).filter(child=child, scope=Scope.WHOLE)
    why = explain(request.viewer, child)
    if why is None or not whole.exists():
        raise Http404
    ground(why.ground)
    return child


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def family(request: StaffRequest, ref: UUID) -> HttpResponse:
    """What has been decided, and a form for one more decision."""
    child = _child(request, ref)
    people = {str(one.ref): one for one in family_of(child)}
    form = DecideForm(
        request.POST if request.method == "POST" else None,
        whom=[(key, one.name) for key, one in people.items()],
        what=_things(request, child),
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        about = _about(_authority(request), told["what"])

        def decide() -> UUID:
            whom, opens = people[told["whom"]], told["step"] == OPENS
            return decide_in_family(
                request.viewer, child, whom, about, opens=opens, reason=told["reason"], until=told["until"]
            ).ref

        if press(request, form, decide):
            return redirect("desk:family", child.ref)
    return page(request, "desk/family/family.html", _facts(request, child), form)


@require_POST
@staff
def end(request: StaffRequest, ref: UUID) -> HttpResponse:
    """End a decision before its day."""
    rows = FamilyDecision.objects.visible_to(request.viewer).select_related("child", "authority")
    decision: FamilyDecision = get_object_or_404(rows, ref=ref)
    form = WordsForm(request.POST)
    if form.is_valid():
        words = form.cleaned_data["words"]
        if press(request, form, lambda: end_family_decision(request.viewer, decision, words).ref):
            return redirect("desk:family", decision.child.ref)
    child = _child(request, decision.child.ref)
    empty = DecideForm(whom=[(str(one.ref), one.name) for one in family_of(child)], what=_things(request, child))
    return page(request, "desk/family/family.html", {**_facts(request, child), "form": empty, "ending": form}, form)


def _facts(request: StaffRequest, child: Person) -> dict[str, Any]:
    rows = FamilyDecision.objects.visible_to(request.viewer).filter(child=child).select_related("child", "whom")
    decisions = list(rows.filter(pk__in=in_force(clock.now())).order_by("-since", "-pk"))
    marks = FamilyMark.objects.visible_to(request.viewer).filter(child=child).select_related("child").order_by("-at")
    return {
        "child": child,
        "decisions": [(one, KINDS.get(one.kind or EVERYTHING, one.kind)) for one in decisions],
        "marks": list(marks[:SHOWN]),
        "words_form": WordsForm(),
    }


def _things(request: StaffRequest, child: Person) -> list[tuple[str, Any]]:
    """Kinds, and single signs and talks of the own authority."""
    authority = request.viewer.authority
    signs = Sign.objects.visible_to(request.viewer).filter(child=child, authority=authority).exclude(state="draft")
    talks = Talk.objects.visible_to(request.viewer).filter(child=child, authority=authority)
    single = [
        (f"sign:{one.ref}", _lazy("the early sign of %(day)s") % {"day": day_and_year(one.saved_at)})
        for one in signs.select_related("child").order_by("-saved_at")[:SHOWN]
    ]
    single += [
        (f"talk:{one.ref}", _lazy("the talk of %(day)s") % {"day": day_and_year(one.held_on)})
        for one in talks.select_related("child").order_by("-held_on")[:SHOWN]
    ]
    return [*KINDS.items(), *single]


def _about(authority: Authority, what: str) -> About:
    kind, _colon, ref = what.partition(":")
    return About(authority, "" if kind == EVERYTHING else kind, UUID(ref) if ref else None)


def _authority(request: StaffRequest) -> Authority:
    unit: Unit = Unit.objects.visible_to(request.viewer).select_related("authority").get(ref=request.viewer.unit_ref)
    return unit.authority
