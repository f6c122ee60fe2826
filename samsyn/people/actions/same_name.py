"""Is somebody whom a post has given a number the one whom a register names by it? Told by their names alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Protocol

from samsyn.people.actions.custody import names_of
from samsyn.people.models import Person
from samsyn.people.names import fold

ALIKE = 0.7
"""From how much of two words that is the same they are one word spelt in two ways, as Tova and Tuva."""


class Named(Protocol):
    """Whoever is told of by name."""

    @property
    def given_name(self) -> str:
        """Given names."""

    @property
    def family_name(self) -> str:
        """Family names."""

    @property
    def called(self) -> str:
        """The name that is used."""


def shares_a_name(person: Person, found: Named) -> bool:
    """Has this person any name of the one whom a register tells of, maybe spelt otherwise: a sibling has as well.

    A register that tells no name contradicts nobody.
    """
    return has_any_of_names(person, found.given_name, found.family_name, found.called)


def has_any_of_names(person: Person, *names: str) -> bool:
    """Has this person any of these names, maybe spelt otherwise. Where none is told nobody is contradicted."""
    told = _words(*names)
    return not told or _alike(_words(*names_of(person).values()), told)


def is_called_as(person: Person, found: Named) -> bool:
    """Is this person called what the one is whom a register tells of; names in each other's place count too.

    Where no name is known of what they are called, the family name tells.
    """
    alike = _called_alike(person, found)
    return shares_a_name(person, found) if alike is None else alike


def is_called_for_certain(person: Person, found: Named) -> bool:
    """As ``is_called_as``, where it is known of both what they are called: a sibling has the family name as well."""
    return _called_alike(person, found) is True


def _called_alike(person: Person, found: Named) -> bool | None:
    names = names_of(person)
    called, family = _words(names["given_name"], names["called"]), _words(names["family_name"])
    told_called, told_family = _words(found.given_name, found.called), _words(found.family_name)
    if not called or not told_called:
        return None
    return _alike(called, told_called) or (_alike(family, told_called) and _alike(called, told_family))


def _words(*names: str) -> frozenset[str]:
    """Every word of the names, without the difference between capital and small letters, or of accents."""
    plain = "".join(
        one for one in unicodedata.normalize("NFD", fold(" ".join(names))) if not unicodedata.combining(one)
    )
    return frozenset(re.findall(r"\w+", plain))


def _alike(some: Iterable[str], others: frozenset[str]) -> bool:
    return any(SequenceMatcher(None, one, other).ratio() >= ALIKE for one in some for other in others)
