"""A day in Lillköping, and Signe whom Bo is named person for and Ines's team can read about."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from samsyn.common import clock
from tests.rooms.sharing.world import NOW, World, lillkoping
from tests.worlds import MadeOnce


@pytest.fixture
def world(made_once: MadeOnce) -> Iterator[World]:
    """The town at ten in the morning."""
    with clock.at(NOW), translation.override("en"):
        yield made_once(lillkoping)
