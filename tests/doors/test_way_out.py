"""Whoever has signed in finds the way out on every page: a link, or the button itself."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.doors.table import TABLE, Line
from tests.village import EVERYBODY, Village

BUTTON = 'method="post" action="/sign-out/"'
LINK = 'href="/capacity/"'
SHOWN = [line for line in TABLE if not line.open and any(line.expected("get", who) == 200 for who in EVERYBODY if who)]


@pytest.mark.parametrize("line", SHOWN, ids=lambda line: f"{line.name} {line.note}".strip())
def test_every_page_of_somebody_who_has_signed_in_has_the_way_out(lived: Village, line: Line) -> None:
    scene = line.scene(lived)
    readers = [who for who in EVERYBODY if who and line.expected("get", who) == 200]
    address = reverse(line.name, kwargs=scene.place, query=scene.query)
    without = []
    for who in dict.fromkeys((readers[0], readers[-1])):
        answer = lived.client(who).get(address)
        assert answer.status_code == 200
        body = answer.content.decode("utf-8", "replace")
        is_page = answer.headers["Content-Type"].startswith("text/html") and "<!doctype html>" in body.casefold()
        if is_page and BUTTON not in body and LINK not in body:
            without.append(who)
    assert without == []


@pytest.mark.parametrize("who", [who for who in EVERYBODY if who])
def test_behind_the_link_is_the_button_for_everybody(lived: Village, who: str) -> None:
    assert BUTTON in lived.client(who).get("/capacity/").content.decode()
