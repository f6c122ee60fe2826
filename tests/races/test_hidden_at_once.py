"""A child is hidden at the very moment when somebody accepts work around it: who has the work knows of the child."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from samsyn.circle.actions import current_named_person
from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import HandoverKind
from samsyn.circle.protecting import protect_child
from samsyn.circle.team_actions import add_member, start_team
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals.actions import accept_request
from samsyn.organisations.models import Post
from samsyn.protection.actions import Decided
from samsyn.protection.predicate import standing
from tests.races.counting import race, refusals
from tests.races.test_one_person_at_once import after, paused
from tests.rooms.sharing.world import NOW, TODAY
from tests.walks import deeds
from tests.walks.town import Town
from tests.worlds import CommittedWorld

HIDDEN = Decided("protected", "OSL 21:3", TODAY)


@dataclass
class Work:
    """How somebody comes to work with the child, and the post that does."""

    accept: Callable[[], object]
    post: Post


def a_request(town: Town) -> Work:
    world = town.world
    made = deeds.ask(town, world.as_("Bo"), world.signe, None, world.units["early team"], with_sign=False)
    ines = world.as_("Ines")
    return Work(lambda: accept_request(ines, made), world.posts["Ines"])


def a_hand_over(town: Town, to: str = "Hanna") -> Work:
    world = town.world
    offer = deeds.offer_baton(town, world.as_("Bo"), world.signe, HandoverKind.NAMED_PERSON, world.posts[to])
    receiver = world.as_(to)
    return Work(lambda: answer_handover(receiver, offer, accept=True), world.posts[to])


def a_team_that_begins(town: Town) -> Work:
    world = town.world
    bo = world.as_("Bo")
    team = deeds.propose(town, bo, world.signe, [world.posts["Hanna"]])
    return Work(lambda: start_team(bo, team, child_view="Bra.", lead_wish=""), world.posts["Hanna"])


def a_team_at_work(town: Town) -> Work:
    world = town.world
    bo = world.as_("Bo")
    team = deeds.propose(town, bo, world.signe, [world.posts["Ines"]])
    start_team(bo, team, child_view="Bra.", lead_wish="")
    return Work(lambda: add_member(bo, team, world.posts["Hanna"]), world.posts["Hanna"])


WORK: dict[str, Callable[[Town], Work]] = {
    "a request": a_request,
    "a hand-over": a_hand_over,
    "a hand-over on a yes": lambda town: a_hand_over(town, "Siv"),
    "a team that begins": a_team_that_begins,
    "a team at work": a_team_at_work,
}


def knows(town: Town, post: Post) -> bool:
    with clock.at(NOW):
        return standing(clock.now()).filter(person=town.world.signe, post=post).exists()


@pytest.mark.parametrize("work", WORK)
def test_who_accepts_while_the_child_is_hidden_knows_of_it(
    committed_world: CommittedWorld, town: Town, work: str
) -> None:
    with clock.at(NOW):
        town.world.named()
        bo, made = town.world.as_("Bo"), WORK[work](town)
    hides, accepts = threading.Event(), threading.Event()
    outcomes = race(
        committed_world,
        NOW,
        paused(lambda: protect_child(bo, town.world.signe, HIDDEN), hides, accepts),
        after(hides, made.accept, accepts),
    )
    town.world.signe.refresh_from_db()
    assert town.world.signe.is_protected
    if work.startswith("a hand-over"):  # an offer that nobody has answered is taken back from whoever may not know
        assert refusals(outcomes) == ["The offer was taken back before you answered. Nothing has moved."]
        assert not Duty.objects.filter(post=made.post, child=town.world.signe, state=DutyState.OPEN).exists()
    else:
        assert refusals(outcomes) == []
        assert knows(town, made.post)


@pytest.mark.parametrize("to", ["Hanna", "Siv"])
def test_the_named_person_to_whom_the_child_is_just_handed_over_knows_of_it(
    committed_world: CommittedWorld, town: Town, to: str
) -> None:
    with clock.at(NOW):
        town.world.named()
        bo, made = town.world.as_("Bo"), a_hand_over(town, to)
    accepts, hides = threading.Event(), threading.Event()
    outcomes = race(
        committed_world,
        NOW,
        paused(made.accept, accepts, hides),
        after(accepts, lambda: protect_child(bo, town.world.signe, HIDDEN), hides),
    )
    assert not [one for one in outcomes if isinstance(one, BaseException)]
    assert Duty.objects.filter(post=made.post, child=town.world.signe, state=DutyState.OPEN).exists()
    assert knows(town, made.post)


@pytest.mark.parametrize("again", range(4))
@pytest.mark.parametrize("to", ["Hanna", "Siv"])
def test_a_hand_over_a_team_and_a_request_that_begin_while_the_child_is_hidden_wait_for_each_other_in_no_ring(
    committed_world: CommittedWorld, town: Town, to: str, again: int
) -> None:
    world = town.world
    with clock.at(NOW):
        world.named()
        bo = world.as_("Bo")
        begins = a_team_that_begins(town)
        calls = [begins.accept, a_request(town).accept, a_hand_over(town, to).accept]
    outcomes = race(committed_world, NOW, *calls, lambda: protect_child(bo, world.signe, HIDDEN))
    assert not [one for one in outcomes if isinstance(one, BaseException) and not isinstance(one, Refused)]
    named = current_named_person(world.signe)
    assert named is not None
    assert knows(town, named.post)


def asks(town: Town) -> Work:
    world = town.world
    bo = world.as_("Bo")
    return Work(
        lambda: deeds.ask(town, bo, world.signe, None, world.units["early team"], with_sign=False), world.posts["Ines"]
    )


def offers(town: Town) -> Work:
    world = town.world
    bo = world.as_("Bo")
    return Work(
        lambda: deeds.offer_baton(town, bo, world.signe, HandoverKind.NAMED_PERSON, world.posts["Hanna"]),
        world.posts["Hanna"],
    )


@pytest.mark.parametrize("work", [asks, offers])
def test_who_is_asked_or_offered_something_while_the_child_is_hidden_knows_of_it(
    committed_world: CommittedWorld, town: Town, work: Callable[[Town], Work]
) -> None:
    with clock.at(NOW):
        town.world.named()
        bo, made = town.world.as_("Bo"), work(town)
    hides, sends = threading.Event(), threading.Event()
    outcomes = race(
        committed_world,
        NOW,
        paused(lambda: protect_child(bo, town.world.signe, HIDDEN), hides, sends),
        after(hides, made.accept, sends),
    )
    assert refusals(outcomes) == []
    assert Duty.objects.filter(post=made.post, child=town.world.signe, state=DutyState.OPEN).exists()
    assert knows(town, made.post)
