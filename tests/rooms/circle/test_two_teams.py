"""Two authorities with a team each around one child: nothing of the one moves with the other, until they are one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from samsyn.circle.answers import hangs_on_post
from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.handover_answers import answer_handover, met_family
from samsyn.circle.models import Handover, HandoverKind, HandoverState, Membership, Team
from samsyn.circle.team_actions import (
    add_member,
    close_team,
    leave_unread_teams,
    propose_team,
    remove_member,
    rest_team_on,
    start_team,
)
from samsyn.circle.teams import lead_of, open_team
from samsyn.circle.two_teams import look_for_two
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.viewer import SYSTEM
from samsyn.duties.actions import open_duty
from samsyn.duties.models import Duty, DutyState
from samsyn.notices.models import Notice
from samsyn.plans.actions import open_plan, start_plan
from samsyn.plans.models import Plan
from samsyn.sharing.actions import stop_sharing
from samsyn.sharing.actions.endings import close_what_is_left_out
from samsyn.sharing.models import Consent, ConsentLimit, Disclosure, Involvement, Reason
from samsyn.sharing.predicate import reasons_of
from samsyn.trail.models import TrailEntry
from tests.rooms.sharing.world import NOW, TODAY, World

LEAD, NAMED = HandoverKind.LEAD, HandoverKind.NAMED_PERSON
MAKE_ONE = "make_one_team"


def yes(world: World, by: str, *units: str, kinds: Sequence[str] = ("circle", "plan")) -> Consent:
    """Amal's and Olof's yes to what somebody asks about Signe."""
    consent = world.ask(*units, by=by, kinds=kinds, child_reason="De har pratat om det hemma.")
    for guardian in (world.amal, world.olof):
        world.answer(consent, guardian, "given", by=by)
    return consent


def begun(world: World, by: str, *names: str, units: Sequence[str]) -> Team:
    """A team at work that somebody has proposed and leads."""
    members = [world.posts[name] for name in names]
    consent = yes(world, by, *units)
    team = propose_team(world.as_(by), world.signe, purpose=f"{by} frågar.", members=members, consent=consent)
    return start_team(world.as_(by), team, child_view="Bra.", lead_wish="")


def hands_over(world: World, by: str, to: str, unit: str) -> Consent:
    """Somebody hands over being Signe's named person to another authority; gives the yes that it went on."""
    consent = yes(world, by, unit, kinds=("circle", "plan", "sign", "request"))
    offer = propose_handover(world.as_(by), world.signe, NAMED, world.posts[to], note="Hej.", consent=consent)
    answer_handover(world.as_(to), offer, accept=True)
    return consent


def apart(world: World) -> tuple[Team, Team]:
    """Bo's team at the school, and Siv's at child health care, of which she could not know: Ines is in both."""
    world.named()
    school = begun(world, "Bo", "Ines", units=["early team"])
    start_plan(world.as_("Bo"), school, "Lugna måndagar")
    consent = hands_over(world, "Bo", "Siv", "bvc")
    world.answer(consent, world.amal, "withdrawn")
    return school, begun(world, "Siv", "Ines", units=["early team"])


def told(world: World) -> list[tuple[str, str]]:
    """Who is to see that the teams become one, and by which team."""
    rows = Duty.objects.filter(what=MAKE_ONE, state=DutyState.OPEN).select_related("post")
    names = {post.pk: name for name, post in world.posts.items()}
    teams = {team.ref: team.purpose for team in Team.objects.all()}
    return sorted((names[row.post_id], teams[row.object_ref]) for row in rows)


# --- each its own -----------------------------------------------------------------------------------------------------


def test_a_named_person_who_does_not_see_the_other_team_begins_one(world: World) -> None:
    school, health = apart(world)
    assert (school.authority, health.authority) == (world.authorities["school"], world.authorities["region"])
    assert list(Team.objects.visible_to(world.as_("Siv"))) == [health]
    plan = start_plan(world.as_("Siv"), health, "Sömnen")
    assert open_plan(health) == plan
    other = open_plan(school)
    assert other is not None
    assert list(Plan.objects.visible_to(world.as_("Siv"))) == [plan]
    assert list(Plan.objects.visible_to(world.as_("Bo"))) == [other]
    assert told(world) == []


def test_whoever_sees_the_other_team_is_refused_as_ever(world: World) -> None:
    world.named()
    begun(world, "Bo", "Ines", units=["early team"])
    hands_over(world, "Bo", "Siv", "bvc")
    assert Team.objects.visible_to(world.as_("Siv")).exists()
    with pytest.raises(Refused, match=r"There is already a team around the child\. Add people to it instead\."):
        propose_team(world.as_("Siv"), world.signe, purpose="x", members=[world.posts["Ines"]], consent=None)


def test_an_authority_has_one_open_team_and_a_team_one_open_plan(world: World) -> None:
    school, health = apart(world)
    for team in (school, health):
        with pytest.raises(IntegrityError), transaction.atomic():
            Team.objects.create(
                child=world.signe,
                authority=team.authority,
                purpose="x",
                proposed_by=world.posts["Bo"],
                proposed_at=NOW,
            )
    with pytest.raises(Refused, match="already a plan"):
        start_plan(world.as_("Bo"), school, "En till")
    with pytest.raises(Refused, match="already a team"):
        propose_team(world.as_("Siv"), world.signe, purpose="x", members=[world.posts["Ines"]], consent=None)


# --- closing one ------------------------------------------------------------------------------------------------------


def test_closing_one_leaves_the_others_plan_disclosures_offers_and_reasons(world: World) -> None:
    school, health = apart(world)
    plan = start_plan(world.as_("Siv"), health, "Sömnen")
    offer = propose_handover(world.as_("Bo"), world.signe, LEAD, world.posts["Ines"], note="Ines har tid.")
    open_before = set(Disclosure.objects.filter(authority=school.authority, ended_at=None))
    Plan.objects.filter(pk=plan.pk).update(state="closed", how_to_reach_us="Ring Siv.")
    close_team(world.as_("Siv"), health, open_plan=False)
    offer.refresh_from_db()
    assert offer.state == HandoverState.PROPOSED
    assert set(Disclosure.objects.filter(authority=school.authority, ended_at=None)) == open_before
    assert not Disclosure.objects.filter(items__ref__in=[health.ref, plan.ref], ended_at=None).exists()
    assert open_plan(school) is not None
    assert open_team(world.signe, school.authority_id) == school
    assert Plan.objects.visible_to(world.as_("Ines")).get() == open_plan(school)
    mine = reasons_of(world.as_("Ines"), clock.now()).filter(child=world.signe, reason=Reason.TEAM)
    assert [row.consent_id for row in mine] == [school.consent_id]


def test_leaving_one_leaves_the_reason_and_the_promises_of_the_other(world: World) -> None:
    school, health = apart(world)
    remove_member(world.as_("Siv"), health, world.posts["Ines"])
    assert list(Team.objects.visible_to(world.as_("Ines"))) == [school]
    assert reasons_of(world.as_("Ines"), clock.now()).filter(child=world.signe, reason=Reason.TEAM).exists()


def test_what_is_promised_in_one_plan_keeps_nobody_in_the_other_team(world: World) -> None:
    school, health = apart(world)
    plan = open_plan(school)
    assert plan is not None
    open_duty(
        world.posts["Ines"],
        "carry_out_action",
        child=world.signe,
        room="plan_action",
        object_ref=plan.ref,
        rule="agreed_in_plan",
        start=clock.now(),
        due_on=TODAY + timedelta(days=9),
    )
    with pytest.raises(Refused, match="are still theirs"):
        remove_member(world.as_("Bo"), school, world.posts["Ines"])
    remove_member(world.as_("Siv"), health, world.posts["Ines"])


def test_a_new_yes_to_one_team_keeps_what_the_other_gives(world: World) -> None:
    school, health = apart(world)
    rest_team_on(world.as_("Siv"), health, yes(world, "Siv", "early team"))
    mine = reasons_of(world.as_("Ines"), clock.now()).filter(child=world.signe, reason=Reason.TEAM)
    health.refresh_from_db()
    assert {row.consent_id for row in mine} == {school.consent_id, health.consent_id}
    assert {team.pk for team in Team.objects.visible_to(world.as_("Ines"))} == {school.pk, health.pk}


# --- handing over -----------------------------------------------------------------------------------------------------


def test_handing_over_one_lead_moves_nothing_of_the_other_team(world: World) -> None:
    school, health = apart(world)
    plan = start_plan(world.as_("Siv"), health, "Sömnen")
    for by, team in (("Bo", school), ("Siv", health)):
        offer = propose_handover(world.as_(by), world.signe, LEAD, world.posts["Ines"], note="Ines har tid.")
        assert offer.authority == team.authority
    first = Handover.objects.get(authority=school.authority, kind=LEAD)
    answer_handover(world.as_("Ines"), first, accept=True)
    assert lead_of(school).post == world.posts["Ines"]
    assert lead_of(health).post == world.posts["Siv"]
    duty = Duty.objects.get(object_ref=plan.ref, state=DutyState.OPEN)
    assert (duty.what, duty.post) == ("finish_plan", world.posts["Siv"])
    other = open_plan(school)
    assert other is not None
    assert Duty.objects.get(object_ref=other.ref, what="finish_plan").post == world.posts["Ines"]
    second = Handover.objects.get(authority=health.authority, kind=LEAD)
    assert second.state == HandoverState.PROPOSED


def test_whoever_leads_both_hands_over_the_one_that_is_meant(world: World) -> None:
    school, health = apart(world)
    for by, team in (("Bo", school), ("Siv", health)):
        offer = propose_handover(world.as_(by), world.signe, LEAD, world.posts["Ines"], note="x", team=team)
        answer_handover(world.as_("Ines"), offer, accept=True)
    assert [one.kind for one in hangs_on_post(world.posts["Ines"].pk)] == ["team", "team"]
    with pytest.raises(Refused, match="must be in the team"):
        propose_handover(world.as_("Ines"), world.signe, LEAD, world.posts["Bo"], note="x", team=health)
    back = propose_handover(world.as_("Ines"), world.signe, LEAD, world.posts["Siv"], note="x", team=health)
    answer_handover(world.as_("Siv"), back, accept=True)
    assert (lead_of(school).post, lead_of(health).post) == (world.posts["Ines"], world.posts["Siv"])
    at_work = Duty.objects.filter(hangs_on="lead", state=DutyState.OPEN, what__in=("finish_plan", "meet_family"))
    plan = open_plan(school)
    taken = Handover.objects.get(authority=school.authority, kind=LEAD)
    assert plan is not None
    assert {row.object_ref for row in at_work.filter(post=world.posts["Ines"])} == {plan.ref, taken.ref}


def test_a_new_named_person_comes_into_the_teams_of_the_one_before_and_into_no_other(world: World) -> None:
    world.named()
    school = begun(world, "Bo", "Ines", units=["early team"])
    world.named(post="Siv")  # as the register says it: she was never in the school's team
    health = begun(world, "Siv", "Ines", units=["early team"])
    hands_over(world, "Siv", "Edvin", "reception")
    assert health.memberships.filter(post=world.posts["Edvin"], until=None).exists()
    assert not school.memberships.filter(post=world.posts["Edvin"]).exists()
    assert list(Team.objects.visible_to(world.as_("Edvin"))) == [health]


def test_only_the_own_team_and_plan_go_along_to_another_authority(world: World) -> None:
    school, health = apart(world)
    plan = start_plan(world.as_("Siv"), health, "Sömnen")
    before = set(Disclosure.objects.values_list("pk", flat=True))
    hands_over(world, "Siv", "Edvin", "reception")
    along = Disclosure.objects.exclude(pk__in=before).values_list("items__ref", flat=True)
    assert {health.ref, plan.ref} <= set(along)
    other = open_plan(school)
    assert other is not None
    assert not {school.ref, other.ref} & set(along)


# --- made one ---------------------------------------------------------------------------------------------------------


def test_a_lead_that_comes_to_read_the_other_team_is_to_see_that_they_become_one(world: World) -> None:
    school, health = apart(world)
    newer = yes(world, "Bo", "early team", "bvc")
    rest_team_on(world.as_("Bo"), school, newer)
    assert Team.objects.visible_to(world.as_("Siv")).count() == 2
    assert told(world) == [("Siv", "Siv frågar.")]
    duty = Duty.objects.get(what=MAKE_ONE)
    facts = (duty.room, duty.object_ref, duty.rule, duty.hangs_on)
    assert facts == ("team", health.ref, MAKE_ONE, "lead")
    rest_team_on(world.as_("Siv"), health, yes(world, "Siv", "early team", "stoby"))
    assert told(world) == [("Siv", "Siv frågar.")], "Bo's unit is not in Siv's team"
    add_member(world.as_("Siv"), health, world.posts["Bo"])
    assert told(world) == [("Bo", "Bo frågar."), ("Siv", "Siv frågar.")]
    look_for_two(world.signe)
    assert Duty.objects.filter(what=MAKE_ONE).count() == 2


@pytest.mark.parametrize("closes", ["Bo", "Siv"])
def test_the_duty_ends_when_either_team_closes(world: World, closes: str) -> None:
    school, health = apart(world)
    rest_team_on(world.as_("Bo"), school, yes(world, "Bo", "early team", "bvc"))
    assert told(world)
    close_team(world.as_(closes), school if closes == "Bo" else health, open_plan=False)
    assert told(world) == []


def test_the_duty_goes_with_the_lead_and_only_to_somebody_who_reads_both(world: World) -> None:
    school, _health = apart(world)
    rest_team_on(world.as_("Bo"), school, yes(world, "Bo", "early team", "bvc"))
    offer = propose_handover(world.as_("Siv"), world.signe, LEAD, world.posts["Ines"], note="x")
    answer_handover(world.as_("Ines"), offer, accept=True)
    assert told(world) == [("Ines", "Siv frågar.")]
    newer = yes(world, "Bo", "bvc")
    remove_member(world.as_("Bo"), school, world.posts["Ines"])
    rest_team_on(world.as_("Bo"), school, newer)
    assert told(world) == []


def test_when_the_yes_is_taken_back_nobody_is_told_any_longer(world: World) -> None:
    school, _health = apart(world)
    newer = yes(world, "Bo", "early team", "bvc")
    rest_team_on(world.as_("Bo"), school, newer)
    assert told(world)
    world.answer(newer, world.olof, "withdrawn")
    assert told(world) == []
    assert not Involvement.objects.filter(consent=newer, until=None).exists()


def test_a_team_that_nobody_had_begun_comes_back_to_who_proposed_it_when_the_yes_to_the_hand_over_ends(
    world: World,
) -> None:
    world.named()
    team = propose_team(
        world.as_("Bo"),
        world.signe,
        purpose="Lugna måndagar",
        members=[world.posts["Mats"]],
        consent=yes(world, "Bo", "early team"),
    )
    consent = hands_over(world, "Bo", "Siv", "bvc")
    assert Duty.objects.get(object_ref=team.ref, what="start_team").post == world.posts["Siv"]
    world.answer(consent, world.amal, "withdrawn")
    assert not Team.objects.visible_to(world.as_("Siv")).exists()
    open_now = Duty.objects.filter(object_ref=team.ref, state=DutyState.OPEN)
    assert {(one.what, one.post) for one in open_now.select_related("post")} == {
        ("start_team", world.posts["Bo"]),
        ("look_at_yes", world.posts["Bo"]),
    }
    assert list(Team.objects.visible_to(world.as_("Bo"))) == [team]
    close_team(world.as_("Bo"), team, open_plan=False)
    assert not Team.objects.visible_to(world.as_("Bo")).exists()


# --- what follows the named person, and does not ----------------------------------------------------------------------


def duties_nobody_can_open(world: World) -> list[tuple[str, str, str]]:
    """Who has something to do with a team that it may not read."""
    names = {post.pk: name for name, post in world.posts.items()}
    hidden = []
    for duty in Duty.objects.filter(state=DutyState.OPEN, room="team"):
        team = Team.objects.get(ref=duty.object_ref)
        if not Team.objects.visible_to(world.as_(names[duty.post_id])).filter(pk=team.pk).exists():
            hidden.append((names[duty.post_id], duty.what, team.purpose))
    return hidden


def led_by_ines(world: World) -> tuple[Team, Consent]:
    """Bo's team at the school, led by Ines of the early team, and the yes that it rests on."""
    world.named()
    team = begun(world, "Bo", "Ines", units=["early team"])
    offer = propose_handover(world.as_("Bo"), world.signe, LEAD, world.posts["Ines"], note="Ines har tid.")
    answer_handover(world.as_("Ines"), offer, accept=True)
    assert team.consent is not None
    return team, team.consent


def of_bo(world: World) -> Team:
    """A team that Bo has proposed, and that nobody has begun."""
    world.named()
    members = [world.posts["Ines"]]
    return propose_team(world.as_("Bo"), world.signe, purpose="Bo frågar.", members=members, consent=None)


def test_beginning_a_team_does_not_follow_a_named_person_who_never_saw_it(world: World) -> None:
    team = of_bo(world)
    world.named(post="Siv")  # as the register says it
    duty = Duty.objects.get(what="start_team", state=DutyState.OPEN)
    assert (duty.post, duty.hangs_on) == (world.posts["Bo"], "post")
    assert list(Team.objects.visible_to(world.as_("Bo"))) == [team]
    assert duties_nobody_can_open(world) == []


@pytest.mark.parametrize("how", ["closed in the ledger", "left out of the yes", "removed from the team"])
def test_a_team_that_nobody_had_begun_comes_back_when_it_is_closed_to_who_was_to_begin_it(
    world: World, how: str
) -> None:
    team = of_bo(world)
    consent = hands_over(world, "Bo", "Siv", "bvc")
    assert Duty.objects.get(what="start_team").post == world.posts["Siv"]
    if how == "closed in the ledger":
        stop_sharing(world.as_("Bo"), Disclosure.objects.get(items__ref=team.ref, ended_at=None))
    elif how == "left out of the yes":
        ConsentLimit.objects.create(consent=consent, unit=world.units["bvc"], kind="circle", words="Inte BVC.")
        close_what_is_left_out(world.as_("Bo"), consent)
    else:
        remove_member(world.as_("Bo"), team, world.posts["Siv"])
    assert Duty.objects.get(what="start_team").post == world.posts["Bo"]
    assert duties_nobody_can_open(world) == []


@pytest.mark.parametrize("how", ["closed in the ledger", "left out of the yes"])
def test_an_offer_that_is_closed_to_whom_it_was_made_is_taken_back_and_who_made_it_is_told(
    world: World, how: str
) -> None:
    world.named()
    consent = yes(world, "Bo", "bvc", kinds=("circle", "plan", "sign", "request"))
    offer = propose_handover(world.as_("Bo"), world.signe, NAMED, world.posts["Siv"], note="Hej.", consent=consent)
    if how == "closed in the ledger":
        stop_sharing(world.as_("Bo"), Disclosure.objects.get(items__ref=offer.ref, ended_at=None))
    else:
        ConsentLimit.objects.create(consent=consent, unit=world.units["bvc"], kind="circle", words="Inte BVC.")
        close_what_is_left_out(world.as_("Bo"), consent)
    offer.refresh_from_db()
    assert offer.state == HandoverState.WITHDRAWN
    assert not Duty.objects.filter(post=world.posts["Siv"], state=DutyState.OPEN).exists()
    assert Notice.objects.filter(post=world.posts["Bo"], text_key="yes_ended", object_ref=offer.ref).count() == 1


def test_what_came_back_stays_when_the_named_person_moves_on(world: World) -> None:
    of_bo(world)
    consent = hands_over(world, "Bo", "Siv", "bvc")
    assert Duty.objects.get(what="start_team").post == world.posts["Siv"]
    world.answer(consent, world.amal, "withdrawn")
    hands_over(world, "Siv", "Edvin", "reception")
    assert Duty.objects.get(what="start_team").post == world.posts["Bo"]
    assert duties_nobody_can_open(world) == []


def test_another_authoritys_team_that_the_new_named_person_may_not_read_stays_with_that_authority(world: World) -> None:
    of_bo(world)
    hands_over(world, "Bo", "Siv", "bvc")
    hands_over(world, "Siv", "Edvin", "reception")
    assert Duty.objects.get(what="start_team").post == world.posts["Bo"]
    assert duties_nobody_can_open(world) == []


@pytest.mark.parametrize("how", ["register", "hand-over"])
def test_looking_at_a_yes_that_ended_does_not_follow_where_the_team_is_not_read(world: World, how: str) -> None:
    team, rests_on = led_by_ines(world)
    world.answer(rests_on, world.amal, "withdrawn")
    assert (lead_of(team).post, Duty.objects.get(what="look_at_yes").post) == (world.posts["Bo"], world.posts["Bo"])
    if how == "register":
        world.named(post="Siv")
    else:
        consent = hands_over(world, "Bo", "Siv", "bvc")
        world.answer(consent, world.amal, "withdrawn")
        hands_over(world, "Siv", "Edvin", "reception")
    assert Duty.objects.get(what="look_at_yes").post == world.posts["Bo"]
    assert duties_nobody_can_open(world) == []


def test_a_team_that_nobody_reads_any_longer_goes_to_the_desk_and_can_be_closed_there(world: World) -> None:
    team, rests_on = led_by_ines(world)
    consent = hands_over(world, "Bo", "Siv", "bvc")
    remove_member(world.as_("Ines"), team, world.posts["Bo"])
    world.answer(consent, world.amal, "withdrawn")
    world.answer(rests_on, world.amal, "withdrawn")
    assert Duty.objects.get(what="look_at_yes").post == world.posts["Karin"]
    assert list(Team.objects.visible_to(world.as_("Karin"))) == [team]
    assert lead_of(team).post == world.posts["Karin"]
    assert not Team.objects.visible_to(world.as_("Bo")).exists()
    close_team(world.as_("Karin"), team, open_plan=False)
    assert not Team.objects.visible_to(world.as_("Karin")).exists()


def test_a_team_whose_lead_cannot_read_it_goes_to_who_proposed_it_and_is_still_in_it(world: World) -> None:
    team, rests_on = led_by_ines(world)
    add_member(world.as_("Bo"), team, world.posts["Hanna"])
    consent = hands_over(world, "Bo", "Siv", "bvc")
    world.answer(consent, world.amal, "withdrawn")
    world.answer(rests_on, world.amal, "withdrawn")
    assert Duty.objects.get(what="look_at_yes").post == world.posts["Bo"]
    rest_team_on(world.as_("Bo"), team, yes(world, "Bo", "early team"))
    assert not Duty.objects.filter(what="look_at_yes", state=DutyState.OPEN).exists()


def test_a_new_named_person_can_note_that_the_family_is_met_after_the_yes_has_ended(world: World) -> None:
    world.named()
    consent = hands_over(world, "Bo", "Siv", "bvc")
    offer = Handover.objects.get()
    world.answer(consent, world.amal, "withdrawn")
    assert list(Handover.objects.visible_to(world.as_("Siv"))) == [offer]
    assert not Handover.objects.visible_to(world.as_("Edvin")).exists()
    met_family(world.as_("Siv"), offer)
    with clock.at(NOW + timedelta(days=1)):
        assert not Handover.objects.visible_to(world.as_("Siv")).exists()


def test_nobody_meets_the_family_for_an_earlier_hand_over_that_it_cannot_read(world: World) -> None:
    world.named()
    hands_over(world, "Bo", "Siv", "bvc")
    hands_over(world, "Siv", "Edvin", "reception")
    left = Duty.objects.filter(what="meet_family", state=DutyState.OPEN)
    assert [(one.post, one.object_ref) for one in left] == [
        (world.posts["Edvin"], Handover.objects.get(to_post=world.posts["Edvin"]).ref)
    ]


# --- who is in another authority's team -------------------------------------------------------------------------------


def names_in(team: Team) -> set[str]:
    """The titles of those in a team."""
    return {row.post.title for row in team.memberships.filter(until=None).select_related("post")}


def test_a_new_named_person_does_not_come_into_a_team_that_who_hands_over_cannot_read(world: World) -> None:
    school, health = apart(world)
    seen_by_bo = set(Membership.objects.visible_to(world.as_("Bo")))
    hands_over(world, "Siv", "Edvin", "reception")
    assert world.posts["Edvin"].title not in names_in(school)
    assert world.posts["Edvin"].title in names_in(health)
    assert set(Membership.objects.visible_to(world.as_("Bo"))) == seen_by_bo


def test_a_new_named_person_comes_into_another_authoritys_team_that_who_hands_over_reads(world: World) -> None:
    world.named()
    school = begun(world, "Bo", "Ines", units=["early team"])
    hands_over(world, "Bo", "Siv", "bvc")
    hands_over(world, "Siv", "Edvin", "reception")
    assert world.posts["Edvin"].title in names_in(school)


def test_a_new_yes_lets_those_leave_whom_it_does_not_name_and_who_read_nothing(world: World) -> None:
    school, _health = apart(world)
    assert world.posts["Siv"].title in names_in(school)
    rest_team_on(world.as_("Bo"), school, yes(world, "Bo", "early team"))
    assert names_in(school) == {world.posts["Bo"].title, world.posts["Ines"].title}
    left = TrailEntry.objects.get(act="team.left")
    assert left.subjects.filter(ref=world.posts["Siv"].ref).exists()


def test_a_new_yes_that_leaves_out_who_reads_the_team_is_refused_as_ever(world: World) -> None:
    school, _health = apart(world)
    rest_team_on(world.as_("Bo"), school, yes(world, "Bo", "early team", "bvc"))
    with pytest.raises(Refused, match="not to this receiver"):
        rest_team_on(world.as_("Bo"), school, yes(world, "Bo", "early team"))


def test_a_member_whom_the_yes_does_not_name_stops_nobody_else_from_joining(world: World) -> None:
    school, _health = apart(world)
    add_member(world.as_("Bo"), school, world.posts["Hanna"])
    assert {world.posts["Hanna"].title, world.posts["Siv"].title} <= names_in(school)


def test_a_named_person_of_another_authority_can_be_removed(world: World) -> None:
    school, health = apart(world)
    remove_member(world.as_("Bo"), school, world.posts["Siv"])
    assert world.posts["Siv"].title not in names_in(school)
    with pytest.raises(Refused):
        remove_member(world.as_("Siv"), health, world.posts["Siv"])


def test_a_team_that_is_not_read_does_not_hang_on_a_post(world: World) -> None:
    school, _health = apart(world)
    kinds = [one.kind for one in hangs_on_post(world.posts["Siv"].pk)]
    assert kinds == ["named_person", "team"], "and nothing of the school's"
    rest_team_on(world.as_("Bo"), school, yes(world, "Bo", "early team", "bvc"))
    assert "membership" in [one.kind for one in hangs_on_post(world.posts["Siv"].pk)]


def test_who_leaves_a_unit_that_ends_leaves_the_teams_that_are_not_read(world: World) -> None:
    school, _health = apart(world)
    leave_unread_teams(SYSTEM, world.units["bvc"])
    assert world.posts["Siv"].title not in names_in(school)
    assert world.posts["Ines"].title in names_in(school)


# --- what closes while the yes stands ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["", "circle"])
def test_whoever_is_left_out_of_the_yes_is_not_told_any_longer(world: World, kind: str) -> None:
    school, _health = apart(world)
    newer = yes(world, "Bo", "early team", "bvc")
    rest_team_on(world.as_("Bo"), school, newer)
    assert told(world) == [("Siv", "Siv frågar.")]
    ConsentLimit.objects.create(consent=newer, unit=world.units["bvc"], kind=kind, words="Inte BVC.")
    close_what_is_left_out(world.as_("Bo"), newer)
    assert not Team.objects.visible_to(world.as_("Siv")).filter(pk=school.pk).exists()
    assert told(world) == []


def test_a_limit_that_the_ledger_missed_is_honoured_too(world: World) -> None:
    school, _health = apart(world)
    newer = yes(world, "Bo", "early team", "bvc")
    rest_team_on(world.as_("Bo"), school, newer)
    ConsentLimit.objects.create(consent=newer, unit=world.units["bvc"], kind="", words="Inte BVC.")
    look_for_two(world.signe)
    assert told(world) == []


def test_what_is_stopped_by_hand_ends_the_duty(world: World) -> None:
    school, _health = apart(world)
    rest_team_on(world.as_("Bo"), school, yes(world, "Bo", "early team", "bvc"))
    opened = Disclosure.objects.get(items__ref=school.ref, receiver=world.units["bvc"], ended_at=None)
    stop_sharing(world.as_("Bo"), opened)
    assert told(world) == []


def test_a_lead_that_becomes_named_person_and_reads_both_is_told(world: World) -> None:
    apart(world)
    hands_over(world, "Siv", "Bo", "stoby")
    assert Team.objects.visible_to(world.as_("Bo")).count() == 2
    assert told(world) == [("Bo", "Bo frågar.")]
