"""A child that comes to Samsyn for the first time: found or created once, and placed where it belongs."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from samsyn.circle.actions import belongs, current_named_person
from samsyn.common.decision import require
from samsyn.common.viewer import Viewer
from samsyn.organisations.models import Unit
from samsyn.people.actions import find_or_create
from samsyn.people.identities import all_beside, everybody_with, find_by_numbers
from samsyn.people.models import Person
from samsyn.people.registers import RegisterPerson
from samsyn.protection.actions import may_arrive
from samsyn.protection.insight_actions import let_work


def arrive(viewer: Viewer, found: RegisterPerson) -> Person:
    """The child's one row, created now if it was not there, with the school or BVC that the register names.

    A unit that this house does not know is left out; the duty desk then helps to find the named person. Raises Refused
    in the words for a number that nobody has, where the person does not exist for the viewer (``protection``).
    """
    own = _own(viewer, found)
    if viewer.is_staff:
        require(may_arrive(viewer, found, own or _here(found)))
    child = find_or_create(viewer, found, known=own)
    if found.place is not None:
        unit = Unit.objects.filter(source_id=found.place.unit_code).first()
        if unit is not None:
            belongs(child, unit, group=found.place.group, source="register")
    return child


def exists_for(viewer: Viewer, found: RegisterPerson) -> bool:
    """Does whom a register told of exist for the viewer: would ``arrive`` go on."""
    return bool(may_arrive(viewer, found, _own(viewer, found) or _here(found)))


def heed_protection(viewer: Viewer, found: RegisterPerson) -> None:
    """Hide at once a child who is here and whom the register now says to be protected, whoever asked and why.

    So is whoever has the number beside. The named person goes on knowing.
    """
    here = _here(found)
    for one in everybody_with((one.system, one.value) for one in found.identities):
        if one.is_protected:
            continue
        with transaction.atomic():
            child = find_or_create(viewer, found, known=None if one == here else one)
            named = current_named_person(child)
            if named is not None:
                let_work(child, [named.post_id], "protection")


def known_beside(viewer: Viewer, numbers: Iterable[tuple[str, str]]) -> Person | None:
    """A child whom the viewer sees, and that was given one of these numbers while somebody else had it.

    To the viewer there is nobody else: whatever is looked up by the number leads to this one.
    """
    seen = Person.objects.visible_to(viewer)
    found = (one for system, value in numbers for one in all_beside(system, value, among=seen))
    return next(found, None)


def _own(viewer: Viewer, found: RegisterPerson) -> Person | None:
    return known_beside(viewer, ((one.system, one.value) for one in found.identities))


def _here(found: RegisterPerson) -> Person | None:
    return next(iter(find_by_numbers((one.system, one.value) for one in found.identities)), None)
