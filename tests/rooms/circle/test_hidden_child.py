"""A child that is hidden while work is under way: nothing around it lies with somebody who may not know of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from samsyn.circle.arrival import heed_protection
from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import Handover, HandoverKind, Team
from samsyn.circle.protecting import protect_child
from samsyn.circle.team_actions import propose_team, start_team
from samsyn.circle.teams import lead_of
from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.duties.models import Duty, DutyState
from samsyn.people.actions import give_identity
from samsyn.people.models import Guardianship, Person
from samsyn.people.numbers import IdentitySystem, ReadNumber
from samsyn.people.registers import RegisterIdentity, RegisterPerson
from samsyn.protection.actions import Decided
from samsyn.protection.models import Insight
from samsyn.reviews.actions import Looked, put_in_queue
from samsyn.reviews.models import LogReview
from samsyn.site.tick import tick
from samsyn.trail.models import TrailEntry
from tests.rooms.sharing.world import LONG_AGO, TODAY, World

DECIDED = Decided("protected", "OSL 21:3", TODAY)


def hidden(world: World) -> Person:
    """Signe, whom Bo hides today."""
    protect_child(world.as_("Bo"), world.signe, DECIDED)
    return Person.objects.get(pk=world.signe.pk)


def team_with_mats(world: World, child: Person) -> Team:
    """Bo's team at the school with Mats in it, at work."""
    bo, mats = world.as_("Bo"), world.posts["Mats"]
    team = propose_team(bo, child, purpose="Lugna måndagar", members=[mats], consent=None)
    return start_team(bo, team, child_view="Bra.", lead_wish="")


def led_by_mats(world: World, child: Person) -> Team:
    """The same, which Mats has taken over to lead."""
    team = team_with_mats(world, child)
    offer = propose_handover(world.as_("Bo"), child, HandoverKind.LEAD, world.posts["Mats"], note="Ta du vid.")
    answer_handover(world.as_("Mats"), offer, accept=True)
    return team


def test_an_offer_that_waits_for_somebody_who_may_not_know_is_taken_back(world: World) -> None:
    world.named()
    team_with_mats(world, world.signe)
    offer = propose_handover(world.as_("Bo"), world.signe, HandoverKind.LEAD, world.posts["Mats"], note="Ta du vid.")
    hidden(world)
    assert Handover.objects.get(pk=offer.pk).state == "withdrawn"
    assert not Duty.objects.filter(what="answer_handover", state=DutyState.OPEN).exists()


def test_the_lead_comes_back_to_the_named_person_with_what_hangs_on_it(world: World) -> None:
    world.named()
    team = led_by_mats(world, world.signe)
    hidden(world)
    assert lead_of(team).post == world.posts["Bo"]
    assert not Duty.objects.filter(post=world.posts["Mats"], state=DutyState.OPEN).exists()


def test_whoever_takes_over_work_about_a_hidden_child_knows_of_it_as_long_as_it_lasts(world: World) -> None:
    world.named()
    team = led_by_mats(world, hidden(world))
    for days in range(0, 400, 20):
        with clock.at(clock.noon(TODAY + timedelta(days=days))):
            tick()
    with clock.at(clock.noon(TODAY + timedelta(days=400))):
        assert Team.objects.visible_to(world.as_("Mats")).filter(pk=team.pk).exists()
        Duty.objects.filter(post=world.posts["Mats"]).update(state=DutyState.DONE, ended_at=clock.now())
    for days in range(420, 800, 20):
        with clock.at(clock.noon(TODAY + timedelta(days=days))):
            tick()
    with clock.at(clock.noon(TODAY + timedelta(days=800))):
        assert not Team.objects.visible_to(world.as_("Mats")).exists(), "nothing is left for him to do"


def test_once_a_child_is_shown_again_nobody_needs_a_reason_to_know_of_it_and_none_is_given_anew(world: World) -> None:
    world.named()
    led_by_mats(world, hidden(world))
    protect_child(world.as_("Bo"), Person.objects.get(pk=world.signe.pk), replace(DECIDED, level="none"))
    before = Insight.objects.count()
    for days in range(0, 300, 20):
        with clock.at(clock.noon(TODAY + timedelta(days=days))):
            tick()
    assert Duty.objects.filter(post=world.posts["Mats"], state=DutyState.OPEN).exists()
    assert Insight.objects.count() == before


def test_who_looked_at_a_child_is_reviewed_though_the_child_is_hidden_afterwards(world: World) -> None:
    world.named()
    mats = world.as_("Mats")
    looked = Looked(world.accounts["Mats"].person, mats.account_ref, world.posts["Mats"], world.signe, ())
    review = put_in_queue(looked, ["same_name"], key="x")
    hidden(world)
    names = {post.pk: name for name, post in world.posts.items()}
    reviewer = world.as_(names[review.reviewer_id])
    assert LogReview.objects.visible_to(reviewer).filter(pk=review.pk).exists()
    assert Duty.objects.visible_to(reviewer).filter(object_ref=review.ref).exists()


def test_whoever_looks_up_a_child_whom_the_register_hides_has_ended_nothing(world: World) -> None:
    world.named()
    number = ReadNumber(IdentitySystem.RESERVE, "se:signe")
    give_identity(SYSTEM, world.signe, number)
    offer = propose_handover(world.as_("Bo"), world.signe, HandoverKind.NAMED_PERSON, world.posts["Hanna"], note="Hej.")
    signe = world.signe
    numbers = (RegisterIdentity(number.system, number.value),)
    told = RegisterPerson(numbers, signe.given_name, signe.family_name, "", signe.birth_date, (), "protected", (), None)
    heed_protection(world.as_("Kurt"), told)
    assert Handover.objects.get(pk=offer.pk).state == "withdrawn"
    assert TrailEntry.objects.get(act="handover.withdrawn").person_label == "Samsyn"


def of_the_family(world: World, name: str) -> None:
    """Somebody at work has custody of Signe."""
    Guardianship.objects.create(
        child=world.signe, guardian=world.accounts[name].person, custody="joint", since=LONG_AGO, source="test"
    )


def test_a_child_is_not_hidden_from_its_mother_only_to_be_shown_to_her_as_the_one_who_reviews(world: World) -> None:
    world.named()
    mats = world.as_("Mats")
    looked = Looked(world.accounts["Mats"].person, mats.account_ref, world.posts["Mats"], world.signe, ())
    review = put_in_queue(looked, ["same_name"], key="x")
    assert review.reviewer == world.posts["Hanna"]
    of_the_family(world, "Hanna")
    hidden(world)
    assert not Person.objects.visible_to(world.as_("Hanna")).filter(pk=world.signe.pk).exists()
    assert not LogReview.objects.visible_to(world.as_("Hanna")).exists()
