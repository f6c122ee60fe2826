"""Very many children in an hour: the reader is asked who it is, loses nothing, and nothing urgent waits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils.crypto import salted_hmac

from samsyn import law
from samsyn.common import clock
from samsyn.organisations.models import Post, PostRole
from samsyn.people import opened
from samsyn.people.models import Person
from samsyn.people.sessions import OPENED, SIGNED_IN, TOUCHED_EVERY, SessionStore
from samsyn.sharing.models import Involvement, Reason
from samsyn.trail.models import Mode, TrailEntry
from tests.doors.public.oidc import Journey
from tests.doors.test_emergency import open_it
from tests.village import Village

AGAIN = "/sign-in/again/"


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three children in an hour are many."""
    monkeypatch.setattr(opened, "ceiling", lambda: 3)


def pupils(number: int) -> list[str]:
    """The pages of so many children at Bo's school."""
    there = Involvement.objects.filter(reason=Reason.ATTENDS, unit__source_id="stoby").values("child")
    found = [f"/children/{one.ref}/" for one in Person.objects.filter(pk__in=there).order_by("pk")[:number]]
    assert len(found) == number
    return found


def answers(client: Client, pages: list[str]) -> list[int]:
    """What each page is answered."""
    return [client.get(page).status_code for page in pages]


def aged(client: Client, seconds: int) -> None:
    """Let the children have been opened so many seconds earlier."""
    store = SessionStore(client.session.session_key)
    store[OPENED] = {word: at - seconds for word, at in store[OPENED].items()}
    store.save()


def test_the_next_child_asks_who_it_is_and_those_already_open_stay_open(lived: Village, three: None) -> None:
    bo, pages = lived.client("bo"), pupils(4)
    assert answers(bo, pages) == [200, 200, 200, 302]
    asked = bo.get(pages[3])
    assert asked.headers["Location"] == f"{AGAIN}?next={pages[3]}"
    assert "öppnat 3 barn den senaste timmen" in bo.get(asked.headers["Location"]).content.decode()
    assert answers(bo, [*pages[:3], "/", "/children/"]) == [200] * 5
    assert bo.get(f"{pages[0]}history/").status_code == 200
    assert bo.get(f"{pages[3]}history/").status_code == 302


def test_nothing_of_the_next_child_is_shown_and_the_trail_says_that_it_was_asked(lived: Village, three: None) -> None:
    bo, pages = lived.client("bo"), pupils(4)
    answers(bo, pages[:3])
    before = TrailEntry.objects.order_by("-pk").values_list("pk", flat=True)[0]
    for method in (bo.get, bo.head):
        answer = method(pages[3])
        assert (answer.status_code, answer.content) == (302, b"")
    told = TrailEntry.objects.filter(pk__gt=before).values_list("mode", "act", "person_label")
    assert list(told) == [(Mode.REFUSAL, "desk:child", "Bo Ekdahl")] * 2


def test_who_shows_who_they_are_goes_on_where_they_were(visitor: Journey, three: None) -> None:
    pages = pupils(4)
    visitor.sign_in("bo")
    assert answers(visitor.house, pages) == [200, 200, 200, 302]
    back = visitor.back(visitor.be("bo", visitor.leave(page=AGAIN, next=pages[3])))
    assert (back.status_code, back.headers["Location"]) == (302, pages[3])
    assert answers(visitor.house, [pages[3]]) == [200]


def test_an_hour_later_nobody_is_asked(lived: Village, three: None) -> None:
    bo, pages = lived.client("bo"), pupils(4)
    answers(bo, pages[:3])
    aged(bo, opened.HOUR + 1)
    assert answers(bo, pages[3:]) == [200]


def test_a_list_of_many_is_no_opening_and_one_child_counts_once(lived: Village, three: None) -> None:
    bo, pages = lived.client("bo"), pupils(3)
    answers(bo, ["/", "/children/", "/find/?name=Al", *pages[:2] * 3, f"{pages[0]}history/"])
    assert answers(bo, pages) == [200] * 3
    assert len(bo.session[OPENED]) == 3


def test_requests_at_once_do_not_each_count_as_the_first(lived: Village) -> None:
    """Both have read the session before the other has written it."""
    key = lived.client("bo").session.session_key
    one, other = SessionStore(key), SessionStore(key)
    assert [OPENED in session for session in (one, other)] == [False, False]
    for child, session in enumerate((one, other)):
        opened.wait_for_others(session)
        opened.note(session, child)
        session.save()
    assert len(SessionStore(key)[OPENED]) == 2


def test_a_list_that_was_asked_for_before_and_comes_after_takes_no_child_from_the_count(
    lived: Village, three: None
) -> None:
    """Bo's list has read the session before the children's pages are opened, and is itself kept after them."""
    bo, pages = lived.client("bo"), pupils(4)
    store = SessionStore(bo.session.session_key)
    store[SIGNED_IN] = {**store[SIGNED_IN], "seen": time.time() - 2 * TOUCHED_EVERY}
    store.save()
    meanwhile: list[int] = []

    def open_others(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "organisations_post" in sql and not meanwhile:
            meanwhile.append(0)
            with as_another_request():
                meanwhile.extend(answers(lived.client("bo"), pages[:3]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(open_others):
        assert bo.get("/children/").status_code == 200
    assert meanwhile == [0, 200, 200, 200]
    assert bo.get(pages[3]).status_code == 302


@contextmanager
def as_another_request() -> Iterator[None]:
    """What a request in another process meets: nothing of this one's but the store."""
    wrappers, connection.execute_wrappers = connection.execute_wrappers, []
    try:
        yield
    finally:
        connection.execute_wrappers = wrappers


def full(client: Client) -> None:
    """As if many other children had been opened a moment ago."""
    store = SessionStore(client.session.session_key)
    store[OPENED] = {salted_hmac("other", str(turn)).hexdigest()[:16]: time.time() for turn in range(3)}
    store.save()


def test_a_duty_desk_is_never_asked(lived: Village, three: None) -> None:
    bo, page = lived.client("bo"), pupils(1)[0]
    full(bo)
    assert bo.get(page).status_code == 302
    Post.objects.filter(pk=lived.post("rektor").pk).update(role=PostRole.DUTY_DESK)
    assert bo.get(page).status_code == 200


def test_nobody_waits_in_an_emergency(lived: Village, three: None) -> None:
    signe, other = f"/children/{lived.child('Signe').ref}/", pupils(1)[0]
    hanna = lived.client("hanna")
    full(hanna)
    assert answers(hanna, [signe, other]) == [302, 302]
    assert open_it(lived, "hanna", lived.child("Signe"))[1] == 302
    assert answers(hanna, [signe, other]) == [200, 200]


def test_the_law_says_how_many_and_the_session_holds_no_number_of_a_child(lived: Village) -> None:
    bo = lived.client("bo")
    assert opened.ceiling() == law.on(clock.now()).amount("children_opened_limit") == 40
    assert bo.get(pupils(1)[0]).status_code == 200
    (word,) = bo.session[OPENED]
    assert len(word) == 16
    assert set(bo.session[SIGNED_IN]) == {"ref", "device", "way", "door", "outside", "began", "seen", "proved"}
