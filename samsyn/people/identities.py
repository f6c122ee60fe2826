"""Numbers of persons: sealed where they are kept, found only by the exact number."""

from __future__ import annotations

from collections.abc import Iterable

from samsyn.common import crypto
from samsyn.people.models import Identity, Person


def blind(system: str, value: str) -> bytes:
    """The keyed index of a number, under the current key."""
    return crypto.blind_index(value, purpose=_purpose(system))


def blinds(system: str, value: str) -> tuple[bytes, ...]:
    """The keyed index of a number under every key of the ring, the current first: what a search looks for."""
    return crypto.blind_indexes(value, purpose=_purpose(system))


def new_identity(person: Person, system: str, value: str) -> Identity:
    """A number for a person, sealed for that person's row and not saved yet."""
    return Identity(
        person=person,
        system=str(system),
        sealed=crypto.seal(value, place=_place(person)),
        blind=blind(system, value),
    )


def open_number(identity: Identity) -> str:
    """The number itself, for the one page that shows it. Raises CannotUnseal."""
    return crypto.unseal(bytes(identity.sealed), place=_place(identity.person))


def find_by_number(system: str, value: str) -> Person | None:
    """The person known here by exactly this number. Sees everybody: what may be shown is the caller's to ask."""
    return Person.objects.filter(identities__system=str(system), identities__blind__in=blinds(system, value)).first()


def find_by_numbers(numbers: Iterable[tuple[str, str]]) -> set[Person]:
    """Everybody known here by any of these numbers (system, value)."""
    found = (find_by_number(system, value) for system, value in numbers)
    return {person for person in found if person is not None}


def _purpose(system: str) -> str:
    return f"identity|{system}"


def _place(person: Person) -> str:
    return f"people_identity|sealed|{person.ref}"
