"""The wellbeing wheel: one petal an area, the child's own marks beside those of the adults.

The child's petals are filled and carry a round mark; the adults are a dashed line with a rhomb; a hollow dot shows
where the child was last time. Where the two differ by ``apart`` or more the gap is filled and has a label: that is
where the talk starts. Never an average, never a total. Two drawings of the same facts, wide and narrow, and a table.
Pure; the page writes all words. For PDF the colours can be written out.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, radians, sqrt
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from samsyn.look.geometry import Point, Wedge, arc, number, polar, rounded_wedge
from samsyn.look.ink import Ink
from samsyn.look.measure import fit, markup, runs_left, text_width, written

__all__ = ["Area", "WheelFacts", "WheelPicture", "WheelWords", "draw_wheel"]


@dataclass(frozen=True, slots=True)
class Area:
    """One of the areas: its label, its marks (None: not asked), and the marks in words ("Signe 3, adults 4")."""

    label: str
    child: int | None = None
    adults: int | None = None
    before: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class WheelWords:
    """The picture's own words, translated. ``head``: area, child now, last time, adults."""

    differs: str
    not_asked: str
    head: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class WheelFacts:
    """Everything that the wheel shows. Marks go from ``low`` to ``high``; ``uid`` is unique on the page."""

    uid: str
    title: str
    desc: str
    child: str
    areas: tuple[Area, ...]
    words: WheelWords
    low: int = 1
    high: int = 5
    apart: int = 2
    rtl: bool = False

    def differs(self, area: Area) -> bool:
        """Do the child and the adults see this area so differently that the talk should start here?"""
        return area.child is not None and area.adults is not None and abs(area.child - area.adults) >= self.apart


class WheelPicture(NamedTuple):
    """The two drawings, and the table that says the same: area, child now, last time, adults."""

    wide: SafeString
    narrow: SafeString
    rows: tuple[tuple[str, str, str, str], ...]


def draw_wheel(facts: WheelFacts, literal_colours: bool = False) -> WheelPicture:
    """Draw the wheel. Every text is escaped; ids begin with ``facts.uid``.

    Raises ValueError for fewer than three areas or a mark outside the scale.
    """
    if len(facts.areas) < 3:
        raise ValueError("A wheel has at least three areas.")
    for area in facts.areas:
        for mark in (area.child, area.adults, area.before):
            if mark is not None and not facts.low <= mark <= facts.high:
                raise ValueError(f"The mark {mark} is outside {facts.low} to {facts.high}.")
    ink = Ink(literal_colours)
    wide, narrow = _Wheel(facts, ink, _WIDE).drawn(), _Wheel(facts, ink, _NARROW).drawn()
    return WheelPicture(mark_safe(wide), mark_safe(narrow), _rows(facts))  # noqa: S308


def _rows(facts: WheelFacts) -> tuple[tuple[str, str, str, str], ...]:
    def said(mark: int | None) -> str:
        return facts.words.not_asked if mark is None else str(mark)

    return tuple((area.label, said(area.child), said(area.before), said(area.adults)) for area in facts.areas)


class _Size(NamedTuple):
    name: str
    half_width: float
    half_height: float
    hub: float
    least: float
    most: float
    gap: float
    corner: float
    dot: float
    label: float


_WIDE = _Size("wide", 400, 302, 44, 78, 214, 15, 9, 10.5, 18)
_NARROW = _Size("narrow", 212, 212, 35, 62, 172, 11, 7, 8.5, 17)


class _Wheel:
    """One drawing in the making."""

    def __init__(self, facts: WheelFacts, ink: Ink, size: _Size) -> None:
        self.facts, self.ink, self.size = facts, ink, size
        self.step = 360 / len(facts.areas)
        self.parts: list[str] = []

    def drawn(self) -> str:
        facts, size = self.facts, self.size
        self._ground()
        for i, area in enumerate(facts.areas):
            self._petal(self._middle(i), area)
        for i, area in enumerate(facts.areas):
            self._marks(self._middle(i), area)
            (self._label_beside if size is _WIDE else self._label_along)(i, area)
        self._circle(Point(0, 0), size.hub - 4, "w-hub", 1.5)
        largest = 19.0 if size is _WIDE else 17.0
        shrunk = largest * 1.7 * size.hub / self._width(facts.child, largest)
        name_size = max(largest * 0.7, min(largest, shrunk))
        self._text(fit(facts.child, name_size, 1.75 * size.hub), Point(0, name_size * 0.34), name_size, "p-name")
        uid = f"{markup(facts.uid)}{size.name[0]}"
        font = ' font-family="Noto Sans, Noto Sans Arabic, sans-serif"' if self.ink.literal else ""
        shown = "" if self.ink.literal else f' class="only-{size.name}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg"{shown} viewBox="{number(-size.half_width)} '
            f'{number(-size.half_height)} {number(2 * size.half_width)} {number(2 * size.half_height)}" '
            f'direction="ltr" role="img" aria-labelledby="{uid}t {uid}d"{font}>'
            f'<title id="{uid}t">{markup(facts.title)}</title><desc id="{uid}d">{markup(facts.desc)}</desc>'
            f"{''.join(self.parts)}</svg>"
        )

    # ---------------------------------------------------------------- places

    def _middle(self, i: int) -> float:
        angle = -90 + i * self.step
        return 180 - angle if self.facts.rtl else angle

    def _radius(self, mark: int) -> float:
        share = (mark - self.facts.low) / max(1, self.facts.high - self.facts.low)
        return self.size.least + share * (self.size.most - self.size.least)

    def _beside(self, middle: float, degrees: float) -> float:
        """The angle so many degrees further on in reading direction."""
        return middle - degrees if self.facts.rtl else middle + degrees

    @staticmethod
    def _width(text: str, size: float) -> float:
        return max(1.0, text_width(text, size))

    # ---------------------------------------------------------------- strokes

    def _circle(self, at: Point, radius: float, name: str, stroke: float = 0) -> None:
        width = f' stroke-width="{number(stroke)}"' if stroke else ""
        self.parts.append(
            f'<circle {self.ink(name)} cx="{number(at.x)}" cy="{number(at.y)}" r="{number(radius)}"{width}/>'
        )

    def _path(self, way: str, name: str, stroke: float = 0, dashes: str = "") -> None:
        width = f' stroke-width="{number(stroke)}"' if stroke else ""
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self.parts.append(f'<path {self.ink(name)}{width}{dashed} d="{way}"/>')

    def _text(self, text: str, at: Point, size: float, name: str, anchor: str = "middle") -> None:
        self.parts.append(
            f'<text {self.ink(name)} x="{number(at.x)}" y="{number(at.y)}" font-size="{number(size)}" '
            f'text-anchor="{anchor}">{written(text, self.facts.rtl)}</text>'
        )

    def _ground(self) -> None:
        size, facts = self.size, self.facts
        self._circle(Point(0, 0), size.most, "w-back")
        marks = range(facts.low, facts.high + 1)
        every = 1 if len(marks) <= 6 else 2
        for mark in marks[len(marks) % every :: every] if every == 1 else range(facts.high, facts.low - 1, -every):
            self._circle(Point(0, 0), self._radius(mark), "w-grid", 1.75 if mark == facts.high else 1.25)

    def _petal(self, middle: float, area: Area) -> None:
        size = self.size
        start, end = middle - self.step / 2, middle + self.step / 2
        if area.child is not None and area.adults is not None and self.facts.differs(area):
            near, far = sorted((self._radius(area.child), self._radius(area.adults)))
            self._path(rounded_wedge(Wedge(start, end, near + 4, far - 4), size.corner * 0.7, size.gap), "w-gap")
        if area.child is not None:
            radius = self._radius(area.child)
            self._path(rounded_wedge(Wedge(start, end, size.hub, radius), size.corner, size.gap), "w-child")
            self._edge(middle, radius - 1, size.corner + 3, "w-child-edge", size.dot / 2.1)
        if area.adults is not None:
            radius = self._radius(area.adults) + (size.dot * 0.76 if area.adults == area.child else 0)
            self._edge(middle, radius, 1, "w-adult-edge", 3, "9 7")

    def _edge(self, middle: float, radius: float, inset: float, name: str, stroke: float, dashes: str = "") -> None:
        half = self.step / 2 - (self.size.gap / 2 + inset) / radius * 180 / pi
        self._path(arc(radius, middle - half, middle + half), name, stroke, dashes)

    def _marks(self, middle: float, area: Area) -> None:
        dot = self.size.dot
        if area.child is not None:
            angle = self._beside(middle, -self.step * 0.18)
            at = polar(self._radius(area.child), angle)
            if area.before is not None and area.before != area.child:
                was = polar(self._radius(area.before), angle)
                self._path(f"M{number(was.x)} {number(was.y)}L{number(at.x)} {number(at.y)}", "w-move", dot / 4.2)
                self._circle(was, dot * 0.57, "w-was", 2)
            self._circle(at, dot, "w-child-dot", dot / 4.2)
        if area.adults is not None:
            at = polar(self._radius(area.adults), self._beside(middle, self.step * 0.2))
            side = dot * 1.33
            self.parts.append(
                f'<rect {self.ink("w-adult-dot")} x="{number(at.x - side / 2)}" y="{number(at.y - side / 2)}" '
                f'width="{number(side)}" height="{number(side)}" rx="2" stroke-width="{number(dot / 3.5)}" '
                f'transform="rotate(45 {number(at.x)} {number(at.y)})"/>'
            )

    # ---------------------------------------------------------------- labels

    def _label_beside(self, i: int, area: Area) -> None:
        """Label, marks in words and, where the two differ, the honey label: outside the wheel, never turned."""
        middle, size = self._middle(i), self.size
        at = polar(size.most + 20, middle)
        across = cos(radians(middle))
        anchor = "middle" if abs(across) < 0.2 else "start" if across > 0 else "end"
        room = 2 * size.half_width if anchor == "middle" else size.half_width - abs(at.x)
        y = at.y + (-22 if at.y < -220 else 14 if at.y > 220 else 0)
        label, words = fit(area.label, size.label, room), fit(area.words, 15, room)
        self._text(label, Point(at.x, y), size.label, "w-label", anchor)
        if words:
            self._text(words, Point(at.x, y + 20), 15, "w-mark", anchor)
        if self.facts.differs(area):
            above = at.y < -60
            width = text_width(self.facts.words.differs, 14) + 20
            left = {"middle": at.x - width / 2, "start": at.x, "end": at.x - width}[anchor]
            top = y - size.label - 25 if above else y + 20 * bool(words) + 9
            self.parts.append(
                f'<rect {self.ink("p-tag")} x="{number(left)}" y="{number(top)}" width="{number(width)}" height="23" '
                f'rx="11.5"/>'
            )
            self._text(self.facts.words.differs, Point(left + width / 2, top + 16.5), 14, "p-tag-text")

    def _label_along(self, i: int, area: Area) -> None:
        """The label along the wheel's edge: bent, or straight and turned where letters must stay joined."""
        middle, size = self._middle(i), self.size
        below = polar(1, middle).y > 0.05
        room = self.step * pi / 180 * (size.most + 12) - 4
        letters = max(size.label - 3, min(size.label, size.label * room / self._width(area.label, size.label)))
        radius = size.most + (13 + letters * 0.72 if below else 13)
        text = fit(area.label, letters, room + 0.5)
        if self.facts.rtl or runs_left(text) or self.ink.literal:
            outer = size.half_width - 3
            half = self._width(text, letters) / 2
            top = min(radius + (letters * 0.32 if below else letters * 0.86), sqrt(max(1.0, outer**2 - half**2)))
            at = polar(top - (letters * 0.32 if below else letters * 0.86), middle)
            turn = (middle + (90 if below else 270)) % 360 - 180
            self.parts.append(
                f'<text {self.ink("w-label")} transform="translate({number(at.x)} {number(at.y)}) '
                f'rotate({number(turn)})" font-size="{number(letters)}" text-anchor="middle">'
                f"{written(text, self.facts.rtl)}</text>"
            )
            return
        half = (self._width(text, letters) / 2 + 4) / radius * 180 / pi * (-1 if below else 1)
        uid = f"{markup(self.facts.uid)}l{i}"
        self.parts.append(
            f'<path id="{uid}" d="{arc(radius, middle - half, middle + half)}" fill="none"/><text '
            f'{self.ink("w-label")} font-size="{number(letters)}"><textPath href="#{uid}" startOffset="50%" '
            f'text-anchor="middle">{written(text, self.facts.rtl)}</textPath></text>'
        )
