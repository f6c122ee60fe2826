"""What is to be shared, with whom and through which gate: what has been chosen so far, and what can be chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from samsyn import law
from samsyn.common.ports import Children
from samsyn.common.reading import ground
from samsyn.desk.doors import StaffRequest
from samsyn.desk.shown import Thing, things_about
from samsyn.organisations.models import Unit
from samsyn.organisations.partnerships import partner_units
from samsyn.people.models import Person
from samsyn.sharing.actions import (
    covering_consent,
    gates_between,
    standing_consents,
)
from samsyn.sharing.models import Consent
from samsyn.sharing.predicate import explain

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


def choosing(request: StaffRequest, ref: UUID) -> Choosing:
    """What the address says has been chosen; 404 for a child whom the viewer does not follow."""
    viewer = request.viewer
    child = get_object_or_404(Person.objects.visible_to(viewer, Children.ALL), ref=ref)
    why = explain(viewer, child)
    # Whoever wrote one thing has it to read; whoever follows the child decides where it goes.
    if why is None or not why.follows:
        raise Http404
    ground(why.ground)
    things = things_about(viewer, child, authority=viewer.authority)
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
