"""How persons are fetched: protected ones stay masked unless the caller says the long name."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q

from samsyn.common import clock, ports
from samsyn.common.models import VisibleQuerySet
from samsyn.common.ports import Children
from samsyn.common.viewer import Viewer
from samsyn.people.names import fold

if TYPE_CHECKING:
    from samsyn.people.models import Person

Ways = tuple[tuple[str, ...], ...]
MOST_WORDS = 4
"""Words that are looked for one by one; what is written after them belongs to the last."""


def ways_to_read(typed: str) -> Ways:
    """Every way to read what somebody typed as names, of which one may have a space in it; folded as names are.

    The first way has each word for a name of its own. Nothing for no words.
    """
    words = fold(typed).split(maxsplit=MOST_WORDS - 1)
    ways: list[tuple[str, ...]] = [(word,) for word in words[-1:]]
    for word in reversed(words[:-1]):
        ways = [(word, *way) for way in ways] + [(f"{word} {way[0]}", *way[1:]) for way in ways]
    return tuple(ways)


def _begins(words: str) -> Q:
    return Q(given_folded__begins=words) | Q(family_folded__begins=words) | Q(called_folded__begins=words)


class PersonQuerySet(VisibleQuerySet[Any]):
    """Persons. ``including_protected`` is the dangerous read; everything else gives protected persons without names."""

    def visible_to(self, viewer: Viewer, children: Children | None = None) -> Self:
        """Only those whom this viewer may see now; with ``children``, only these children of them, and asked sooner."""
        if children is None:
            return super().visible_to(viewer)
        return self._noted_for(viewer, ports.children_seen(viewer, clock.now(), children))

    def named(self, words: str) -> Self:
        """Persons who have names that begin with the words: "signe l", "Al Hassan", "amal al hassan". None find nobody.

        A protected person has no name here and is never found.
        """
        ways = ways_to_read(words)
        return self.beginning(ways) if ways else self.none()

    def beginning(self, ways: Ways) -> Self:
        """As ``named``, with what ``ways_to_read`` made of the words."""
        # All ways begin alike, and what stands alone is what an index is used for.
        found = self.filter(_begins(ways[0][0]))
        if len(ways) == 1:
            return found
        read = [reduce(and_, map(_begins, way)) for way in ways]
        return found.filter(reduce(or_, read))

    def guardians_of(self, child_id: int, on: date) -> Self:
        """Those who have custody of the child on the day."""
        return self.filter(
            Q(wards__until=None) | Q(wards__until__gte=on), wards__child_id=child_id, wards__since__lte=on
        )

    def including_protected(self) -> list[Person]:
        """Rows with the sealed names opened. Only for a page that has its own, explicit reason."""
        found = list(self.select_related("vault"))
        ports.fill_in_names(found)
        return found
