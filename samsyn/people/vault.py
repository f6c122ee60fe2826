"""The vault: the names of a protected person, sealed for one row and outside all that is searched or listed."""

from __future__ import annotations

import json
from typing import Protocol, TypeVar
from uuid import UUID

from samsyn.common import crypto


class Vault(Protocol):
    """The row that holds the sealed names."""

    sealed: bytes


class Named(Protocol):
    """A person's row, as far as names go."""

    ref: UUID
    given_name: str
    family_name: str
    called: str


Person = TypeVar("Person", bound=Named)


def seal_names(person: Named) -> bytes:
    """The three names, encrypted so that they open for this person's row only."""
    names = {"given_name": person.given_name, "family_name": person.family_name, "called": person.called}
    return crypto.seal(json.dumps(names, ensure_ascii=False, sort_keys=True), place=_place(person))


def open_names(person: Person) -> Person:
    """The same object with its names filled in from the vault, for showing; it is not to be saved.

    A person without anything in the vault comes back as it is. Raises CannotUnseal for names of another row.
    """
    vault: Vault | None = getattr(person, "vault", None)
    if vault is not None:
        names = json.loads(crypto.unseal(vault.sealed, place=_place(person)))
        person.given_name, person.family_name = names["given_name"], names["family_name"]
        person.called = names["called"]
    return person


def _place(person: Named) -> str:
    return f"people_protecteddetails|sealed|{person.ref}"
