"""How long a file stands, and whether it goes today. Pure: facts of one file and the law of a day in, an answer out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from samsyn.common.decision import Decision, no, yes
from samsyn.law import Kind, Law, Retention, Sphere, Unit
from samsyn.law.days import add_years

IN_USE = "file_still_in_use"
OWN_PLAN = "own_plan"
FINISHED = "weeding_finished"
OF_AGE = "child"
EXTRACT_KEPT = "extract_kept"
LONGEST_TEXT = 200


class State(StrEnum):
    """What becomes of a file today."""

    DUE = "due"
    LATER = "later"
    NEVER = "never"
    IN_USE = "in use"
    NO_PLAN = "waits for the authority's own plan"
    NO_BIRTH_DATE = "waits for a date of birth"


@dataclass(frozen=True, kw_only=True)
class File:
    """What one authority holds about one child, as far as the rules ask.

    ``last_note``: the day of the last thing written. ``classes``: ids of the special rows of law that it falls under.
    ``area``: official code of the principal (four digits for a municipality). ``in_use``: something in it is open;
    ``in_use_in_childhood``: something that only keeps it until the child is of age. ``plan_years``: what the
    authority's own plan says, None where it has none.
    """

    sphere: Sphere
    last_note: date
    birth_date: date | None
    area: str
    classes: frozenset[str] = frozenset()
    in_use: bool = False
    in_use_in_childhood: bool = False
    plan_years: int | None = None


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What becomes of a file: by which row of law, from which day it goes (None: never, or not known yet).

    ``finished_by``: the last lawful day to have it gone, where it is due.
    """

    state: State
    rule: str
    goes_on: date | None = None
    finished_by: date | None = None


def fate(file: File, law: Law) -> Fate:
    """What becomes of the file by the law, on the law's day."""
    for row in _for_ever(file, law):
        if row.born_on_days and file.birth_date is None:
            return Fate(state=State.NO_BIRTH_DATE, rule=row.id)
        if _holds(row, file):
            return Fate(state=State.NEVER, rule=row.id)
    days = dict(_days(file, law))
    if any(day is None for day in days.values()):
        return Fate(state=State.NO_BIRTH_DATE, rule=next(rule for rule, day in days.items() if day is None))
    if _needs_a_plan(file, law) and file.plan_years is None:
        return Fate(state=State.NO_PLAN, rule=OWN_PLAN)
    goes_on, rule = max(((day, rule) for rule, day in days.items() if day is not None), key=lambda one: one[0])
    if goes_on > law.day:
        return Fate(state=State.LATER, rule=rule, goes_on=goes_on)
    if file.in_use or (file.in_use_in_childhood and _is_child(file, law)):
        return Fate(state=State.IN_USE, rule=IN_USE, goes_on=goes_on)
    return Fate(state=State.DUE, rule=rule, goes_on=goes_on, finished_by=law.deadline(FINISHED, goes_on).latest_day)


def _rows(file: File, law: Law) -> Iterator[Retention]:
    """The rows about whole files that hold for this one: those of its sphere, the special ones only of its classes."""
    for row in law.rows(Kind.RETENTION):
        if isinstance(row, Retention) and file.sphere in row.spheres and (not row.special or row.id in file.classes):
            yield row


def _for_ever(file: File, law: Law) -> Iterator[Retention]:
    """What is never weeded, the surest first: by its class, by the place, by the day of birth."""
    rows = [row for row in _rows(file, law) if row.unit is Unit.FOR_EVER]
    yield from sorted(rows, key=lambda row: (not row.special, bool(row.born_on_days)))


def _holds(row: Retention, file: File) -> bool:
    if row.special:
        return True
    if row.born_on_days:
        return file.birth_date is not None and file.birth_date.day in row.born_on_days
    # A municipality's code begins with that of its county.
    return file.area in row.municipalities or file.area[:2] in row.counties


def _days(file: File, law: Law) -> Iterator[tuple[str, date | None]]:
    """Each rule that gives a day from which the file may go, and that day; None where the birth date is missing."""
    for row in _rows(file, law):
        if row.unit is Unit.FOR_EVER:
            continue
        if row.unit is Unit.AGE_YEARS:
            yield row.id, None if file.birth_date is None else law.kept_until(row.id, file.birth_date)
        else:
            yield row.id, law.kept_until(row.id, file.last_note)
    if file.plan_years is not None:
        yield OWN_PLAN, add_years(file.last_note, file.plan_years)


def _needs_a_plan(file: File, law: Law) -> bool:
    """Does nothing say that the file must go, but only how long it must stay at least?"""
    duties = [row for row in _rows(file, law) if not row.at_least and not row.special and row.unit is not Unit.FOR_EVER]
    return not duties


def _is_child(file: File, law: Law) -> bool:
    return file.birth_date is None or law.age_applies(OF_AGE, file.birth_date)


def may_plan(sphere: Sphere, years: int, decision: str, law: Law) -> Decision:
    """May an authority's own plan say that its files go after so many years?"""
    if not decision:
        return no("Write the number or the date of the decision.", field="decision")
    if years < 1:
        return no("Write how many years: one at least.", field="years")
    rows = [row for row in law.rows(Kind.RETENTION) if isinstance(row, Retention) and sphere in row.spheres]
    for row in rows:
        if row.at_least and row.unit is Unit.YEARS and years < (row.value or 0):
            return no(
                "The law keeps these files at least %(years)s years.", rule=row.id, field="years", years=row.value
            )
        if not row.at_least and not row.special and row.unit is Unit.YEARS and years > (row.value or 0):
            return no("The law lets these files stand %(years)s years.", rule=row.id, field="years", years=row.value)
    return yes("The authority's own plan may say so.", rule=OWN_PLAN)


def classes(sphere: Sphere, law: Law) -> list[Retention]:
    """The kinds of file of the sphere that the law keeps in their own way, in the order of the rows."""
    rows = [row for row in law.rows(Kind.RETENTION) if isinstance(row, Retention) and row.special]
    return [row for row in rows if sphere in row.spheres]


def may_keep_long(is_staff: bool, sphere: Sphere | None, rule: str, decision: str, law: Law) -> Decision:
    """May somebody at work say that the own authority's file is of a class that the law keeps in its own way?

    ``decision``: number or date of what it rests on, since nothing takes it back.
    """
    if not is_staff or sphere is None:
        return no("Only somebody at work can decide this.")
    if not any(row.id == rule for row in classes(sphere, law)):
        return no("Choose one of the kinds of file that the law keeps in its own way.", field="rule")
    if not decision:
        return no("Write the number or the date of the decision.", field="decision")
    return yes("The file is kept as the law says for its kind.", rule=rule)


def may_order(*, is_family: bool, is_protected: bool, language: str, languages: Collection[str]) -> Decision:
    """May somebody in the family have what is held about a child put together on a paper and in a file?"""
    if not is_family:
        return no("Only somebody in the family can order this.")
    if is_protected:
        return no("This is not put on paper here, for safety. Ask the one who answers for you.", rule=EXTRACT_KEPT)
    if language not in languages:
        return no("Choose one of the languages.", field="language")
    return yes("It is made, and the page says until when it can be fetched.", rule=EXTRACT_KEPT)
