"""Questions that Django puts together once in a process; from then on only the values change.

A page asks a dozen of them, and what its viewer may see stands in each. Put together anew each time, the questions cost
more than the answers.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateField, DateTimeField, QuerySet, UUIDField
from django.db.models.expressions import RawSQL

from samsyn.common import clock
from samsyn.common.text import LAST_CHARACTER
from samsyn.common.viewer import Viewer

Row = TypeVar("Row")
Build = Callable[..., "QuerySet[Any, Any]"]

_NUMBERS = ("account", "person", "post", "unit", "authority", "principal")
_FIRST = -7_000_000_000
"""The first of the numbers that stand in for the viewer's own; no row has a number below zero."""
_FIRST_GIVEN = -8_000_000_000
_MOMENT = datetime(1901, 2, 3, 12, 34, 56, 789012, tzinfo=UTC)
_MARK = "\N{REPLACEMENT CHARACTER}"
_NOTHING = ("SELECT NULL WHERE 1 = 0", ())

Values = tuple[Any, ...]
Places = tuple[tuple[int, int, type[int] | None], ...]
"""Where in a question's values one stands that changes, which of what was given it is, and its type if a number."""


@dataclass(frozen=True)
class _Part:
    text: str
    values: Values
    places: Places


@dataclass(frozen=True)
class _Whole:
    """A whole question: the rows that it was put together as, and what Django made of them."""

    rows: QuerySet[Any, Any]
    compiler: Any
    converters: Any
    part: _Part


_known: dict[tuple[Any, ...], _Part] = {}
_asked: dict[tuple[Any, ...], _Whole | None] = {}


def prepared(build: Build, viewer: Viewer, at: datetime, *words: str) -> RawSQL:
    """What ``build(viewer, at, *words)`` asks, a query of one column, for use behind ``__in``.

    ``build`` may branch on what the viewer has none of, on ``acts``, on ``knows_nobody_hidden`` and on the words.
    """
    key = (build, words, connection.vendor, _shape(viewer))
    if key not in _known:
        stood_in = _standing_in(viewer)
        try:
            part = _part(build(stood_in, _MOMENT, *words).query.sql_with_params(), (stood_in, _MOMENT))
        except EmptyResultSet:
            part = _part(_NOTHING, ())
        # Known only when it is whole: another thread may ask while it is put together.
        _known[key] = part
    question = _known[key]
    return RawSQL(question.text, _told(question, (viewer, at)))  # noqa: S611  # Django's own, with places for values


def asked(build: Callable[..., QuerySet[Any, Row]], *given: Any) -> list[Row]:
    """The rows of ``build(*given)``, as ``list`` of it gives them: noted for the trail, with all that comes along.

    ``build`` puts the question together from a viewer, row ids, references, moments, texts and tuples of them, and
    from ``clock.now()``. It is called once for each shape of them, with others in their place: it may branch on what a
    viewer has none of, on ``acts``, on ``knows_nobody_hidden`` and on how long a tuple is, and on nothing else. For a
    viewer in the own family it is called each time: what they may see depends on the law of the day. Raises ValueError
    when something given is not found among the question's values.
    """
    if any(isinstance(one, Viewer) and not one.is_staff for one in given):
        return list(build(*given))
    key = (build, connection.vendor, *map(_shape, given))
    if key not in _asked:
        _asked[key] = _put_whole(build, given)
    question = _asked[key]
    if question is None:
        return []
    values = _told(question.part, (*given, clock.now()))
    rows = question.rows._clone()  # type: ignore[attr-defined]  # private in the stubs
    compiler = copy.copy(question.compiler)
    compiler.connection = connection
    compiler.as_sql = lambda *_ways, **_named: (question.part.text, values)
    compiler.get_converters = lambda _columns: question.converters
    rows.query.get_compiler = lambda *_ways, **_named: compiler
    return list(rows)


def first_asked(build: Callable[..., QuerySet[Any, Row]], *given: Any) -> Row | None:
    """The first of what ``asked`` gives, None when there is nothing."""
    return next(iter(asked(build, *given)), None)


def _put_whole(build: Build, given: Values) -> _Whole | None:
    numbers = count()
    stood_in = tuple(_stand_in(one, numbers) for one in given)
    with clock.at(_MOMENT):
        rows = build(*stood_in)
    compiler = rows.query.get_compiler(connection=connection)
    try:
        part = _part(_each_said_once(*compiler.as_sql()), (*stood_in, _MOMENT))
    except EmptyResultSet:
        return None
    held = {place for place, _which, _number in part.places}
    if any(place not in held and _stands_in(value) for place, value in enumerate(part.values)):
        raise ValueError("Something was made of what the question was given: give it what was made.")
    for one in _leaves(stood_in):
        if not isinstance(one, Viewer) and not any(value in part.values for value in _values_of([one])):
            raise ValueError("Something that the question was given does not stand in it as it is.")
    converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
    return _Whole(rows, compiler, converters, part)


def _each_said_once(text: str, values: Iterable[Any]) -> tuple[str, Values]:
    """The same question, with what ``prepared`` put into it more than once said first, and named where it stood.

    A page asks of many kinds of things at once, and of each kind the same: the database plans and answers it once.
    """
    left, firsts, first_values = tuple(values), list[str](), list[Any]()
    for known in sorted({one.text for one in tuple(_known.values())}, key=len, reverse=True):
        if text.count(f"({known})") < 2:
            continue
        parts = text.split(f"({known})")
        many = _places_in(known)
        begins = [_places_in(known.join(parts[: nth + 1])) for nth in range(len(parts) - 1)]
        said = {left[begin : begin + many] for begin in begins}
        if len(said) > 1:
            continue
        kept = [value for place, value in enumerate(left) if not any(0 <= place - begin < many for begin in begins)]
        name = f"said_{len(firsts)}"
        text, left = f"(SELECT * FROM {name})".join(parts), tuple(kept)  # noqa: S608  # a name of our own
        firsts.append(f"{name} AS ({known})")
        first_values += said.pop()
    return f"WITH {', '.join(firsts)} {text}" if firsts else text, (*first_values, *left)


def _places_in(text: str) -> int:
    """How many values a piece of a question takes. A sign for per cent that is none stands twice."""
    return text.replace("%%", "").count("%s")


def _part(question: tuple[str, Iterable[Any]], stood_in: Values) -> _Part:
    text, values = question[0], tuple(question[1])
    given = {value: place for place, value in enumerate(_values_of(stood_in))}
    return _Part(
        text,
        values,
        tuple(
            (place, given[value], type(value) if isinstance(value, int) else None)
            for place, value in enumerate(values)
            if value in given
        ),
    )


def _told(question: _Part, own: Values) -> Values:
    """The question's values, with the own ones where others stood in."""
    values, given = list(question.values), _values_of(own)
    for place, which, number in question.places:
        values[place] = given[which] if number is None else number(given[which])
    return tuple(values)


def _shape(given: Any) -> Any:
    """What a question's text may depend on."""
    if isinstance(given, Viewer):
        none = tuple(getattr(given, name) is None for name in _NUMBERS)
        return (given.acts, given.knows_nobody_hidden, len(given.units), none)
    return tuple(map(_shape, given)) if isinstance(given, tuple) else type(given)


def _stand_in(given: Any, numbers: Iterator[int]) -> Any:
    """Another of the same shape, each of whose values can be told from every other value of a question."""
    if isinstance(given, Viewer):
        return _standing_in(given)
    if isinstance(given, tuple):
        return tuple(_stand_in(one, numbers) for one in given)
    nth = next(numbers)
    if isinstance(given, datetime):
        return _MOMENT + timedelta(days=1 + nth)
    if isinstance(given, UUID):
        return UUID(int=1 + nth)
    return f"{_MARK}{nth}." if isinstance(given, str) else _FIRST_GIVEN - nth


def _stands_in(value: Any) -> bool:
    """Can only something that stands in have given this value."""
    if isinstance(value, int):
        return value <= _FIRST
    if isinstance(value, date):
        return value.year == _MOMENT.year
    return isinstance(value, str) and (_MARK in value or value.startswith(f"{_MOMENT.year}-"))


def _standing_in(viewer: Viewer) -> Viewer:
    """A viewer of the same shape. What it is called must not stay in a question that others ask too."""
    own: dict[str, Any] = {name: getattr(viewer, name) for name in _NUMBERS}
    numbers = {name: None if number is None else _FIRST - nth for nth, (name, number) in enumerate(own.items())}
    units = tuple(_FIRST - len(_NUMBERS) - nth for nth in range(len(viewer.units)))
    own.update(numbers, units=units, acts=viewer.acts, knows_nobody_hidden=viewer.knows_nobody_hidden)
    return Viewer(**own)


def _leaves(given: Iterable[Any]) -> Iterator[Any]:
    for one in given:
        if isinstance(one, tuple):
            yield from _leaves(one)
        else:
            yield one


def _values_of(given: Iterable[Any]) -> list[Any]:
    """All values as this database is told of them: a moment also as its day, a text also as how a text begins."""
    found: list[Any] = []
    for one in _leaves(given):
        if isinstance(one, Viewer):
            found += [getattr(one, name) for name in _NUMBERS if getattr(one, name) is not None]
            found += one.units
        elif isinstance(one, datetime):
            day = one.astimezone(clock.STOCKHOLM).date()
            found.append(DateTimeField().get_db_prep_value(one, connection))
            found.append(DateField().get_db_prep_value(day, connection))
        elif isinstance(one, UUID):
            found.append(UUIDField().get_db_prep_value(one, connection))
        elif isinstance(one, str):
            found += [one, f"{one}{LAST_CHARACTER}", f"{connection.ops.prep_for_like_query(one)}%"]
        else:
            found.append(one)
    return found
