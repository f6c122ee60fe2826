"""Two who press at once and wait for each other: the database breaks one of them off, and both are carried out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import UUID, uuid4

from django.db import connection

from samsyn.common.ids import new_reference
from samsyn.people.models import Person
from samsyn.trail.actions import act, once
from samsyn.trail.models import Command, TrailEntry
from samsyn.trail.rules import Subject
from tests.races.counting import judged, race
from tests.rooms.sharing.world import NOW
from tests.walks.town import Town
from tests.worlds import CommittedWorld


def test_two_who_hold_what_the_other_waits_for_are_both_carried_out_once(
    committed_world: CommittedWorld, town: Town
) -> None:
    world, both_hold_one = town.world, threading.Barrier(2)
    tries: list[str] = []

    def presses(name: str, *children: Person) -> Callable[[], UUID]:
        viewer = world.as_(name)

        def do() -> UUID:
            tries.append(name)
            for turn, child in enumerate(children):
                held = Person.objects.select_for_update().get(pk=child.pk)
                # On SQLite the second waits before it begins, and never for what the first holds.
                if turn == 0 and tries.count(name) == 1 and connection.vendor == "postgresql":
                    both_hold_one.wait()
                act(viewer, "sign.saved", [Subject("child", held.ref, held.ref)])
            return new_reference()

        return lambda: once(viewer, uuid4(), do)

    race(committed_world, NOW, presses("Bo", world.signe, world.nour), presses("Maja", world.nour, world.signe))
    assert Command.objects.count() == 2
    assert len(tries) == (3 if connection.vendor == "postgresql" else 2)
    judged(2, expected=4, found=TrailEntry.objects.filter(act="sign.saved").count())
