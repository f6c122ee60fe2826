"""Which looks a second person is to review: those that a rule points at, and some by chance. Pure.

A look without any reason, or at the own child, is always reviewed. What might have another explanation (the same
family name, a colleague's child, the night, many children in a day) counts only where nothing stronger than that the
child belongs to the unit speaks for the look. Addresses are not kept in the house, so no rule compares them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from hashlib import sha256

EPOCH = date(2024, 1, 1)
"""A Monday; quarters of weeks are counted from it."""


class Strength(IntEnum):
    """How strong a reason was in force: none; only that the child belongs to the unit; one that is about this child."""

    NONE = 0
    FINDS = 1
    OWN = 2


@dataclass(frozen=True)
class Limits:
    """The law's numbers: hours of the night in Sweden, and children a day that are unusually many."""

    night_from: int
    night_until: int
    many: int

    def is_night(self, hour: int) -> bool:
        """Is the hour in the night."""
        return hour >= self.night_from or hour < self.night_until


@dataclass(frozen=True)
class Looks:
    """One reader's looks at one child in a week.

    ``hours``: the hour of each, in Sweden. ``strength``: the weakest reason that one of them had. ``in_a_day``: the
    most children that the reader opened in one day with no stronger reason than that they belong to the unit.
    """

    strength: Strength
    hours: tuple[int, ...]
    own_child: bool = False
    same_name: bool = False
    colleagues_child: bool = False
    in_a_day: int = 0


def why_reviewed(looks: Looks, limits: Limits) -> list[str]:
    """The rules that point at these looks, in words of ``reviews.words``; none when nothing does."""
    always = {"no_reason": looks.strength is Strength.NONE, "own_child": looks.own_child}
    perhaps = {
        "same_name": looks.same_name,
        "colleagues_child": looks.colleagues_child,
        "night": any(map(limits.is_night, looks.hours)),
        "many_children": looks.in_a_day > limits.many,
    }
    if looks.strength is Strength.OWN:
        perhaps = {}
    return [word for word, holds in {**always, **perhaps}.items() if holds]


def monday(day: date) -> date:
    """The first day of the week."""
    return day - timedelta(days=day.weekday())


def first_week(week: date, weeks: int) -> date:
    """The first week of the period of ``weeks`` weeks that ``week`` lies in."""
    since = (week - EPOCH).days // 7
    return week - timedelta(weeks=since % weeks)


def by_chance(active: Mapping[str, int], seen: Collection[str], week: date, weeks: int) -> set[str]:
    """Of the accounts that have been active in the period, those to be reviewed by chance after ``week``.

    ``active``: account → index of the last week of the period in which it was active. ``seen``: accounts that have
    been reviewed in the period. Each account has a week of its own, drawn from its reference and the period, after
    which its next activity is looked at; the last week takes everybody who is left. The same every time.
    """
    start = first_week(week, weeks)
    index = (week - start).days // 7
    return {
        account
        for account, last in active.items()
        if account not in seen and (index == weeks - 1 or (last == index and index >= _drawn(account, start, weeks)))
    }


def _drawn(account: str, start: date, weeks: int) -> int:
    return int.from_bytes(sha256(f"{account}|{start}".encode()).digest()[:8]) % (weeks - 1)


def chosen(entries: Collection[int], account: str, week: date) -> int:
    """The one of an account's looks that chance takes in a week: the same every time."""
    return min(entries, key=lambda one: sha256(f"{account}|{week}|{one}".encode()).digest())
