"""Which birth date holds when a register has told one: ages decide what may be read, decided and kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from samsyn.common import clock
from samsyn.people import rules
from samsyn.people.actions.same_name import Named, is_called_for_certain
from samsyn.people.identities import blinds
from samsyn.people.models import Identity, Person
from samsyn.people.registers import RegisterIdentity


def settled_by_register(
    person: Person, told: Named, birth_date: date | None, numbers: Iterable[RegisterIdentity]
) -> date | None:
    """The birth date of somebody for whom a register has told one with these numbers; their row is held.

    The register's goes before one that was written by hand, or that a number told, where a number is the register's
    own word or the person is called the same: then it is the register's from now on, and no mistaken number takes it
    away. A family name alone is a sibling's too and brings nothing, nor does a day to come.
    """
    if not rules.may_be_born(birth_date, clock.today()):
        return person.birth_date
    if person.birth_date is None or birth_date is None:
        return person.birth_date or birth_date
    if not (has_as_registered(person, numbers) or is_called_for_certain(person, told)):
        return person.birth_date
    Identity.objects.filter(person=person, told_birth=True).update(told_birth=False)
    return birth_date


def has_as_registered(person: Person, numbers: Iterable[RegisterIdentity]) -> bool:
    """Is one of these numbers this person's by a register's own word, and not only by that of a post."""
    wanted = {(str(one.system), blind) for one in numbers for blind in blinds(one.system, one.value)}
    rows = Identity.objects.filter(person=person, noted_by=None).values_list("system", "blind")
    return any((system, bytes(blind)) in wanted for system, blind in rows)
