"""A restored house as people meet it: page, export and session, before and after what was revoked is revoked again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from samsyn.people.actions import close_account, end_other_sign_ins
from samsyn.retention.actions import revoke_again
from samsyn.retention.models import RegisterExtract
from samsyn.retention.tasks import make_extract
from samsyn.sharing.actions import About, answer_consent, decide_in_family, guardians_today
from samsyn.site import checks
from samsyn.site.second_lock.logins import sign_in_as
from tests import worlds
from tests.doors.scenes import filled
from tests.doors.test_portal import talked_through
from tests.village import FAMILY, Village


@pytest.fixture
def copy(settled: Village, django_db_blocker: DjangoDbBlocker, settings: Any, tmp_path: Path) -> Iterator[Village]:
    """The village as it was when the copy was taken, where what is done stays done."""
    settings.SAMSYN_TOMBSTONES_PATH = str(tmp_path / "outside.jsonl")
    with django_db_blocker.unblock():
        with settled.open():
            pass  # everybody has signed in not long ago
        with worlds.moved_to_a_copy(settled.database):
            yield settled


def signed_in_anew(who: str) -> Client:
    """A browser in which a villager has tried to sign in after the restore."""
    client = Client()
    client.post(f"/demo/{who}/")
    if who in FAMILY:
        client.post("/my/enter/")
    return client


def test_no_page_export_or_session_shows_what_was_revoked_since_the_copy(copy: Village, settings: Any) -> None:
    request, signe = copy.request("sent"), copy.child("Signe")
    talked_through(copy, signe)
    copy.client("amal").post(reverse("portal:order_extract", args=[signe.ref]), filled({"language": "sv"}))
    extract = RegisterExtract.objects.get()
    make_extract.func(str(extract.ref))
    shared = copy.disclosure()
    consent = shared.consent
    assert consent is not None
    pages = {
        "ines": reverse("desk:request", args=[request.ref]),
        "amal": reverse("portal:extract_file", args=[extract.ref]),
        "edvin": reverse("desk:day"),
        "siv": reverse("desk:day"),
    }

    def shown() -> set[str]:
        return {who for who, page in pages.items() if copy.client(who).get(page).status_code == 200}

    assert shown() == set(pages)
    with worlds.moved_to_a_copy():
        bo = copy.acting("bo")
        giver = guardians_today(shared.child)[0].guardian
        answer_consent(bo, consent, giver, "withdrawn", form="oral", language="sv")
        about = About(copy.unit("stoby").authority, "sign")
        decide_in_family(bo, signe, copy.account("amal").person, about, opens=False, reason="Fara.")
        close_account(bo, copy.account("edvin"))
        end_other_sign_ins(copy.acting("siv"), copy.account("siv"), keep="")
        after = shown()
        assert after == set()
    assert shown() == set(pages), "as it was when the copy was taken"
    settings.SAMSYN_MODE = "production"
    assert [one.id for one in checks.nothing_has_come_back(None)] == ["samsyn.E012"]
    sign_in_as("owner")
    try:
        revoke_again(Path(settings.SAMSYN_TOMBSTONES_PATH))
    finally:
        sign_in_as("house")
    assert checks.nothing_has_come_back(None) == []
    settings.SAMSYN_MODE = "test"
    assert shown() == set(), "whoever had signed in before signs in anew"
    anew = {who: signed_in_anew(who) for who in pages}
    assert {who for who, page in pages.items() if anew[who].get(page).status_code == 200} == {"siv"}
