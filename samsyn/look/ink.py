"""A picture's colours: by class on a page, so that one drawing serves light, dark and print; written out for PDF.

The written-out colours are those of the light scheme in ``tokens.css``; a test keeps the two the same. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

_SURFACE, _PAPER, _INK, _SOFT = "#fffefb", "#fdfaf5", "#1c2929", "#4e5b5b"
_LINE, _LINE_STRONG, _PINE, _GLOW, _GLOW_LINE = "#ded8cf", "#848077", "#185b56", "#fac96b", "#dc9d39"
_VOICE, _ON_GLOW = "#7a5186", "#2b1d04"

LITERAL: dict[str, str] = {
    "p-name": f'fill="{_INK}" font-weight="600"',
    "p-tag": f'fill="{_GLOW}"',
    "p-tag-text": f'fill="{_ON_GLOW}" font-weight="600"',
    "w-grid": f'fill="none" stroke="{_LINE}"',
    "w-back": f'fill="{_SURFACE}"',
    "w-child": f'fill="{_VOICE}" fill-opacity=".26"',
    "w-child-edge": f'fill="none" stroke="{_VOICE}" stroke-linecap="round"',
    "w-child-dot": f'fill="{_VOICE}" stroke="{_SURFACE}"',
    "w-adult-edge": f'fill="none" stroke="{_PINE}" stroke-linecap="round"',
    "w-adult-dot": f'fill="{_SURFACE}" stroke="{_PINE}"',
    "w-was": f'fill="{_SURFACE}" stroke="{_VOICE}" stroke-dasharray="2.5 2.5"',
    "w-move": f'fill="none" stroke="{_VOICE}" stroke-linecap="round"',
    "w-label": f'fill="{_INK}" font-weight="600"',
    "w-mark": f'fill="{_SOFT}"',
    "w-gap": f'fill="{_GLOW}" fill-opacity=".38"',
    "w-hub": f'fill="{_SURFACE}" stroke="{_LINE}"',
}


@dataclass(frozen=True, slots=True)
class Ink:
    """Answers the attributes that colour an element: ``class="…"``, or literal colours."""

    literal: bool = False

    def __call__(self, name: str) -> str:
        """The attributes for the class ``name``.

        Raises KeyError for a class that has no written-out colours when they are asked for.
        """
        return LITERAL[name] if self.literal else f'class="{name}"'
