"""Seats people along a way so that neither discs nor words touch each other. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from samsyn.look.circle_facts import Member
from samsyn.look.geometry import Box, Point, Ray, Room, around
from samsyn.look.measure import text_width

APART = 3.0  # between labels of different people
ASCENT, DESCENT = 0.86, 0.32  # em, of the tallest Latin and Arabic letters
TAG_SIZE, TAG_HEIGHT = 14.0, 24.0

SIDEWAYS = Point(1, 0)
Way = Sequence[Ray]  # the steps along which people are seated


class Line(NamedTuple):
    """One line of text: ``kind`` is "name" or "role"; ``x`` is its middle, ``y`` its baseline."""

    text: str
    size: float
    kind: str
    x: float = 0.0
    y: float = 0.0

    @property
    def box(self) -> Box:
        """The room that the line takes."""
        half = text_width(self.text, self.size) / 2
        return Box(self.x - half, self.y - ASCENT * self.size, self.x + half, self.y + DESCENT * self.size)


@dataclass(frozen=True, slots=True)
class Token:
    """A person as a disc with words below: not yet anywhere, or placed with the disc's middle at (x, y).

    ``lean`` is the direction from the disc of somebody who is away to the disc of the cover.
    """

    member: Member
    radius: float
    lines: tuple[Line, ...] = ()
    tag: str = ""
    x: float = 0.0
    y: float = 0.0
    lean: Point = SIDEWAYS

    @property
    def shift(self) -> float:
        """How far the two discs of somebody who is covered stand from the middle."""
        return self.radius * 0.9 if self.member.covered else 0.0

    def at(self, place: Point) -> Token:
        """The same person with the middle of disc and words together at ``place``."""
        words = sum(line.size + 2.5 for line in self.lines) + (4 if self.lines else 0)
        height = 2 * self.radius + words + (TAG_HEIGHT + 3 if self.tag else 0)
        y = place.y - height / 2 + self.radius
        baseline = y + self.radius + 4
        lines = []
        for line in self.lines:
            baseline += line.size + 2.5
            lines.append(line._replace(x=place.x, y=baseline - 2.5 - 0.16 * line.size))
        return replace(self, x=place.x, y=y, lines=tuple(lines))

    @property
    def area(self) -> float:
        """How much room the person takes."""
        return sum((right - left) * (bottom - top) for left, top, right, bottom in self.at(Point(0, 0)).boxes())

    @property
    def tag_box(self) -> Box:
        """The room of the tag below the words; of no use when there is none."""
        last = self.lines[-1].box.bottom if self.lines else self.y + self.radius
        width = tag_width(self.tag)
        return Box(self.x - width / 2, last + 1, self.x + width / 2, last + 1 + TAG_HEIGHT)

    def boxes(self) -> list[Box]:
        """The room of the disc, of each line and of the tag."""
        wide, high = abs(self.lean.x) * self.shift, abs(self.lean.y) * self.shift
        disc = around(self.x, self.y, 2 * (self.radius + wide) + 3, 2 * (self.radius + high) + 3)
        return [disc, *(line.box for line in self.lines), *([self.tag_box] if self.tag else [])]


def tag_width(words: str) -> float:
    """Width of the small honey label with these words."""
    return text_width(words, TAG_SIZE) + 22


def free_steps(tokens: Sequence[Token], way: Way, inside: Room, taken: Sequence[Box]) -> list[int]:
    """The steps of the way at which there is room for the smallest of ``tokens``."""
    smallest = min(tokens, key=lambda token: token.area).at(Point(0, 0)).boxes()
    return [i for i, step in enumerate(way) if first_fit(smallest, step, inside, taken)]


def seat(
    tokens: Sequence[Token], way: Way, inside: Room, taken: Sequence[Box], free: Sequence[int], start: float = 0.0
) -> list[Token] | None:
    """All ``tokens`` in their order along ``way``, each as near as it comes to its even share of the ``free`` steps.

    ``start`` moves the whole along a way that is closed. Answers None when there is no room for all of them.
    """
    count = len(tokens)
    if len(free) < count:
        return None
    blocked = list(taken)
    seated: dict[int, Token] = {}
    for i in sorted(range(count), key=lambda i: -tokens[i].area):
        ideal = free[int(((i + 0.5) / count + start) * len(free)) % len(free)]
        shape = tokens[i].at(Point(0, 0)).boxes()
        for step in sorted(free, key=lambda step: abs(step - ideal)):
            place = first_fit(shape, way[step], inside, blocked)
            if place is not None:
                break
        else:
            return None
        seated[i] = tokens[i].at(place)
        blocked += seated[i].boxes()
    return [seated[i] for i in range(count)]


def first_fit(shape: Sequence[Box], step: Ray, inside: Room, blocked: Sequence[Box]) -> Point | None:
    """The first point of ``step`` where all of ``shape`` lies inside and clear of ``blocked``, or None."""
    for radius in step.radii:
        x, y = radius * step.across, radius * step.down
        if _has_room(shape, x, y, inside, blocked):
            return Point(x, y)
    return None


def _has_room(shape: Sequence[Box], x: float, y: float, inside: Room, blocked: Sequence[Box]) -> bool:
    for left, top, right, bottom in shape:
        left, top, right, bottom = left + x, top + y, right + x, bottom + y
        if not inside(left, top, right, bottom):
            return False
        left, top, right, bottom = left - APART, top - APART, right + APART, bottom + APART
        for x0, y0, x1, y1 in blocked:
            if left < x1 and x0 < right and top < y1 and y0 < bottom:
                return False
    return True
