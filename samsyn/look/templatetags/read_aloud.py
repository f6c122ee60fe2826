"""What stands as it is: texts that are read word for word in the language that they were written in, and moments for a
place that is isolated already. ``{% load read_aloud %}``"""

from __future__ import annotations

from datetime import datetime

from babel import Locale
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from samsyn.look import dates

register = template.Library()

HEADINGS = {2: "<h2>{}</h2>", 3: "<h3>{}</h3>"}


@register.filter
def as_read(words: str, rank: int = 3) -> SafeString:
    """The words that a family reads: headings of the given rank (2 or 3), sentences and lists."""
    blocks = []
    for block in words.split("\n\n"):
        lines = block.splitlines()
        points = [line[2:] for line in lines if line.startswith("- ")]
        for line in lines:
            if line.startswith("# "):
                blocks.append(format_html(HEADINGS[rank], line[2:]))
            elif not line.startswith("- "):
                blocks.append(format_html("<p>{}</p>", line))
        if points:
            blocks.append(format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((one,) for one in points))))
    return format_html_join("", "{}", ((block,) for block in blocks))


@register.filter
def direction(code: str) -> str:
    """Which way a language is written: "ltr" or "rtl"."""
    return str(Locale.parse(code).text_direction)


@register.filter
def clock_words(value: datetime) -> str:
    """ "9.41", for a place that is isolated already."""
    return dates.clock(value)


@register.filter
def moment_words(value: datetime) -> str:
    """ "9 november 2026 9.41", for a place that is isolated already."""
    return f"{dates.day_and_year(value)} {dates.clock(value)}"
