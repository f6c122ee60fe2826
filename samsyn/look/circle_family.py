"""Where the family stands around the child in the circle: near it, well apart, and clear of those in the ring."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import hypot

from samsyn.look.circle_facts import CircleFacts, CircleWords, Member
from samsyn.look.circle_layout import WIDE, Scale, token_of
from samsyn.look.geometry import Box, Point, Room, ray
from samsyn.look.measure import text_width
from samsyn.look.seating import Token, free_steps, seat

FAMILY_LEVELS = ((23, 13, 132, 2), (21, 12, 104, 2), (23, 13, 92, 2), (21, 13, 76, 2), (21, 0, 76, 1), (17, 0, 0, 0))


def seat_family(facts: CircleFacts, scale: Scale, taken: Sequence[Box]) -> list[Token]:
    """The family around the child, clear of the beam and of those who stand in the ring, and well apart."""
    people = [Member(one.initials, one.name, one.relation) for one in facts.family]
    back = len(people) // 4  # the way begins below the child; the first of the family belongs at the upper left
    people = people[-back:] + people[:-back] if back else people
    way = [ray(8 * i - 270, (scale.family_path, scale.family_path + 6)) for i in range(45)]
    for tokens in _family_levels(people, facts.words, scale):
        inside = _family_room(scale, bare=not tokens[0].lines)
        free = free_steps(tokens, way, inside, taken)
        tries = [seat(tokens, way, inside, taken, free, i / 5 / len(tokens)) for i in (0, 1, 4, 2, 3)]
        found = [one for one in tries if one is not None]
        if found:
            return max(found, key=lambda one: _airiness(one, taken))
    return []


def _family_room(scale: Scale, bare: bool) -> Room:
    """A test for the room between the child and the ring; a bare disc is judged as round and not as a box."""
    nearest, farthest = scale.child + 3, scale.family_limit

    def inside(left: float, top: float, right: float, bottom: float) -> bool:
        if bare:
            radius = (right - left) / 2
            distance = hypot(left + radius, top + radius)
            return distance - radius >= nearest - 2 and distance + radius <= farthest
        box = Box(left, top, right, bottom)
        return box.nearest() >= nearest and box.farthest() <= farthest

    return inside


def _airiness(seated: Sequence[Token], taken: Sequence[Box]) -> float:
    """The least distance between two people, or between a person and what else stands there: more is better."""
    others = [Point((box.left + box.right) / 2, (box.top + box.bottom) / 2) for box in taken]
    least = 999.0
    for i, one in enumerate(seated):
        for x, y in [*((token.x, token.y) for token in seated[:i]), *others]:
            least = min(least, hypot(one.x - x, one.y - y))
    return round(least)


def _family_levels(people: list[Member], words: CircleWords, scale: Scale) -> Iterable[list[Token]]:
    if not people:
        return
    if scale is WIDE:
        for size, role, cap, most in FAMILY_LEVELS:
            # Half a word tells nobody who somebody is to the child: it is left out, and the list has it whole.
            whole = [role if text_width(one.role_words, role) <= cap else 0 for one in people]
            yield [token_of(one, words, size, fits, cap, most) for one, fits in zip(people, whole, strict=True)]
    smallest = 15.0
    yield [Token(one, smallest) for one in people]
    for shown in range(len(people) - 1, -1, -1):
        more = Member(initials=f"+{len(people) - shown}", name="")
        yield [Token(one, smallest) for one in (*people[:shown], more)]
