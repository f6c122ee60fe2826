"""May I share this? What and to whom; on which ground; and exactly what the receiver will see, before it is shared."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from samsyn import law
from samsyn.common import clock
from samsyn.desk.choosing import Choosing, choosing
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.own_family import left_to_a_colleague
from samsyn.desk.sharing_forms import ShareForm
from samsyn.desk.shown import as_received
from samsyn.desk.views_known import views_known
from samsyn.early_signals.actions.sending import receiving_post
from samsyn.law.words import confirmation, paragraph, sentence
from samsyn.organisations.models import Unit
from samsyn.organisations.partnerships import deadline_for
from samsyn.people.models import Person
from samsyn.sharing.actions import (
    choice_of,
    guardians_today,
    share,
)
from samsyn.sharing.rules import CHOSEN_NO_LONGER, digest_of
from samsyn.trail.pressing import KeyedForm, say


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def share_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The guided page. Every step is an address of its own; only the last one is sent."""
    made = choosing(request, ref)
    if (left := left_to_a_colleague(request, made.child)) is not None:
        return left
    if made.unit is not None and made.chosen and made.gate is not None:
        return _confirm(request, made, made.unit, made.gate)
    late = _late(request) if request.method == "POST" else None
    if made.unit is None or not made.chosen:
        return page(request, "desk/sharing/what.html", _what(request, made), late)
    facts = {**_about(made), "gates": [_gate_words(gate) for gate in made.gates], "crime": _is_crime(made)}
    return page(request, "desk/sharing/ground.html" if made.gates else "desk/sharing/none.html", facts, late)


def _late(request: StaffRequest) -> KeyedForm:
    """The last step, sent when the yes, the place or the text that it was about is there no longer: with the reason."""
    late = KeyedForm(request.POST)
    late.is_valid()
    say(late, CHOSEN_NO_LONGER)
    request.refused = CHOSEN_NO_LONGER
    return late


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
    return {"id": gate.id, "words": sentence(gate), "confirm": confirmation(gate), "paragraph": paragraph(gate)}


def _confirm(request: StaffRequest, made: Choosing, unit: Unit, gate: law.Gate) -> HttpResponse:
    rendering = as_received(request.viewer, made.child, made.chosen)
    items = [thing.item for thing in made.chosen]
    family = guardians_today(made.child)
    people = {"child": made.child, **{str(row.guardian.ref): row.guardian for row in family}}
    digest = digest_of(rendering, items).hex()
    goes = choice_of(unit, gate.id, made.consent)
    initial = {"shown": digest, "chosen": goes, **_initial(request, made, gate, people)}
    sender = made.own.authority_id
    form = ShareForm(
        request.POST if request.method == "POST" else None, gate=gate, people=people, sender=sender, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        rests_on = form.ground(made.consent, rendering)
        shown, chosen = form.cleaned_data["shown"], form.cleaned_data["chosen"]
        receiving = receiving_post(unit)
        done = press(
            request,
            form,
            lambda: (
                share(
                    request.viewer, made.child, unit, items, rests_on, shown=shown, chosen=chosen, receiving=receiving
                ).ref
            ),
        )
        if done:
            return redirect("desk:disclosure", done)
        form.show_now(digest, goes)
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
    spoken = (thing.row.child_words for thing in made.things if thing.kind == "sign")
    known = views_known(request, made.child, people, consent=made.consent, spoken=spoken)
    found: dict[str, Any] = {}
    for view in known:
        found[f"said_{view.whose}"], found[f"unasked_{view.whose}"] = view.said, view.not_asked_because
    if made.consent is None:
        found["expires_on"] = deadline_for(made.own.authority_id, "open_without_a_yes", clock.today()).latest_day
        return found
    return {
        **found,
        "purpose": made.consent.purpose,
        "told": _("What is shared, with whom and until when: told when the question was asked."),
        "told_how": "writing" if made.consent.form == "written" else "talk",
        "expires_on": made.consent.until,
    }
