"""A child that comes to Samsyn for the first time: found or created once, and placed where it belongs."""

from __future__ import annotations

from samsyn.circle.actions import belongs
from samsyn.common.viewer import Viewer
from samsyn.organisations.models import Unit
from samsyn.people.actions import find_or_create
from samsyn.people.models import Person
from samsyn.people.registers import RegisterPerson


def arrive(viewer: Viewer, found: RegisterPerson) -> Person:
    """The child's one row, created now if it was not there, with the school or BVC that the register names.

    A unit that this house does not know is left out; the duty desk then helps to find the named person.
    """
    child = find_or_create(viewer, found)
    if found.place is not None:
        unit = Unit.objects.filter(source_id=found.place.unit_code).first()
        if unit is not None:
            belongs(child, unit, group=found.place.group, source="register")
    return child
