"""Who answers for a post on one day. Pure: plain numbers in, one post and one person out.

The way is always the same: the holder, if present; else the cover, and the cover's own cover; else the post above, and
so on upwards; at last the duty desk. Circles among covers or parents fall through to the duty desk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)


class Via(StrEnum):
    """How somebody came to answer for a post."""

    HOLDER = "holder"
    COVER = "cover"
    PARENT = "parent"
    DUTY_DESK = "duty_desk"


@dataclass(frozen=True)
class Answer:
    """The post that answers, the person who holds it, and how the question came there."""

    post: int
    person: int
    via: Via


@dataclass(frozen=True)
class Staffing:
    """Who is where on one day.

    ``present``: post → its holder, for posts whose holder is there. ``covers``: post → the posts that cover it, first
    choice first. ``parents``: post → the post above. ``desk_holders``: duty desk → its holder, there or not.
    """

    present: Mapping[int, int]
    covers: Mapping[int, Sequence[int]] = field(default_factory=dict)
    parents: Mapping[int, int | None] = field(default_factory=dict)
    desk_holders: Mapping[int, int] = field(default_factory=dict)


def attended(post: int, staffing: Staffing) -> int | None:
    """The post that answers for ``post`` without going upwards: itself or the nearest cover; None when nobody does."""
    level, seen = [post], {post}
    while level:
        for one in level:
            if one in staffing.present:
                return one
        level = [by for one in level for by in staffing.covers.get(one, ())]
        level = [by for by in dict.fromkeys(level) if by not in seen]
        seen.update(level)
    return None


def resolve(post: int, staffing: Staffing, desks: Sequence[int]) -> Answer | None:
    """Who answers for ``post``; ``desks`` are the duty desks it falls to, nearest first.

    None only when no desk has any holder at all, which a finished installation never lets happen.
    """
    here: int | None = post
    passed: set[int] = set()
    while here is not None and here not in passed:
        passed.add(here)
        by = attended(here, staffing)
        if by is not None:
            return Answer(by, staffing.present[by], _via(post, here, by, desks))
        here = staffing.parents.get(here)
    for desk in desks:
        by = attended(desk, staffing)
        if by is not None:
            return Answer(by, staffing.present[by], Via.DUTY_DESK)
    # Rules keep a desk attended at all times. Should rows have come in another way, its holder is still the one to ask.
    return next(
        (Answer(one, staffing.desk_holders[one], Via.DUTY_DESK) for one in desks if one in staffing.desk_holders), None
    )


def _via(asked: int, here: int, by: int, desks: Sequence[int]) -> Via:
    if here == asked:
        return Via.HOLDER if by == asked else Via.COVER
    return Via.DUTY_DESK if here in desks else Via.PARENT


@dataclass(frozen=True)
class Span:
    """Days from ``since`` to ``until``, both included; ``until`` None means until further notice."""

    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Is ``day`` inside."""
        return self.since <= day and (self.until is None or day <= self.until)

    def meets(self, other: Span) -> bool:
        """Do the two share a day."""
        return (self.until is None or other.since <= self.until) and (other.until is None or self.since <= other.until)

    @property
    def edges(self) -> tuple[date, ...]:
        """The days on which something changes: the first, and the one after the last."""
        if self.until is None or self.until == date.max:
            return (self.since,)
        return (self.since, self.until + ONE_DAY)


@dataclass(frozen=True)
class Held:
    """That ``person`` holds ``post`` for these days."""

    post: int
    person: int
    span: Span


@dataclass(frozen=True)
class Covered:
    """That ``by`` covers ``post`` for these days."""

    post: int
    by: int
    span: Span


@dataclass(frozen=True)
class Roster:
    """Everything that decides whether the duty desks are attended, over time.

    ``desks``: the desks of each principal. ``covered``: first choice first. ``away``: absences of a person. ``shut``:
    persons whose account is closed.
    """

    desks: Mapping[int, Sequence[int]]
    held: Sequence[Held]
    covered: Sequence[Covered]
    away: Mapping[int, Sequence[Span]]
    shut: frozenset[int] = frozenset()

    def on(self, day: date) -> Staffing:
        """The staffing of one day."""
        present = {
            one.post: one.person
            for one in self.held
            if one.span.holds(day)
            and one.person not in self.shut
            and not any(span.holds(day) for span in self.away.get(one.person, ()))
        }
        covers: dict[int, list[int]] = {}
        for cover in self.covered:
            if cover.span.holds(day):
                covers.setdefault(cover.post, []).append(cover.by)
        return Staffing(present, covers)

    def days_of_change(self, start: date) -> list[date]:
        """``start`` and every later day on which something changes."""
        spans = [
            *(one.span for one in self.held),
            *(one.span for one in self.covered),
            *(span for spans in self.away.values() for span in spans),
        ]
        return sorted({start, *(edge for span in spans for edge in span.edges if edge > start)})


def first_days_without_desk(roster: Roster, start: date) -> dict[int, date]:
    """Principal → the first day from ``start`` on which nobody is at its duty desks, where there is such a day."""
    found: dict[int, date] = {}
    for day in roster.days_of_change(start):
        staffing = roster.on(day)
        for principal, desks in roster.desks.items():
            if principal not in found and all(attended(desk, staffing) is None for desk in desks):
                found[principal] = day
    return found
