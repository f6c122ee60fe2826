"""Templates hold no script and no style of their own, and a page's title names nobody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.shape.house import PACKAGE

TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
GALLERY = "look/templates/look/gallery.html"
"""Shows samples and nobody; its words come in two languages beside each other."""
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script\b(?![^>]*\ssrc=)|\shx-on\b|\|\s*safe\b|autoescape\s+off",
    re.IGNORECASE,
)
TITLE = re.compile(r"{%\s*block title\s*%}(.*?){%\s*endblock", re.DOTALL)
IN_A_TITLE = re.compile(r"{%\s*(?:translate \"[^\"%{]*\"|block title|endblock)\s*%}")


def relative(path: Path) -> str:
    """Where a template lies in the package."""
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize(
    "line",
    [
        "<script>go()</script>",
        "<style>p{}</style>",
        '<p style="color:red">',
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        '<p hx-on:click="go()">',
        "{{ words|safe }}",
        "{% autoescape off %}",
    ],
)
def test_the_search_finds_what_it_is_for(line: str) -> None:
    assert INLINE.search(line)
    assert not INLINE.search('<script src="{% static \'ds/htmx.min.js\' %}" defer></script><p class="style">on = 1</p>')


def test_no_template_holds_script_or_style() -> None:
    assert len(TEMPLATES) > 40
    found = [
        f"{relative(path)}: {match.group(0).strip()}"
        for path in TEMPLATES
        for match in INLINE.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_title_holds_anything_that_varies() -> None:
    titles = {relative(path): TITLE.findall(path.read_text(encoding="utf-8")) for path in TEMPLATES}
    titled = {name: found for name, found in titles.items() if found and name != GALLERY}
    assert len(titled) > 20
    assert {name: found for name, found in titled.items() if re.search(r"{{|{%", IN_A_TITLE.sub("", found[0]))} == {}


def test_every_page_has_a_title_of_its_own() -> None:
    pages = [path for path in TEMPLATES if "{% extends" in path.read_text(encoding="utf-8")]
    pages = [path for path in pages if not path.name.startswith("_")]
    between = {"desk/page.html", "portal/page.html", "public/page.html"}
    without = [
        relative(path)
        for path in pages
        if not TITLE.search(path.read_text(encoding="utf-8"))
        and relative(path).split("templates/")[1] not in between
        and not re.search(r"{% extends \"[a-z]+/[a-z]+/_", path.read_text(encoding="utf-8"))
    ]
    assert without == []
