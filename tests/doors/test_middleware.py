"""A request's way: looking writes nothing, a refusal leaves one row, what is pressed is whole or not at all, and what
somebody may is asked anew every time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.conf import settings as house
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from pytest_django import Settings

from samsyn.common import clock, second_lock
from samsyn.common.viewer import SYSTEM
from samsyn.notices.models import Notice
from samsyn.organisations.actions_presence import end_cover, set_absence, set_cover
from samsyn.organisations.models import Holding
from samsyn.people.models import Account, Person, SignIn
from samsyn.site.middleware import ReadingWrote
from samsyn.trail.models import Command, Mode, TrailEntry
from tests import worlds
from tests.doors.scenes import WORDS, WRITTEN, filled, written
from tests.village import Village
from tests.worlds import CommittedWorld

PRESSED: dict[str, Callable[[], object]] = {}
"""What the throw-away view does; each test says so before it opens the page."""


@login_not_required
def throw_away(request: HttpRequest) -> HttpResponse:
    """A view that does whatever the test wants, whether it is looked at or pressed."""
    return HttpResponse(str(PRESSED["do"]()), status=int(request.headers.get("Answer", "200")))


urlpatterns = [path("throw-away/", throw_away), path("", include("samsyn.site.urls"))]
handler404, handler500 = "samsyn.public.failures.not_found", "samsyn.public.failures.broken"


@pytest.fixture
def thrown(settings: Settings) -> str:
    """The address of the throw-away view."""
    settings.ROOT_URLCONF = __name__
    return "/throw-away/"


def doing(do: Callable[[], object]) -> None:
    """Let the throw-away view do this."""
    PRESSED["do"] = do


def said(statement: str) -> Callable[[], object]:
    """Say something to the database."""

    def say() -> object:
        with connection.cursor() as cursor:
            return cursor.execute(statement)

    return say


# --- looking writes nothing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE people_person SET called = 'Nobody'",
        "update people_person set called = 'Nobody'",
        "UPDATE \"people_person\" SET called = 'Nobody'",
        "\n  UPDATE people_person SET called = 'Nobody'",
        "/* only looking */ UPDATE people_person SET called = 'Nobody'",
        "-- only looking\nUPDATE people_person SET called = 'Nobody'",
        "WITH one AS (SELECT 1) UPDATE people_person SET called = 'Nobody'",
        "with one as (select 1) delete from notices_notice",
        "DELETE FROM notices_notice",
        "INSERT INTO notices_notice (text_key) VALUES ('x')",
        "INSERT OR REPLACE INTO notices_notice (text_key) VALUES ('x')",
        "REPLACE INTO notices_notice (text_key) VALUES ('x')",
        "MERGE INTO notices_notice USING people_person ON true WHEN MATCHED THEN DELETE",
        "TRUNCATE notices_notice",
        "CREATE TABLE hole (depth integer)",
        "DROP TABLE notices_notice",
        "ALTER TABLE notices_notice RENAME TO gone",
        "UPDATE public.people_person SET called = 'Nobody'",
    ],
)
def test_a_look_that_writes_is_stopped_before_it_reaches_the_store(lived: Village, thrown: str, statement: str) -> None:
    doing(said(statement))
    notices = Notice.objects.count()
    with pytest.raises(ReadingWrote):
        lived.client("bo").get(thrown)
    with pytest.raises(ReadingWrote):
        lived.client("bo").head(thrown)
    assert Notice.objects.count() == notices
    assert not Person.objects.filter(called="Nobody").exists()


def test_a_look_may_read_however_it_asks(lived: Village, thrown: str) -> None:
    asked = "WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 3) SELECT sum(n) FROM up"
    doing(said(asked))
    assert lived.client("bo").get(thrown).status_code == 200
    signe = Person.objects.filter(called="Signe")
    doing(lambda: len(signe.union(Person.objects.filter(called="Vera"), all=True).order_by("called")[:5]))
    assert lived.client("bo").get(thrown).content == b"2"
    doing(lambda: signe.count())
    assert lived.client("bo").get(thrown).content == b"1"


def test_a_look_may_keep_a_session(lived: Village, thrown: str) -> None:
    doing(lambda: SignIn.objects.create(session_key="throw-away", expire_date=clock.now()))
    assert lived.client("bo").get(thrown).status_code == 200
    assert SignIn.objects.filter(session_key="throw-away").exists()


def reads_all_notices() -> int:
    """What an action does."""
    with second_lock.acting():
        return Notice.objects.update(read_at=clock.now())


def test_the_same_is_done_when_it_is_pressed(lived: Village, thrown: str) -> None:
    doing(reads_all_notices)
    assert lived.client("bo").post(thrown).status_code == 200
    assert not Notice.objects.filter(read_at=None).exists()


# --- whole or not at all ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["500", "503"])
def test_what_answers_that_it_broke_has_done_nothing(lived: Village, thrown: str, answer: str) -> None:
    doing(reads_all_notices)
    assert lived.client("bo").post(thrown, headers={"Answer": answer}).status_code == int(answer)
    assert not Notice.objects.exclude(read_at=None).exists()


def test_what_breaks_has_done_nothing_and_tells_nothing(lived: Village, thrown: str) -> None:
    def breaks() -> object:
        reads_all_notices()
        raise RuntimeError("Signe Lindqvist 20180405-9807")

    doing(breaks)
    client = lived.client("bo")
    client.raise_request_exception = False
    response = client.post(thrown)
    assert response.status_code == 500
    assert "Signe" not in response.content.decode()
    assert not Notice.objects.exclude(read_at=None).exists()


def test_a_refusal_leaves_one_row_and_nothing_else(lived: Village) -> None:
    asked = lived.request("sent")
    before = (TrailEntry.objects.count(), Command.objects.count(), asked.state)
    response = lived.client("bo").post(f"/requests/{asked.ref}/accept/", filled({}))
    asked.refresh_from_db()
    assert response.status_code == 422
    entries = TrailEntry.objects.order_by("pk")[before[0] :]
    assert [(one.mode, one.act) for one in entries] == [
        (Mode.REFUSAL, "desk:request_act"),
        (Mode.READ, "desk:request_act"),
    ]
    assert entries[0].ground == "The one who was asked answers this."
    assert (Command.objects.count(), asked.state) == before[1:]


def test_what_was_pressed_is_there_for_others_when_the_answer_leaves(
    committed_world: CommittedWorld, settings: Settings
) -> None:
    settings.ROOT_URLCONF = __name__
    doing(lambda: SignIn.objects.create(session_key="pressed", expire_date=clock.now()).pk)
    assert Client().post("/throw-away/").status_code == 200
    assert not connection.in_atomic_block
    seen = committed_world.at_once(lambda: SignIn.objects.filter(session_key="pressed").exists())
    assert seen == [True]


def test_a_press_is_one_transaction_and_nothing_is_written_beside_it(
    settled: Village, django_db_blocker: object
) -> None:
    with django_db_blocker.unblock(), worlds.moved_to_a_copy(settled.database):  # type: ignore[attr-defined]
        sign = written(settled, settled.sign("draft"))
        with CaptureQueriesContext(connection) as asked:
            response = settled.client("maja").post(f"/signs/{sign.ref}/review/", filled({}))
        assert response.status_code == 302
        said_first = [one["sql"].split()[0] for one in asked]
        assert (said_first.count("BEGIN"), said_first.count("COMMIT")) == (1, 1)
        outside = said_first[: said_first.index("BEGIN")] + said_first[said_first.index("COMMIT") + 1 :]
        assert set(outside) <= {"PRAGMA"}


# --- asked anew every time -------------------------------------------------------------------------------------------


def test_who_no_longer_holds_the_post_is_out_with_the_next_page(lived: Village) -> None:
    bo = lived.client("bo")
    assert bo.get("/").status_code == 200
    yesterday = clock.today() - timedelta(days=1)
    Holding.objects.filter(post=lived.post("rektor")).update(until=yesterday)
    gone = bo.get("/")
    assert (gone.status_code, gone.headers["Location"]) == (302, "/my/")
    assert bo.get(f"/children/{lived.child('Signe').ref}/").status_code == 404


def test_whose_account_is_closed_is_asked_to_sign_in(lived: Village) -> None:
    bo = lived.client("bo")
    Account.objects.filter(sign_in_name="bo").update(is_active=False)
    assert bo.get("/").headers["Location"].startswith("/sign-in/")
    assert bo.post(f"/signs/{lived.sign('received').ref}/take-on/", filled({})).status_code == 401


def test_who_stands_in_acts_as_the_post_until_the_holder_is_back(lived: Village) -> None:
    bo, hanna, today = lived.account("bo").person, lived.client("hanna"), clock.today()
    sign, rektor = lived.sign("received"), lived.post("rektor")
    choice = {"post": rektor.ref}
    assert hanna.post("/capacity/choose/", choice).status_code == 404
    absence = set_absence(SYSTEM, bo, today, until=today + timedelta(days=7))
    cover = set_cover(SYSTEM, rektor, lived.post("assistant_rektor"), today, until=today + timedelta(days=7))
    assert hanna.get(f"/signs/{sign.ref}/").status_code == 404
    assert hanna.post("/capacity/choose/", choice).status_code == 302
    assert hanna.get(f"/signs/{sign.ref}/").status_code == 200
    assert hanna.post(f"/signs/{sign.ref}/take-on/", filled({})).status_code == 302
    entry = TrailEntry.objects.filter(act="sign.acknowledged").latest("pk")
    assert (entry.person_label, entry.post_label) == ("Hanna Roos", "rektor")
    end_cover(SYSTEM, cover, today - timedelta(days=1))
    absence.delete()
    assert hanna.get(f"/signs/{sign.ref}/").status_code == 404


def test_a_page_of_one_post_is_not_sent_as_another(lived: Village) -> None:
    hanna, today = lived.client("hanna"), clock.today()
    hanna.handler.enforce_csrf_checks = True
    until = today + timedelta(days=7)
    set_absence(SYSTEM, lived.account("bo").person, today, until=until)
    set_cover(SYSTEM, lived.post("rektor"), lived.post("assistant_rektor"), today, until=until)

    def token(address: str) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', hanna.get(address).content.decode())
        assert found is not None
        return found[1]

    one_window = token("/away/")
    choice = {"post": lived.post("rektor").ref, "csrfmiddlewaretoken": token("/capacity/")}
    assert hanna.post("/capacity/choose/", choice).status_code == 302
    words = "Det som skrevs som biträdande rektor."
    sent = hanna.post("/away/", filled({"words": words, "csrfmiddlewaretoken": one_window}))
    assert sent.status_code == 403
    assert words in sent.content.decode()
    assert hanna.post("/away/", filled({"csrfmiddlewaretoken": token("/away/")})).status_code == 422


# --- headers, language and a session that ends -----------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", "/sign-in/", "/harm/", "/nowhere/", "/capacity/", "/find/"])
def test_nothing_stays_behind_and_nothing_but_our_own_runs(lived: Village, address: str) -> None:
    response = lived.client("bo").get(address)
    assert response.headers["Cache-Control"] == "no-store"
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("own", "chosen", "shown", "direction"),
    [("sv", "", "sv", "ltr"), ("ar", "", "ar", "rtl"), ("ar", "en", "en", "ltr"), ("sv", "xx", "sv", "ltr")],
)
def test_a_page_speaks_the_language_that_was_chosen(
    lived: Village, own: str, chosen: str, shown: str, direction: str
) -> None:
    Account.objects.filter(sign_in_name="bo").update(language=own)
    client = lived.client("bo")
    if chosen:
        client.cookies[house.LANGUAGE_COOKIE_NAME] = chosen
    response = client.get("/")
    assert f'<html lang="{shown}" dir="{direction}"' in response.content.decode()
    assert response.headers["Content-Language"] == shown


def test_what_was_being_written_when_the_session_ended_is_sent_after_signing_in_again(lived: Village) -> None:
    account = lived.account("maja")
    account.set_password("ett långt lösenord för Maja")
    account.save()
    draft = lived.sign("draft")
    address = f"/signs/{draft.ref}/edit/"
    client = lived.client("")
    text = filled({**WRITTEN, "version": draft.version, "observed_on": clock.today(), "saw": f'{WORDS} "<b>" & så'})
    asked = client.post(address, text)
    assert asked.status_code == 401
    hidden = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
    fields: dict[str, list[str]] = {}
    with_password = next(form for form in asked.content.decode().split("<form") if 'name="password"' in form)
    for name, value in hidden.findall(with_password):
        fields.setdefault(unescape(name), []).append(unescape(value))
    back = client.post("/sign-in/", {**fields, "username": "maja", "password": "ett långt lösenord för Maja"})
    assert back.status_code == 200
    page = back.content.decode()
    assert f'action="{address}"' in page
    kept: dict[str, list[str]] = {}
    for name, value in hidden.findall(page[page.index(f'action="{address}"') :]):
        kept.setdefault(unescape(name), []).append(unescape(value))
    done = client.post(address, kept)
    assert done.status_code == 302
    draft.refresh_from_db()
    assert (draft.saw, draft.areas) == (text["saw"], WRITTEN["areas"])


def test_a_form_without_our_token_does_nothing_and_shows_what_was_typed(lived: Village) -> None:
    client = lived.client("bo")
    client.handler.enforce_csrf_checks = True
    asked = lived.request("sent")
    response = client.post(f"/requests/{asked.ref}/revoke/", {"key": uuid4(), "words": "Ett ord <i>till</i>"})
    assert response.status_code == 403
    assert "Ett ord &lt;i&gt;till&lt;/i&gt;" in response.content.decode()
    asked.refresh_from_db()
    assert asked.state == "sent"
