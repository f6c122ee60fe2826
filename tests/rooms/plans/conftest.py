"""The clock stands on a Tuesday in November 2026, and Signe is eight."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from samsyn.common import clock
from tests.rooms.plans.world import NOW, Around, around_signe
from tests.worlds import MadeOnce


@pytest.fixture
def world(made_once: MadeOnce) -> Iterator[Around]:
    """Signe and those around her."""
    with clock.at(NOW):
        yield made_once(around_signe)
