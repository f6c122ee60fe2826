"""Reads a picture back from its SVG, as a browser would: where each text lies; only the letters' widths are shared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from math import atan2, cos, hypot, pi, radians, sin
from xml.etree import ElementTree

from samsyn.look.measure import text_width

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Patch:
    """A turned rectangle that a text, or a piece of one, covers: its middle, half sizes, angle in radians."""

    text: str
    x: float
    y: float
    half_width: float
    half_height: float
    turn: float = 0.0

    def corners(self) -> list[tuple[float, float]]:
        across, along = cos(self.turn), sin(self.turn)
        return [
            (
                self.x + side * self.half_width * across - up * self.half_height * along,
                self.y + side * self.half_width * along + up * self.half_height * across,
            )
            for side in (-1, 1)
            for up in (-1, 1)
        ]

    def near(self, other: Patch) -> bool:
        """Could the two touch at all? Quick, and never wrong with a no."""
        reach = self.half_width + self.half_height + other.half_width + other.half_height
        return hypot(self.x - other.x, self.y - other.y) < reach

    def touches(self, other: Patch) -> bool:
        """Separating axes: two rectangles are apart when they are apart along one of their four sides."""
        for turn in (self.turn, self.turn + pi / 2, other.turn, other.turn + pi / 2):
            mine = [x * cos(turn) + y * sin(turn) for x, y in self.corners()]
            theirs = [x * cos(turn) + y * sin(turn) for x, y in other.corners()]
            if max(mine) <= min(theirs) + 0.5 or max(theirs) <= min(mine) + 0.5:
                return False
        return True


def parse(svg: str) -> ElementTree.Element:
    """The picture as a tree; fails unless it is well-formed XML on its own."""
    return ElementTree.fromstring(
        svg if "xmlns=" in svg else svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    )


def patches(svg: str) -> list[list[Patch]]:
    """For each text of the picture the rectangles that it covers: one when straight, a few when it is bent."""
    root = parse(svg)
    ways = {way.get("id"): way.get("d", "") for way in root.iter(f"{SVG}path")}
    found = []
    for text in root.iter(f"{SVG}text"):
        bent = text.find(f"{SVG}textPath")
        if bent is None:
            found.append([_straight(text)])
        else:
            found.append(_bent(bent.text or "", float(text.get("font-size", "0")), ways[bent.get("href", "")[1:]]))
    return found


def _straight(text: ElementTree.Element) -> Patch:
    words, size = (text.text or "").strip("\u202b\u202c"), float(text.get("font-size", "0"))
    half = text_width(words, size) / 2
    turn, x, y = 0.0, float(text.get("x", "0")), float(text.get("y", "0"))
    moved = re.fullmatch(r"translate\((\S+) (\S+)\) rotate\((\S+)\)", text.get("transform", ""))
    if moved:
        x, y, turn = float(moved[1]), float(moved[2]), radians(float(moved[3]))
    anchor = text.get("text-anchor", "start")
    x += {"middle": 0.0, "start": half, "end": -half}[anchor]
    rise = -0.28 * size
    return Patch(words, x - rise * sin(turn), y + rise * cos(turn), half, 0.5 * size, turn)


def _bent(words: str, size: float, way: str) -> list[Patch]:
    numbers = [float(number) for number in re.findall(r"-?\d+\.?\d*", way)]
    x0, y0, radius, _, _, _, sweep, x1, y1 = numbers
    start, end = atan2(y0, x0), atan2(y1, x1)
    direction = 1 if sweep else -1
    length = ((end - start) * direction) % (2 * pi)
    middle = start + direction * length / 2
    width = text_width(words, size)
    assert width <= length * radius + 1, f"{words!r} is longer than its way"
    pieces = max(1, round(width / 12))
    rise = 0.28 * size * direction
    found = []
    for i in range(pieces):
        angle = middle + direction * ((i + 0.5) / pieces - 0.5) * width / radius
        at = radius + rise
        turn = angle + direction * pi / 2
        found.append(Patch(words, at * cos(angle), at * sin(angle), width / pieces / 2, 0.5 * size, turn))
    return found


def collisions(svg: str) -> list[tuple[str, str]]:
    """Pairs of texts that touch each other."""
    return [
        (one[0].text, other[0].text)
        for one, other in combinations(patches(svg), 2)
        if any(mine.near(theirs) and mine.touches(theirs) for mine in one for theirs in other)
    ]


def outside(svg: str) -> list[str]:
    """Texts that reach outside the picture."""
    left, top, width, height = (float(number) for number in parse(svg).get("viewBox", "").split())
    return [
        patch.text
        for pieces in patches(svg)
        for patch in pieces
        if any(not (left <= x <= left + width and top <= y <= top + height) for x, y in patch.corners())
    ]
