"""Where everything in the circle goes, so that no label touches another. Pure; drawn left to right, mirrored later.

Each group of people is tried with all its words, then with fewer, then as initials, and last with a "+3" for those
whom only the list and the table can name. The first try that fits is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot

from samsyn.look.circle_facts import CircleFacts, CircleWords, Member, Pill, Sector
from samsyn.look.geometry import Box, Point, Ray, Wedge, around, beads, polar, ray
from samsyn.look.measure import ELLIPSIS, fit, text_width, wrap
from samsyn.look.seating import Line, Token, first_fit, free_steps, seat

# disc's radius, size and greatest width of the second line (0: none), most lines: from generous to bare
LEVELS = (
    (25, 13.5, 150, 3),
    (25, 13.5, 150, 2),
    (25, 13.5, 116, 2),
    (23, 13.5, 96, 2),
    (23, 0, 96, 1),
    (19, 0, 0, 0),
)
PILL_ROOM = 176.0  # the widest line in a pill


@dataclass(frozen=True, slots=True)
class Scale:
    """The sizes of one of the two pictures, in its own units."""

    half_width: float
    half_height: float
    outer: float
    inner: float
    ring: float
    family: float
    family_limit: float
    family_path: float
    child: float
    corner: float
    gap: float


WIDE = Scale(384, 380, 372, 230, 184, 150, 180, 107, 60, 20, 18)
NARROW = Scale(180, 180, 178, 112, 93, 78, 82, 57, 34, 11, 8)


def order_of(facts: CircleFacts) -> list[int]:
    """The sectors clockwise from the top: the named person's first, the lead's as near the right as it comes."""
    order = list(range(len(facts.sectors)))
    named, lead = facts.named_person, facts.lead
    if named and named.sector is not None:
        order = [named.sector, *(i for i in order if i != named.sector)]
    if lead and lead.sector is not None and lead.sector != order[0]:
        order.remove(lead.sector)
        order.insert(max(1, min(len(order), round((len(order) + 1) / 4))), lead.sector)
    return order


def wedges_of(facts: CircleFacts, scale: Scale, least: float = 24.0) -> dict[int, Wedge]:
    """The piece of the ring that each sector gets, by its number of people; the first is centred at the top."""
    order = order_of(facts)
    if not order:
        return {}
    held = [pill.sector for pill in facts.pills]
    weights = [1 + 0.42 * min(len(facts.sectors[i].people), 9) + 0.5 * (i in held) for i in order]
    shared = {i for i in held if i is not None and held.count(i) > 1}
    floors = [118.0 if i in shared else least for i in order]
    room = 360 - sum(floors)
    spans = [floor + room * weight / sum(weights) for floor, weight in zip(floors, weights, strict=True)]
    start = -90 - spans[0] / 2
    wedges = {}
    for i, span in zip(order, spans, strict=True):
        wedges[i] = Wedge(start, start + span, scale.inner, scale.outer)
        start += span
    return wedges


def pill_angles(facts: CircleFacts, wedges: dict[int, Wedge]) -> list[float]:
    """The direction of the named person and of the lead from the child, in the order of ``facts.pills``."""
    named, lead = facts.named_person, facts.lead
    if lead is None:
        return [-90.0] if named else []
    together = named is not None and named.sector == lead.sector
    if together and lead.sector is not None:
        return [-90.0 - 38, -90.0 + 38]
    angle = wedges[lead.sector].middle if lead.sector is not None else 0.0
    if named is None:
        return [angle]
    return [-90.0, angle] if abs((angle + 270) % 360 - 180) > 40 else [-128.0, -52.0]


def levels(members: Sequence[Member], words: CircleWords) -> Iterable[list[Token]]:
    """The people of a sector as tokens, with all their words first and with fewer and fewer after that."""
    count = len(members)
    for size, role, cap, most in LEVELS:
        yield [token_of(member, words, size, role, cap, most) for member in members]
    for shown in range(count - 1, -1, -1):
        more = Member(initials=f"+{count - shown}", name="")
        first = sorted(members, key=lambda member: not member.answering)[:shown]
        yield [token_of(member, words, 19, 0, 0, 0) for member in (*first, more)]


def token_of(member: Member, words: CircleWords, radius: float, role: float, cap: float, most: int) -> Token:
    """Somebody as a disc with lines of text, the longest that ``cap`` and ``most`` leave room for."""
    tag = words.answers_now if member.answering else ""
    texts = [words.heading(member)]
    if role and not member.covered:
        texts.append(member.role_words)
    if role:
        texts.append(member.words)
    if most == 2 and member.words:
        texts = [texts[0], member.words]
    texts = [text for text in texts if text][: max(most, 1 if tag and member.name else 0)]
    lines = tuple(
        Line(fit(text, role if i else 15.0, cap or 96), role if i else 15.0, "role" if i else "name")
        for i, text in enumerate(texts)
    )
    return Token(member, radius, lines, tag)


def place_label(sector: Sector, wedge: Wedge, taken: Sequence[Box]) -> tuple[Line, ...]:
    """The organisation's name inside its piece of the ring: at the outer edge above and below, else the upper end."""
    inside = wedge.holder(4)
    rays = _label_rays(wedge, alone=not sector.people)
    for size, cap in ((15.5, 168), (14.5, 150), (14.5, 118), (14.5, 92), (14.5, 70), (14.5, 48), (14.5, 28)):
        lines = _broken(sector.name, size, cap)
        shape = [line.box for line in _stack(lines, size, Point(0, 0))]
        for step in rays:
            place = first_fit(shape, step, inside, taken)
            if place is not None:
                return _stack(lines, size, place)
    return ()


def _broken(name: str, size: float, cap: float) -> tuple[str, ...]:
    one = wrap(name, size, cap, 1)
    return wrap(name, size, cap, 2) if one and one[0].endswith(ELLIPSIS) else one


def _stack(lines: Sequence[str], size: float, place: Point) -> tuple[Line, ...]:
    step = size + 3.5
    first = place.y - (len(lines) - 1) * step / 2 + 0.3 * size
    return tuple(Line(text, size, "name", place.x, first + i * step) for i, text in enumerate(lines))


def _label_rays(wedge: Wedge, alone: bool) -> list[Ray]:
    middle = (wedge.inner + wedge.outer) / 2
    radii = tuple(wedge.outer - inset for inset in (17, 22, 28, 36, 46, 58, 72, 88))
    if abs(polar(1, wedge.middle).y) > 0.62:
        turns = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82]
        radii = (middle, *radii) if alone else radii
    else:
        turns = [0.5] * alone + [i / 40 for i in range(3, 38)]
        radii = (middle, middle + 12, middle + 26, middle - 14)
    if polar(1, wedge.start).y > polar(1, wedge.end).y:
        turns = [1 - turn for turn in turns]
    return [ray(wedge.start + turn * wedge.span, radii) for turn in turns]


def sector_way(wedge: Wedge) -> list[Ray]:
    """The way through a piece of the ring along which its people sit, from where the eye begins to read."""
    samples = max(10, int(wedge.span / 2.5))
    turns = [wedge.start + (i + 0.5) * wedge.span / samples for i in range(samples)]
    if polar(1, wedge.middle).x < -0.62:
        turns.reverse()
    return [ray(turn, (296, 306, 284, 318, 270, 332, 258)) for turn in turns]


def pill_box(pill: Pill, words: CircleWords, place: Point) -> Box:
    """The room of the named person or the lead in the ring."""
    width = 62 + max(text_width(line.text, line.size) for line in pill_lines(pill, words)) + 20
    return around(place.x, place.y, width + (38 if pill.person.covered else 0), 60)


def pill_lines(pill: Pill, words: CircleWords) -> tuple[Line, Line]:
    """The two lines in a pill: name, and what matters most about the person now."""
    person = pill.person
    name, second = words.heading(person), person.words or person.role_words
    size = 16.5 if text_width(name, 16.5) <= PILL_ROOM - 20 else 14.5
    return Line(fit(name, size, PILL_ROOM), size, "name"), Line(fit(second, 13.5, PILL_ROOM), 13.5, "role")


def seat_sector(sector: Sector, words: CircleWords, wedge: Wedge, taken: Sequence[Box]) -> list[Token]:
    """The people of an organisation inside its piece of the ring, clear of ``taken``."""
    if not sector.people:
        return []
    inside, way = wedge.holder(4), sector_way(wedge)
    for tokens in levels(sector.people, words):
        seated = seat(tokens, way, inside, taken, free_steps(tokens, way, inside, taken))
        if seated is not None:
            return seated
    return []


def thread(place: Point, scale: Scale) -> list[Box]:
    """What keeps labels off the line from somebody who stands at ``place`` to the child."""
    distance = max(1.0, hypot(place.x, place.y))
    edge = Point(place.x / distance * scale.child, place.y / distance * scale.child)
    return beads(edge, place, 8 if scale is WIDE else 5, 15)
