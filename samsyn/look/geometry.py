"""Boxes, angles and rounded pieces of a ring: what the pictures are laid out with. Pure.

Angles are degrees, 0 to the right and growing clockwise as the eye sees it, since y grows downwards in a picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import cos, degrees, hypot, radians, sin
from typing import NamedTuple

# A test whether a box (left, top, right, bottom) lies within bounds
Room = Callable[[float, float, float, float], bool]


class Point(NamedTuple):
    """A place in a picture, in its own units from its middle."""

    x: float
    y: float


class Box(NamedTuple):
    """An upright rectangle: its least and greatest x and y."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box, apart: float = 0.0) -> bool:
        """Do the two come nearer to each other than ``apart``?"""
        return (
            self.left < other.right + apart
            and other.left < self.right + apart
            and self.top < other.bottom + apart
            and other.top < self.bottom + apart
        )

    def nearest(self) -> float:
        """Distance from the middle of the picture to the nearest point of the box."""
        return hypot(max(self.left, 0.0, -self.right), max(self.top, 0.0, -self.bottom))

    def farthest(self) -> float:
        """Distance from the middle of the picture to the farthest corner of the box."""
        return hypot(max(-self.left, self.right), max(-self.top, self.bottom))


def around(x: float, y: float, width: float, height: float) -> Box:
    """The box of ``width`` and ``height`` whose middle is at (x, y)."""
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


class Ray(NamedTuple):
    """A direction from the middle, and the distances along it that may be used, the best first."""

    across: float
    down: float
    radii: tuple[float, ...]


def ray(angle: float, radii: tuple[float, ...]) -> Ray:
    """The direction ``angle`` with the distances ``radii``."""
    turn = radians(angle)
    return Ray(cos(turn), sin(turn), radii)


def polar(radius: float, angle: float) -> Point:
    """The point at ``radius`` from the middle in direction ``angle``."""
    turn = radians(angle)
    return Point(radius * cos(turn), radius * sin(turn))


def clear_of(boxes: Iterable[Box], others: Sequence[Box], apart: float) -> bool:
    """Is every one of ``boxes`` at least ``apart`` from every one of ``others``?"""
    for left, top, right, bottom in boxes:
        left, top, right, bottom = left - apart, top - apart, right + apart, bottom + apart
        for x0, y0, x1, y1 in others:
            if left < x1 and x0 < right and top < y1 and y0 < bottom:
                return False
    return True


def beads(start: Point, end: Point, width: float, step: float) -> list[Box]:
    """Boxes threaded on the line from ``start`` to ``end``: what a label must keep clear of to leave the line free.

    Whatever is larger than ``step`` cannot slip through between two of them.
    """
    length = hypot(end.x - start.x, end.y - start.y)
    steps = max(1, round(length / step))
    return [
        around(start.x + (end.x - start.x) * i / steps, start.y + (end.y - start.y) * i / steps, width, width)
        for i in range(steps + 1)
    ]


@dataclass(frozen=True, slots=True)
class Wedge:
    """A piece of a ring: from angle ``start`` to ``end`` (start < end), between radii ``inner`` and ``outer``."""

    start: float
    end: float
    inner: float
    outer: float

    @property
    def middle(self) -> float:
        """The angle half-way through the piece."""
        return (self.start + self.end) / 2

    @property
    def span(self) -> float:
        """How many degrees the piece covers."""
        return self.end - self.start

    def holder(self, edge: float) -> Room:
        """A test: does a box lie inside the piece, at least ``edge`` from all its sides?

        A piece that covers half the ring or more is judged as its two halves and the half around its middle; a box that
        lies in none of them as a whole is turned away.
        """
        inner, outer, narrow = (self.inner + edge) ** 2, (self.outer - edge) ** 2, self.span < 180
        start, end = polar(1, self.start), polar(1, self.end)
        across, down, onto, under = start.x, start.y, end.x, end.y
        ahead = polar(1, self.middle)

        def holds(left: float, top: float, right: float, bottom: float) -> bool:
            far_x, far_y = max(-left, right), max(-top, bottom)
            if far_x * far_x + far_y * far_y > outer:
                return False
            near_x, near_y = max(left, 0.0, -right), max(top, 0.0, -bottom)
            if near_x * near_x + near_y * near_y < inner:
                return False
            # the corner nearest to each side of the piece is the one that its slope points away from
            after = across * (top if across > 0 else bottom) - down * (right if down > 0 else left)
            before = under * (left if under > 0 else right) - onto * (bottom if onto > 0 else top)
            if narrow:
                return after >= edge and before >= edge
            forward = ahead.x * (left if ahead.x > 0 else right) + ahead.y * (top if ahead.y > 0 else bottom)
            return after >= edge or before >= edge or forward >= edge

        return holds


def number(value: float) -> str:
    """A coordinate with one decimal at most: enough for the eye, and short."""
    text = f"{value:.1f}"
    if text.endswith(".0"):
        text = text[:-2]
    return "0" if text == "-0" else text


def _pair(point: Point) -> str:
    return f"{number(point.x)} {number(point.y)}"


def rounded_wedge(wedge: Wedge, corner: float, gap: float) -> str:
    """Path data of the piece of ring with corners of radius ``corner`` and ``gap`` between it and its neighbours."""

    def at(radius: float, side: float, inset: float) -> Point:
        edge = wedge.start if side > 0 else wedge.end
        return polar(radius, edge + side * degrees((gap / 2 + inset) / radius))

    inner, outer = wedge.inner, wedge.outer
    if wedge.span > 359:
        return _whole_ring(inner, outer)
    long_outer = int(wedge.span - 2 * degrees((gap / 2 + corner) / outer) > 180)
    long_inner = int(wedge.span - 2 * degrees((gap / 2 + corner) / inner) > 180)
    return (
        f"M{_pair(at(outer, 1, corner))}"
        f"A{number(outer)} {number(outer)} 0 {long_outer} 1 {_pair(at(outer, -1, corner))}"
        f"Q{_pair(at(outer, -1, 0))} {_pair(at(outer - corner, -1, 0))}L{_pair(at(inner + corner, -1, 0))}"
        f"Q{_pair(at(inner, -1, 0))} {_pair(at(inner, -1, corner))}"
        f"A{number(inner)} {number(inner)} 0 {long_inner} 0 {_pair(at(inner, 1, corner))}"
        f"Q{_pair(at(inner, 1, 0))} {_pair(at(inner + corner, 1, 0))}L{_pair(at(outer - corner, 1, 0))}"
        f"Q{_pair(at(outer, 1, 0))} {_pair(at(outer, 1, corner))}Z"
    )


def _whole_ring(inner: float, outer: float) -> str:
    """Path data of a closed ring: the hole runs the other way round, so that it stays empty."""
    halves = []
    for radius, sweep in ((outer, 1), (inner, 0)):
        r = number(radius)
        halves.append(f"M{r} 0A{r} {r} 0 1 {sweep} -{r} 0A{r} {r} 0 1 {sweep} {r} 0Z")
    return "".join(halves)


def arc(radius: float, start: float, end: float) -> str:
    """Path data of the arc at ``radius`` from angle ``start`` to ``end``, clockwise when end > start."""
    sweep = int(end > start)
    return (
        f"M{_pair(polar(radius, start))}A{number(radius)} {number(radius)} 0 {int(abs(end - start) > 180)} {sweep} "
        f"{_pair(polar(radius, end))}"
    )
