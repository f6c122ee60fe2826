"""Numbers of persons: sealed where they are kept, with the person's own key, and found only by the exact number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from samsyn.common import clock, crypto
from samsyn.people.keys import key_for, known_key, new_keys
from samsyn.people.models import Identity, KeyUse, Person
from samsyn.people.numbers import IdentitySystem, UnreadableNumber, read_number


def blind(system: str, value: str, *, apart: bool = False) -> bytes:
    """The keyed index of a number, under the current key.

    ``apart``: of a row beside the one that has the number, for those to whom that one does not exist. No ordinary
    search meets it.
    """
    return crypto.blind_index(value, purpose=_purpose(system, apart=apart))


def _blind_beside(person_ref: UUID, system: str, value: str) -> bytes:
    """The keyed index of a number that somebody has beside another one: of this person alone, so that it meets nobody's
    and tells nobody that there is another."""
    return crypto.blind_index(value, purpose=_beside(person_ref, system))


def blinds(system: str, value: str, *, apart: bool = False) -> tuple[bytes, ...]:
    """The keyed index of a number under every key of the ring, the current first: what a search looks for."""
    return crypto.blind_indexes(value, purpose=_purpose(system, apart=apart))


def new_identity(person: Person, system: str, value: str, *, apart: bool = False) -> Identity:
    """A number for a person who is here already, sealed for that person's row and not saved yet. Raises KeyIsGone."""
    known = Identity.objects.filter(person=person)
    return _identity(person, system, value, key_for(person.ref, KeyUse.NUMBER, sealed=known), apart=apart)


def new_identity_beside(person: Person, system: str, value: str) -> Identity:
    """As ``new_identity``, for a number that somebody else has of whom those who note it may not know."""
    identity = new_identity(person, system, value)
    identity.blind, identity.beside = _blind_beside(person.ref, system, value), True
    return identity


def put_beside(person: Person, system: str, value: str) -> None:
    """Let a number that a post has given somebody stand beside: the one whom a register names is to have it."""
    held = Identity.objects.filter(person=person, system=str(system), blind__in=blinds(system, value))
    held.update(blind=_blind_beside(person.ref, system, value), beside=True)


def confirm(person: Person, numbers: Iterable[tuple[str, str]]) -> None:
    """Let the numbers that a post gave somebody be the register's word from now on: it has told of the same one."""
    for system, value in numbers:
        held = Identity.objects.filter(person=person, system=str(system), blind__in=blinds(system, value))
        held.filter(noted_by__isnull=False).update(noted_by=None)


def sealed_for(person: Person, value: str) -> bytes:
    """A number as it is sealed for a person who is here already."""
    return crypto.seal(value, place=_place(person), ring=key_for(person.ref, KeyUse.NUMBER))


def new_identities(numbers: Iterable[tuple[Person, str, str]]) -> list[Identity]:
    """Numbers (person, system, value) of persons who have just been made, with keys for all of them at once."""
    told = list(numbers)
    keys = new_keys((person.ref for person, _system, _value in told), KeyUse.NUMBER)
    return [_identity(person, system, value, keys[person.ref]) for person, system, value in told]


def _identity(person: Person, system: str, value: str, key: crypto.KeyRing, *, apart: bool = False) -> Identity:
    return Identity(
        person=person,
        system=str(system),
        sealed=crypto.seal(value, place=_place(person), ring=key),
        blind=blind(system, value, apart=apart),
    )


def open_number(identity: Identity) -> str:
    """The number itself, for the one page that shows it. Raises CannotUnseal, KeyIsGone where the person's key is."""
    key = known_key(identity.person.ref, KeyUse.NUMBER)
    return crypto.unseal(bytes(identity.sealed), place=_place(identity.person), ring=key)


def tells_day(identity: Identity, day: date) -> bool:
    """Does this number tell the day as somebody's birth date. One that cannot be opened any more tells nothing."""
    try:
        read = read_number(open_number(identity), on=clock.today(), systems={IdentitySystem(identity.system)})
    except (crypto.CannotUnseal, UnreadableNumber):
        return False
    return read.birth_date == day


def find_by_number(system: str, value: str, *, apart: bool = False) -> Person | None:
    """The person known here by exactly this number. Sees everybody: what may be shown is the caller's to ask."""
    wanted = blinds(system, value, apart=apart)
    return Person.objects.filter(identities__system=str(system), identities__blind__in=wanted).first()


def all_beside(system: str, value: str, *, among: QuerySet[Person] | None = None) -> list[Person]:
    """Those who have this number beside somebody else, whoever got it first before the others.

    There are few such numbers at all. ``among``: only these are looked at, such as those whom somebody sees.
    """
    apart = blinds(system, value, apart=True)
    rows = Identity.objects.filter(Q(beside=True) | Q(blind__in=apart), system=str(system)).order_by("pk")
    if among is not None:
        rows = rows.filter(person__in=among.values("pk"))
    return [
        row.person
        for row in rows.select_related("person")
        if bytes(row.blind) in {*apart, *_all_besides(row.person.ref, str(system), value)}
    ]


def given_by_hand(system: str, value: str, *, among: QuerySet[Person] | None = None) -> list[Person]:
    """Those whom somebody at work has given this number, also beside somebody else. ``among``: only these."""
    rows = Identity.objects.filter(system=str(system), blind__in=blinds(system, value), noted_by__isnull=False)
    if among is not None:
        rows = rows.filter(person__in=among.values("pk"))
    return [*(row.person for row in rows.select_related("person")), *all_beside(system, value, among=among)]


def identity_of(person: Person, system: str, value: str) -> Identity | None:
    """The row by which this person has exactly this number, also beside somebody else."""
    shared = (*blinds(system, value), *blinds(system, value, apart=True))
    wanted = [*shared, *_all_besides(person.ref, str(system), value)]
    return Identity.objects.filter(person=person, system=str(system), blind__in=wanted).first()


def find_by_numbers(numbers: Iterable[tuple[str, str]]) -> set[Person]:
    """Everybody known here by any of these numbers (system, value)."""
    found = (find_by_number(system, value) for system, value in numbers)
    return {person for person in found if person is not None}


def everybody_with(numbers: Iterable[tuple[str, str]]) -> set[Person]:
    """As ``find_by_numbers``, with those who have one of the numbers beside somebody else."""
    told = list(numbers)
    return find_by_numbers(told) | {person for system, value in told for person in all_beside(system, value)}


def _purpose(system: str, *, apart: bool) -> str:
    return f"identity|{system}|apart" if apart else f"identity|{system}"


def _beside(person_ref: UUID, system: str) -> str:
    return f"identity|{system}|beside|{person_ref}"


def _all_besides(person_ref: UUID, system: str, value: str) -> tuple[bytes, ...]:
    return crypto.blind_indexes(value, purpose=_beside(person_ref, system))


def _place(person: Person) -> str:
    return f"people_identity|sealed|{person.ref}"
