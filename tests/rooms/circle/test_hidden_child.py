"""A child that is hidden while work is under way: nothing around it lies with somebody who may not know of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from samsyn.circle.actions import current_named_person, give_named_person
from samsyn.circle.arrival import heed_protection
from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import Handover, HandoverKind, Team
from samsyn.circle.protecting import hidden_work_goes_on, protect_child, stop_knowing
from samsyn.circle.team_actions import propose_team, start_team
from samsyn.circle.teams import lead_of
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.ids import new_reference
from samsyn.common.viewer import SYSTEM
from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals.actions import save_draft, send_request, send_sign, start_draft
from samsyn.early_signals.models import Request
from samsyn.early_signals.rules import Noted
from samsyn.notices.models import Notice
from samsyn.organisations.actions_presence import set_absence, set_cover
from samsyn.organisations.models import Holding, Post
from samsyn.people.actions import give_identity
from samsyn.people.actions.revoked import protection_again
from samsyn.people.models import Guardianship, Person
from samsyn.people.numbers import IdentitySystem, ReadNumber
from samsyn.people.registers import RegisterIdentity, RegisterPerson
from samsyn.protection.actions import Decided
from samsyn.protection.insight_actions import give_insight
from samsyn.protection.models import Insight
from samsyn.protection.predicate import standing
from samsyn.reviews.actions import Looked, put_in_queue
from samsyn.reviews.models import LogReview
from samsyn.sharing.actions import Sharing, involve
from samsyn.sharing.models import Reason, Scope
from samsyn.site.tick import tick
from samsyn.trail.models import TrailEntry
from samsyn.trail.revoking import Revocation
from tests.rooms.circle.test_ended_yes import led_by_ines
from tests.rooms.circle.test_two_teams import apart, hands_over, yes
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


def knows(world: World, name: str) -> bool:
    return Person.objects.visible_to(world.as_(name)).filter(pk=world.signe.pk).exists()


def by_mats(world: World) -> Person:
    """Signe, whom Mats hides today; he has a reason around her."""
    mats = world.posts["Mats"]
    involve(world.signe, mats.unit, Reason.NOTICED, Scope.WHOLE, post_id=mats.pk, source="test")
    protect_child(world.as_("Mats"), world.signe, DECIDED)
    return Person.objects.get(pk=world.signe.pk)


def test_a_child_is_not_hidden_from_its_mother_only_to_be_answered_for_by_her_at_work(world: World) -> None:
    world.named()
    bo, mats = world.as_("Bo"), world.as_("Mats")
    draft = start_draft(mats, world.signe)
    noted = Noted(kind="worry", observed_on=TODAY, saw="Trött", areas=("healthy",), not_talked_because="Inte än")
    send_sign(mats, save_draft(mats, draft, noted, draft.version))
    of_the_family(world, "Bo")
    child = by_mats(world)
    named = current_named_person(child)
    assert named is not None
    assert named.post == world.posts["Hanna"]
    assert not Person.objects.visible_to(bo).filter(pk=child.pk).exists()
    assert Person.objects.visible_to(world.as_("Hanna")).filter(pk=child.pk).exists()
    assert [one.post for one in Duty.objects.filter(child=child, state=DutyState.OPEN)] == [world.posts["Hanna"]]
    assert Notice.objects.filter(post=world.posts["Hanna"], text_key="answers_now").count() == 1
    assert TrailEntry.objects.filter(act="named_person.began", subjects__child_ref=child.ref).count() == 2
    tick()
    assert not Person.objects.visible_to(bo).filter(pk=child.pk).exists()


def test_what_one_of_the_family_had_offered_somebody_is_taken_back_as_the_child_is_hidden(world: World) -> None:
    world.named()
    bo = world.as_("Bo")
    offer = propose_handover(bo, world.signe, HandoverKind.NAMED_PERSON, world.posts["Mats"], note="Ta du vid.")
    of_the_family(world, "Bo")
    by_mats(world)
    assert Handover.objects.get(pk=offer.pk).state == "withdrawn"
    assert Notice.objects.filter(post=world.posts["Mats"], text_key="handover_withdrawn").exists()
    assert not Notice.objects.filter(post=world.posts["Bo"], text_key="own_offer_withdrawn").exists()


def test_who_turns_out_to_be_of_a_hidden_childs_family_answers_for_it_no_longer(world: World) -> None:
    world.named()
    child = by_mats(world)
    assert knows(world, "Bo")
    of_the_family(world, "Bo")
    tick()
    assert not knows(world, "Bo")
    named = current_named_person(child)
    assert named is not None
    assert named.post == world.posts["Hanna"]
    assert knows(world, "Hanna")
    assert hidden_work_goes_on() == 0


def test_somebody_of_the_family_who_covers_for_the_named_person_does_not_get_a_hidden_child_with_the_post(
    world: World,
) -> None:
    world.named()
    set_absence(SYSTEM, world.accounts["Bo"].person, TODAY)
    set_cover(SYSTEM, world.posts["Bo"], world.posts["Hanna"], TODAY)
    of_the_family(world, "Hanna")
    child = by_mats(world)
    named = current_named_person(child)
    assert named is not None
    assert named.post not in (world.posts["Bo"], world.posts["Hanna"])
    assert not knows(world, "Hanna")


def test_a_child_whom_only_its_own_family_is_left_to_answer_for_stays_with_it(world: World) -> None:
    world.named()
    of_the_family(world, "Bo")
    mats = world.posts["Mats"]
    Post.objects.filter(pk=mats.pk).update(parent=world.posts["Bo"])
    Holding.objects.exclude(post=mats).update(person=world.accounts["Bo"].person)
    child = by_mats(world)
    named = current_named_person(child)
    assert named is not None
    assert named.post == world.posts["Bo"]
    assert hidden_work_goes_on() == 0


def test_nobody_takes_the_reason_back_from_the_one_who_reviews_their_own_looks(world: World) -> None:
    world.named()
    bo = world.as_("Bo")
    looked = Looked(world.accounts["Bo"].person, bo.account_ref, world.posts["Bo"], world.signe, ())
    review = put_in_queue(looked, ["same_name"], key="x")
    assert review.reviewer == world.posts["Hanna"]
    child = hidden(world)
    reason = Insight.objects.get(person=child, post=world.posts["Hanna"])
    with pytest.raises(Refused, match="A colleague of yours can take the reason back"):
        stop_knowing(world.as_("Bo"), reason)
    assert knows(world, "Hanna")
    give_insight(world.as_("Hanna"), child, world.posts["Mats"], "Mats möter henne", TODAY + timedelta(days=9))
    stop_knowing(world.as_("Mats"), reason)
    assert not knows(world, "Hanna")


def test_a_child_hidden_again_is_known_by_nobody_from_before(world: World) -> None:
    world.named()
    child = hidden(world)
    give_insight(world.as_("Bo"), child, world.posts["Mats"], "Mats möter henne", TODAY + timedelta(days=30))
    assert knows(world, "Mats")
    protect_child(world.as_("Bo"), Person.objects.get(pk=child.pk), replace(DECIDED, level="none"))
    with clock.at(clock.now() + timedelta(days=2)):
        hidden(world)
        assert (knows(world, "Bo"), knows(world, "Mats")) == (True, False), "as the page says before it is pressed"
        protect_child(world.as_("Bo"), Person.objects.get(pk=child.pk), replace(DECIDED, level="marked"))
        assert (knows(world, "Bo"), knows(world, "Mats")) == (True, False)


def test_nor_by_anybody_from_before_when_it_is_the_register_that_hides_it_again(world: World) -> None:
    world.named()
    number = ReadNumber(IdentitySystem.RESERVE, "se:signe")
    give_identity(SYSTEM, world.signe, number)
    child = hidden(world)
    give_insight(world.as_("Bo"), child, world.posts["Mats"], "Mats möter henne", TODAY + timedelta(days=30))
    protect_child(world.as_("Bo"), Person.objects.get(pk=child.pk), replace(DECIDED, level="none"))
    numbers = (RegisterIdentity(number.system, number.value),)
    told = RegisterPerson(numbers, "Signe", "Lind", "", world.signe.birth_date, (), "protected", (), None)
    with clock.at(clock.now() + timedelta(days=2)):
        heed_protection(world.as_("Hanna"), told)
        assert (knows(world, "Bo"), knows(world, "Mats"), knows(world, "Hanna")) == (True, False, False)


def test_whoever_loses_the_reason_to_know_gives_back_the_lead_and_what_waits_for_an_answer(world: World) -> None:
    world.named()
    team = led_by_mats(world, hidden(world))
    child = Person.objects.get(pk=world.signe.pk)
    offer = propose_handover(world.as_("Bo"), child, HandoverKind.NAMED_PERSON, world.posts["Mats"], note="Hej.")
    stop_knowing(world.as_("Bo"), Insight.objects.get(person=child, post=world.posts["Mats"], ends=None))
    assert lead_of(team).post == world.posts["Bo"]
    assert Handover.objects.get(pk=offer.pk).state == "withdrawn"
    assert not Duty.objects.filter(post=world.posts["Mats"], state=DutyState.OPEN).exists()


def test_a_reason_that_runs_out_leaves_no_team_with_a_lead_to_whom_the_child_is_nobody(world: World) -> None:
    world.named()
    team = led_by_mats(world, hidden(world))
    Duty.objects.filter(post=world.posts["Mats"]).update(state=DutyState.DONE, ended_at=clock.now())
    for days in range(0, 400, 20):
        with clock.at(clock.noon(TODAY + timedelta(days=days))):
            tick()
    assert lead_of(team).post == world.posts["Bo"]
    assert Notice.objects.filter(post=world.posts["Bo"], text_key="lead_came_back").count() == 1


def test_a_child_that_a_restored_house_hides_again_is_led_by_somebody_who_knows_of_it(world: World) -> None:
    world.named()
    team = led_by_mats(world, world.signe)
    line = Revocation(new_reference(), "protection", world.signe.ref, clock.now(), {"level": "protected"})
    assert protection_again(SYSTEM, line)
    assert lead_of(team).post == world.posts["Mats"]
    tick()
    assert (lead_of(team).post, knows(world, "Bo")) == (world.posts["Bo"], True)


def test_a_young_mother_who_is_hidden_with_her_child_keeps_a_lead_and_a_named_person_who_know_of_her(
    world: World,
) -> None:
    world.named()
    team = led_by_mats(world, world.signe)
    Guardianship.objects.create(child=world.nour, guardian=world.signe, custody="sole", since=LONG_AGO, source="test")
    world.named(world.nour, "Siv")
    protect_child(world.as_("Siv"), world.nour, DECIDED)
    assert not knows(world, "Mats")
    tick()
    assert (lead_of(team).post, knows(world, "Bo")) == (world.posts["Bo"], True)


def test_the_named_person_is_told_of_a_lead_and_an_offer_that_came_back_because_somebody_hid_the_child(
    world: World,
) -> None:
    world.named()
    led_by_mats(world, world.signe)
    propose_handover(world.as_("Bo"), world.signe, HandoverKind.NAMED_PERSON, world.posts["Mats"], note="Hej.")
    protect_child(world.as_("Hanna"), world.signe, DECIDED)
    told = Notice.objects.visible_to(world.as_("Bo")).values_list("text_key", flat=True)
    assert {"lead_came_back", "own_offer_withdrawn"} <= set(told)
    assert not Notice.objects.visible_to(world.as_("Mats")).exists(), "to Mats there is no such child"


def test_a_lead_that_comes_back_to_whoever_is_left_in_the_team_is_theirs_to_see(world: World) -> None:
    team = led_by_ines(world, world.consent())
    consent = team.consent
    assert consent is not None
    hands_over(world, "Bo", "Siv", "bvc")
    protect_child(world.as_("Siv"), world.signe, DECIDED)
    assert lead_of(team).post == world.posts["Bo"], "Ines may not know of Signe, and nobody else at the school does"
    with clock.at(clock.end_of(consent.until) + timedelta(seconds=1)):
        tick()
        assert lead_of(team).post == world.posts["Bo"]
        assert Duty.objects.visible_to(world.as_("Bo")).filter(what="look_at_yes").exists()


def test_whoever_is_asked_about_a_hidden_child_in_another_authority_can_read_what_is_asked(world: World) -> None:
    world.named()
    child = hidden(world)
    consent = yes(world, "Bo", "early team", kinds=("request", "sign"))
    request = send_request(
        world.as_("Bo"),
        child,
        None,
        world.units["early team"],
        wanted="Någon som kan hjälpa på kvällarna.",
        background="Hon är trött på morgnarna.",
        ground=Sharing(gate="consent", purpose="Hjälp", told="Ni vet vad vi frågar.", consent=consent),
    )
    assert Request.objects.visible_to(world.as_("Ines")).get() == request
    assert Duty.objects.visible_to(world.as_("Ines")).get().what == "answer_request"
    assert not knows(world, "Leyla"), "her colleague was not asked"


def test_whoever_is_offered_a_hidden_child_in_another_authority_can_read_the_offer_and_take_over(world: World) -> None:
    world.named()
    child = hidden(world)
    consent = yes(world, "Bo", "bvc", kinds=("circle", "plan"))
    offer = propose_handover(
        world.as_("Bo"), child, HandoverKind.NAMED_PERSON, world.posts["Siv"], note="Hej.", consent=consent
    )
    tick()
    assert Handover.objects.visible_to(world.as_("Siv")).get() == offer
    answer_handover(world.as_("Siv"), offer, accept=True)
    assert knows(world, "Siv")


def test_a_team_of_another_authority_is_led_by_somebody_who_knows_of_the_hidden_child(world: World) -> None:
    school, health = apart(world)
    protect_child(world.as_("Siv"), world.signe, DECIDED)
    assert (lead_of(school).post, lead_of(health).post) == (world.posts["Bo"], world.posts["Siv"])
    assert knows(world, "Bo")
    assert not knows(world, "Hanna")
    assert list(Team.objects.visible_to(world.as_("Siv"))) == [health]


def test_a_lead_whose_reason_a_colleague_takes_back_goes_to_the_colleague(world: World) -> None:
    school, _health = apart(world)
    protect_child(world.as_("Siv"), world.signe, DECIDED)
    give_insight(world.as_("Bo"), world.signe, world.posts["Hanna"], "Hon leder skolan.", TODAY + timedelta(days=30))
    stop_knowing(world.as_("Hanna"), Insight.objects.get(person=world.signe, post=world.posts["Bo"]))
    assert lead_of(school).post == world.posts["Hanna"]
    tick()
    assert not knows(world, "Bo")


def test_whoever_knows_for_another_sake_does_not_become_the_lead(world: World) -> None:
    school, _health = apart(world)
    protect_child(world.as_("Siv"), world.signe, DECIDED)
    give_insight(world.as_("Bo"), world.signe, world.posts["Mats"], "Han leder simningen.", TODAY + timedelta(days=300))
    for days in range(0, 200, 20):
        with clock.at(clock.noon(TODAY + timedelta(days=days))):
            tick()
    assert lead_of(school).post == world.posts["Bo"]


def test_a_lead_who_has_become_family_does_not_go_on_knowing(world: World) -> None:
    school, _health = apart(world)
    of_the_family(world, "Bo")
    protect_child(world.as_("Siv"), world.signe, DECIDED)
    assert not knows(world, "Bo")
    assert lead_of(school).post in [row.post for row in standing(clock.now()).filter(person=world.signe)]


def test_another_authoritys_lead_goes_on_knowing_for_as_long_as_the_team_is_at_work(world: World) -> None:
    school, _health = apart(world)
    protect_child(world.as_("Siv"), world.signe, DECIDED)
    for days in range(0, 400, 20):
        with clock.at(clock.noon(TODAY + timedelta(days=days))):
            tick()
    with clock.at(clock.noon(TODAY + timedelta(days=400))):
        assert lead_of(school).post == world.posts["Bo"]
        assert knows(world, "Bo")


def test_nobody_seems_to_take_the_reason_back_from_the_one_who_answers_for_the_child(world: World) -> None:
    world.named()
    child = hidden(world)
    give_insight(world.as_("Bo"), child, world.posts["Mats"], "Mats möter henne", TODAY + timedelta(days=30))
    reason = Insight.objects.get(person=child, post=world.posts["Bo"], ends=None)
    with pytest.raises(Refused, match="answers for the child"):
        stop_knowing(world.as_("Mats"), reason)
    tick()
    assert knows(world, "Bo")
    give_named_person(SYSTEM, child, world.posts["Hanna"])
    stop_knowing(world.as_("Mats"), reason)
    tick()
    assert not knows(world, "Bo")
