"""The vault: names and places of a protected person, sealed for one row with the person's own key, outside every index.

That key is wrapped by the vault's ring (``SAMSYN_VAULT_KEYS``) and not by that of numbers: who can read the one cannot
read the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Protocol, TypeVar
from uuid import UUID

from samsyn.common import crypto
from samsyn.people.keys import gone, key_for, known_keys
from samsyn.people.models import KeyUse

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
    """The three names and the places, encrypted so that they open for this person's row only, with the person's key."""
    held = {name: getattr(person, name) for name in NAMES} | asdict(whereabouts)
    # Padded, so that the length tells nothing about the name.
    text = json.dumps(held, ensure_ascii=False, sort_keys=True)
    key = key_for(person.ref, KeyUse.VAULT)
    return crypto.seal(text + " " * (-len(text.encode()) % 512), place=_place(person), ring=key)


def open_names(person: Person) -> Person:
    """The same object with its names filled in from the vault, for showing; it is not to be saved.

    A person without anything in the vault comes back as it is. Raises CannotUnseal for names of another row, KeyIsGone
    where the person's key is.
    """
    open_all_names([person])
    return person


def open_all_names(people: Iterable[Named]) -> None:
    """As ``open_names``, for many at once: their keys are fetched in one question."""
    held = [(one, vault) for one in people if (vault := _vault(one)) is not None]
    keys = known_keys((one.ref for one, _vault in held), KeyUse.VAULT) if held else {}
    for one, vault in held:
        told = _opened(one, vault, keys)
        for name in NAMES:
            setattr(one, name, told[name])


def open_whereabouts(person: Named) -> Whereabouts:
    """Where the person can be found. Empty for one who has nothing in the vault."""
    vault = _vault(person)
    if vault is None:
        return Whereabouts()
    told = _opened(person, vault, known_keys([person.ref], KeyUse.VAULT))
    return Whereabouts(**{name: told.get(name, "") for name in WHEREABOUTS})


def _vault(person: Named) -> Vault | None:
    return getattr(person, "vault", None)


def _opened(person: Named, vault: Vault, keys: Mapping[UUID, crypto.KeyRing]) -> dict[str, str]:
    key = keys.get(person.ref)
    if key is None:
        raise gone()
    held: dict[str, str] = json.loads(crypto.unseal(vault.sealed, place=_place(person), ring=key))
    return held


def _place(person: Named) -> str:
    return f"people_protecteddetails|sealed|{person.ref}"
