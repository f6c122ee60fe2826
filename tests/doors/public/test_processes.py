"""Two web servers on one database count tries together, and a sign-in that one has ended is ended for the other."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from tests import servers, worlds
from tests.doors.public.oidc import TOKEN


@pytest.fixture
def houses(village: str) -> Iterator[tuple[str, str]]:
    """The addresses of two servers on one copy of the village; both also take names and passwords."""
    copy = worlds.copy_database(village)
    try:
        with servers.serving(copy, passwords=True) as one, servers.serving(copy, passwords=True) as two:
            yield one, two
    finally:
        worlds.drop_database(copy)


def press(browser: httpx.Client, page: str, address: str, **body: str) -> httpx.Response:
    """Send the form of a page."""
    token = TOKEN.search(browser.get(page).text)
    assert token is not None
    return browser.post(address, data={"csrfmiddlewaretoken": token[1], **body})


def test_guesses_are_counted_together(houses: tuple[str, str]) -> None:
    answers = []
    with httpx.Client(trust_env=False) as browser:
        for turn in range(6):
            page = f"{houses[turn % 2]}/sign-in/"
            answers.append(press(browser, page, page, username="moa", password=f"guess {turn}").status_code)
    assert answers == [422] * 4 + [429] * 2


def test_a_sign_in_that_one_has_ended_is_ended_for_the_other(houses: tuple[str, str]) -> None:
    one, two = houses
    with httpx.Client(trust_env=False) as browser, httpx.Client(trust_env=False) as other:
        for each in (browser, other):
            assert press(each, f"{one}/demo/bo/", f"{one}/demo/bo/").status_code == 302
        assert other.get(f"{two}/sign-ins/").status_code == 200
        rows = re.findall(r"/sign-ins/[0-9a-f-]{36}/end/", browser.get(f"{two}/sign-ins/").text)
        assert len(rows) == 2
        assert press(browser, f"{one}/sign-ins/", f"{one}/sign-ins/others/end/").status_code == 302
        assert other.get(f"{two}/sign-ins/").status_code == 302
        assert browser.get(f"{two}/sign-ins/").status_code == 200
