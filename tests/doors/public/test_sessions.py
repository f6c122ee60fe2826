"""Sign-ins: how long they live, what asks for a recent one, ending them, and what is left behind."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from samsyn.common.guards import recently_signed_in
from samsyn.people.models import SignIn
from samsyn.people.sessions import SIGNED_IN, SessionStore, seconds_left
from samsyn.sharing.models import ConsentAnswer, ConsentWaiver
from tests.doors import scenes
from tests.doors.public.oidc import Journey
from tests.village import Village

PRESSED: list[str] = []


@recently_signed_in(methods=("GET", "POST"))
def export(request: HttpRequest) -> HttpResponse:
    """A view that needs a recent sign-in."""
    PRESSED.append(request.method or "")
    return HttpResponse("exported")


urlpatterns = [path("export/", export, name="export"), path("", include("samsyn.site.urls"))]
handler404, handler500 = "samsyn.public.failures.not_found", "samsyn.public.failures.broken"


def aged(client: Client, **seconds: float) -> None:
    """Let a session be as it is so many seconds later, for each of its moments."""
    store = SessionStore(client.session.session_key)
    store[SIGNED_IN] = {
        name: value - seconds.get(name, 0) if name in {"began", "seen", "proved"} else value
        for name, value in store[SIGNED_IN].items()
    }
    store.save()


def signed_in(client: Client) -> bool:
    """Is somebody signed in here?"""
    return client.get("/sign-ins/").status_code == 200


# --- how long ---------------------------------------------------------------------------------------------------------


def test_a_session_lives_half_an_hour_from_the_last_page_and_a_working_day_at_most(lived: Village) -> None:
    bo = lived.client("bo")
    assert bo.session.get_expiry_age() == 30 * 60
    aged(bo, began=10 * 3600 - 1200)
    assert 0 < SessionStore(bo.session.session_key).get_session_cookie_age() <= 1200
    aged(bo, began=1201)
    assert not signed_in(bo)


def test_a_page_moves_the_end_onwards_and_the_page_that_asks_by_itself_does_not(lived: Village) -> None:
    bo = lived.client("bo")
    aged(bo, seen=600)
    whose = lived.account("bo").ref
    for _ in range(2):
        told = bo.get(f"/sign-ins/left/?whose={whose}")
        assert told.status_code == 200
    assert bo.session[SIGNED_IN]["seen"] < bo.session[SIGNED_IN]["began"]
    assert bo.get("/").status_code == 200
    assert bo.session[SIGNED_IN]["seen"] > bo.session[SIGNED_IN]["began"]


@pytest.mark.parametrize(
    ("idle", "marks"), [(60, "idle__calm"), (26 * 60, "idle__soon")], ids=["long to go", "soon over"]
)
def test_the_warning_comes_in_time_and_is_answered_by_a_link(lived: Village, idle: int, marks: str) -> None:
    bo = lived.client("bo")
    aged(bo, seen=idle)
    told = bo.get(f"/sign-ins/left/?whose={lived.account('bo').ref}").content.decode()
    assert marks in told
    assert 'href="/sign-ins/stay/"' in told
    assert ('role="alert"' in told) == (marks == "idle__soon")
    assert bo.get("/sign-ins/stay/").status_code == 200
    assert "idle__calm" in bo.get(f"/sign-ins/left/?whose={lived.account('bo').ref}").content.decode()


def test_the_page_says_without_scripts_until_when_one_is_signed_in(lived: Village) -> None:
    page = lived.client("bo").get("/").content.decode()
    assert re.search(r"Inloggad till <bdi data-until>\d\d?\.\d\d</bdi>", page)


def test_an_open_page_hides_when_nobody_or_somebody_else_has_signed_in(lived: Village) -> None:
    whose = lived.account("bo").ref
    for client in (lived.client(""), lived.client("kurt")):
        told = client.get(f"/sign-ins/left/?whose={whose}").content.decode()
        assert "idle__over" in told
        assert "idle__calm" not in told


# --- what asks for a recent sign-in -----------------------------------------------------------------------------------


@pytest.fixture
def exporting(settings: Settings) -> str:
    """The address of a view that needs a recent sign-in."""
    settings.ROOT_URLCONF = __name__
    PRESSED.clear()
    return "/export/"


def test_a_recent_sign_in_goes_straight_on(lived: Village, exporting: str) -> None:
    bo = lived.client("bo")
    assert (bo.get(exporting).content, bo.post(exporting).content) == (b"exported", b"exported")


def test_an_old_sign_in_is_asked_once_more_and_what_was_typed_is_kept(lived: Village, exporting: str) -> None:
    bo = lived.client("bo")
    aged(bo, proved=16 * 60)
    seen = bo.get(exporting)
    assert (seen.status_code, seen.headers["Location"]) == (302, "/sign-in/again/?next=/export/")
    sent = bo.post(exporting, {"words": "Därför behövs det."})
    assert sent.status_code == 401
    assert 'name="kept-words" value="Därför behövs det."' in sent.content.decode()
    assert PRESSED == []


def test_a_proof_of_a_time_to_come_is_none_and_the_next_page_sets_the_end_right(lived: Village, exporting: str) -> None:
    bo = lived.client("bo")
    aged(bo, proved=-86_400, seen=-86_400)
    assert bo.get(exporting).status_code == 302
    assert bo.get("/sign-ins/").status_code == 200
    assert seconds_left(bo.session) <= 30 * 60


def test_who_is_asked_again_must_answer_anew_and_be_the_same(visitor: Journey, exporting: str) -> None:
    visitor.sign_in("bo")
    aged(visitor.house, proved=16 * 60)
    address = visitor.leave(page="/sign-in/again/", next=exporting)
    assert "prompt=login" in address
    assert visitor.back(visitor.be("kurt", address)).status_code == 401
    assert visitor.house.get(exporting).status_code == 302
    again = visitor.leave(page="/sign-in/again/", next=exporting)
    before = visitor.house.session.session_key
    answer = visitor.back(visitor.be("bo", again))
    assert (answer.status_code, answer.headers["Location"]) == (302, exporting)
    assert visitor.house.session.session_key != before
    assert not SignIn.objects.filter(pk=before).exists()
    assert visitor.house.get(exporting).content == b"exported"


def test_an_old_answer_of_the_provider_is_no_new_one(visitor: Journey, exporting: str) -> None:
    visitor.sign_in("bo")
    aged(visitor.house, proved=16 * 60)
    address = visitor.leave(page="/sign-in/again/", next=exporting)
    # Without the wish to be asked anew, the provider answers at once with whom it knows already: but when was that?
    quietly = address.replace("&prompt=login", "").replace("&max_age=0", "")
    states = visitor.house.session["socialaccount_states"]
    for state in states.values():
        state[0]["proved_after"] += 3600
    session = visitor.house.session
    session["socialaccount_states"] = states
    session.save()
    assert visitor.back(visitor.be("bo", quietly)).status_code == 401
    assert visitor.house.get(exporting).status_code == 302


def test_a_plans_paper_is_neither_ordered_nor_fetched_on_an_old_sign_in(lived: Village) -> None:
    bo, paper = lived.client("bo"), f"/papers/{scenes.printed(lived).place['ref']}/"
    order = f"/plans/{lived.plan('active').ref}/paper/"
    assert bo.get(paper).status_code == 200
    aged(bo, proved=16 * 60)
    asked_again = bo.get(paper)
    assert (asked_again.status_code, asked_again.headers["Location"]) == (302, f"/sign-in/again/?next={paper}")
    assert bo.head(paper).status_code == 302
    assert bo.post(order, scenes.filled({"language": "sv"})).status_code == 401


@pytest.mark.parametrize(
    ("verb", "scene", "rows"),
    [("answer", scenes.withdrawing, ConsentAnswer), ("waive", scenes.one_yes_is_enough, ConsentWaiver)],
)
def test_a_familys_answer_is_written_down_on_a_recent_sign_in_and_nothing_typed_is_lost(
    visitor: Journey, lived: Village, verb: str, scene: scenes.Make, rows: type[ConsentAnswer] | type[ConsentWaiver]
) -> None:
    asked = scene(lived)
    page, body = f"/consents/{asked.place['ref']}/{verb}/", scenes.filled(asked.body)
    visitor.sign_in("bo")
    aged(visitor.house, proved=16 * 60)
    before = rows.objects.count()
    assert visitor.house.post(page, body).status_code == 401
    kept = {f"kept-{name}": value for name, value in body.items()}
    address = visitor.leave(page="/sign-in/again/", next=page, **kept)
    back = visitor.back(visitor.be("bo", address)).content.decode()
    assert f'action="{page}"' in back
    assert all(f'name="{name}"' in back for name in body)
    assert rows.objects.count() == before
    assert visitor.house.post(page, body).status_code == 302  # Bo presses once more
    assert rows.objects.count() == before + 1


# --- ending them ------------------------------------------------------------------------------------------------------


def demo_sign_in(word: str, agent: str) -> Client:
    """Another browser of a villager."""
    client = Client(headers={"user-agent": agent})
    assert client.post(f"/demo/{word}/").status_code == 302
    return client


FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_bo_sees_his_own_browsers_and_ends_one(lived: Village) -> None:
    bo, other, kurt = lived.client("bo"), demo_sign_in("bo", FIREFOX), lived.client("kurt")
    page = bo.get("/sign-ins/").content.decode()
    assert "Firefox, Windows" in page
    assert "rv:140" not in page
    row = SignIn.objects.get(pk=other.session.session_key)
    assert f"/sign-ins/{row.ref}/end/" in page
    assert f"/sign-ins/{row.ref}/end/" not in kurt.get("/sign-ins/").content.decode()
    assert kurt.post(f"/sign-ins/{row.ref}/end/").status_code == 404
    assert signed_in(other)
    assert bo.post(f"/sign-ins/{row.ref}/end/").status_code == 302
    assert not signed_in(other)
    assert signed_in(bo)


def test_bo_ends_all_others_at_once_and_nobody_elses(lived: Village) -> None:
    bo, others, kurt = lived.client("bo"), [demo_sign_in("bo", FIREFOX) for _ in range(2)], lived.client("kurt")
    assert bo.post("/sign-ins/others/end/").status_code == 302
    assert [signed_in(one) for one in (bo, kurt, *others)] == [True, True, False, False]


@pytest.mark.parametrize("end", [lambda c, row: c.post("/sign-out/"), lambda c, row: c.post(f"/sign-ins/{row}/end/")])
def test_signing_out_ends_the_session_and_clears_the_browser(lived: Village, end: Callable[[Client, Any], Any]) -> None:
    bo = lived.client("bo")
    cookie = bo.cookies["samsyn"].value
    answer = end(bo, SignIn.objects.get(pk=bo.session.session_key).ref)
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies"'
    bo.cookies["samsyn"] = cookie
    assert not signed_in(bo)


def test_nothing_tells_where_a_browser_was(lived: Village) -> None:
    client = demo_sign_in("bo", FIREFOX)
    row = SignIn.objects.get(pk=client.session.session_key)
    kept = f"{vars(row)}{row.get_decoded()}"
    assert "127.0.0.1" not in kept
    assert "Mozilla" not in kept
