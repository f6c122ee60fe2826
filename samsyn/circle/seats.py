"""The posts around a child, as the viewer may know of them, with their places: the named person's and the team's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, F, QuerySet, Value

from samsyn.circle.models import Membership, NamedPerson
from samsyn.circle.teams import KIND
from samsyn.common import reading
from samsyn.common.prepared import asked
from samsyn.common.viewer import Viewer
from samsyn.organisations.partnerships import language, named_person_column, named_person_word

_PLACE = ("post_id", "post__ref", "post__title", "post__unit_id", "post__unit__name", "post__unit__authority__sphere")


@dataclass(frozen=True)
class Seat:
    """A post around a child, with its unit and its authority's sphere, and what it is there.

    ``pk``: of the post. ``named_word``: what a child's named person is called there.
    """

    pk: int
    ref: UUID
    title: str
    unit_id: int
    unit: str
    sphere: str
    is_named: bool
    leads: bool
    named_word: str


def seats_around(viewer: Viewer, child_id: int) -> list[Seat]:
    """Each post once, by the name of its unit. What it is there by is noted for the trail."""
    seats: dict[int, Seat] = {}
    of_the_house = named_person_word(None)
    for ref, *place, word in asked(_rows, viewer, child_id, language()):
        reading.note(KIND, ref, child_id, None)
        row = (*place, word or of_the_house)
        seat = Seat(*row)
        before = seats.get(seat.pk, seat)
        seats[seat.pk] = replace(seat, is_named=seat.is_named or before.is_named, leads=seat.leads or before.leads)
    return sorted(seats.values(), key=lambda seat: (seat.unit, seat.pk))


def _rows(viewer: Viewer, child_id: int, read_in: str) -> QuerySet[Any, Any]:
    yes, no = (Value(one, output_field=BooleanField()) for one in (True, False))
    own_word = named_person_column("post__unit__authority_id", read_in)
    named = _now(NamedPerson, viewer, child_id).annotate(is_named=yes, leads=no, word=own_word)
    team = _now(Membership, viewer, child_id).annotate(is_named=no, leads=F("is_lead"), word=own_word)
    columns = ("ref", *_PLACE, "is_named", "leads", "word")
    both: QuerySet[Any, Any] = named.values_list(*columns).union(team.values_list(*columns), all=True)
    return both


def _now(model: type[NamedPerson] | type[Membership], viewer: Viewer, child_id: int) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.visible_to(viewer).filter(child_id=child_id, until=None)
    return rows.order_by()
