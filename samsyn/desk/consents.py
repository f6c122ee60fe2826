"""Asking the family for consent, and writing down what each one who decides has answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from samsyn import law
from samsyn.circle.models import Team, TeamState
from samsyn.circle.team_actions import holds_together, rest_team_on, units_outside
from samsyn.common import clock
from samsyn.common.reading import ground
from samsyn.desk.consent_forms import AnswerForm, AskForm, longest_day
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.links import given_ref, read_ref
from samsyn.organisations.models import Authority, Unit
from samsyn.organisations.partnerships import partner_units
from samsyn.people.models import Person
from samsyn.sharing.actions import (
    answer_consent,
    ask_consent,
    consent_stands,
    guardians_today,
    possible_gates,
    who_decides,
)
from samsyn.sharing.models import Consent, ConsentAnswer, ConsentStep, Disclosure
from samsyn.sharing.predicate import explain

NEXT_STEPS = {
    "": (ConsentStep.GIVEN, ConsentStep.REFUSED),
    ConsentStep.GIVEN: (ConsentStep.WITHDRAWN,),
    ConsentStep.REFUSED: (ConsentStep.GIVEN,),
    ConsentStep.WITHDRAWN: (ConsentStep.GIVEN,),
}


@dataclass(frozen=True)
class OtherGround:
    """An authority that could be told without a yes, and the row of law that says so."""

    authority: str
    rule: law.Row


@dataclass(frozen=True)
class Decider:
    """One whose yes is needed: who it is, the newest answer, and the form for the next."""

    person: Person
    relation: str
    newest: ConsentAnswer | None
    steps: tuple[tuple[str, Any], ...]
    form: AnswerForm


def child_of(request: StaffRequest, ref: UUID) -> Person:
    """A child that the viewer has an own reason around, or 404."""
    child: Person = get_object_or_404(Person.objects.visible_to(request.viewer), ref=ref)
    why = explain(request.viewer, child)
    if why is None or why.rule != "own_authority":
        raise Http404
    ground(why.ground)
    return child


def elsewhere(request: StaffRequest) -> list[Unit]:
    """The units of the partnership outside the viewer's own authority."""
    return list(partner_units(request.viewer).exclude(authority=request.viewer.authority))


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Ask for consent."""
    child = child_of(request, ref)
    units = elsewhere(request)
    form = AskForm(
        request.POST if request.method == "POST" else None, units=units, initial=_suggested(request, child, units)
    )
    team = _team(request, child, form)
    if request.method == "POST" and form.is_valid():
        done = press(request, form, lambda: _asked(request, child, team, form))
        if done:
            return redirect("desk:consent", done)
    facts = {"child": child, "team": team, "others": _other_grounds(request, child, units), "longest": longest_day()}
    return page(request, "desk/consents/new.html", facts, form)


def _suggested(request: StaffRequest, child: Person, units: list[Unit]) -> dict[str, Any]:
    """What stands in the form before somebody writes: the team's purpose and units, or the unit that is to be asked."""
    tongues = [code for row in guardians_today(child) for code in row.guardian.languages]
    suggested: dict[str, Any] = {"language": tongues[0] if tongues else "sv"}
    team = _team(request, child, None)
    if team is not None:
        refs = [str(row.unit.ref) for row in units_outside(team, team.authority)]
        return {**suggested, "team": team.ref, "purpose": team.purpose, "kinds": ["circle", "plan"], "receivers": refs}
    unit = given_ref(request, "unit")
    if unit is not None:
        return {**suggested, "kinds": ["request"], "receivers": [str(one.ref) for one in units if one.ref == unit]}
    return suggested


def _team(request: StaffRequest, child: Person, form: AskForm | None) -> Team | None:
    """The team that is to rest on the yes, when the question comes from its page."""
    sent = form is not None and form.is_bound
    ref = form["team"].value() if form is not None and sent else given_ref(request, "team")
    if not ref:
        return None
    teams = Team.objects.visible_to(request.viewer).exclude(state=TeamState.CLOSED).select_related("authority", "child")
    found: Team = get_object_or_404(teams, ref=read_ref(str(ref)), child=child)
    return found


def _asked(request: StaffRequest, child: Person, team: Team | None, form: AskForm) -> UUID:
    told = form.cleaned_data
    consent = ask_consent(
        request.viewer,
        child,
        purpose=told["purpose"],
        kinds=told["kinds"],
        receivers=form.chosen(),
        until=told["until"],
        form=told["form"],
        language=told["language"],
        exceptions=told["exceptions"],
    )
    if team is not None and team.state == TeamState.PROPOSED:
        rest_team_on(request.viewer, team, consent)
    return consent.ref


def _other_grounds(request: StaffRequest, child: Person, units: list[Unit]) -> list[OtherGround]:
    """The authorities that the law lets one tell without a yes, because the child is young: there, a no changes little.

    Never ask where you will share whatever the answer is (Christian Institute [2016] UKSC 51, and house rule).
    """
    own = Unit.objects.visible_to(request.viewer).select_related("authority").get(ref=request.viewer.unit_ref)
    rows = law.on(clock.today())
    by_authority: dict[Authority, Unit] = {unit.authority: unit for unit in reversed(units)}
    found = []
    for authority, unit in by_authority.items():
        gates = [rows.row(one) for one in possible_gates(child, own.authority, unit)]
        young = [row for row in gates if isinstance(row, law.Gate) and row.age_under is not None]
        found += [OtherGround(authority.name, row) for row in young if row.serves is law.Serves.HELP]
    return found


def next_question(child: Person, room: str, ref: UUID) -> str:
    """The address where the family is asked about the same thing anew."""
    query = f"?team={ref}" if room == "team" else f"?plan={ref}" if room == "plan" else ""
    return reverse("desk:consent_new", args=[child.ref]) + query


def _consent(request: StaffRequest, ref: UUID) -> Consent:
    rows = Consent.objects.visible_to(request.viewer).select_related(
        "child", "authority", "asked_by__unit", "asked_by_person"
    )
    found: Consent = get_object_or_404(rows, ref=ref)
    return found


@require_http_methods(["GET", "HEAD"])
@staff
def consent(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A question about consent: what is asked, who decides, what each has answered, and whether it stands."""
    return _show(request, _consent(request, ref), None)


@require_POST
@staff
def answer(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Write down what somebody who decides has said."""
    asked = _consent(request, ref)
    form = AnswerForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        giver = get_object_or_404(Person.objects.visible_to(request.viewer), ref=told["giver"])
        done = press(
            request,
            form,
            lambda: (
                answer_consent(
                    request.viewer, asked, giver, told["step"], form=told["form"], language=told["language"]
                ).ref
            ),
        )
        if done:
            return redirect("desk:consent", asked.ref)
    return _show(request, asked, form)


def _show(request: StaffRequest, asked: Consent, refused: AnswerForm | None) -> HttpResponse:
    viewer, child = request.viewer, asked.child
    why = explain(viewer, child)
    if why is not None:
        ground(why.ground)
    rows = list(
        ConsentAnswer.objects.visible_to(viewer)
        .filter(consent=asked)
        .select_related("giver", "recorded_by__unit", "recorded_by_person", "child")
        .order_by("id")
    )
    teams = Team.objects.visible_to(viewer).exclude(state=TeamState.CLOSED).select_related("child")
    team = teams.filter(consent=asked).first()
    facts = {
        "asked": asked,
        "child": child,
        "why": why,
        "receivers": list(asked.receivers.select_related("authority").order_by("authority__name", "name")),
        "deciders": _deciders(asked, rows, refused),
        "stands": consent_stands(asked),
        "open_today": clock.today() <= asked.until,
        "rows": rows[::-1],
        "opened": list(
            Disclosure.objects.visible_to(viewer)
            .filter(consent=asked)
            .select_related("receiver", "child")
            .prefetch_related("items")
            .order_by("-since")
        ),
        "team": team,
        "team_is_mine": team is not None and holds_together(viewer, team),
        "now": clock.now(),
    }
    return page(request, "desk/consents/consent.html", facts, refused)


def _deciders(asked: Consent, rows: list[ConsentAnswer], refused: AnswerForm | None) -> list[Decider]:
    relations = {row.guardian_id: row.relation for row in guardians_today(asked.child)}
    newest = {row.giver_id: row for row in rows}
    found: list[Decider] = []
    for person in who_decides(asked.child):
        last = newest.get(person.pk)
        steps = NEXT_STEPS[last.step if last else ""]
        sent = refused if refused is not None and str(refused["giver"].value()) == str(person.ref) else None
        language = person.languages[0] if person.languages else asked.language
        form = sent or AnswerForm(initial={"giver": person.ref, "language": language}, auto_id=f"id_{len(found)}_%s")
        found.append(
            Decider(
                person=person,
                relation=relations.get(person.pk, ""),
                newest=last,
                steps=tuple((step.value, step.label) for step in steps),
                form=form,
            )
        )
    return found
