"""The clock stands on a Tuesday morning in November 2026, and sentences are in English."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from samsyn.common import clock
from tests.rooms.sharing.world import NOW, World, lillkoping
from tests.worlds import MadeOnce


@pytest.fixture
def world(made_once: MadeOnce) -> Iterator[World]:
    """Signe, Nour, Adam and those around them; nothing has been shared yet."""
    with clock.at(NOW), translation.override("en"):
        yield made_once(lillkoping)
