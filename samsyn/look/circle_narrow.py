"""The circle on a narrow screen: initials and organisations; the list below the picture carries the rest. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from math import pi, sqrt

from samsyn.look.circle_draw import Pen, draw_child, draw_tag, draw_token, frame
from samsyn.look.circle_facts import CircleFacts, Member, Sector
from samsyn.look.circle_family import seat_family
from samsyn.look.circle_layout import NARROW, pill_angles, thread, wedges_of
from samsyn.look.geometry import Box, Point, Wedge, arc, around, clear_of, number, polar
from samsyn.look.measure import fit, markup, text_width, written
from samsyn.look.seating import ASCENT, DESCENT, TAG_HEIGHT, Token, tag_width

_DISC = 15.5
_LABEL = 13.5
_LABEL_RADIUS = 160.0  # baseline of names in the upper half; in the lower half they stand on their heads from outside
_STRAIGHT = 112.0  # the longest straight line of letters that stays between the people and the edge
_PEOPLE_RADIUS = 133.0


def draw_narrow(facts: CircleFacts) -> str:
    """The drawing for a narrow screen."""
    wedges = wedges_of(facts, NARROW, 30.0)
    places = [polar(NARROW.ring, angle) for angle in pill_angles(facts, wedges)]
    discs = [around(place.x, place.y, 42, 42) for place in places]
    sectors = [(facts.sectors[i], wedge, _row(facts.sectors[i], wedge)) for i, wedge in wedges.items()]
    pen = Pen(facts.rtl)
    beams = [place for place, pill in zip(places, facts.pills, strict=True) if pill.person.answering]
    beams += [Point(token.x, token.y) for _, _, row in sectors for token in row if token.member.answering]
    seated = [box for _, _, row in sectors for token in row for box in token.boxes()]
    tags = _tag_box(beams[0], facts, [*discs, *seated]) if beams else []
    strings = [bead for place in (*beams, *places) for bead in thread(place, NARROW)]
    family = seat_family(facts, NARROW, [*discs, *tags, *strings])

    for sector, wedge, _ in sectors:
        pen.wedge(wedge, NARROW, f"p-{sector.sphere}")
    pen.circle(Point(0, 0), 109, "p-mid")
    pen.circle(Point(0, 0), NARROW.family, "p-family")
    for pill, place in zip(facts.pills, places, strict=True):
        if pill.sector is not None:
            pen.line(place, Point(place.x * 1.24, place.y * 1.24), f"p-{pill.sphere}-tongue", 44)
    for place in beams:
        pen.raw(f'<circle cx="{pen.x(place.x)}" cy="{number(place.y)}" r="56" fill="url(#{markup(facts.uid)}ng)"/>')
        pen.line(place, Point(0, 0), "p-beam", 2.5)
    for place in places:
        if place not in beams:
            pen.line(place, Point(0, 0), "p-thread", 1.25)
    for token in family:
        draw_token(pen, token, "family")
    draw_child(pen, facts, NARROW)
    for pill, place in zip(facts.pills, places, strict=True):
        _draw_keeper(pen, pill.person, pill.sphere, place)
    for i, (sector, wedge, row) in enumerate(sectors):
        _draw_name(pen, facts, sector, wedge, i)
        for token in row:
            draw_token(pen, token, sector.sphere)
    for box in tags:
        draw_tag(pen, facts.words.answers_now, box)
    return frame(facts, NARROW, "narrow", pen.parts)


def _draw_keeper(pen: Pen, person: Member, sphere: str, place: Point) -> None:
    """The named person or the lead as a disc in the ring; with a cover, the cover's initials."""
    shape = "p-pill p-pill--glow" if person.answering else "p-pill"
    if person.state in ("asked", "missing"):
        shape = f"p-pill p-{person.state}"
    elif person.state == "away" and not person.covered:
        shape = "p-pill p-away"
    pen.circle(place, 20, shape, 3.5 if person.answering else 1.75)
    initials = person.cover_initials if person.covered else person.initials
    pen.initials(initials, place, 22, f"p-{sphere}-ink")


def _tag_box(place: Point, facts: CircleFacts, taken: Sequence[Box]) -> list[Box]:
    """The honey label: on the beam from the one who answers to the child, else beside that person, clear of ``taken``.

    Empty where there is no room; the honey ring and the list below the picture say the same.
    """
    width = tag_width(facts.words.answers_now)
    inwards = -1 if place.x > 0 else 1
    spots = [Point(place.x * share, place.y * share) for share in (0.54, 0.5, 0.6, 0.66, 0.72)]
    spots += [
        Point(place.x + inwards * shift, place.y + up) for up in (34, -34, 38, -38) for shift in (0, 14, 28, 42, 56)
    ]
    boxes = [around(spot.x, spot.y, width, TAG_HEIGHT) for spot in spots]
    clear = (
        box for box in boxes if box.nearest() > NARROW.child - 2 and box.farthest() < 147 and clear_of([box], taken, 0)
    )
    return list(islice(clear, 1))


def _row(sector: Sector, wedge: Wedge) -> list[Token]:
    """The people of a sector as discs in one row; those who find no room are counted in a last disc."""
    room = pi / 180 * wedge.span * _PEOPLE_RADIUS - 10

    def width(member: Member) -> float:
        return 2 * _DISC * (1.9 if member.covered else 1.0) + 4

    shown = sorted(sector.people, key=lambda member: not member.answering)
    hidden = 0
    while shown and sum(map(width, shown)) + (2 * _DISC + 4) * bool(hidden) > room:
        shown = shown[:-1]
        hidden += 1
    members: Iterable[Member] = [*shown, Member(initials=f"+{hidden}", name="")] if hidden else shown
    widths = [width(member) for member in members]
    free = (room - sum(widths)) / max(1, len(widths))
    tokens, travelled = [], 0.0
    backwards = polar(1, wedge.middle).y > 0
    for member, wide in zip(members, widths, strict=True):
        travelled += (wide + free) / 2
        turn = (travelled + 5) / _PEOPLE_RADIUS * 180 / pi
        angle = wedge.end - turn if backwards else wedge.start + turn
        at = polar(_PEOPLE_RADIUS, angle)
        tokens.append(Token(member, _DISC, (), "", at.x, at.y, polar(1, angle + (-90 if backwards else 90))))
        travelled += (wide + free) / 2
    return tokens


def _draw_name(pen: Pen, facts: CircleFacts, sector: Sector, wedge: Wedge, place: int) -> None:
    """The organisation's name along the outer edge: curved, or straight and turned where letters must stay joined."""
    below = polar(1, wedge.middle).y > 0.05
    radius = _LABEL_RADIUS + (0.72 * _LABEL if below else 0)
    length = pi / 180 * min(wedge.span, 200) * _LABEL_RADIUS - 16
    name = fit(sector.name, _LABEL, length)
    ink = f"p-org p-{sector.sphere}-ink"
    if _joined(name) or facts.rtl:
        _draw_straight(pen, name, wedge, ink, below)
        return
    uid = f"{markup(facts.uid)}n{place}"
    half = (text_width(name, _LABEL) / 2 + 5) / radius * 180 / pi * (-1 if below else 1)
    way = arc(radius, wedge.middle - half, wedge.middle + half)
    pen.raw(
        f'<path id="{uid}" d="{way}" fill="none"/><text class="{ink}" font-size="{_LABEL}"><textPath href="#{uid}" '
        f'startOffset="50%" text-anchor="middle">{markup(name)}</textPath></text>'
    )


def _joined(text: str) -> bool:
    """Are there letters that are written joined, or from right to left, which no browser can bend?"""
    return any("\u0590" <= letter <= "\u08ff" or "\u0900" <= letter <= "\u0dff" for letter in text)


def _draw_straight(pen: Pen, name: str, wedge: Wedge, ink: str, below: bool) -> None:
    name = fit(name, _LABEL, _STRAIGHT)
    top = sqrt(176**2 - (text_width(name, _LABEL) / 2) ** 2)
    angle = 180 - wedge.middle if pen.rtl else wedge.middle
    at = polar(top - (DESCENT if below else ASCENT) * _LABEL, angle)
    turn = (angle + (90 if below else 270)) % 360 - 180
    pen.raw(
        f'<text class="{ink}" transform="translate({number(at.x)} {number(at.y)}) rotate({number(turn)})" '
        f'font-size="{_LABEL}" text-anchor="middle">{written(name, pen.rtl)}</text>'
    )
