"""A provider says that a session has ended: ours ends with it, when the provider really says so."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import jwt
import pytest

from samsyn.people.models import SignIn
from samsyn.public import openid
from samsyn.public.id_tokens import LOGOUT_EVENT, check_answer
from samsyn.site.provider.key import signing_key
from samsyn.site.village_clients import STAFF_WORD, subject_of
from tests import environment
from tests.doors.public.oidc import Journey

ENDED = f"/sign-in/{STAFF_WORD}/ended/"


def token(provider: str, **changed: Any) -> str:
    """What the provider signs when Bo has signed out there, perhaps with something changed (None: left out)."""
    now = int(time.time())
    claims = {
        "iss": provider,
        "aud": STAFF_WORD,
        "sub": subject_of("bo"),
        "iat": now,
        "exp": now + 60,
        "jti": uuid4().hex,
        "events": {LOGOUT_EVENT: {}},
    } | changed
    key = signing_key(f"{environment.folder()}/provider-{urlsplit(provider).port}.sqlite3.key")
    with httpx.Client(trust_env=False) as browser:
        kid = browser.get(f"{provider}/.well-known/jwks.json").json()["keys"][0]["kid"]
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, key, algorithm="RS256", headers={"kid": kid})


def test_what_the_provider_has_ended_is_ended_here_once_told(visitor: Journey, provider: str) -> None:
    visitor.sign_in("bo")
    kurt = Journey()
    kurt.sign_in("kurt")
    told = {"logout_token": token(provider)}
    assert visitor.house.post(ENDED, told).status_code == 200
    assert [one.house.get("/sign-ins/").status_code for one in (visitor, kurt)] == [302, 200]
    visitor.sign_in("bo")
    assert kurt.house.post(ENDED, told).status_code == 400
    assert visitor.house.get("/sign-ins/").status_code == 200
    kurt.outside.close()


def test_who_has_shown_who_they_are_once_more_is_signed_out_with_that_session_of_the_provider(
    visitor: Journey, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = iter(("the first", "the second"))

    def named(claims: dict[str, Any], *others: Any) -> None:
        check_answer(claims, *others)
        claims["sid"] = next(names)  # the village's own provider gives its sessions no names

    monkeypatch.setattr(openid, "check_answer", named)
    visitor.sign_in("bo")
    visitor.back(visitor.be("bo", visitor.leave(page="/sign-in/again/", next="/")))
    assert SignIn.objects.get(pk=visitor.house.session.session_key).outside == "the second"
    assert visitor.house.post(ENDED, {"logout_token": token(provider, sub=None, sid="the second")}).status_code == 200
    assert visitor.house.get("/sign-ins/").status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "http://localhost:9"},
        {"aud": "another-house"},
        {"exp": 1},
        {"events": {}},
        {"nonce": "an answer to a sign-in"},
        {"sub": None},
        {"jti": None},
    ],
    ids=str,
)
def test_what_the_provider_did_not_say_ends_nothing(visitor: Journey, provider: str, wrong: dict[str, Any]) -> None:
    visitor.sign_in("bo")
    assert visitor.house.post(ENDED, {"logout_token": token(provider, **wrong)}).status_code == 400
    unsigned = jwt.encode({"iss": provider, "aud": STAFF_WORD, "sub": subject_of("bo")}, key="", algorithm="none")
    assert visitor.house.post(ENDED, {"logout_token": unsigned}).status_code == 400
    assert visitor.house.get("/sign-ins/").status_code == 200
