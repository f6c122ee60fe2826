"""A clock as a ring that empties, with the number and unit always in the middle. Pure."""

from __future__ import annotations

from math import pi

from django.utils.safestring import SafeString, mark_safe

from samsyn.look.geometry import number
from samsyn.look.measure import markup, text_width, written

_RADIUS = 19.0


def draw_ring(words: str, short: str, share: float, state: str = "") -> SafeString:
    """Draw the clock. ``share`` of the time is left (0 to 1); ``state``: "" plenty, "soon", "late"."""
    around = 2 * pi * _RADIUS
    left = around * max(0.0, min(1.0, share))
    kind = f" clock__left--{state}" if state in ("soon", "late") else ""
    size = min(14.0, 14.0 * 28 / max(1.0, text_width(short, 14)))
    return mark_safe(  # noqa: S308
        f'<svg class="clock" viewBox="0 0 48 48" role="img" aria-label="{markup(words)}">'
        f'<circle cx="24" cy="24" r="{number(_RADIUS)}" class="clock__track" stroke-width="5"/>'
        f'<circle cx="24" cy="24" r="{number(_RADIUS)}" class="clock__left{kind}" stroke-width="5" '
        f'stroke-dasharray="{number(left)} {number(around)}" transform="rotate(-90 24 24)"/>'
        f'<text class="clock__ink" x="24" y="{number(24 + size * 0.36)}" font-size="{number(size)}" direction="ltr" '
        f'text-anchor="middle">{written(short)}</text></svg>'
    )
