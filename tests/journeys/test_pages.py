"""Every page that the matrix lets somebody read, in Chromium, in Swedish and in Arabic, wide and on a telephone: axe
finds nothing, nothing scrolls sideways, nothing that the keyboard comes to is covered, there is one heading and one
next action, and the tab tells of nobody. A wide screen at 200 per cent is low and narrow, and is looked at as well.
What axe says hangs on the width and on the language, never on both: in Arabic it is asked on the telephone alone, and
each address is looked at once, where in Swedish it is in each of its states. Contrasts, which take it longest, are
asked wide in Swedish and on the telephone in Arabic.

The addresses come from the matrix's own table, so a new page is looked at from its first day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse

from samsyn.people.models import Person
from tests import servers, worlds
from tests.doors.table import TABLE, Line
from tests.village import Village

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django import DjangoDbBlocker

pytestmark = pytest.mark.one_database

DIRECTIONS = {"sv": "ltr", "ar": "rtl"}
WIDE, TELEPHONE = (1280, 900), (390, 844)
ENLARGED = (640, 450)
"""What a window of 1280 by 900 holds when everything in it is made twice as large."""
GALLERY = "public:gallery"
"""Shows every part of the look in all its forms, and so has many filled buttons."""
FILES = {"desk:paper", "portal:extract_paper", "portal:extract_file"}
NO_PAGES = FILES | {"public:session_left", "public:passkey_options", "public:passkey_new"}
"""Answer with a file, with a part of a page, or to a script."""

FACTS = """() => ({
    language: document.documentElement.lang,
    direction: document.documentElement.dir,
    title: document.title,
    headings: document.querySelectorAll("h1").length,
    filled: [...document.querySelectorAll("main .ds-button:not([data-variant]), main .ds-button[data-variant=primary]")]
        .filter(one => one.checkVisibility()).map(one => one.textContent.trim()),
})"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
COVERED = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(one => {
    if (!one.checkVisibility()) return false;
    one.focus();
    if (document.activeElement !== one) return false;
    const place = one.getBoundingClientRect();
    const line = one.matches("textarea") ? 24 : place.height / 2;  // a browser shows the line that one writes on
    const there = document.elementFromPoint(place.x + place.width / 2, place.y + line);
    return there === null || !(one.contains(there) || there.contains(one) || there.closest("label")?.contains(one));
}).map(one => one.outerHTML.slice(0, 90))"""
AXE = """async ([preload, contrast]) => (await axe.run({
    preload, resultTypes: ["violations"], rules: {"color-contrast": {enabled: contrast}}
})).violations.map(one => one.id + ": " + one.nodes.map(node => node.target.join(" ")).join(", "))"""
"""``preload``: are the style sheets read once more, for the one rule that reads them (a locked orientation).
``contrast``: are contrasts asked.
"""


@dataclass(frozen=True)
class Look:
    """One page as one villager sees it."""

    line: Line
    who: str
    path: str


@dataclass(frozen=True)
class Shown:
    """The running house with something on every page, what there is to look at, and every name in it."""

    address: str
    looks: tuple[Look, ...]
    cookies: dict[str, str]
    names: frozenset[str]


def _looks(village: Village) -> Iterator[Look]:
    """The pages with something on them, each as the first of those who may read it.

    What is closed to one guardian looks to the other as if it were not, and is looked at as that.
    """
    for line in TABLE:
        if 200 in line.get and line.name not in NO_PAGES and not line.note.startswith("closed to"):
            scene = line.scene(village)
            who = "" if line.open else line.get[200].split()[0]
            yield Look(line, who, reverse(line.name, kwargs=scene.place, query=scene.query))


def _names() -> frozenset[str]:
    people = Person.objects.exclude(called="", given_name="")
    words = (word for one in people for word in f"{one.given_name} {one.called} {one.family_name}".split())
    return frozenset(words)


@pytest.fixture(scope="module")
def shown(settled: Village, django_db_blocker: DjangoDbBlocker) -> Iterator[Shown]:
    """The village with every page's scene played in it for real, behind a server. Everybody has signed in already."""
    with django_db_blocker.unblock(), settled.open():
        pass  # everybody signs in anew, when that was long ago
    with django_db_blocker.unblock(), worlds.moved_to_a_copy(settled.database):
        from django.db import connection, connections

        village = Village(connection.settings_dict["NAME"], settled.cookies)
        looks, names = tuple(_looks(village)), _names()
        connections.close_all()
        cookies = {who: jar["samsyn"].value for who, jar in settled.cookies.items()}
        with servers.serving(village.database, passwords=True) as address:
            yield Shown(address, looks, cookies, names)


def _wrong(page: Page, look: Look, shown: Shown, language: str) -> Iterator[str]:
    """What is wrong with a page, whatever its width."""
    facts: dict[str, Any] = page.evaluate(FACTS)
    if (facts["language"], facts["direction"]) != (language, DIRECTIONS[language]):
        yield f"is in {facts['language']}, {facts['direction']}"
    if facts["headings"] != 1:
        yield f"has {facts['headings']} headings of the first rank"
    if len(facts["filled"]) > 1 and look.line.name != GALLERY:
        yield f"has {len(facts['filled'])} filled buttons: {facts['filled']}"
    if told := shown.names & set(re.findall(r"\w+", facts["title"])):
        yield f"tells of {sorted(told)} in its title"


def _wrong_at(page: Page, language: str, width: int, height: int) -> Iterator[str]:
    """What is wrong with a page at one size."""
    page.set_viewport_size({"width": width, "height": height})
    if (more := page.evaluate(SIDEWAYS)) > 0:
        yield f"at {width} px: scrolls {more} px sideways"
    for one in page.evaluate(COVERED):
        yield f"at {width} px: something covers {one}"
    wide = (width, height) == WIDE
    if (width, height) == TELEPHONE or (language == "sv" and wide):
        yield from (f"at {width} px: {one}" for one in page.evaluate(AXE, [wide, wide or language == "ar"]))


@pytest.mark.parametrize("language", DIRECTIONS)
def test_every_page_is_fit_to_be_read(shown: Shown, browser: Browser, language: str) -> None:
    wrong: list[str] = []
    context = browser.new_context(timezone_id="Europe/Stockholm")
    page = context.new_page()
    once = {look.line.name: look for look in reversed(shown.looks)}
    for look in shown.looks if language == "sv" else once.values():
        cookies = {"django_language": language, "samsyn": shown.cookies.get(look.who, "")}
        context.clear_cookies()
        context.add_cookies([{"name": name, "value": value, "url": shown.address} for name, value in cookies.items()])
        answer = page.goto(f"{shown.address}{look.path}")
        where = f"{look.line.name} {look.line.note} as {look.who or 'nobody'}"
        if answer is None or answer.status != 200:
            wrong.append(f"{where}: answered {answer and answer.status}")
            continue
        page.evaluate(AXE_SCRIPT)
        faults = [*_wrong(page, look, shown, language)]
        faults += [one for size in (WIDE, TELEPHONE, ENLARGED) for one in _wrong_at(page, language, *size)]
        wrong += [f"{where} {fault}" for fault in faults]
    context.close()
    assert wrong == []
