"""A child that comes to Samsyn for the first time: found or created once, and placed where it belongs."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from samsyn.circle.actions import belongs, current_named_person
from samsyn.common.decision import Decision, require
from samsyn.common.viewer import Viewer
from samsyn.organisations.models import Unit
from samsyn.people.actions import find_or_create, has_a_name_of, set_protection
from samsyn.people.identities import find_by_numbers, given_by_hand, put_beside
from samsyn.people.models import HIDDEN, Person
from samsyn.people.registers import RegisterPerson
from samsyn.protection.actions import may_arrive
from samsyn.protection.insight_actions import let_work
from samsyn.protection.numbers import led_to


def arrive(viewer: Viewer, found: RegisterPerson) -> Person:
    """The child's one row, created now if it was not there, with the school or BVC that the register names.

    A unit that this house does not know is left out; the duty desk then helps to find the named person. Raises Refused
    in the words for a number that nobody has, where the person does not exist for the viewer (``protection``).
    """
    own = _own(viewer, found)
    if viewer.is_staff:
        require(_may(viewer, found, own))
    with transaction.atomic():
        if own is None:
            _make_way(found)
        child = find_or_create(viewer, found, known=own)
    if found.place is not None:
        unit = Unit.objects.filter(source_id=found.place.unit_code).first()
        if unit is not None:
            belongs(child, unit, group=found.place.group, source="register")
    return child


def exists_for(viewer: Viewer, found: RegisterPerson) -> bool:
    """Does whom a register told of exist for the viewer: would ``arrive`` go on."""
    return bool(_may(viewer, found, _own(viewer, found)))


def _may(viewer: Viewer, found: RegisterPerson, own: Person | None) -> Decision:
    numbers = [(one.system, one.value) for one in found.identities]
    behind = own is not None and any(led_to(viewer, system, value)[1] for system, value in numbers)
    return may_arrive(viewer, found, own or _here(found), given_by_hand=own is not None, behind=behind)


def _make_way(found: RegisterPerson) -> None:
    """Let whom the register hides get a row of their own, where a post has given some other child the number."""
    if found.protection not in HIDDEN:
        return
    for system, value in ((one.system, one.value) for one in found.identities):
        for child in given_by_hand(system, value):
            if not child.is_protected:
                put_beside(child, system, value)


def heed_protection(viewer: Viewer, found: RegisterPerson) -> None:
    """Hide at once a child who is here and whom the register now says to be protected, whoever asked and why.

    The named person goes on knowing. Whom somebody at work has given the number is hidden too if it has a name of the
    one whom the register tells of, and gets nothing else of what the register tells. A child with other names is
    somebody else: were it hidden, a number tried on any child would tell whether its owner is protected.
    """
    numbers = [(one.system, one.value) for one in found.identities]
    by_hand = [one for system, value in numbers for one in given_by_hand(system, value)]
    for one in by_hand:
        if found.protection in HIDDEN and not one.is_protected and has_a_name_of(one, found):
            with transaction.atomic():
                _let_named_know(set_protection(viewer, one, found.protection, ground="register"))
    here = _here(found)
    if here is not None and here not in by_hand and not here.is_protected:
        with transaction.atomic():
            _let_named_know(find_or_create(viewer, found))


def _let_named_know(child: Person) -> None:
    named = current_named_person(child)
    if named is not None:
        let_work(child, [named.post_id], "protection")


def known_by_hand(viewer: Viewer, numbers: Iterable[tuple[str, str]]) -> Person | None:
    """A child whom the viewer sees and that somebody at work has given one of these numbers, maybe beside another one.

    To the viewer there is nobody else: whatever is looked up by the number leads to this one.
    """
    seen = Person.objects.visible_to(viewer)
    found = (one for system, value in numbers for one in given_by_hand(system, value, among=seen))
    return next(found, None)


def _own(viewer: Viewer, found: RegisterPerson) -> Person | None:
    return known_by_hand(viewer, ((one.system, one.value) for one in found.identities))


def _here(found: RegisterPerson) -> Person | None:
    return next(iter(find_by_numbers((one.system, one.value) for one in found.identities)), None)
