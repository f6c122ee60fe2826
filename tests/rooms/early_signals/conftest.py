"""The clock stands on a Tuesday morning in November 2026."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from samsyn.common import clock
from tests.rooms.early_signals.world import NOW, World, lillkoping
from tests.worlds import MadeOnce


@pytest.fixture
def world(made_once: MadeOnce) -> Iterator[World]:
    """Signe, Nour and those around them; nothing has been noticed yet."""
    with clock.at(NOW):
        yield made_once(lillkoping)
