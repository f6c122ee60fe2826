"""Passkeys: a second way in for staff, which opens for its owner only."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from samsyn.people.actions import passkeys_of
from samsyn.people.models import SignIn
from samsyn.people.sessions import SIGNED_IN
from samsyn.site.village_clients import FAMILY_WORD
from samsyn.trail.models import TrailEntry
from tests.doors.public.oidc import Journey
from tests.doors.public.passkey import Key, asked
from tests.doors.public.test_sessions import aged
from tests.village import Village


def add(client: Client, key: Key) -> Any:
    """Add the key on the page of passkeys."""
    made = key.made(asked(client, "/passkeys/new/"))
    return client.post("/passkeys/", {"credential": json.dumps(made)})


def test_bo_adds_a_passkey_and_comes_in_with_it_and_removes_it(lived: Village) -> None:
    bo, account = lived.client("bo"), lived.account("bo")
    key = Key.of(account)
    passkeys_of(account)[0].delete()
    assert not key.signs_in(Client())
    assert add(bo, key).status_code == 302
    fresh = Client()
    assert key.signs_in(fresh)
    row = SignIn.objects.get(pk=fresh.session.session_key)
    assert (row.account, row.way, fresh.session[SIGNED_IN]["door"]) == (account, "passkey", "staff")
    assert fresh.get("/").status_code == 200
    ref = passkeys_of(account)[0].data["ref"]
    assert lived.client("kurt").post(f"/passkeys/{ref}/remove/").status_code == 404
    assert bo.post(f"/passkeys/{ref}/remove/").status_code == 302
    assert not key.signs_in(Client())
    told = TrailEntry.objects.filter(act__startswith="people.passkey").values_list("act", flat=True)
    assert list(told) == ["people.passkey_added", "people.passkey_removed"]


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "http://elsewhere.example"}, {"flags": 0x01}, {"flags": 0x00}],
    ids=["phished", "not verified", "absent"],
)
def test_a_key_that_was_phished_or_did_not_ask_its_owner_opens_nothing(lived: Village, wrong: dict[str, Any]) -> None:
    key = Key.of(lived.account("bo"))
    assert not key.signs_in(Client(), **wrong)


def test_an_answer_opens_once_and_for_its_own_question(lived: Village) -> None:
    key, first, second = Key.of(lived.account("bo")), Client(), Client()
    answer = {"credential": json.dumps(key.shown(asked(first)))}
    asked(second)
    assert second.post("/passkeys/use/", answer).status_code == 401
    assert first.post("/passkeys/use/", answer).status_code == 302
    first.post("/sign-out/")
    assert first.post("/passkeys/use/", answer).status_code == 401


@pytest.mark.parametrize("sent", ["", "{}", "[]", "null", '{"id": 1}', '{"response": {"userHandle": 7}}', "not json"])
def test_what_is_no_answer_at_all_opens_nothing(lived: Village, sent: str) -> None:
    client = Client()
    asked(client)
    assert client.post("/passkeys/use/", {"credential": sent}).status_code == 401
    assert lived.client("bo").post("/passkeys/", {"credential": sent}).status_code == 422


def test_a_passkey_shows_once_more_who_somebody_is(lived: Village) -> None:
    bo, key = lived.client("bo"), Key.of(lived.account("bo"))
    stranger = Key.of(lived.account("kurt"))
    aged(bo, proved=16 * 60)
    assert bo.get("/passkeys/").status_code == 302
    assert bo.post("/passkeys/use/", {"credential": json.dumps(stranger.shown(asked(bo)))}).status_code == 401
    assert bo.get("/passkeys/").status_code == 302
    page = bo.get("/sign-in/again/").content.decode()
    assert 'data-passkey="get"' in page
    assert key.signs_in(bo)
    assert bo.get("/passkeys/").status_code == 200


def test_a_citizens_sign_in_gets_no_passkey(visitor: Journey) -> None:
    visitor.sign_in("bo", FAMILY_WORD)
    assert visitor.house.get("/passkeys/").status_code == 404
    assert visitor.house.get("/passkeys/new/").status_code == 404


def test_tries_are_counted_for_all_processes_and_end(lived: Village) -> None:
    client = Client()
    answers = [client.post("/passkeys/use/", {"credential": "{}"}).status_code for _ in range(62)]
    assert answers == [401] * 60 + [429] * 2
