"""How persons are fetched: protected ones stay masked unless the caller says the long name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q

from samsyn.common.models import VisibleQuerySet
from samsyn.people.names import fold

if TYPE_CHECKING:
    from samsyn.people.models import Person


class PersonQuerySet(VisibleQuerySet[Any]):
    """Persons. ``including_protected`` is the dangerous read; everything else gives protected persons without names."""

    def named(self, words: str) -> Self:
        """Persons who have, for each of the words, a name that begins with it. No words find nobody.

        A protected person has no name here and is never found.
        """
        folded = [fold(word) for word in words.split()]
        found = self if folded else self.none()
        for word in folded:
            found = found.filter(
                Q(given_folded__begins=word) | Q(family_folded__begins=word) | Q(called_folded__begins=word)
            )
        return found

    def around(self, children: Q) -> Self:
        """Only the children among those seen: ``children`` is a condition that ``sharing`` gives."""
        return self.filter(children)

    def guardians_of(self, child_id: int, on: date) -> Self:
        """Those who have custody of the child on the day."""
        return self.filter(
            Q(wards__until=None) | Q(wards__until__gte=on), wards__child_id=child_id, wards__since__lte=on
        )

    def including_protected(self) -> list[Person]:
        """Rows with the sealed names opened. Only for a page that has its own, explicit reason."""
        from samsyn.people.vault import open_names

        return [open_names(person) for person in self.select_related("vault")]
