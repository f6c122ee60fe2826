"""Changing one's own password: with the old one, for good reasons a new one, and with an end of all that is open."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import Settings

from samsyn.common.decision import Refused
from samsyn.organisations.models import Unit
from samsyn.people.actions import change_password
from samsyn.people.models import Account, SignIn
from samsyn.public.own_words import words_about
from samsyn.trail.models import TrailEntry
from tests.village import Village

OLD, NEW = "ett långt lösenord som ingen har", "tre gula cyklar i regnet"
PAGE = "/password/"


@pytest.fixture
def moa(lived: Village) -> Account:
    """Moa, who has a password."""
    account = lived.account("moa")
    account.set_password(OLD)
    account.save()
    return account


def by_password(word: str, password: str) -> Client:
    """A browser in which somebody has just tried to sign in with a password."""
    client = Client()
    client.post("/sign-in/", {"username": word, "password": password})
    return client


def signed_in(client: Client) -> bool:
    """Is somebody signed in here?"""
    return client.get("/sign-ins/").status_code == 200


def change(client: Client, *, now: str = OLD, new: str = NEW, again: str | None = None) -> tuple[int, str]:
    """What sending the form is answered: status, and the page."""
    again = new if again is None else again
    answer = client.post(PAGE, {"password_now": now, "password_new": new, "password_again": again})
    return answer.status_code, answer.content.decode()


def test_the_new_one_opens_the_old_one_does_not_and_all_else_that_was_open_has_ended(moa: Account) -> None:
    here, elsewhere = by_password("moa", OLD), by_password("moa", OLD)
    assert signed_in(here)
    assert signed_in(elsewhere)
    assert change(here)[0] == 302
    assert signed_in(here)
    assert not signed_in(elsewhere)
    assert list(SignIn.objects.filter(account=moa).values_list("pk", flat=True)) == [here.session.session_key]
    assert here.get("/password/changed/").status_code == 200
    assert not signed_in(by_password("moa", OLD))
    assert signed_in(by_password("moa", NEW))
    told = TrailEntry.objects.filter(act__startswith="people.password").values_list("act", flat=True)
    assert list(told) == ["people.password_changed"]


@pytest.mark.parametrize("length", [151, 256, 30_000])
def test_a_name_that_is_longer_than_any_is_answered_like_one_that_nobody_has(lived: Village, length: int) -> None:
    answer = Client().post("/sign-in/", {"username": "m" * length, "password": OLD})
    nobody = Client().post("/sign-in/", {"username": "mo", "password": OLD})
    assert answer.status_code == nobody.status_code == 422
    assert answer.context["form"].errors == nobody.context["form"].errors


def test_every_sign_of_it_counts_as_it_was_sent(moa: Account) -> None:
    whole = f"  {NEW.title()} "
    moa.set_password(whole)
    moa.save()
    for nearly in (whole.strip(), whole.casefold(), whole[:-2], f"{whole} "):
        assert not signed_in(by_password("moa", nearly))
    assert signed_in(by_password("moa", whole))


def test_signing_in_and_out_is_in_the_trail_and_a_try_that_failed_in_the_log_without_the_name(
    moa: Account, caplog: pytest.LogCaptureFixture
) -> None:
    here = by_password("moa", OLD)
    assert here.post("/sign-out/").status_code == 302
    told = TrailEntry.objects.filter(act__in=("people.signed_in", "people.signed_out"), account_ref=moa.ref)
    assert list(told.order_by("-pk").values_list("act", "ground")[:2]) == [
        ("people.signed_out", ""),
        ("people.signed_in", "password"),
    ]
    caplog.clear()
    assert not signed_in(by_password("moa", "gissat"))
    said = [one.getMessage() for one in caplog.records if one.levelname == "WARNING"]
    assert any("login failure" in one for one in said)
    assert not any("moa" in one or "gissat" in one for one in said)


def test_who_does_not_know_the_old_one_changes_nothing(moa: Account) -> None:
    here = by_password("moa", OLD)
    status, page = change(here, now="gissat")
    assert (status, "inte ditt lösenord nu" in page) == (422, True)
    assert signed_in(by_password("moa", OLD))
    assert NEW not in page
    assert "gissat" not in page


def test_tries_at_the_old_one_are_counted_with_those_at_signing_in(moa: Account) -> None:
    here = by_password("moa", OLD)
    assert [change(here, now=f"gissat {turn}")[0] for turn in range(5)] == [422] * 4 + [429]
    assert change(here)[0] == 429
    assert not signed_in(by_password("moa", OLD))


def test_the_action_itself_asks_for_the_old_one_and_for_the_owner(lived: Village, moa: Account) -> None:
    for viewer, old in ((lived.acting("moa"), "gissat"), (lived.acting("bo"), OLD)):
        with pytest.raises(Refused):
            change_password(viewer, moa, old=old, new=NEW, keep="")
    with pytest.raises(ValidationError):
        change_password(lived.acting("moa"), moa, old=OLD, new="kort", keep="")
    assert Account.objects.get(pk=moa.pk).check_password(OLD)


@pytest.mark.parametrize(
    ("new", "again", "says"),
    [
        ("kort", "kort", "14"),
        ("samsyn samsyn 1", "samsyn samsyn 1", "ditt arbete"),
        ("Lillköping-Lillköping-2026", "Lillköping-Lillköping-2026", "ditt arbete"),
        ("moamoamoa lind LIND", "moamoamoa lind LIND", "ditt arbete"),
        (OLD, OLD, "redan har"),
        (NEW, NEW + "!", "olika"),
        ("unbelievable", "unbelievable", "14"),
    ],
)
def test_a_new_one_that_is_easily_guessed_is_refused_in_words(moa: Account, new: str, again: str, says: str) -> None:
    here = by_password("moa", OLD)
    status, page = change(here, new=new, again=again)
    assert status == 422
    assert says in page
    assert signed_in(by_password("moa", OLD))


def test_the_words_of_the_place_are_its_own(moa: Account, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["samverkan.example.se"]
    words = {one.casefold() for one in words_about(moa)}
    unit = Unit.objects.filter(name__startswith="Stoby")[0]
    assert {"samsyn", "lind", "samverkan", unit.name.split()[0].casefold()} <= words
    assert not [one for one in words if len(one) < 4]


def test_a_long_one_may_name_the_place_when_enough_is_left(moa: Account) -> None:
    assert change(by_password("moa", OLD), new="i Lillköping bor tre gula cyklar")[0] == 302


def test_a_leaked_one_is_refused(moa: Account, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "leaked.txt"
    leaked = [hashlib.sha1(word.encode()).hexdigest().upper() for word in (NEW, "något annat", "och ett till")]
    file.write_text("".join(f"{one}:{turn}\r\n" for turn, one in enumerate(sorted(leaked), start=3)))
    settings.SAMSYN_LEAKED_PASSWORDS_FILE = str(file)
    here = by_password("moa", OLD)
    status, page = change(here)
    assert (status, "har läckt" in page) == (422, True)
    assert change(here, new="fyra gula cyklar i regnet")[0] == 302


def test_where_passwords_are_off_or_the_account_has_none_there_is_no_page(
    lived: Village, moa: Account, settings: Settings
) -> None:
    here = by_password("moa", OLD)
    assert PAGE in here.get("/sign-ins/").content.decode()
    assert PAGE not in lived.client("bo").get("/sign-ins/").content.decode()
    assert lived.client("bo").get(PAGE).status_code == 404
    settings.SAMSYN_PASSWORDS = False
    assert here.get(PAGE).status_code == 404
    assert PAGE not in here.get("/sign-ins/").content.decode()


def test_no_password_is_kept_through_a_sign_in_or_shown_after_an_old_form(moa: Account) -> None:
    body = {"password_now": OLD, "password_new": NEW, "password_again": NEW}
    ended = Client().post(PAGE, body)
    strict = Client(enforce_csrf_checks=True)
    stale = strict.post(PAGE, body)
    assert (ended.status_code, stale.status_code) == (401, 403)
    for answer in (ended, stale):
        assert not [one for one in (OLD, NEW) if one in answer.content.decode()]


def test_signing_in_once_more_in_the_same_browser_gives_a_new_key(moa: Account) -> None:
    here = by_password("moa", OLD)
    before = here.session.session_key
    assert here.post("/sign-in/", {"username": "moa", "password": OLD}).status_code == 302
    assert signed_in(here)
    assert here.session.session_key != before
    assert not SignIn.objects.filter(pk=before).exists()
