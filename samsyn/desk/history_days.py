"""The history by day: what one did after another, and what one read again and again that day said once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from samsyn.desk.grounds import Ground
from samsyn.look.dates import swedish_day
from samsyn.trail.history import Told
from samsyn.trail.models import Mode

OPEN_LINES = 12
"""So many lines stand open at the top of a page, to the end of the day; older days are one line each until opened."""


@dataclass(frozen=True)
class Line:
    """One line of the history, ready for the template."""

    told: Told
    who: str
    words: object
    kinds: str
    ground: Ground | None

    @property
    def same_look(self) -> object:
        """What two looks of one day must have in common to be said once; a step is like no other."""
        if self.told.mode == Mode.ACT:
            return id(self)
        return (*self.whose, str(self.words), self.kinds, self.told.ground)

    @property
    def whose(self) -> tuple[UUID, str, str, str]:
        """Who it was, in which post."""
        return (self.told.person_ref, self.who, self.told.post, self.told.unit)


@dataclass
class Said:
    """A step, or a look with each time of the day, the newest first; ``again``: all but that one."""

    line: Line
    times: list[datetime]

    @property
    def again(self) -> list[datetime]:
        """The earlier times of the day."""
        return self.times[1:]


@dataclass
class Turn:
    """What one did or read before somebody else comes."""

    line: Line
    said: list[Said] = field(default_factory=list)


@dataclass
class Day:
    """A day of the page, the newest first in it. ``goes_on``: more of the day stands on another page."""

    on: date
    turns: list[Turn] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    steps: int = 0
    looks: int = 0
    is_open: bool = False
    goes_on: bool = False


def by_day(lines: Iterable[Line], others: Sequence[datetime]) -> list[Day]:
    """The lines of a page (the newest first) by day in Sweden. ``others``: the moments of the lines beside the page."""
    found: dict[date, list[Line]] = {}
    for line in lines:
        found.setdefault(swedish_day(line.told.at), []).append(line)
    elsewhere = {swedish_day(at) for at in others}
    days = [_day(on, found[on], goes_on=on in elsewhere) for on in sorted(found, reverse=True)]
    shown = 0
    for day in days:
        day.is_open = shown < OPEN_LINES
        shown += sum(len(turn.said) for turn in day.turns)
    return days


def _day(on: date, lines: Sequence[Line], *, goes_on: bool) -> Day:
    day = Day(on, goes_on=goes_on, people=list(dict.fromkeys(line.who for line in lines)))
    said: dict[object, Said] = {}
    for line in lines:
        if line.told.mode == Mode.ACT:
            day.steps += 1
        else:
            day.looks += 1
        said.setdefault(line.same_look, Said(line, [])).times.append(line.told.at)
    for one in said.values():
        if not day.turns or day.turns[-1].line.whose != one.line.whose:
            day.turns.append(Turn(one.line))
        day.turns[-1].said.append(one)
    return day
