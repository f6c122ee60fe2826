"""Whether a gate of the law is open: how near the two stand, how young the child is, and which secrecy bars it."""

from __future__ import annotations

import re
from datetime import date

from samsyn.law.days import add_years
from samsyn.law.rows import Gate
from samsyn.law.vocabulary import ORGANISATIONS, Nearness, Sphere

PARAGRAPH = re.compile(r"(?P<chapter>\S+ \d+):(?P<number>\d+)(?P<letter> [a-z])?")
RANGE = re.compile(r"(?P<chapter>\S+ \d+):(?P<first>\d+)-(?P<last>\d+)")


def near_enough(gate: Gate, receiver: Sphere, nearness: Nearness) -> bool:
    """Inside one secrecy area no gate is needed but that there is no boundary; outside it that one is never enough."""
    if receiver not in ORGANISATIONS:
        return True
    if nearness is Nearness.AREA or gate.within is Nearness.AREA:
        return nearness is gate.within
    order = list(Nearness)
    return order.index(nearness) <= order.index(gate.within)


def young_enough(gate: Gate, birth_date: date | None, on: date, unborn: bool) -> bool:
    """Is the one it is about young enough on the day, or may be taken for it."""
    if gate.age_under is None:
        return True
    if unborn:
        return gate.or_unborn
    if birth_date is None:
        return gate.age_presumed
    return birth_date <= on < add_years(birth_date, gate.age_under)


def covers(barred: str, paragraph: str) -> bool:
    """Does "OSL 25:1-8" (or one paragraph) hold ``paragraph``, written "OSL 25:1" or "OSL 26:1 a"."""
    span, single = RANGE.fullmatch(barred), PARAGRAPH.fullmatch(paragraph)
    if span is None or single is None:
        return barred == paragraph
    inside = int(span["first"]) <= int(single["number"]) <= int(span["last"])
    return span["chapter"] == single["chapter"] and inside
