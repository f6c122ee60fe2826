"""A yes that is leant on, or asked for anew, at the moment when something about it changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest

from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals.actions import accept_request, counter_request
from samsyn.early_signals.models import Request
from samsyn.people.actions import Facts, new_person, note_custody
from samsyn.plans.actions import agree, offer
from samsyn.plans.models import Plan, PlanState
from samsyn.sharing.actions import Sharing
from samsyn.sharing.actions.disclosures import disclose
from samsyn.sharing.models import Consent, Disclosure
from tests.races.counting import race
from tests.races.test_one_person_at_once import after, paused
from tests.rooms.sharing.world import NOW, TODAY
from tests.walks import deeds
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


def another_way(ines: Viewer, request: Request) -> Request:
    return counter_request(ines, request, "Hellre på fredagar.")


@pytest.mark.parametrize("answers", [accept_request, another_way], ids=["accepts", "proposes another way"])
def test_nobody_begins_to_help_on_a_yes_that_is_taken_back_at_that_moment(
    committed_world: CommittedWorld, town: Town, answers: Callable[[Viewer, Request], Request]
) -> None:
    world = town.world
    deeds.live_until(town, world.signe, "asked")
    request, consent, ines = Request.objects.get(), Consent.objects.get(), town.acting(world.posts["Ines"])
    taken_back, answered = threading.Event(), threading.Event()
    outcomes = race(
        committed_world,
        NOW,
        paused(lambda: world.answer(consent, world.amal, "withdrawn"), taken_back, answered),
        after(taken_back, lambda: answers(ines, request), answered),
    )
    assert isinstance(outcomes[1], Refused)
    left = Duty.objects.filter(object_ref=request.ref, state=DutyState.OPEN)
    assert [(duty.what, duty.post) for duty in left] == [("look_at_yes", world.posts["Bo"])]


@pytest.mark.parametrize("first", ["the plan", "the yes"])
def test_a_plan_that_is_agreed_while_the_yes_to_it_is_taken_back_is_no_plan_or_is_looked_at_with_the_family(
    committed_world: CommittedWorld, town: Town, first: str
) -> None:
    world, signe = town.world, town.world.signe
    world.named()
    bo = world.as_("Bo")
    team = deeds.propose(town, bo, signe, [world.posts["Mats"]])  # nobody outside the school: the yes is to the plan
    for verb in ("start", "plan"):
        deeds.team_step(town, bo, team, verb, world.posts["Bo"])
    plan = Plan.objects.get()
    deeds.write(town, bo, plan, 9)
    offer(bo, plan, Plan.objects.get().version)
    deeds.hear(bo, plan)
    town.yes_to_plan(plan)
    consent, version, day = Consent.objects.get(), Plan.objects.get().version, TODAY + 30 * deeds.DAY

    def agreed() -> object:
        return agree(bo, plan, version, review_on=day)

    def withdrawn() -> None:
        world.answer(consent, world.amal, "withdrawn")

    one, other = (agreed, withdrawn) if first == "the plan" else (withdrawn, agreed)
    done, tried = threading.Event(), threading.Event()
    race(committed_world, NOW, paused(one, done, tried), after(done, other, tried))
    looks = Duty.objects.filter(object_ref=plan.ref, what="look_at_yes", state=DutyState.OPEN).exists()
    in_force = Plan.objects.get().state == PlanState.ACTIVE
    assert (in_force, looks) == ((True, True) if first == "the plan" else (False, False))
