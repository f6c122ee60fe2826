"""Browsers in a house whose provider answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from samsyn.site.village_clients import local_providers
from tests.doors.public.oidc import Journey
from tests.village import Village


@pytest.fixture
def visitor(lived: Village, provider: str, settings: Settings) -> Iterator[Journey]:
    """A browser in which nobody has signed in."""
    settings.SAMSYN_PROVIDERS = local_providers(provider, settings.SECRET_KEY)
    journey = Journey()
    yield journey
    journey.outside.close()
