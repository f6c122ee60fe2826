"""Signing in with a provider: who is known comes in, and an answer that is not the one asked for opens nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from samsyn.people.models import SignIn
from samsyn.site.village_clients import local_providers
from tests.doors.public.oidc import Journey
from tests.village import Village


@pytest.fixture
def bo(lived: Village, provider: str, settings: Settings) -> Iterator[Journey]:
    """Bo's browser, in a house whose provider answers."""
    settings.SAMSYN_PROVIDERS = local_providers(provider, settings.SECRET_KEY)
    journey = Journey()
    yield journey
    journey.outside.close()


def test_bo_comes_in_and_acts_as_rektor(bo: Journey) -> None:
    answer = bo.sign_in("bo", next="/children/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/children/")
    page = bo.house.get("/").content.decode()
    assert "Bo Ekdahl" in page
    sign_in = SignIn.objects.get(pk=bo.house.session.session_key)
    assert (sign_in.account and sign_in.account.sign_in_name, sign_in.way) == ("bo", "village-staff")
