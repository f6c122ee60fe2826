"""Walks through the house: whatever people do, in whatever order, what must hold holds after every step."""

from __future__ import annotations

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from samsyn.common import clock
from tests.rooms.sharing.world import NOW
from tests.walks.deeds import lived_town
from tests.walks.machine import LifeAroundChildren


def test_whatever_people_do_everybody_knows_who_answers(db: None) -> None:
    with clock.at(NOW):
        LifeAroundChildren.town = lived_town()
        run_state_machine_as_test(LifeAroundChildren, settings=settings.default)
