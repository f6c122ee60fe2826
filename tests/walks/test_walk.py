"""Walks through the house: whatever people do, in whatever order, what must hold holds after every step."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from samsyn.circle.actions import give_named_person
from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from tests.rooms.sharing.world import NOW
from tests.walks.deeds import lived_town
from tests.walks.invariants import Watch
from tests.walks.machine import LifeAroundChildren

assert settings.default is not None
EXAMPLES = max(6, settings.default.max_examples * 3 // 8)
"""A walk is long: everyday fifteen, on the second database six, with --deep hundreds."""


@pytest.mark.long
def test_whatever_people_do_everybody_knows_who_answers(db: None) -> None:
    with clock.at(NOW):
        LifeAroundChildren.town = lived_town()
        run_state_machine_as_test(LifeAroundChildren, settings=settings(settings.default, max_examples=EXAMPLES))


def test_who_is_given_a_child_is_given_what_is_to_be_done(db: None) -> None:
    with clock.at(NOW):
        town, watch = lived_town(), Watch()
        watch.look()
        for child in town.children:
            give_named_person(SYSTEM, child, town.world.posts["Rakel"])
        watch.look()
