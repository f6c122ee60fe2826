"""What an extract says: gathered through ``visible_to`` alone, so nothing is in it that a page would not show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, override

from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.organisations.models import Authority, Post, Unit
from samsyn.people.models import Person
from samsyn.retention.extract import own
from samsyn.retention.extract.held import HELD, Held
from samsyn.retention.extract.own import Own, own_of
from samsyn.sharing.family import as_known_to
from samsyn.sharing.family_looks import kept_from, reads_looks
from samsyn.trail.looks import Look, looked_at

Facts = dict[str, Any]
MOST_LOOKS = 5000
"""Of who has looked, the newest."""


@dataclass(frozen=True)
class Row:
    """One thing held: which kind it is, the row itself, and the columns that this reader reads with their words."""

    held: Held
    row: Any
    columns: tuple[tuple[str, Promise], ...]


@dataclass(frozen=True)
class Gathered:
    """All that an extract is made of, and for whom."""

    viewer: Viewer
    child: Person
    rows: tuple[Row, ...]
    looks: tuple[Look, ...]

    @cached_property
    def own(self) -> Own:
        """What is held of the reader. Opened where the extract is made; a request reads no number."""
        return own_of(self.viewer, self.child)


def gather_for(viewer: Viewer, child: Person) -> Gathered:
    """What the viewer may see now of what is held about the child, and who has looked as far as the viewer may know."""
    as_known_to(viewer, child)
    rows = tuple(_rows(viewer, child))
    looks: list[Look] = []
    if reads_looks(viewer, child):
        looks = looked_at(child.ref, clock.today(), limit=MOST_LOOKS, without=kept_from(viewer, child))
    return Gathered(viewer, child, rows, tuple(looks))


def _rows(viewer: Viewer, child: Person) -> Iterator[Row]:
    for held in HELD:
        columns = tuple(one for one in held.columns if one[0] not in held.childs or child.pk == viewer.person)
        keys = [name for name, _words in held.columns if held.model._meta.get_field(name).related_model]
        units = [f"{name}__unit" for name in keys if held.model._meta.get_field(name).related_model is Post]
        found = held.model._default_manager.visible_to(viewer).filter(child=child)  # type: ignore[attr-defined]  # HELD
        for row in found.select_related("child", "authority", *keys, *units).order_by("pk"):
            yield Row(held, row, columns)


# --- as data ----------------------------------------------------------------------------------------------------------


def as_data(gathered: Gathered, made_at: datetime) -> Facts:
    """The extract as plain data, to be read by a machine: the words of the program in English, the texts as written."""
    return {
        "made_at": made_at.isoformat(),
        "language": get_language(),
        "about": {
            "ref": str(gathered.child.ref),
            "name": gathered.child.full_name,
            "birth_date": plain(gathered.child.birth_date),
        },
        "you": own.as_data(gathered.own),
        "held": [_as_data(one, gathered.viewer) for one in gathered.rows],
        "looks": [_look_as_data(look) for look in gathered.looks],
    }


def _as_data(one: Row, viewer: Viewer) -> Facts:
    values = {name: plain(getattr(one.row, name)) for name, _words in one.columns}
    values |= {name: found(one.row) for name, _words, found in one.held.lists}
    values |= {name: found(one.row, viewer) for name, _words, found in one.held.texts}
    return {"kind": one.held.model.__name__, "ref": str(one.row.ref), "held_by": one.row.authority.name, "says": values}


def _look_as_data(look: Look) -> Facts:
    return {
        "at": look.at.isoformat(),
        "unit": look.unit,
        "role": look.role,
        "name": look.person,
        "did": look.mode,
        "kinds": list(look.kinds),
        "ground": look.ground,
    }


def plain(value: Any) -> Any:
    """A value of a column as text or number that data can hold; a post with its unit, others by their name."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Post):
        return f"{value.title}, {value.unit.name}"
    return value.name if isinstance(value, Unit | Authority) else value


def still_true(data: Facts, gathered: Gathered) -> bool:
    """May the reader still see all that stands in an extract that was made before?"""
    now = {str(one.row.ref) for one in gathered.rows}
    looks = {json.dumps(_look_as_data(one), sort_keys=True) for one in gathered.looks}
    wards = {str(one.child.ref): one.child for one in own.custody_of(gathered.viewer, gathered.child)}
    custody = data.get("you", {}).get("custody", ())
    told = [(gathered.child, data["about"]["name"]), *((wards.get(one["ref"]), one["of"]) for one in custody)]
    return (
        all(one["ref"] in now for one in data["held"])
        and all(json.dumps(one, sort_keys=True) in looks for one in data["looks"])
        and all(child is not None and _is_known_as(child, name, data["language"]) for child, name in told)
    )


def _is_known_as(child: Person, name: str, language: str) -> bool:
    """May the reader know the name: custody may turn out to have ended before the child got it (``as_known_to``)."""
    with override(language):
        return not child.unnamed or child.full_name == name
