"""A question to the family on its page: what is asked, what each has answered, what rests on it, and its history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from samsyn import law
from samsyn.circle.models import Team, TeamState
from samsyn.circle.team_actions import holds_together
from samsyn.common import clock
from samsyn.common.guards import recently_signed_in
from samsyn.common.reading import ground
from samsyn.desk.consent_forms import AnswerForm, WaiverForm
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.law.consenting import OVERRIDDEN
from samsyn.organisations.models import Unit
from samsyn.people.models import Person
from samsyn.plans.models import OPEN_STATES, Plan
from samsyn.sharing.actions import (
    answer_consent,
    consent_stands,
    consent_state,
    everybody_is_known,
    guardians_today,
    renewal_day,
    waive,
    who_decides,
)
from samsyn.sharing.consent_rules import CONSENT_STATES
from samsyn.sharing.models import (
    Consent,
    ConsentAnswer,
    ConsentStep,
    ConsentText,
    ConsentWaiver,
    Disclosure,
    Errand,
    Way,
)
from samsyn.sharing.predicate import explain
from samsyn.trail.pressing import KeyedForm

NEXT_STEPS = {
    "": (ConsentStep.GIVEN, ConsentStep.REFUSED),
    ConsentStep.GIVEN: (ConsentStep.WITHDRAWN,),
    ConsentStep.REFUSED: (ConsentStep.GIVEN,),
    ConsentStep.WITHDRAWN: (ConsentStep.GIVEN,),
}


@dataclass(frozen=True)
class Decider:
    """One whose yes is needed: who it is, the newest answer, and the forms for the next, or for doing without."""

    person: Person
    relation: str
    newest: ConsentAnswer | None
    waived: ConsentWaiver | None
    steps: tuple[tuple[str, Any], ...]
    form: AnswerForm
    waiver: WaiverForm | None


def child_of(request: StaffRequest, ref: UUID, *, followed: bool = False) -> Person:
    """A child that the viewer has an own reason around, or 404. ``followed``: one whom the viewer follows."""
    child: Person = get_object_or_404(Person.objects.visible_to(request.viewer), ref=ref)
    why = explain(request.viewer, child)
    if why is None or why.rule != "own_authority" or (followed and not why.follows):
        raise Http404
    ground(why.ground)
    return child


def next_question(child: Person, room: str, ref: UUID) -> str:
    """The address where the family is asked about the same thing anew."""
    query = f"?team={ref}" if room == "team" else f"?plan={ref}" if room == "plan" else ""
    return reverse("desk:consent_new", args=[child.ref]) + query


def _consent(request: StaffRequest, ref: UUID) -> Consent:
    rows = Consent.objects.visible_to(request.viewer).select_related(
        "child", "authority", "asked_by__unit", "asked_by_person", "renews__child"
    )
    found: Consent = get_object_or_404(rows, ref=ref)
    return found


def _receivers(asked: Consent) -> list[Unit]:
    return list(asked.receivers.select_related("authority").order_by("authority__name", "name"))


@require_http_methods(["GET", "HEAD"])
@staff
def consent(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A question about consent: what is asked, who decides, what each has answered, and whether it stands."""
    return _show(request, _consent(request, ref), None)


@recently_signed_in()
@require_POST
@staff
def answer(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Write down what somebody who decides has said."""
    asked = _consent(request, ref)
    form = AnswerForm(request.POST, units=_receivers(asked))
    if form.is_valid():
        giver = get_object_or_404(Person.objects.visible_to(request.viewer), ref=form.cleaned_data["giver"])
        if press(request, form, lambda: _answered(request, asked, giver, form)):
            return redirect("desk:consent", asked.ref)
    return _show(request, asked, form)


def _answered(request: StaffRequest, asked: Consent, giver: Person, form: AnswerForm) -> UUID:
    told = form.cleaned_data
    return answer_consent(
        request.viewer,
        asked,
        giver,
        told["step"],
        form=told["form"],
        language=told["language"],
        read_in=told["read_in"],
        shown=bytes.fromhex(told["shown"]) if told["shown"] else None,
        left_out=form.left_out(told["own_words"]),
    ).ref


@recently_signed_in()
@require_POST
@staff
def waive_one(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Write down that the other guardian's yes is enough, and why."""
    asked = _consent(request, ref)
    form = WaiverForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        guardian = get_object_or_404(Person.objects.visible_to(request.viewer), ref=told["guardian"])

        def do() -> UUID:
            return waive(
                request.viewer,
                asked,
                guardian,
                ground=told["ground"],
                reason=told["reason"],
                decided_on=told["decided_on"],
                decision_number=told["decision_number"],
            ).ref

        if press(request, form, do):
            return redirect("desk:consent", asked.ref)
    return _show(request, asked, form)


def _show(request: StaffRequest, asked: Consent, refused: KeyedForm | None) -> HttpResponse:
    viewer, child = request.viewer, asked.child
    why = explain(viewer, child)
    if why is not None:
        ground(why.ground)
    rows = list(
        ConsentAnswer.objects.visible_to(viewer)
        .filter(consent=asked)
        .select_related("giver", "recorded_by__unit", "recorded_by_person", "child", "text")
        .prefetch_related("limits__unit", "limits__authority")
        .order_by("id")
    )
    stands, today = consent_stands(asked), clock.today()
    texts = list(asked.texts.order_by("id"))
    receivers = _receivers(asked)
    facts = {
        "asked": asked,
        "child": child,
        "why": why,
        "receivers": receivers,
        "stands": stands,
        "state": consent_state(asked).name,
        "states": CONSENT_STATES,
        "open_today": today <= asked.until,
        "rows": rows[::-1],
        "limits": list(asked.limits.select_related("unit", "authority", "answer__giver")),
        "texts": texts,
        "text": _text_to_read(request, asked, texts, rows),
        "custody_unknown": not everybody_is_known(guardians_today(child)) and child not in who_decides(child, asked),
        "renewal": bool(rows) and today >= renewal_day(asked) and not asked.renewals.exists(),
        "renewed_by": Consent.objects.visible_to(viewer).filter(renews=asked).select_related("child").first(),
        **_resting(request, asked),
        "now": clock.now(),
    }
    facts["deciders"] = _deciders(asked, rows, receivers, facts["text"], refused)
    return page(request, "desk/consents/consent.html", facts, refused)


def _resting(request: StaffRequest, asked: Consent) -> dict[str, Any]:
    """What rests on the answers: open now, handed over, closed; the team and the plan; when a yes ended."""
    viewer = request.viewer
    shared = list(
        Disclosure.objects.visible_to(viewer)
        .filter(consent=asked)
        .select_related("receiver", "child")
        .prefetch_related("items")
        .order_by("-since", "-pk")
    )
    today = clock.today()
    teams = Team.objects.visible_to(viewer).exclude(state=TeamState.CLOSED).select_related("child")
    team = teams.filter(consent=asked).first()
    plans = Plan.objects.visible_to(viewer).filter(child=asked.child, authority=asked.authority_id)
    opened = [row for row in shared if row.way == Way.OPEN]
    return {
        "open_now": [row for row in opened if row.ended_at is None and row.expires_on >= today],
        "closed": [row for row in opened if row.ended_at is not None or row.expires_on < today],
        "delivered": [row for row in shared if row.way == Way.DELIVERED],
        "ends": list(asked.ends.order_by("-at", "-pk")),
        "team": team,
        "team_is_mine": team is not None and holds_together(viewer, team),
        "plan_waiting": plans.filter(state__in=OPEN_STATES).select_related("child").first()
        if asked.errand == Errand.PLAN
        else None,
    }


def _text_to_read(
    request: StaffRequest, asked: Consent, texts: list[ConsentText], rows: list[ConsentAnswer]
) -> ConsentText | None:
    """The words in the language that was chosen, else in that of the first who has not answered, else the asker's."""
    by_language = {text.language: text for text in texts}
    answered = {row.giver_id for row in rows}
    waiting = [one for one in who_decides(asked.child, asked) if one.pk not in answered]
    theirs = [code for one in waiting for code in one.languages]
    wanted = [request.GET.get("language", ""), *theirs[:1], asked.language, get_language() or "", "sv"]
    return next((by_language[code] for code in wanted if code in by_language), None)


def _deciders(
    asked: Consent,
    rows: list[ConsentAnswer],
    receivers: list[Unit],
    text: ConsentText | None,
    refused: KeyedForm | None,
) -> list[Decider]:
    relations = {row.guardian_id: row.relation for row in guardians_today(asked.child)}
    newest = {row.giver_id: row for row in rows}
    waived = {row.guardian_id: row for row in asked.waivers.select_related("recorded_by", "recorded_by_person")}
    read = {"read_in": text.language, "shown": bytes(text.digest).hex()} if text is not None else {}
    past_a_no = bool(law.one_yes_is_enough(law.on(clock.today()), OVERRIDDEN, asked.measure))
    found: list[Decider] = []
    for person in who_decides(asked.child, asked):
        last = newest.get(person.pk)
        number = len(found)
        sent = refused if isinstance(refused, AnswerForm) and _is_of(refused, "giver", person) else None
        wish = refused if isinstance(refused, WaiverForm) and _is_of(refused, "guardian", person) else None
        language = person.languages[0] if person.languages else asked.language
        initial = {"giver": person.ref, "language": language, **read}
        said_no = last is not None and last.step != ConsentStep.GIVEN
        one_of_two = len(relations) > 1 and person.pk in relations and not waived
        may_do_without = one_of_two and (last is None or (said_no and past_a_no))
        found.append(
            Decider(
                person=person,
                relation=relations.get(person.pk, ""),
                newest=last,
                waived=waived.get(person.pk),
                steps=tuple((step.value, step.label) for step in NEXT_STEPS[last.step if last else ""]),
                form=sent or AnswerForm(units=receivers, initial=initial, auto_id=f"id_{number}_%s"),
                waiver=(
                    wish or WaiverForm(initial={"guardian": person.ref}, auto_id=f"id_w{number}_%s", said_no=said_no)
                )
                if may_do_without
                else None,
            )
        )
    return found


def _is_of(form: KeyedForm, field: str, person: Person) -> bool:
    return str(form[field].value()) == str(person.ref)
