"""The vault: names and places of a protected person, sealed for one row with keys of their own, outside every index.

The keys are not those of numbers (``SAMSYN_VAULT_KEYS``): who can read the one cannot read the other.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import Protocol, TypeVar
from uuid import UUID

from django.conf import settings

from samsyn.common import crypto

NAMES = ("given_name", "family_name", "called")


@dataclass(frozen=True, repr=False)
class Whereabouts:
    """Where a protected person can be found and reached, in words. The text form is silent."""

    address: str = ""
    stays_at: str = ""
    school: str = ""
    unit: str = ""
    telephone: str = ""
    photo: str = ""

    def __repr__(self) -> str:
        return "<Whereabouts>"


WHEREABOUTS = tuple(field.name for field in fields(Whereabouts))


class Vault(Protocol):
    """The row that holds what is sealed."""

    sealed: bytes


class Named(Protocol):
    """A person's row, as far as names go."""

    ref: UUID
    given_name: str
    family_name: str
    called: str


Person = TypeVar("Person", bound=Named)


def seal(person: Named, whereabouts: Whereabouts) -> bytes:
    """The three names and the places, encrypted so that they open for this person's row only."""
    held = {name: getattr(person, name) for name in NAMES} | asdict(whereabouts)
    # Padded, so that the length tells nothing about the name.
    text = json.dumps(held, ensure_ascii=False, sort_keys=True)
    return crypto.seal(text + " " * (-len(text.encode()) % 512), place=_place(person), ring=ring())


def open_names(person: Person) -> Person:
    """The same object with its names filled in from the vault, for showing; it is not to be saved.

    A person without anything in the vault comes back as it is. Raises CannotUnseal for names of another row.
    """
    held = _held(person)
    for name in NAMES if held else ():
        setattr(person, name, held[name])
    return person


def open_whereabouts(person: Named) -> Whereabouts:
    """Where the person can be found. Empty for one who has nothing in the vault."""
    held = _held(person)
    return Whereabouts(**{name: held.get(name, "") for name in WHEREABOUTS})


def ring() -> crypto.KeyRing:
    """The vault's own keys. Raises UnusableKeys when they are missing."""
    if not settings.SAMSYN_VAULT_KEYS:
        raise crypto.UnusableKeys("SAMSYN_VAULT_KEYS must be set before a protected person can be kept.")
    return _ring_of(tuple(settings.SAMSYN_VAULT_KEYS.items()), settings.SAMSYN_VAULT_KEY_CURRENT)


@lru_cache(maxsize=4)
def _ring_of(keys: tuple[tuple[str, bytes], ...], current: str) -> crypto.KeyRing:
    return crypto.KeyRing(dict(keys), current)


def _held(person: Named) -> dict[str, str]:
    vault: Vault | None = getattr(person, "vault", None)
    if vault is None:
        return {}
    held: dict[str, str] = json.loads(crypto.unseal(vault.sealed, place=_place(person), ring=ring()))
    return held


def _place(person: Named) -> str:
    return f"people_protecteddetails|sealed|{person.ref}"
