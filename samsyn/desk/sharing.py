"""May I share this? What and to whom; on which ground; and exactly what the receiver will see, before it is shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from samsyn import law
from samsyn.common import clock
from samsyn.common.reading import ground
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.sharing_forms import ShareForm
from samsyn.desk.shown import Thing, as_received, things_about
from samsyn.early_signals.actions.requests import receiving_post
from samsyn.early_signals.models import Talk
from samsyn.law.words import confirmation, sentence
from samsyn.look.dates import day_and_year
from samsyn.organisations.models import Unit
from samsyn.organisations.partnerships import partner_units
from samsyn.people.models import Person
from samsyn.sharing.actions import (
    covering_consent,
    gates_between,
    guardians_today,
    share,
    standing_consents,
)
from samsyn.sharing.models import Consent
from samsyn.sharing.predicate import children_of, explain
from samsyn.sharing.rules import digest_of

ERRANDS = frozenset((law.Serves.HELP, law.Serves.INVESTIGATION, law.Serves.CRIME, law.Serves.OWN_WORK))
"""What a guided page offers gates for. A report of concern has its own way, and hosting and insight are no errands."""


@dataclass
class Choosing:
    """What has been chosen so far, and what can be chosen."""

    child: Person
    things: list[Thing]
    chosen: list[Thing]
    units: list[Unit]
    own: Unit
    standing: list[Consent]
    unit: Unit | None = None
    consent: Consent | None = None
    gates: list[law.Gate] = field(default_factory=list)
    gate: law.Gate | None = None

    @property
    def kinds(self) -> set[str]:
        """The kinds of what is chosen."""
        return {thing.kind for thing in self.chosen}


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def share_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The guided page. Every step is an address of its own; only the last one is sent."""
    made = _choosing(request, ref)
    if made.unit is None or not made.chosen:
        return page(request, "desk/sharing/what.html", _what(request, made))
    if made.gate is None:
        facts = {**_about(made), "gates": [_gate_words(gate) for gate in made.gates], "crime": _is_crime(made)}
        return page(request, "desk/sharing/ground.html" if made.gates else "desk/sharing/none.html", facts)
    return _confirm(request, made, made.unit, made.gate)


def _choosing(request: StaffRequest, ref: UUID) -> Choosing:
    viewer = request.viewer
    child = get_object_or_404(Person.objects.visible_to(viewer).around(children_of(viewer, clock.now())), ref=ref)
    why = explain(viewer, child)
    # Whoever wrote one thing has it to read; whoever follows the child decides where it goes.
    if why is None or not why.follows:
        raise Http404
    ground(why.ground)
    things = things_about(request, child, authority=viewer.authority)
    if not things:
        raise Http404
    wanted = set(request.GET.getlist("item"))
    made = Choosing(
        child=child,
        things=things,
        chosen=[thing for thing in things if str(thing.ref) in wanted],
        units=[unit for unit in partner_units(viewer) if unit.authority_id != viewer.authority],
        own=Unit.objects.visible_to(viewer).select_related("authority").get(ref=viewer.unit_ref),
        standing=standing_consents(child, int(viewer.authority or 0)),
    )
    _choose_unit(request, made)
    _choose_gate(request, made)
    return made


def _choose_unit(request: StaffRequest, made: Choosing) -> None:
    """The unit that was chosen; or, where nobody has been, the only one that the family's yes to this names."""
    asked = request.GET.get("yes") or request.GET.get("unit", "")
    made.unit = next((unit for unit in made.units if str(unit.ref) == asked), None)
    if made.unit is None and made.chosen and "unit" not in request.GET:
        covered = _covered(made)
        made.unit = covered[0] if len(covered) == 1 else None


def _covered(made: Choosing) -> list[Unit]:
    return [unit for unit in made.units if _yes_for(made, unit)]


def _yes_for(made: Choosing, unit: Unit) -> Consent | None:
    named = [one for one in made.standing if unit.pk in {row.unit_id for row in one.receiver_rows.all()}]
    items = [thing.item for thing in made.chosen]
    return covering_consent(named, made.child, made.own.authority, unit, items) if named else None


def _choose_gate(request: StaffRequest, made: Choosing) -> None:
    if made.unit is None or not made.chosen:
        return
    held = gates_between(made.child, made.own.authority, made.unit)
    made.consent = _yes_for(made, made.unit)
    made.gates = [gate for gate in held if not gate.consent and gate.serves in ERRANDS]
    if made.consent is not None:
        made.gate = next(gate for gate in held if gate.consent)
    else:
        made.gate = next((gate for gate in made.gates if gate.id == request.GET.get("gate")), None)


def _about(made: Choosing) -> dict[str, Any]:
    return {"child": made.child, "chosen": made.chosen, "unit": made.unit, "own": made.own, "consent": made.consent}


def _what(request: StaffRequest, made: Choosing) -> dict[str, Any]:
    kinds = made.kinds or {thing.kind for thing in made.things}
    with_yes: dict[int, dict[str, Any]] = {}
    for one in made.standing:
        named = {row.unit_id for row in one.receiver_rows.all()} if kinds & set(one.kinds) else set()
        for unit in made.units:
            if unit.pk in named:
                there = with_yes.setdefault(unit.pk, {"unit": unit, "until": one.until, "kinds": set()})
                there["kinds"] |= kinds & set(one.kinds)
    return {
        **_about(made),
        "things": made.things,
        "wanted": {thing.ref for thing in made.chosen},
        "units": made.units,
        "with_yes": list(with_yes.values()),
        "missing_item": "unit" in request.GET and not made.chosen,
        "missing_unit": "unit" in request.GET and made.unit is None,
    }


def _is_crime(made: Choosing) -> bool:
    return any(gate.serves is law.Serves.CRIME for gate in made.gates)


def _gate_words(gate: law.Gate) -> dict[str, str]:
    return {"id": gate.id, "words": sentence(gate), "confirm": confirmation(gate), "paragraph": gate.paragraph}


def _confirm(request: StaffRequest, made: Choosing, unit: Unit, gate: law.Gate) -> HttpResponse:
    rendering = as_received(request, made.child, made.chosen)
    items = [thing.item for thing in made.chosen]
    family = guardians_today(made.child)
    people = {"child": made.child, **{str(row.guardian.ref): row.guardian for row in family}}
    digest = digest_of(rendering, items).hex()
    initial = {"shown": digest, **_initial(request, made, gate, people)}
    form = ShareForm(request.POST if request.method == "POST" else None, gate=gate, people=people, initial=initial)
    if request.method == "POST" and form.is_valid():
        rests_on = form.ground(made.consent, rendering)
        shown = form.cleaned_data["shown"]
        receiving = receiving_post(unit)
        done = press(
            request,
            form,
            lambda: share(request.viewer, made.child, unit, items, rests_on, shown=shown, receiving=receiving).ref,
        )
        if done:
            return redirect("desk:disclosure", done)
        form.show_now(digest)
    facts = {
        **_about(made),
        "gate": _gate_words(gate),
        "seen": rendering,
        "asked_child": bool(initial.get("said_child") or initial.get("unasked_child")),
        "others": len(made.units) > 1,
    }
    return page(request, "desk/sharing/confirm.html", facts, form)


def _initial(request: StaffRequest, made: Choosing, gate: law.Gate, people: dict[str, Person]) -> dict[str, Any]:
    """What is known already: nobody writes it twice."""
    talk = Talk.objects.visible_to(request.viewer).filter(child=made.child).order_by("-at", "-pk").first()
    found: dict[str, Any] = _said_in(talk, people) if talk else {}
    if not found.get("said_child"):
        spoken = (thing.row.child_words for thing in made.things if thing.kind == "sign")
        found["said_child"] = next((words for words in spoken if words), "")
    if made.consent is None:
        found["expires_on"] = law.deadline("open_without_a_yes", clock.today()).nominal
        return found
    when = day_and_year(made.consent.asked_at)
    for whose in people:
        if whose != "child" or len(people) == 1:
            found[f"said_{whose}"] = _("Said yes when asked on %(when)s.") % {"when": when}
            found[f"unasked_{whose}"] = ""
    return {
        **found,
        "purpose": made.consent.purpose,
        "told": _("What is shared, with whom and until when: told when the question was asked."),
        "told_how": "writing" if made.consent.form == "written" else "talk",
        "expires_on": made.consent.until,
    }


def _said_in(talk: Talk, people: Sequence[str] | dict[str, Person]) -> dict[str, str]:
    """What each said in the newest talk, or why that one took no part."""
    found = {}
    for whose in people:
        took_part = talk.with_child if whose == "child" else whose in talk.with_guardians
        words = talk.child_words if whose == "child" else talk.family_words
        why_not = talk.not_with_child_because if whose == "child" else talk.not_with_guardians_because
        found[f"said_{whose}" if took_part else f"unasked_{whose}"] = words if took_part else why_not
    return found
