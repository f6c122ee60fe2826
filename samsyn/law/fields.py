"""From a value of TOML to what a row holds: each kind of field says what is wrong with a value that does not fit."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from samsyn.law.rows import LaterInTheDay
from samsyn.law.vocabulary import (
    ORGANISATIONS,
    Sphere,
)

Reader = Callable[[object], Any]
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
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
