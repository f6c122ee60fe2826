"""Lillköping on a Tuesday morning in November 2026; Bo is Signe's named person."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from samsyn.common import clock
from tests.rooms.sharing.world import NOW
from tests.walks.town import Town, walking_town
from tests.worlds import MadeOnce


@pytest.fixture
def town(made_once: MadeOnce) -> Iterator[Town]:
    """The people and places; nothing has been noticed yet."""
    with clock.at(NOW):
        made = made_once(walking_town)
        made.world.named()
        yield made
