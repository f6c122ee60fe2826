"""What an extract says: gathered through ``visible_to`` alone, so nothing is in it that a page would not show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from samsyn import law
from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.law.words import sentence
from samsyn.look import dates
from samsyn.look.measure import runs_left
from samsyn.organisations.models import Authority, Post, Unit
from samsyn.people.models import Person
from samsyn.plans.paper.letters import fit_for_paper
from samsyn.retention.extract.held import HELD, Held
from samsyn.sharing.family_looks import kept_from, reads_looks
from samsyn.trail.looks import Look, looked_at

Facts = dict[str, Any]
MOST_LOOKS = 5000
"""Of who has looked, the newest."""
_LONGEST_LINE = 120


@dataclass(frozen=True)
class Row:
    """One thing held: which kind it is, and the row itself."""

    held: Held
    row: Any


@dataclass(frozen=True)
class Gathered:
    """All that an extract is made of."""

    child: Person
    rows: tuple[Row, ...]
    looks: tuple[Look, ...]


def gather_for(viewer: Viewer, child: Person) -> Gathered:
    """What the viewer may see now of what is held about the child, and who has looked as far as the viewer may know."""
    rows = tuple(_rows(viewer, child))
    looks: list[Look] = []
    if reads_looks(viewer, child):
        looks = looked_at(child.ref, clock.today(), limit=MOST_LOOKS, without=kept_from(viewer, child))
    return Gathered(child, rows, tuple(looks))


def _rows(viewer: Viewer, child: Person) -> Iterator[Row]:
    for held in HELD:
        keys = [name for name, _words in held.columns if held.model._meta.get_field(name).related_model]
        units = [f"{name}__unit" for name in keys if held.model._meta.get_field(name).related_model is Post]
        found = held.model._default_manager.visible_to(viewer).filter(child=child)  # type: ignore[attr-defined]  # HELD
        for row in found.select_related("child", "authority", *keys, *units).order_by("pk"):
            yield Row(held, row)


# --- as data ----------------------------------------------------------------------------------------------------------


def as_data(gathered: Gathered, made_at: datetime) -> Facts:
    """The extract as plain data, to be read by a machine: the words of the program in English, the texts as written."""
    return {
        "made_at": made_at.isoformat(),
        "language": get_language(),
        "about": {
            "ref": str(gathered.child.ref),
            "name": gathered.child.full_name,
            "birth_date": _plain(gathered.child.birth_date),
        },
        "held": [_as_data(one) for one in gathered.rows],
        "looks": [_look_as_data(look) for look in gathered.looks],
    }


def _as_data(one: Row) -> Facts:
    values = {name: _plain(getattr(one.row, name)) for name, _words in one.held.columns}
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


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Post):
        return f"{value.title}, {value.unit.name}"
    return value.name if isinstance(value, Unit | Authority) else value


def still_true(data: Facts, gathered: Gathered) -> bool:
    """May the reader still see all that stands in an extract that was made before?"""
    now = {str(one.row.ref) for one in gathered.rows}
    looks = {json.dumps(_look_as_data(one), sort_keys=True) for one in gathered.looks}
    return all(one["ref"] in now for one in data["held"]) and all(
        json.dumps(one, sort_keys=True) in looks for one in data["looks"]
    )


# --- on paper ---------------------------------------------------------------------------------------------------------


def as_paper(gathered: Gathered, made_at: datetime, goes_at: datetime) -> Facts:
    """The extract in words of the active language, for the typesetter: every word ready."""
    child = gathered.child
    facts: Facts = {
        "language": get_language(),
        "rtl": get_language_bidi(),
        "title": _("What is held about you and your family"),
        "about": _own(child.full_name),
        "standing": [
            _("Made on %(day)s. It can be fetched until %(until)s.")
            % {"day": _moment(made_at), "until": _moment(goes_at)},
            _("What somebody has decided to keep from you for now, and what is another person's, is not in it."),
            _("Who has looked in the last days is not in it yet."),
            _("Ask the one who answers for you if something is missing or wrong."),
        ],
        "sections": [*_sections(gathered), *_looks(gathered)],
        "nothing": _("Nothing is held that you can read."),
        "footer": _("What is held. Keep it where only you can read it."),
    }
    printable: Facts = _printable(facts)
    return printable


def _sections(gathered: Gathered) -> Iterator[Facts]:
    for held in HELD:
        rows = [one for one in gathered.rows if one.held is held]
        if rows:
            yield {"title": str(held.title), "rows": [_on_paper(one) for one in rows]}


def _on_paper(one: Row) -> Facts:
    lines = [{"label": _("Held by"), "said": _own(one.row.authority.name)}]
    for name, words in one.held.columns:
        said = _said(one.row, name)
        if said:
            lines.append({"label": str(words), "said": _own(said)})
    return {"lines": lines}


def _said(row: Any, name: str) -> str:
    value = getattr(row, name)
    if name == "gate":
        return _rule(value)
    if row._meta.get_field(name).choices:
        return str(getattr(row, f"get_{name}_display")())
    if isinstance(value, datetime):
        return _moment(value)
    return dates.day_and_year(value) if isinstance(value, date) else str(_plain(value) or "")


def _rule(row_id: str) -> str:
    try:
        row = law.on(clock.today()).row(row_id)
    except law.NoSuchRule:
        return row_id
    return f"{sentence(row)} ({row.paragraph})"


def _looks(gathered: Gathered) -> Iterator[Facts]:
    did = {"read": _("read"), "act": _("wrote")}
    rows = [
        {
            "lines": [
                {
                    "label": _moment(look.at),
                    "said": _own(
                        ", ".join(part for part in (look.person, look.role, look.unit, did[look.mode]) if part)
                    ),
                }
            ]
        }
        for look in gathered.looks
    ]
    if rows:
        yield {"title": _("Who has looked"), "rows": rows}


def _moment(at: datetime) -> str:
    return f"{dates.day_and_year(at)} {dates.clock(at)}"


def _own(words: str) -> Facts:
    return {"text": words, "rtl": runs_left(words), "long": len(words) > _LONGEST_LINE or "\n" in words}


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return fit_for_paper(value)
    if isinstance(value, dict):
        return {name: _printable(held) for name, held in value.items()}
    return [_printable(held) for held in value] if isinstance(value, list | tuple) else value
