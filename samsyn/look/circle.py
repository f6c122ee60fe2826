"""The circle: the child in the middle, the family around, named person and lead in a ring, organisations outside.

A beam runs from the one who answers now to the child. The outline of a disc tells the state, also in greyscale and on
paper: solid is in the team, dashed is away with the cover's disc over it, dotted is asked and has not answered, honey
answers now, thin has no information. Two drawings of the same facts: wide, and narrow for a phone, where a list below
carries the names. Pure; the page writes the title, the description and all words.
"""

from __future__ import annotations

from math import hypot
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from samsyn.look.circle_draw import (
    Pen,
    draw_child,
    draw_lines,
    draw_pill,
    draw_token,
    frame,
    tag_over,
)
from samsyn.look.circle_facts import (
    Centre,
    CircleFacts,
    CircleWords,
    Member,
    Pill,
    Relative,
    Row,
    Sector,
    rows_of,
)
from samsyn.look.circle_family import seat_family
from samsyn.look.circle_layout import WIDE, pill_angles, pill_box, place_label, seat_sector, thread, wedges_of
from samsyn.look.circle_narrow import draw_narrow
from samsyn.look.geometry import Box, Point, Wedge, around, number, polar
from samsyn.look.measure import markup
from samsyn.look.seating import Line, Token

__all__ = [
    "Centre",
    "CircleFacts",
    "CirclePicture",
    "CircleWords",
    "Member",
    "Pill",
    "Relative",
    "Row",
    "Sector",
    "draw_circle",
]


class CirclePicture(NamedTuple):
    """The two drawings, and the table that says the same."""

    wide: SafeString
    narrow: SafeString
    rows: tuple[Row, ...]


def draw_circle(facts: CircleFacts) -> CirclePicture:
    """Draw the circle. Every text is escaped; ids begin with ``facts.uid``."""
    return CirclePicture(mark_safe(_draw_wide(facts)), mark_safe(draw_narrow(facts)), rows_of(facts))  # noqa: S308


class _Seated(NamedTuple):
    sphere: str
    wedge: Wedge
    label: tuple[Line, ...]
    tokens: list[Token]


def _pill_boxes(facts: CircleFacts, wedges: dict[int, Wedge]) -> list[Box]:
    """Where the named person and the lead stand; beside the child they move outwards, to leave the family room."""
    boxes = []
    for pill, angle in zip(facts.pills, pill_angles(facts, wedges), strict=True):
        at = polar(WIDE.ring, angle)
        box = pill_box(pill, facts.words, at)
        if abs(at.x) > abs(at.y):
            outwards = max(abs(at.x) * 1.1, 92 + (box.right - box.left) / 2)
            box = pill_box(pill, facts.words, Point(outwards if at.x > 0 else -outwards, at.y))
        boxes.append(box)
    if len(boxes) == 2 and boxes[0].overlaps(boxes[1], 8):
        boxes = _side_by_side(boxes)
    return boxes


def _side_by_side(boxes: list[Box]) -> list[Box]:
    """Two pills of the same organisation: moved apart along the ring's top, the first where reading begins."""
    moved = []
    for box, side in zip(boxes, (-1, 1), strict=True):
        width = box.right - box.left
        left = 6.0 if side > 0 else -6.0 - width
        moved.append(Box(left, box.top, left + width, box.bottom))
    return moved


def _middle(box: Box) -> Point:
    return Point((box.left + box.right) / 2, (box.top + box.bottom) / 2)


def _size(box: Box, more: float) -> tuple[float, float]:
    return box.right - box.left + more, box.bottom - box.top + more


def _seat_sectors(facts: CircleFacts, wedges: dict[int, Wedge], taken: list[Box]) -> list[_Seated]:
    seated = []
    for i, wedge in wedges.items():
        sector = facts.sectors[i]
        label = place_label(sector, wedge, taken)
        tokens = seat_sector(sector, facts.words, wedge, [*taken, *(line.box for line in label)])
        seated.append(_Seated(sector.sphere, wedge, label, tokens))
    return seated


def _draw_wide(facts: CircleFacts) -> str:
    wedges = wedges_of(facts, WIDE)
    pills = _pill_boxes(facts, wedges)
    answering = [box for pill, box in zip(facts.pills, pills, strict=True) if pill.person.answering]
    tags = [tag_over(box, facts.words.answers_now) for box in answering]
    sectors = _seat_sectors(facts, wedges, [around(*_middle(box), *_size(box, 12)) for box in pills + tags])
    beams = [_middle(box) for box in answering]
    beams += [Point(token.x, token.y) for one in sectors for token in one.tokens if token.member.answering]
    threads = [_middle(box) for box in pills if box not in answering]
    strings = [bead for place in (*beams, *threads) for bead in thread(place, WIDE)]
    family = seat_family(facts, WIDE, [*pills, *tags, *strings])

    pen = Pen(facts.rtl)
    _draw_ground(pen, facts, sectors, pills)
    for place in beams:
        pen.raw(
            f'<ellipse cx="{pen.x(place.x)}" cy="{number(place.y)}" rx="{168 if place in map(_middle, pills) else 92}" '
            f'ry="{98 if place in map(_middle, pills) else 92}" fill="url(#{markup(facts.uid)}wg)"/>'
        )
    for place in beams:
        pen.line(place, Point(0, 0), "p-beam", 3)
    for place in threads:
        pen.line(place, Point(0, 0), "p-thread", 1.5)
    for token in family:
        draw_token(pen, token, "family")
    draw_child(pen, facts, WIDE)
    for one in sectors:
        draw_lines(pen, one.label, f"p-org p-{one.sphere}-ink")
        for token in one.tokens:
            draw_token(pen, token, one.sphere)
    for pill, box in zip(facts.pills, pills, strict=True):
        draw_pill(pen, pill, facts.words, box)
    return frame(facts, WIDE, "wide", pen.parts)


def _draw_ground(pen: Pen, facts: CircleFacts, sectors: list[_Seated], pills: list[Box]) -> None:
    for one in sectors:
        pen.wedge(one.wedge, WIDE, f"p-{one.sphere}")
    middle = Point(0, 0)
    pen.circle(middle, 222, "p-mid")
    pen.circle(middle, WIDE.ring, "p-ring", 1.5)
    pen.circle(middle, WIDE.family, "p-family")
    for pill, box in zip(facts.pills, pills, strict=True):
        if pill.sector is not None:
            at = _middle(box)
            further = (WIDE.inner + 16) / max(1.0, hypot(at.x, at.y))
            reach = Point(at.x * further, at.y * further)
            pen.line(at, reach, f"p-{pill.sphere}-tongue", 64)
