"""Turns a laid-out circle into SVG, mirrored for scripts that run from right to left. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from samsyn.look.circle_facts import CircleFacts, CircleWords, Pill
from samsyn.look.circle_layout import Scale, pill_lines
from samsyn.look.geometry import Box, Point, Wedge, number, rounded_wedge
from samsyn.look.measure import fit, markup, text_width, written
from samsyn.look.seating import TAG_HEIGHT, TAG_SIZE, Line, Token, tag_width


class Pen:
    """Writes elements, mirroring every x when the picture runs from right to left."""

    def __init__(self, rtl: bool) -> None:
        self.rtl = rtl
        self.side = -1 if rtl else 1
        self.parts: list[str] = []

    def x(self, value: float) -> str:
        """The coordinate as written."""
        return number(self.side * value)

    def raw(self, text: str) -> None:
        """Add finished markup."""
        self.parts.append(text)

    def circle(self, at: Point, radius: float, classes: str, stroke: float = 0) -> None:
        """A circle."""
        width = f' stroke-width="{number(stroke)}"' if stroke else ""
        self.raw(f'<circle class="{classes}" cx="{self.x(at.x)}" cy="{number(at.y)}" r="{number(radius)}"{width}/>')

    def line(self, start: Point, end: Point, classes: str, stroke: float) -> None:
        """A straight line."""
        self.raw(
            f'<line class="{classes}" x1="{self.x(start.x)}" y1="{number(start.y)}" x2="{self.x(end.x)}" '
            f'y2="{number(end.y)}" stroke-width="{number(stroke)}"/>'
        )

    def box(self, box: Box, classes: str, stroke: float = 0) -> None:
        """A rectangle with round ends."""
        width = box.right - box.left
        left = -box.right if self.rtl else box.left
        rule = f' stroke-width="{number(stroke)}"' if stroke else ""
        height = box.bottom - box.top
        self.raw(
            f'<rect class="{classes}" x="{number(left)}" y="{number(box.top)}" width="{number(width)}" '
            f'height="{number(height)}" rx="{number(height / 2)}"{rule}/>'
        )

    def text(self, text: str, at: Point, size: float, classes: str, anchor: str = "middle") -> None:
        """A line of text with its middle (or its beginning) at ``at``."""
        if anchor == "start" and self.rtl:
            anchor = "end"
        self.raw(
            f'<text class="{classes}" x="{self.x(at.x)}" y="{number(at.y)}" font-size="{number(size)}"'
            f' text-anchor="{anchor}">{written(text, self.rtl)}</text>'
        )

    def wedge(self, wedge: Wedge, scale: Scale, classes: str) -> None:
        """A rounded piece of ring."""
        if self.rtl:
            wedge = Wedge(180 - wedge.end, 180 - wedge.start, wedge.inner, wedge.outer)
        self.raw(f'<path class="{classes}" d="{rounded_wedge(wedge, scale.corner, scale.gap)}"/>')

    def initials(self, text: str, at: Point, radius: float, classes: str) -> None:
        """The letters in a disc, made small enough to stay in it."""
        size = radius * (0.58 if radius > 18 else 0.74)
        size *= min(1.0, 1.6 * radius / max(1.0, text_width(text, size)))
        self.text(text, Point(at.x, at.y + size * 0.36), size, f"p-init {classes}")


def frame(facts: CircleFacts, scale: Scale, which: str, body: Sequence[str]) -> str:
    """The outer element with title, description and the honey gradient; ``which`` is "wide" or "narrow"."""
    uid = markup(facts.uid) + which[0]
    left, top = -scale.half_width, -scale.half_height
    view = f"{number(left)} {number(top)} {number(-2 * left)} {number(-2 * top)}"
    return (
        f'<svg class="only-{which}" viewBox="{view}" '
        f'direction="ltr" role="img" aria-labelledby="{uid}t {uid}d">'
        f'<title id="{uid}t">{markup(facts.title)}</title><desc id="{uid}d">{markup(facts.desc)}</desc>'
        f'<defs><radialGradient id="{uid}g"><stop class="p-glow-in" offset="0"/><stop class="p-glow-mid" offset=".5"/>'
        f'<stop class="p-glow-out" offset="1"/></radialGradient></defs>{"".join(body)}</svg>'
    )


def draw_token(pen: Pen, token: Token, sphere: str) -> None:
    """A person: disc by state, cover's disc over it, words below, and the honey label when answering now."""
    member, at, radius = token.member, Point(token.x, token.y), token.radius
    stroke = radius / 12.5
    line = f"p-disc p-{sphere}-line"
    if member.answering:
        line = "p-disc p-now"
    if member.state == "away":
        lean, shift = token.lean, token.shift
        behind = Point(at.x - lean.x * shift, at.y - lean.y * shift)
        pen.circle(behind, radius - 1, "p-away", stroke)
        back = 0.18 * radius if member.covered else 0.0
        pen.initials(member.initials, Point(behind.x - lean.x * back, behind.y - lean.y * back), radius, "p-soft")
        if member.covered:
            before = Point(at.x + lean.x * shift, at.y + lean.y * shift)
            pen.circle(before, radius, line, stroke * (1.7 if member.answering else 1))
            pen.initials(member.cover_initials, before, radius, f"p-{sphere}-ink")
    elif member.state in ("asked", "missing"):
        pen.circle(at, radius, f"p-{member.state}", stroke * 1.4)
        pen.initials(member.initials, at, radius, "p-soft")
    else:
        outside = member.state == "no_information" or not member.name
        pen.circle(at, radius, "p-outside" if outside else line, stroke * (1.7 if member.answering else 1))
        pen.initials(member.initials, at, radius, f"p-{sphere}-ink")
    draw_lines(pen, token.lines)
    if token.tag:
        draw_tag(pen, token.tag, token.tag_box)


def draw_lines(pen: Pen, lines: Sequence[Line], ink: str = "") -> None:
    """Lines of text, each around its own middle."""
    for line in lines:
        pen.text(line.text, Point(line.x, line.y), line.size, ink or f"p-{line.kind}")


def draw_tag(pen: Pen, words: str, box: Box) -> None:
    """The small honey label."""
    pen.box(box, "p-tag")
    pen.text(words, Point((box.left + box.right) / 2, box.bottom - 7.5), TAG_SIZE, "p-tag-text")


def tag_over(box: Box, words: str) -> Box:
    """Where the honey label sits on the upper edge of a pill."""
    middle, half = (box.left + box.right) / 2, tag_width(words) / 2
    return Box(middle - half, box.top - TAG_HEIGHT + 9, middle + half, box.top + 9)


def draw_pill(pen: Pen, pill: Pill, words: CircleWords, box: Box) -> None:
    """The named person or the lead: a disc and two lines in a long rounded frame."""
    person, sphere = pill.person, pill.sphere
    shape = "p-pill p-pill--glow" if person.answering else "p-pill"
    if person.state in ("asked", "missing"):
        shape = f"p-pill p-{person.state}"
    pen.box(box, shape, 3 if person.answering else 1.5)
    at = Point(box.left + 30, (box.top + box.bottom) / 2)
    if person.state == "away":
        pen.circle(at, 21, "p-away", 1.75)
        pen.initials(person.initials, Point(at.x - 3 * person.covered, at.y), 25, "p-soft")
        if person.covered:
            at = Point(at.x + 38, at.y)
            pen.circle(at, 22, f"p-{sphere} p-{sphere}-line", 1.5)
            pen.initials(person.cover_initials, at, 25, f"p-{sphere}-ink")
    else:
        pen.circle(at, 22, f"p-{sphere} p-{sphere}-line", 1.5)
        pen.initials(person.initials, at, 25, f"p-{sphere}-ink")
    name, role = pill_lines(pill, words)
    x = at.x + 34
    if role.text:
        pen.text(name.text, Point(x, at.y - 2), name.size, "p-name", "start")
        pen.text(role.text, Point(x, at.y + 16), role.size, "p-role", "start")
    else:
        pen.text(name.text, Point(x, at.y + 6), name.size, "p-name", "start")
    if person.answering:
        draw_tag(pen, words.answers_now, tag_over(box, words.answers_now))


def draw_child(pen: Pen, facts: CircleFacts, scale: Scale) -> None:
    """The child in the middle, the name the largest of all."""
    middle = Point(0, 0)
    pen.circle(middle, scale.child, "p-child", scale.child / 20)
    if scale.child >= 60:
        pen.circle(middle, scale.child - 7, "p-halo", 1.5)
    largest = scale.child * 0.42 if scale.child >= 60 else 17
    room = 1.62 * scale.child
    size = max(largest * 0.6, min(largest, largest * room / max(1.0, text_width(facts.centre.name, largest))))
    age = facts.centre.age_words if scale.child >= 60 else ""
    pen.text(fit(facts.centre.name, size, room), Point(0, size * (0.12 if age else 0.35)), size, "p-name")
    if age:
        pen.text(fit(age, 14.5, room), Point(0, 24), 14.5, "p-role")
