"""Signing in with a provider: who is known comes in, and an answer that is not the one asked for opens nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from pytest_django import Settings

from samsyn.common.viewer import SYSTEM
from samsyn.people.actions import close_account, link_provider
from samsyn.people.models import Account, SignIn
from samsyn.site.village_clients import FAMILY_WORD, subject_of
from tests.doors.public.oidc import Journey
from tests.doors.scenes import filled
from tests.village import Village


def signed_in(visitor: Journey) -> bool:
    """Does the house let this browser further than its sign-in page?"""
    return bool(visitor.house.get("/sign-ins/").status_code == 200)


def changed(settings: Settings, **values: Any) -> None:
    """Let the settings tell something else of every provider."""
    settings.SAMSYN_PROVIDERS = tuple(replace(one, **values) for one in settings.SAMSYN_PROVIDERS)


def test_bo_comes_in_where_he_wanted_to_go_and_acts_as_rektor(visitor: Journey) -> None:
    answer = visitor.sign_in("bo", next="/children/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/children/")
    assert "Bo Ekdahl" in visitor.house.get("/").content.decode()
    sign_in = SignIn.objects.get(pk=visitor.house.session.session_key)
    assert sign_in.account is not None
    assert (sign_in.account.sign_in_name, sign_in.way) == ("bo", "village-staff")


def test_what_is_asked_of_the_provider_is_a_code_with_challenge_state_nonce_and_level_and_nothing_about_anybody(
    visitor: Journey,
) -> None:
    asked = parse_qs(urlsplit(visitor.leave()).query)
    assert asked.keys() == {
        *("client_id", "redirect_uri", "scope", "response_type", "state", "nonce", "acr_values"),
        *("code_challenge", "code_challenge_method"),
    }
    assert (asked["scope"], asked["response_type"], asked["code_challenge_method"]) == (["openid"], ["code"], ["S256"])


def test_a_link_cannot_change_what_is_asked(visitor: Journey) -> None:
    address = visitor.leave(page="/sign-in/?scope=email&auth_params=prompt%3Dnone&process=connect&action=rerequest")
    asked = parse_qs(urlsplit(address).query)
    assert asked["scope"] == ["openid"]
    assert "prompt" not in asked


@pytest.mark.parametrize(
    "change",
    [{"state": None}, {"state": "another"}, {"code": None}, {"code": "another"}, {"error": "access_denied"}],
    ids=str,
)
def test_an_answer_that_was_changed_on_its_way_opens_nothing(visitor: Journey, change: dict[str, str | None]) -> None:
    answer = visitor.back(visitor.be("bo", visitor.leave()), **change)
    assert answer.status_code in {302, 401}
    assert not signed_in(visitor)


def test_an_answer_opens_once_and_only_in_the_browser_that_asked(visitor: Journey) -> None:
    address = visitor.be("bo", visitor.leave())
    thief = Journey()
    assert thief.back(address).status_code == 401
    assert not signed_in(thief)
    thief.outside.close()
    assert visitor.back(address).status_code == 302
    visitor.house.post("/sign-out/")
    assert visitor.back(address).status_code == 401
    assert not signed_in(visitor)


def test_an_answer_to_another_question_opens_nothing(visitor: Journey) -> None:
    first = visitor.be("bo", visitor.leave())
    second = visitor.be("kurt", visitor.leave())
    code = parse_qs(urlsplit(second).query)["code"][0]
    assert visitor.back(first, code=code).status_code == 401
    assert not signed_in(visitor)


def test_an_answer_with_another_nonce_opens_nothing(visitor: Journey) -> None:
    address = re.sub(r"nonce=\w+", "nonce=of-somebody-else", visitor.leave())
    assert visitor.back(visitor.be("bo", address)).status_code == 401
    assert not signed_in(visitor)


@pytest.mark.parametrize(
    "wrong",
    [{"issuer": "http://localhost:9"}, {"client_secret": "guessed"}, {"levels": ("http://id.sambi.se/loa/loa4",)}],
    ids=str,
)
def test_a_provider_that_is_not_as_the_settings_say_opens_nothing(
    visitor: Journey, settings: Settings, wrong: dict[str, Any]
) -> None:
    address = visitor.be("bo", visitor.leave())
    changed(settings, **wrong)
    assert visitor.back(address).status_code == 401
    assert not signed_in(visitor)


def test_a_provider_that_does_not_answer_says_so(visitor: Journey, settings: Settings) -> None:
    changed(settings, issuer="http://localhost:9")
    answer = visitor.house.post("/sign-in/", {"provider": "village-staff"})
    assert answer.status_code == 401
    assert "<h1>" in answer.content.decode()


def test_somebody_without_an_account_is_told_whom_to_ask_and_nothing_is_kept(visitor: Journey) -> None:
    SocialAccount.objects.filter(uid=subject_of("bo")).delete()
    accounts = Account.objects.count()
    answer = visitor.sign_in("bo")
    assert answer.status_code == 403
    assert "enhetschef" in answer.content.decode()
    assert not signed_in(visitor)
    assert Account.objects.count() == accounts
    assert not SocialAccount.objects.filter(uid=subject_of("bo")).exists()


def test_a_closed_account_looks_like_none(visitor: Journey, lived: Village) -> None:
    close_account(SYSTEM, lived.account("bo"))
    assert visitor.sign_in("bo").status_code == 403
    assert not signed_in(visitor)


def test_a_subject_of_one_provider_opens_nothing_with_another(visitor: Journey) -> None:
    SocialAccount.objects.filter(uid=subject_of("bo"), provider="village-staff").delete()
    assert visitor.sign_in("bo").status_code == 403
    assert visitor.sign_in("bo", FAMILY_WORD).status_code == 302


def test_a_name_that_a_provider_knows_already_opens_no_second_account(lived: Village) -> None:
    from samsyn.common.decision import Refused

    with pytest.raises(Refused, match="another account"):
        link_provider(SYSTEM, lived.account("kurt"), "village-staff", subject_of("bo"))


def test_who_comes_in_as_a_citizen_acts_as_no_post(visitor: Journey, lived: Village) -> None:
    visitor.sign_in("bo", FAMILY_WORD)
    child = lived.child("Signe")
    assert visitor.house.get(f"/children/{child.ref}/").status_code == 404
    chosen = visitor.house.post("/capacity/choose/", {"post": lived.post("rektor").ref})
    assert chosen.status_code in {302, 404}
    assert visitor.house.get(f"/children/{child.ref}/").status_code == 404


def test_who_comes_in_at_work_is_nobodys_guardian_until_they_come_in_as_a_citizen(visitor: Journey) -> None:
    visitor.sign_in("mats")
    asked = visitor.house.post("/my/enter/")
    assert (asked.status_code, asked.headers["Location"]) == (302, "/sign-in/?next=%2Fmy%2F")
    assert visitor.house.get("/my/").status_code == 404
    answer = visitor.sign_in("mats", FAMILY_WORD, next="/my/")
    assert answer.headers["Location"] == "/my/"
    assert "Vera" in visitor.house.get("/my/").content.decode()


def test_what_was_typed_comes_along_through_the_provider_and_lies_nowhere_readable(
    visitor: Journey, lived: Village
) -> None:
    words = "Hon satt ensam vid grinden."
    where = f"/requests/{lived.request('sent').ref}/revoke/"
    page = visitor.house.post(where, filled({"words": words}))
    assert page.status_code == 401
    address = visitor.leave(**{"next": where, "kept-words": words})
    held = SignIn.objects.get(pk=visitor.house.session.session_key)
    assert words not in str(held.get_decoded())
    back = visitor.back(visitor.be("bo", address))
    assert back.status_code == 200
    assert words in back.content.decode()
    assert f'action="{where}"' in back.content.decode()


def test_a_new_sign_in_has_a_new_session(visitor: Journey) -> None:
    address = visitor.be("bo", visitor.leave())
    before = visitor.house.session.session_key
    visitor.back(address)
    assert visitor.house.session.session_key != before
    assert not SignIn.objects.filter(pk=before).exists()
