"""A child that comes to Samsyn for the first time: found or created once, and placed where it belongs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from samsyn.circle.actions import belongs, current_named_person
from samsyn.circle.custody_rules import CHANGED
from samsyn.circle.own_family import others_answer
from samsyn.circle.protecting import work_goes_on
from samsyn.common.decision import Decision, Refused, no, require
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.organisations.models import Unit
from samsyn.people.actions import (
    AnotherChild,
    find_or_create,
    has_any_of_names,
    has_as_registered,
    is_called_as,
    is_called_for_certain,
    set_protection,
    shares_a_name,
)
from samsyn.people.identities import confirm, find_by_numbers, given_by_hand, put_beside
from samsyn.people.models import HIDDEN, Person
from samsyn.people.registers import RegisterPerson
from samsyn.protection.actions import may_arrive
from samsyn.protection.insight_actions import forget_before, let_work
from samsyn.protection.numbers import led_to


def arrive(viewer: Viewer, found: RegisterPerson) -> Person:
    """The child's one row, created now if it was not there, with the school or BVC that the register names.

    A unit that this house does not know is left out; the duty desk then helps to find the named person. Whoever has the
    number only because a post has written so, and is called something else, is another child: it keeps its row, beside.
    Raises Refused in the words for a number that nobody has, where the person does not exist for the viewer
    (``protection``).
    """
    own = _own(viewer, found)
    if viewer.is_staff:
        require(_may(viewer, found, own))
    with transaction.atomic():
        child = _found_or_made(viewer, found, own)
        if child.birth_date == found.birth_date or found.birth_date is None:  # else it may yet be somebody else's
            confirm(child, _numbers(found))
    if found.place is not None:
        unit = Unit.objects.filter(source_id=found.place.unit_code).first()
        if unit is not None:
            belongs(child, unit, group=found.place.group, source="register")
    return child


def _found_or_made(viewer: Viewer, found: RegisterPerson, own: Person | None) -> Person:
    """The register's child. Who gives its number to some other child at this very moment finds it beside afterwards."""

    def is_the_one(person: Person) -> bool:
        return person not in _by_hand(found) or _is_the_one(person, found)

    for _again in range(2):
        _make_way(found)
        try:
            return find_or_create(viewer, found, known=own, is_the_one=is_the_one)
        except AnotherChild:
            continue
    raise Refused(no(CHANGED))


def exists_for(viewer: Viewer, found: RegisterPerson) -> bool:
    """Does whom a register told of exist for the viewer: would ``arrive`` go on."""
    return bool(_may(viewer, found, _own(viewer, found)))


def _may(viewer: Viewer, found: RegisterPerson, own: Person | None) -> Decision:
    by_hand = _by_hand(found)
    here = next((one for one in _here(found) if one not in by_hand or _is_the_one(one, found)), None)
    return may_arrive(viewer, found, own or here, given_by_hand=own is not None)


def _numbers(found: RegisterPerson) -> list[tuple[str, str]]:
    return [(one.system, one.value) for one in found.identities]


def _by_hand(found: RegisterPerson) -> list[Person]:
    return [one for system, value in _numbers(found) for one in given_by_hand(system, value)]


def _is_the_one(person: Person, found: RegisterPerson) -> bool:
    """Is somebody whom a post has given the number the one whom the register tells of: true of an open child that
    shares a name; where either is hidden it must be called the same, or two would become one. With another birth date
    one name that is shared may be a sibling's.
    """
    hidden = found.protection in HIDDEN or person.is_protected
    alike = is_called_as(person, found) if hidden else shares_a_name(person, found)
    return alike and not _is_a_siblings(person, found)


def _is_a_siblings(person: Person, found: RegisterPerson) -> bool:
    """Was a register's child born on another day than this person, who is not for certain called the same. A register
    that tells no name, or knows this person by a number of its own, contradicts nobody."""
    if found.birth_date is None or person.birth_date in (None, found.birth_date):
        return False
    if not (found.given_name or found.family_name or found.called) or is_called_for_certain(person, found):
        return False
    return not has_as_registered(person, found.identities)


def _make_way(found: RegisterPerson) -> None:
    """Let whom the register tells of have the number, where a post has given it to some other child, or has noted it
    for a guardian with other names than the one who has it: else a stranger would get custody of that one's child."""
    for system, value in _numbers(found):
        for child in given_by_hand(system, value):
            if not _is_the_one(child, found):
                put_beside(child, system, value)
    for one in found.guardians:
        number = one.identity
        if number is None:
            continue
        for noted in given_by_hand(number.system, number.value):
            if not has_any_of_names(noted, one.given_name, one.family_name):
                put_beside(noted, number.system, number.value)


def heed_protection(viewer: Viewer, found: RegisterPerson) -> None:
    """Hide at once a child who is here and whom the register now says to be protected, whoever asked and why.

    The named person goes on knowing. Whom somebody at work has given the number is hidden too if it shares a name with
    the one whom the register tells of, and gets nothing else of what the register tells. A child with other names is
    somebody else: were it hidden, a number tried on any child would tell whether its owner is protected.
    """
    by_hand = _by_hand(found)
    for one in by_hand:
        hide_as_told(viewer, one, found)
    for one in _here(found):
        if found.protection in HIDDEN and one not in by_hand and not one.is_protected:
            with transaction.atomic():
                _let_know(find_or_create(viewer, found, known=one))


def hide_as_told(viewer: Viewer, child: Person, found: RegisterPerson, *, knowing: Sequence[int] = ()) -> None:
    """Hide a child whom a post has given the number of somebody whom the register hides, if they share a name.

    ``knowing``: posts (row ids) that go on knowing, besides the named person's.
    """
    if found.protection in HIDDEN and not child.is_protected and shares_a_name(child, found):
        with transaction.atomic():
            hidden = set_protection(viewer, child, found.protection, ground="register")
            _let_know(hidden, knowing)


def _let_know(child: Person, knowing: Sequence[int] = ()) -> None:
    """Let these posts and the named person know of a child whom the register has just hidden, and nobody else."""
    others_answer(SYSTEM, child)
    named = current_named_person(child)
    posts = [*knowing, named.post_id] if named is not None else list(knowing)
    forget_before(SYSTEM, child, posts)  # whoever looked the child up has ended nothing
    let_work(child, posts, "protection")
    work_goes_on(SYSTEM, child)


def known_by_hand(viewer: Viewer, numbers: Iterable[tuple[str, str]]) -> Person | None:
    """A child whom the viewer sees and that somebody at work has given one of these numbers, maybe beside another one.

    To the viewer there is nobody else: whatever is looked up by the number leads to this one.
    """
    seen = Person.objects.visible_to(viewer)
    found = (one for system, value in numbers for one in given_by_hand(system, value, among=seen))
    return next(found, None)


def _own(viewer: Viewer, found: RegisterPerson) -> Person | None:
    """Such a child that the register tells of; None where it is another one, or stands beside somebody hidden."""
    own = known_by_hand(viewer, _numbers(found))
    if own is None or not _is_the_one(own, found):
        return None
    return None if any(led_to(viewer, system, value)[1] for system, value in _numbers(found)) else own


def _here(found: RegisterPerson) -> list[Person]:
    return sorted(find_by_numbers(_numbers(found)), key=lambda one: one.pk)
