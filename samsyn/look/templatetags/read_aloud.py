"""Texts that are read word for word, in the language that they were written in: ``{% load read_aloud %}``."""

from __future__ import annotations

from babel import Locale
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

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
