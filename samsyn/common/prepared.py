"""Questions about a viewer that Django puts together once in a process; from then on only the values change.

A page asks for what its viewer may see a dozen times. Put together anew each time, the questions cost more than the
answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateField, DateTimeField, QuerySet
from django.db.models.expressions import RawSQL

from samsyn.common import clock
from samsyn.common.viewer import Viewer

Build = Callable[..., "QuerySet[Any, Any]"]
"""(viewer, moment, *words) → a query of one column. It may branch on what the viewer has none of, and on ``acts``."""

_NUMBERS = ("account", "person", "post", "unit", "authority", "principal")
_FIRST = -7_000_000_000
"""The first of the numbers that stand in for the viewer's own; no row has a number below zero."""
_MOMENT = datetime(1901, 2, 3, 12, 34, 56, 789012, tzinfo=UTC)
_NOTHING = ("SELECT NULL WHERE 1 = 0", ())

_known: dict[tuple[Any, ...], tuple[str, tuple[Any, ...]]] = {}


def prepared(build: Build, viewer: Viewer, at: datetime, *words: str) -> RawSQL:
    """What ``build(viewer, at, *words)`` asks, for use behind ``__in``."""
    none = tuple(getattr(viewer, name) is None for name in _NUMBERS)
    key = (build, words, connection.vendor, viewer.acts, len(viewer.units), none)
    if key not in _known:
        _known[key] = _put_together(build, _stand_in(viewer), words)
    question, values = _known[key]
    own = dict(zip(_values_of(_stand_in(viewer), _MOMENT), _values_of(viewer, at), strict=True))
    told = [_like(value, own[value]) if value in own else value for value in values]
    return RawSQL(question, told)  # noqa: S611  # Django's own text, with its places for values


def _put_together(build: Build, viewer: Viewer, words: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    try:
        question, values = build(viewer, _MOMENT, *words).query.sql_with_params()
    except EmptyResultSet:
        return _NOTHING
    return question, tuple(values)


def _stand_in(viewer: Viewer) -> Viewer:
    """A viewer of the same shape, each of whose numbers can be told from every other value of a question."""
    numbers = {name: _FIRST - place for place, name in enumerate(_NUMBERS) if getattr(viewer, name) is not None}
    units = tuple(_FIRST - len(_NUMBERS) - place for place in range(len(viewer.units)))
    return replace(viewer, **numbers, units=units)  # type: ignore[arg-type]  # mypy takes the names of numbers for any


def _values_of(viewer: Viewer, at: datetime) -> list[Any]:
    """The viewer's numbers, and the moment and its day as this database is told of them."""
    numbers = [getattr(viewer, name) for name in _NUMBERS if getattr(viewer, name) is not None]
    day = at.astimezone(clock.STOCKHOLM).date()
    moments = [
        DateTimeField().get_db_prep_value(at, connection),
        DateField().get_db_prep_value(day, connection),
    ]
    return [*numbers, *viewer.units, *moments]


def _like(stood_in: Any, own: Any) -> Any:
    """The viewer's own number in the type that the database's driver was to be given."""
    return type(stood_in)(own) if isinstance(stood_in, int) else own
