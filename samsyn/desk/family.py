"""Who in the family reads what: opening or closing something for the child or one guardian, with the reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.common import clock
from samsyn.common.reading import ground
from samsyn.desk.circle_forms import WordsForm
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.family_forms import OPENS, DecideForm, MarkForm
from samsyn.desk.own_family import left_to_a_colleague
from samsyn.desk.sharing_words import ASKED_FOR
from samsyn.early_signals.models import Sign, Talk
from samsyn.look.dates import day_and_year
from samsyn.organisations.models import Authority, Unit
from samsyn.people.models import Person
from samsyn.sharing.actions import About, decide_in_family, end_family_decision, family_of, mark_for_family
from samsyn.sharing.family import in_force
from samsyn.sharing.family_looks import LOOKS
from samsyn.sharing.models import FamilyDecision, FamilyMark, Scope
from samsyn.sharing.predicate import explain, reasons_of

EVERYTHING = "everything"
KINDS: dict[str, Any] = {
    EVERYTHING: _lazy("everything that we hold"),
    **ASKED_FOR,
    "disclosure": _lazy("what is shared"),
    "consent": _lazy("questions about consent"),
    LOOKS: _lazy("who has looked"),
}
TEMPLATE = "desk/family/family.html"
SHOWN = 20


def held_child(request: StaffRequest, ref: UUID) -> Person:
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
    child = held_child(request, ref)
    if (left := left_to_a_colleague(request, child)) is not None:
        return left
    people = {str(one.ref): one for one in family_of(child)}
    form = _decide_form(request, child, request.POST if request.method == "POST" else None)
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
    forms = {"decide_form": form, "mark_form": _mark_form(request, child)}
    return page(request, TEMPLATE, {**_facts(request, child), **forms}, form)


@require_POST
@staff
def mark(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Keep one note from the family, as one of the classes that they do not see by default."""
    child = held_child(request, ref)
    if (left := left_to_a_colleague(request, child)) is not None:
        return left
    form = _mark_form(request, child, request.POST)
    if form.is_valid():
        told = form.cleaned_data
        about = _about(_authority(request), told["thing"])
        if press(request, form, lambda: mark_for_family(request.viewer, child, about, told["note"]).ref):
            return redirect("desk:family", child.ref)
    forms = {"decide_form": _decide_form(request, child), "mark_form": form}
    return page(request, TEMPLATE, {**_facts(request, child), **forms}, form)


@require_POST
@staff
def end(request: StaffRequest, ref: UUID) -> HttpResponse:
    """End a decision before its day."""
    rows = FamilyDecision.objects.visible_to(request.viewer).select_related("child", "authority")
    decision: FamilyDecision = get_object_or_404(rows, ref=ref)
    if (left := left_to_a_colleague(request, decision.child)) is not None:
        return left
    form = WordsForm(request.POST, auto_id=f"%s-{decision.ref}")
    if form.is_valid():
        words = form.cleaned_data["words"]
        if press(request, form, lambda: end_family_decision(request.viewer, decision, words).ref):
            return redirect("desk:family", decision.child.ref)
    child = held_child(request, decision.child.ref)
    forms = {"decide_form": _decide_form(request, child), "mark_form": _mark_form(request, child)}
    return page(request, TEMPLATE, {**_facts(request, child), **forms, "ending": decision.ref}, form)


def _decide_form(request: StaffRequest, child: Person, data: Any = None) -> DecideForm:
    whom = [(str(one.ref), one.name) for one in family_of(child)]
    return DecideForm(data, whom=whom, what=[*KINDS.items(), *_notes(request, child)])


def _mark_form(request: StaffRequest, child: Person, data: Any = None) -> MarkForm:
    wanted = request.GET.get("note", "")
    return MarkForm(data, things=_notes(request, child), initial={"thing": wanted}, auto_id="mark_%s")


def _facts(request: StaffRequest, child: Person) -> dict[str, Any]:
    rows = FamilyDecision.objects.visible_to(request.viewer).filter(child=child).select_related("child", "whom")
    decisions = list(rows.filter(pk__in=in_force(clock.now())).order_by("-since", "-pk"))
    marks = (
        FamilyMark.objects.visible_to(request.viewer).filter(child=child).select_related("child").order_by("-at", "-pk")
    )
    notes = dict(_notes(request, child))
    return {
        "child": child,
        "decisions": [(one, KINDS.get(one.kind or EVERYTHING, one.kind)) for one in decisions],
        "marks": [(one, notes.get(f"{one.kind}:{one.item_ref}", "")) for one in marks[:SHOWN]],
    }


def _notes(request: StaffRequest, child: Person) -> list[tuple[str, Any]]:
    """Single signs and talks of the own authority, the newest first."""
    authority = request.viewer.authority
    signs = Sign.objects.visible_to(request.viewer).filter(child=child, authority=authority).exclude(state="draft")
    talks = Talk.objects.visible_to(request.viewer).filter(child=child, authority=authority)
    single = [
        (f"sign:{one.ref}", _lazy("the early sign of %(day)s") % {"day": day_and_year(one.saved_at)})
        for one in signs.select_related("child").order_by("-saved_at", "-pk")[:SHOWN]
    ]
    single += [
        (f"talk:{one.ref}", _lazy("the talk of %(day)s") % {"day": day_and_year(one.held_on)})
        for one in talks.select_related("child").order_by("-held_on", "-pk")[:SHOWN]
    ]
    return single


def _about(authority: Authority, what: str) -> About:
    kind, _colon, ref = what.partition(":")
    return About(authority, "" if kind == EVERYTHING else kind, UUID(ref) if ref else None)


def _authority(request: StaffRequest) -> Authority:
    unit: Unit = Unit.objects.visible_to(request.viewer).select_related("authority").get(ref=request.viewer.unit_ref)
    return unit.authority
