"""Two who order the same extract at once, and a worker that makes it twice: one extract, made once."""

from __future__ import annotations

from dataclasses import replace

from samsyn.common import clock
from samsyn.organisations.presence import viewer_for
from samsyn.people.models import Account
from samsyn.retention.models import RegisterExtract
from samsyn.retention.tasks import make_extract, order_extract
from samsyn.trail.models import TrailEntry
from tests import worlds
from tests.queue import waiting
from tests.rooms.plans.world import NOW, around_signe


def test_two_presses_at_once_are_one_order_made_once(committed_world: worlds.CommittedWorld) -> None:
    with clock.at(NOW):
        world = around_signe()
        world.consent()  # so that somebody has talked with Amal
        account = Account.objects.create(person=world.amal, sign_in_name="amal")
    amal = replace(viewer_for(account, None, NOW), vouched_for="family")

    def order() -> str:
        with clock.at(NOW):
            return str(order_extract(amal, world.signe, "sv").ref)

    def make() -> None:
        with clock.at(NOW):
            make_extract.func(str(RegisterExtract.objects.get().ref))

    outcomes = committed_world.at_once(order, order, order)
    assert {one for one in outcomes if isinstance(one, str)} == {str(RegisterExtract.objects.get().ref)}
    assert TrailEntry.objects.filter(act="extract.ordered").count() == 1
    assert [one.args_kwargs["args"] for one in waiting()] == [[str(RegisterExtract.objects.get().ref)]]
    assert committed_world.at_once(make, make) == [None, None]
    assert RegisterExtract.objects.get().made_at is not None
    assert TrailEntry.objects.filter(act="extract.made").count() == 1
