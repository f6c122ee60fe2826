"""A yes that is leant on, or asked for anew, at the moment when something about it changes."""

from __future__ import annotations

import threading
from uuid import uuid4

from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.people.actions import Facts, new_person, note_custody
from samsyn.sharing.actions import Sharing
from samsyn.sharing.actions.disclosures import disclose
from samsyn.sharing.models import Consent, Disclosure
from tests.races.counting import race
from tests.races.test_one_person_at_once import after, paused
from tests.rooms.sharing.world import NOW, TODAY
from tests.walks.town import Town
from tests.worlds import CommittedWorld


def test_what_is_opened_while_somebody_else_gets_custody_is_closed_at_once(
    committed_world: CommittedWorld, town: Town
) -> None:
    world = town.world
    with clock.at(NOW):
        world.named()
        consent = world.consent("early team")
        rolf = new_person(SYSTEM, Facts("Rolf", "Brandt"))
        bo = world.as_("Bo")
    ground = Sharing(gate="consent", purpose="Lugna måndagar", told="Ni vet.", consent=consent)
    sender, receiver = world.authorities["school"], world.units["early team"]
    opens, noted = threading.Event(), threading.Event()
    race(
        committed_world,
        NOW,
        paused(lambda: disclose(bo, world.signe, sender, receiver, [("plan", uuid4())], ground), opens, noted),
        after(opens, lambda: note_custody(SYSTEM, world.signe, rolf, "joint", since=TODAY, source="Dom"), noted),
    )
    assert [row.ended_because for row in Disclosure.objects.all()] == ["consent_lapsed"]


def test_a_question_asked_anew_twice_at_once_is_asked_once(committed_world: CommittedWorld, town: Town) -> None:
    world = town.world
    with clock.at(NOW):
        world.named()
        earlier = world.ask(days=10)
    first, second = threading.Event(), threading.Event()
    race(
        committed_world,
        NOW,
        paused(lambda: world.ask(renews=earlier), first, second),
        after(first, lambda: world.ask(renews=earlier), second),
    )
    assert Consent.objects.filter(renews=earlier).count() == 1
