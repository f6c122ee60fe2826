"""Whoever has signed in finds the way out on every page: a link, or the button itself."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.doors.table import TABLE, Line
from tests.village import EVERYBODY, Village

pytestmark = pytest.mark.one_database

BUTTON = 'method="post" action="/sign-out/"'
LINK = 'href="/capacity/"'
QUICKLY = 'href="/my/leave/"'
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


@pytest.mark.parametrize(
    "address", ["/my/", "/not/here/", "/rules/own_authority/", "/harm/", "/sign-ins/", "/steps/", "/capacity/"]
)
def test_a_family_can_leave_quickly_from_every_page_and_none_leads_it_to_a_day_at_work(
    lived: Village, address: str
) -> None:
    at_home, at_work = (lived.client(who).get(address).content.decode() for who in ("amal", "bo"))
    assert QUICKLY in at_home
    assert "leave.js" in at_home
    assert 'class="top__me"' not in at_home
    assert QUICKLY not in at_work


def test_somebody_without_a_post_is_asked_about_signing_out_and_nothing_about_work(lived: Village) -> None:
    page = lived.client("adam").get("/capacity/").content.decode()
    assert "Vill du logga ut?" in page
    assert "tjänst" not in page
    assert "chef" not in page
