"""What holds for every answer, whoever asks for what: what is looked at signs nobody in, and each text tells how it is
to be read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as house
from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from samsyn.people.models import SignIn
from samsyn.public import failures
from tests.doors.public.oidc import Journey
from tests.doors.test_extract import fetched, ordered
from tests.doors.test_matrix import names_of, tells_no_charset
from tests.village import Village

WORDS = ("bo", "village-staff", "village-family", "answer_challenge")
"""What may stand in an address where a word is wanted: a villager, the two providers, a row of law."""
ASKED_ALONG = ("", "?code=a&state=b&next=/&villager=bo&step=given&post=x", f"?{SESSION_KEY}=1&sessionid=abc")


def addresses(resolver: URLResolver, above: str = "/") -> Iterator[str]:
    """Every address of the house, with each word that may stand in it."""
    for one in resolver.url_patterns:
        route = above + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one, route)
        elif isinstance(one, URLPattern):
            yield from filled_in(route)


def filled_in(route: str) -> Iterator[str]:
    """The route with something in each place."""
    before, opened, rest = route.partition("<")
    if not opened:
        yield route
        return
    place, _, after = rest.partition(">")
    for word in (str(uuid4()),) if place.startswith("uuid:") else ("7",) if place.startswith("int:") else WORDS:
        yield from filled_in(before + word + after)


def is_in(client: Client) -> bool:
    """Has somebody signed in in this browser, as the house sees it?"""
    return SESSION_KEY in client.session or client.get("/sign-ins/").status_code == 200


# --- who looks is signed in nowhere -----------------------------------------------------------------------------------


def test_looking_at_any_address_of_the_house_signs_nobody_in(lived: Village, visitor: Journey) -> None:
    found = list(addresses(get_resolver()))
    assert len(found) >= len(list(names_of(get_resolver()))) > 100
    assert "/demo/bo/" in found
    assert "/sign-in/village-staff/back/" in found
    before, browser = SignIn.objects.filter(account__isnull=False).count(), Client()
    wrong = []
    for address, method in product(found, ("get", "head")):
        for along in ASKED_ALONG:
            getattr(browser, method)(address + along)
            if SESSION_KEY in browser.session or SignIn.objects.filter(account__isnull=False).count() != before:
                wrong.append(f"{method} {address}{along}")
                browser = Client()
                before = SignIn.objects.filter(account__isnull=False).count()
    assert wrong == []
    assert not is_in(browser)


def test_a_press_is_what_signs_in_and_a_look_at_the_same_address_does_not(lived: Village) -> None:
    browser = Client()
    assert browser.get("/demo/bo/").status_code == 200
    assert not is_in(browser)
    assert browser.post("/demo/bo/").status_code == 302
    assert is_in(browser)


def test_at_home_one_is_after_a_press_and_not_after_a_look(lived: Village) -> None:
    browser = Client()
    browser.post("/demo/amal/")
    key = browser.session.session_key
    browser.get("/my/enter/")
    assert browser.session.session_key == key
    assert SignIn.objects.filter(pk=key).count() == 1


# --- each text tells how it is to be read -----------------------------------------------------------------------------


def kinds_of_answers(lived: Village) -> Iterator[tuple[str, Any]]:
    """An answer of every kind, with a word for it."""
    browser, bo, strict = Client(), lived.client("bo"), Client(enforce_csrf_checks=True)
    extract = ordered(lived, "amal", lived.child("Signe"))
    ask = RequestFactory().get("/")
    yield "a page that anyone may open", browser.get("/sign-in/")
    yield "a page at work", bo.get("/")
    yield "a page at home", lived.client("amal").get("/my/")
    yield "nothing there", bo.get("/no-such-page/")
    yield "another way of asking", bo.delete("/")
    yield "a form that is not ours", strict.post("/sign-in/")
    yield "a form that is wrong", bo.post("/emergency/", {})
    yield "sign in again", browser.post("/emergency/", {})
    yield "on to another page", browser.get("/")
    yield "too much", failures.not_taken(ask)
    yield "too many tries", failures.too_many_tries(ask)
    yield "the paper", fetched(lived.client("amal"), extract, "paper")
    yield "the file", fetched(lived.client("amal"), extract)
    yield "options of a passkey", browser.get("/passkeys/options/")


def test_every_kind_of_answer_tells_its_charset(lived: Village) -> None:
    kinds = set()
    for word, answer in kinds_of_answers(lived):
        told, body = answer.headers.get("Content-Type", ""), bytes(answer.content)
        assert not body or told, word
        assert not tells_no_charset(told, body), f"{word}: {told}"
        kinds.add(told.partition(";")[0])
        if told.startswith("application/json"):
            json.loads(body.decode("utf-8"))  # which is what JSON is, and has no parameter for
            assert not body.startswith(b"\xef\xbb\xbf")
    assert kinds == {"text/html", "application/json", "application/pdf"}
    assert house.DEFAULT_CHARSET == "utf-8"


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ("text/html; charset=utf-8", False),
        ("text/plain", True),
        ("text/html; charset=iso-8859-1", True),
        ("image/svg+xml", True),
        ("", True),
        ("application/pdf", False),
    ],
)
def test_a_text_without_its_charset_is_found(told: str, wrong: bool) -> None:
    assert bool(tells_no_charset(told, HttpResponse("Å").content)) is wrong
    assert not tells_no_charset(told, b"")
