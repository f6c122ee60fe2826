"""The desk's pages as staff in Lillköping meet them, on a Tuesday morning in November 2026, in English."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from samsyn.common import clock
from tests.doors.desk.browsing import Desk
from tests.rooms.sharing.world import NOW, lillkoping
from tests.worlds import MadeOnce


@pytest.fixture
def desk(made_once: MadeOnce) -> Iterator[Desk]:
    """Signe, Nour, Adam and those around them, and a browser for each of the staff."""
    with clock.at(NOW):
        yield Desk(made_once(lillkoping))


@pytest.fixture
def one_moment() -> Iterator[None]:
    """No minute passes between two answers that are compared."""
    with clock.at(clock.now()):
        yield
