"""Whose sealed names are opened for showing: those of whom the reader may know, and colleagues at their work."""

from __future__ import annotations

from collections.abc import Iterable

from samsyn.people.models import Person, ProtectedDetails, Protection
from samsyn.people.vault import open_all_names


def at_work(person: Person) -> Person:
    """The person as colleagues know them. A child's protection hides a parent in the family, not among colleagues.

    Whoever is protected in their own right stays without a name. Fetch with ``select_related("vault")``, or it costs a
    question for who is hidden for a child's sake.
    """
    all_at_work([person])
    return person


def all_at_work(people: Iterable[Person]) -> None:
    """As ``at_work``, for many: what opens their names is fetched in one question, in none where nobody is hidden."""
    open_all_names([one for one in people if one.protection == Protection.FAMILY])


def fill_in_names(people: list[Person]) -> None:
    """Open the names of all of these, in one question for those whose vault was not fetched, and one for their keys.
    They may be seen."""
    asked = {one.pk for one in people if "vault" not in one._state.fields_cache}
    held = {row.person_id: row for row in ProtectedDetails.objects.filter(person__in=asked)} if asked else {}
    for one in people:
        if one.pk in asked:
            one._state.fields_cache["vault"] = held.get(one.pk)
    open_all_names(people)
