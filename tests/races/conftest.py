"""Lillköping, committed for real, on a Tuesday morning in November 2026."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from samsyn.common import clock
from tests.rooms.sharing.world import NOW
from tests.walks.town import Town, walking_town
from tests.worlds import CommittedWorld


@pytest.fixture
def town(committed_world: CommittedWorld) -> Iterator[Town]:
    """Signe, Nour, Elsa, Hugo and those around them; nothing has been noticed yet."""
    with clock.at(NOW):
        yield walking_town()
