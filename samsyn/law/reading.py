"""From TOML files to rows. A row that is not wholly right stops everything: half a law is worse than none."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

from samsyn.law.rows import Age, Amount, Clock, Gate, Label, LaterInTheDay, LawError, Retention, Row, Track
from samsyn.law.vocabulary import (
    ORGANISATIONS,
    AgeTest,
    Documentation,
    Effect,
    Extension,
    Kind,
    Measure,
    Nearness,
    Serves,
    Sphere,
    Strength,
    Unit,
)

Reader = Callable[[object], Any]

LONGEST_MONTH = 31
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
WITHOUT_VALUE = {Unit.AT_ONCE, Unit.AS_SOON_AS_POSSIBLE, Unit.SAME_DAY, Unit.FOR_EVER}
RECORDED = {
    "sender",
    "receiver",
    "items",
    "purpose",
    "told",
    "giver",
    "form",
    "language",
    "limits",
    "until",
    "reason",
    "request",
    "inquiry",
    "person_at_risk",
    "date",
    "agreement",
}
UNITS = {
    Kind.CLOCK: {
        Unit.AT_ONCE,
        Unit.AS_SOON_AS_POSSIBLE,
        Unit.SAME_DAY,
        Unit.ELAPSED_HOURS,
        Unit.CALENDAR_DAYS,
        Unit.WORKING_DAYS,
        Unit.WEEKS,
        Unit.MONTHS,
        Unit.YEARS,
        Unit.CALENDAR_YEARS,
    },
    Kind.AGE: {Unit.AGE_YEARS},
    Kind.RETENTION: {
        Unit.ELAPSED_HOURS,
        Unit.CALENDAR_DAYS,
        Unit.MONTHS,
        Unit.YEARS,
        Unit.CALENDAR_YEARS,
        Unit.AGE_YEARS,
        Unit.FOR_EVER,
    },
    Kind.AMOUNT: {Unit.KRONOR, Unit.TIMES, Unit.TIMES_PER_HOUR, Unit.PERSONS, Unit.HOUR_OF_DAY},
}


def text(value: object) -> str:
    """A text with something in it."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text with something in it")
    return value


def identifier(value: object) -> str:
    """A name in small letters, digits and underscores."""
    name = text(value)
    if not IDENTIFIER.fullmatch(name):
        raise ValueError("must be written in small letters a-z, digits and underscores")
    return name


def truth(value: object) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def number(value: object) -> int:
    """A whole number from 1 up."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError("must be a whole number from 1 up")
    return value


def day(value: object) -> date:
    """A date without time."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("must be a date like 2025-07-01")
    return value


def one_of(words: type[StrEnum]) -> Reader:
    """One of the words that the house knows."""

    def read(value: object) -> StrEnum:
        if not isinstance(value, str) or value not in list(words):
            raise ValueError(f"unknown {words.__name__.lower()} {value!r}; known are {', '.join(words)}")
        return words(value)

    return read


def several(each: Reader) -> Reader:
    """A list with at least one entry, none twice."""

    def read(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list) or not value:
            raise ValueError("must be a list with something in it")
        entries = tuple(each(entry) for entry in value)
        if len(set(entries)) != len(entries):
            raise ValueError("names the same thing twice")
        return entries

    return read


def spheres(value: object) -> frozenset[Sphere]:
    """A list of spheres; "any" stands for every organisation, "any_and_outside" for those outside authorities too."""
    if value == ["any"]:
        return ORGANISATIONS
    if value == ["any_and_outside"]:
        return ORGANISATIONS | {Sphere.OUTSIDE}
    return frozenset(several(one_of(Sphere))(value))


def recorded(value: object) -> str:
    """One of the things that a disclosure can hold."""
    name = identifier(value)
    if name not in RECORDED:
        raise ValueError(f"unknown thing to record {name!r}; known are {', '.join(sorted(RECORDED))}")
    return name


def month_and_day(value: object) -> tuple[int, int]:
    """A day of the year, "08-01"."""
    if not isinstance(value, str) or not re.fullmatch(r"\d\d-\d\d", value):
        raise ValueError("must be a month and a day like 08-01")
    month, number_of_day = int(value[:2]), int(value[3:])
    date(2001, month, number_of_day)  # a year without a leap day: the day must exist in every year
    return month, number_of_day


def later_in_the_day(value: object) -> LaterInTheDay:
    """A table {after, value}."""
    if not isinstance(value, dict) or set(value) != {"after", "value"} or not isinstance(value["after"], time):
        raise ValueError("must be a table with a time of day 'after' and a number 'value'")
    return LaterInTheDay(after=value["after"], value=number(value["value"]))


REQUIRED: Mapping[str, Reader] = {
    "id": identifier,
    "kind": one_of(Kind),
    "paragraph": text,
    "source": text,
    "verified": truth,
    "statutory": truth,
    "valid_from": day,
    "sv": text,
    "en": text,
}
OPTIONAL: Mapping[str, Reader] = {"valid_until": day, "quote": text, "remark": text}
MEASURE: Mapping[str, Reader] = {"unit": one_of(Unit), "counted_from": identifier}
SHAPES: Mapping[Kind, tuple[type[Row], Mapping[str, Reader], Mapping[str, Reader]]] = {
    Kind.CLOCK: (
        Clock,
        {**MEASURE, "effect": one_of(Effect)},
        {"value": number, "extension": one_of(Extension), "later_in_the_day": later_in_the_day, "agreement": text},
    ),
    Kind.AGE: (
        Age,
        {**MEASURE, "value": number, "test": one_of(AgeTest)},
        {"from_day": month_and_day, "lowest": number, "highest": number},
    ),
    Kind.RETENTION: (
        Retention,
        MEASURE,
        {
            "value": number,
            "spheres": spheres,
            "special": truth,
            "at_least": truth,
            "born_on_days": several(number),
            "counties": several(text),
            "municipalities": several(text),
        },
    ),
    Kind.AMOUNT: (Amount, {"unit": one_of(Unit)}, {"value": number, "known": truth}),
    Kind.TRACK: (
        Track,
        {"assessment": truth, "appeal": truth, "documentation": one_of(Documentation)},
        {"excluded": several(identifier)},
    ),
    Kind.LABEL: (
        Label,
        {},
        {
            "sphere": one_of(Sphere),
            "strength": one_of(Strength),
            "eves_of": several(text),
            "enough_for": several(one_of(Measure)),
        },
    ),
    Kind.GATE: (
        Gate,
        {
            "senders": spheres,
            "receivers": spheres,
            "within": one_of(Nearness),
            "serves": one_of(Serves),
            "record": several(recorded),
        },
        {
            "confirm_sv": text,
            "confirm_en": text,
            "age_under": number,
            "or_unborn": truth,
            "age_presumed": truth,
            "consent": truth,
            "on_request": truth,
            "never_for": several(text),
            "only_an_answer": truth,
        },
    ),
}
WRITTEN_AS = {"sv": "sentence_sv", "en": "sentence_en"}


def read_row(file: str, raw: Mapping[str, object]) -> Row:
    """One row from its table in the file.

    Raises LawError naming the file, the row and what is wrong.
    """
    name = str(raw.get("id", "without id"))
    try:
        kind = one_of(Kind)(raw.get("kind"))
        shape, required, optional = SHAPES[kind]
        readers = {**REQUIRED, **OPTIONAL, **required, **optional}
        for missing in [key for key in {**REQUIRED, **required} if key not in raw]:
            raise ValueError(f"'{missing}' is missing")
        for unknown in [key for key in raw if key not in readers]:
            raise ValueError(f"'{unknown}' is not a field of a {kind}")
        values: dict[str, Any] = {"file": file, "valid_until": None}
        for key, value in raw.items():
            try:
                values[WRITTEN_AS.get(key, key)] = readers[key](value)
            except ValueError as error:
                raise ValueError(f"'{key}' {error}") from error
        row = shape(**values)
        _check(row)
    except ValueError as error:
        raise LawError(file, name, str(error)) from error
    return row


def _check(row: Row) -> None:
    """What must hold between the fields of one row. Raises ValueError with the reason."""
    if row.valid_until is not None and row.valid_until < row.valid_from:
        raise ValueError("'valid_until' lies before 'valid_from'")
    if row.verified and not row.statutory:
        raise ValueError("an agreement cannot be verified as text of law")
    if row.verified and not row.quote:
        raise ValueError("'verified' needs a 'quote' from the text that was read")
    if row.unit is not None:
        _check_unit(row, row.unit)
    if isinstance(row, Clock) and row.later_in_the_day is not None and row.unit is not Unit.CALENDAR_DAYS:
        raise ValueError("'later_in_the_day' is for calendar days")
    if isinstance(row, Retention) and max(row.born_on_days, default=1) > LONGEST_MONTH:
        raise ValueError("'born_on_days' are days of a month")
    if isinstance(row, Label) and (row.sphere is None) != (row.strength is None):
        raise ValueError("'sphere' and 'strength' belong together")
    if isinstance(row, Age):
        _check_age(row)
    if isinstance(row, Gate) and row.within is not Nearness.AREA and not (row.confirm_sv and row.confirm_en):
        raise ValueError("a gate needs what the sender confirms, in 'confirm_sv' and 'confirm_en'")


def _check_age(row: Age) -> None:
    if row.lowest is None and row.highest is None:
        return
    if row.statutory or not (row.lowest or 0) <= (row.value or 0) <= (row.highest or 0):
        raise ValueError("'lowest' and 'highest' stand around the value of an age that an agreement sets")


def _check_unit(row: Row, unit: Unit) -> None:
    if unit not in UNITS[row.kind]:
        raise ValueError(f"a {row.kind} is not measured in {unit}")
    takes_none = unit in WITHOUT_VALUE or (isinstance(row, Amount) and not row.known)
    if takes_none and row.value is not None:
        raise ValueError("'value' has no place here")
    if not takes_none and row.value is None:
        raise ValueError("'value' is missing")


def check_versions(versions: list[Row]) -> None:
    """The versions of one id, in order of time, follow each other without overlap or gap, and stay of one kind.

    Raises LawError naming the later row.
    """
    for earlier, later in pairwise(versions):
        reason = ""
        if later.kind is not earlier.kind:
            reason = f"is a {later.kind}, but an earlier version in {earlier.file} is a {earlier.kind}"
        elif earlier.valid_until is None or later.valid_from <= earlier.valid_until:
            reason = f"the version from {later.valid_from} overlaps the one from {earlier.valid_from} in {earlier.file}"
        elif later.valid_from != earlier.valid_until + timedelta(days=1):
            reason = f"gap: nothing holds between {earlier.valid_until} and {later.valid_from}"
        if reason:
            raise LawError(later.file, later.id, reason)


def read_folder(folder: Path) -> dict[str, tuple[Row, ...]]:
    """Every row of the TOML files in ``folder``: id to its versions, oldest first.

    Raises LawError on the first thing that is wrong, and when there is no row at all.
    """
    found: dict[str, list[Row]] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise LawError(path.name, "(whole file)", f"is not TOML: {error}") from error
        rows = content.get("row")
        if set(content) != {"row"} or not isinstance(rows, list) or not all(isinstance(entry, dict) for entry in rows):
            raise LawError(path.name, "(whole file)", "must hold [[row]] tables and nothing else")
        for entry in rows:
            row = read_row(path.name, entry)
            found.setdefault(row.id, []).append(row)
    if not found:
        raise LawError(str(folder), "(none)", "no row of law was found")
    for versions in found.values():
        versions.sort(key=lambda row: row.valid_from)
        check_versions(versions)
    return {name: tuple(versions) for name, versions in found.items()}
