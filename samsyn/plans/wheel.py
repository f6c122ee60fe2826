"""What the wellbeing wheel shows: the child's and the adults' newest mark in each area, and where the child was. Pure.

Marks are never summed or averaged: eight areas stay eight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

AREAS = ("safe", "healthy", "achieving", "nurtured", "active", "respected", "responsible", "included")


@dataclass(frozen=True)
class Mark:
    """One mark: an area, by the child or by the adults, 1 to 5, and the day. ``order`` tells the newer of one day."""

    area: str
    by_child: bool
    value: int
    made_on: date
    order: int
    words: str = ""


@dataclass(frozen=True)
class AreaNow:
    """One area of the wheel. None where there is no mark.

    ``before`` is the child's mark from the last earlier day; a mark corrected on the same day is no change.
    """

    area: str
    child: int | None = None
    adults: int | None = None
    before: int | None = None
    child_on: date | None = None
    adults_on: date | None = None
    before_on: date | None = None
    child_words: str = ""
    adult_words: str = ""

    @property
    def change(self) -> int | None:
        """Steps that the child has moved since last time; None when there is nothing to compare."""
        return None if self.child is None or self.before is None else self.child - self.before


def wheel_facts(marks: Iterable[Mark]) -> tuple[AreaNow, ...]:
    """The eight areas in their order, from marks in any order."""
    by_area: dict[str, list[Mark]] = {area: [] for area in AREAS}
    for mark in sorted(marks, key=lambda one: (one.made_on, one.order)):
        by_area[mark.area].append(mark)
    return tuple(_area_now(area, rows) for area, rows in by_area.items())


def _area_now(area: str, rows: list[Mark]) -> AreaNow:
    children = [row for row in rows if row.by_child]
    child = children[-1] if children else None
    adults = next((row for row in reversed(rows) if not row.by_child), None)
    before = next((row for row in reversed(children) if child and row.made_on < child.made_on), None)
    return AreaNow(
        area,
        child=child.value if child else None,
        adults=adults.value if adults else None,
        before=before.value if before else None,
        child_on=child.made_on if child else None,
        adults_on=adults.made_on if adults else None,
        before_on=before.made_on if before else None,
        child_words=child.words if child else "",
        adult_words=adults.words if adults else "",
    )
