"""A team whose yes has ended: who sits outside sees nothing more for its sake, and who holds it together is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import HandoverKind, HandoverState, Team
from samsyn.circle.team_actions import (
    add_member,
    close_team,
    propose_team,
    rest_team_on,
    start_team,
    team_ground,
)
from samsyn.circle.teams import lead_of
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.duties.models import Duty, DutyState
from samsyn.notices.models import Notice
from samsyn.sharing.actions import close_what_lost_its_consent, disclose, looked_at_with_family, stop_sharing
from samsyn.sharing.models import Consent, Disclosure, Involvement, Reason
from samsyn.sharing.predicate import reasons_of
from samsyn.site.tick import tick
from samsyn.trail.models import TrailEntry
from tests.rooms.sharing.world import TODAY, World

LOOK = "look_at_yes"


def at_work(world: World, consent: Consent) -> Team:
    """Bo leads, Mats and Ines are in it."""
    world.named()
    members = [world.posts[name] for name in ("Mats", "Ines")]
    team = propose_team(world.as_("Bo"), world.signe, purpose="Lugna måndagar", members=members, consent=consent)
    return start_team(world.as_("Bo"), team, child_view="Bra.", lead_wish="Bo.")


def in_team(world: World, name: str) -> bool:
    """Has somebody a reason around Signe now because of the team."""
    return reasons_of(world.as_(name), clock.now()).filter(child=world.signe, reason=Reason.TEAM).exists()


def look_duties(world: World) -> list[str]:
    """The posts that are to talk with the family."""
    rows = Duty.objects.filter(what=LOOK, state=DutyState.OPEN).select_related("post")
    names = {post.pk: name for name, post in world.posts.items()}
    return sorted(names[row.post_id] for row in rows)


def told(world: World, name: str) -> list[str]:
    """What the post has been told about a yes that ended."""
    keys = ("yes_ended", "closed_to_you")  # the second tells no thing, since it can be read no longer
    rows = Notice.objects.filter(post=world.posts[name], text_key__in=keys).values_list("room", flat=True)
    return sorted(rows)


def test_ines_reason_ends_with_the_yes_and_mats_inside_the_school_keeps_his(world: World) -> None:
    consent = world.consent()
    at_work(world, consent)
    assert in_team(world, "Ines")
    world.answer(consent, world.olof, "withdrawn")
    assert not in_team(world, "Ines")
    assert (in_team(world, "Mats"), in_team(world, "Bo")) == (True, True)


def test_it_ends_with_the_last_day_before_any_tick(world: World) -> None:
    consent = world.consent()
    at_work(world, consent)
    with clock.at(clock.end_of(consent.until) - timedelta(seconds=1)):
        assert in_team(world, "Ines")
    with clock.at(clock.end_of(consent.until) + timedelta(seconds=1)):
        assert not in_team(world, "Ines")


@pytest.mark.parametrize("how", ["withdrawn", "expired"])
def test_the_lead_is_to_talk_with_the_family_once(world: World, how: str) -> None:
    consent = world.consent()
    team = at_work(world, consent)
    if how == "withdrawn":
        world.answer(consent, world.amal, "withdrawn")
        assert close_what_lost_its_consent() == 0
        moment = clock.now()
    else:
        moment = clock.end_of(consent.until) + timedelta(seconds=1)
        with clock.at(moment):
            tick()
            tick()
    assert look_duties(world) == ["Bo"]
    duty = Duty.objects.get(what=LOOK)
    assert (duty.object_ref, duty.room, duty.rule, duty.hangs_on) == (team.ref, "team", "look_at_ended_consent", "lead")
    assert duty.due_at > moment
    assert told(world, "Bo") == ["team"]


def led_by_ines(world: World, consent: Consent) -> Team:
    """The team, which Ines has taken over to lead."""
    team = at_work(world, consent)
    offer = propose_handover(world.as_("Bo"), world.signe, HandoverKind.LEAD, world.posts["Ines"], note="Ta du vid.")
    answer_handover(world.as_("Ines"), offer, accept=True)
    return team


def test_a_lead_outside_that_cannot_read_it_any_longer_gives_the_lead_back_to_the_named_person(world: World) -> None:
    consent = world.consent()
    team = led_by_ines(world, consent)
    assert Duty.objects.get(what="meet_family", state=DutyState.OPEN).post == world.posts["Ines"]
    world.answer(consent, world.amal, "withdrawn")
    assert lead_of(team).post == world.posts["Bo"]
    assert look_duties(world) == ["Bo"]
    assert not Duty.objects.filter(post=world.posts["Ines"], state=DutyState.OPEN).exists()
    assert (told(world, "Bo"), told(world, "Ines")) == (["team"], [""])
    entry = TrailEntry.objects.get(act="team.lead_came_back")
    assert ("post", world.posts["Bo"].ref) in set(entry.subjects.values_list("kind", "ref"))


def test_the_lead_comes_back_the_day_after_the_last(world: World) -> None:
    consent = world.consent()
    team = led_by_ines(world, consent)
    with clock.at(clock.end_of(consent.until) + timedelta(seconds=1)):
        tick()
    assert lead_of(team).post == world.posts["Bo"]


def test_bo_goes_on_without_ines_when_the_new_yes_does_not_name_her_unit(world: World) -> None:
    consent = world.consent()
    team = led_by_ines(world, consent)
    world.answer(consent, world.amal, "withdrawn")
    rest_team_on(world.as_("Bo"), team, world.consent("bvc"))
    assert not team.memberships.filter(post=world.posts["Ines"], until=None).exists()
    assert lead_of(team).post == world.posts["Bo"]


def test_a_lead_outside_gives_it_back_when_the_school_closes_what_she_read_and_stays_when_it_closes_something_else(
    world: World,
) -> None:
    team = led_by_ines(world, world.consent())
    opened = Disclosure.objects.filter(items__ref=team.ref, ended_at=None).get()
    other = disclose(
        world.as_("Bo"),
        world.signe,
        world.authorities["school"],
        world.units["early team"],
        [("circle", world.signe.ref)],
        team_ground(team),
    )
    stop_sharing(world.as_("Bo"), other)
    assert lead_of(team).post == world.posts["Ines"]
    offer = propose_handover(world.as_("Ines"), world.signe, HandoverKind.LEAD, world.posts["Mats"], note="Ta du vid.")
    stop_sharing(world.as_("Bo"), opened)
    assert lead_of(team).post == world.posts["Bo"]
    offer.refresh_from_db()
    assert offer.state == HandoverState.WITHDRAWN
    assert (told(world, "Bo"), told(world, "Ines")) == (["team"], [""])


def test_an_offer_to_lead_is_taken_back_when_the_school_closes_what_she_read(world: World) -> None:
    team = at_work(world, world.consent())
    offer = propose_handover(world.as_("Bo"), world.signe, HandoverKind.LEAD, world.posts["Ines"], note="Ta du vid.")
    stop_sharing(world.as_("Bo"), Disclosure.objects.filter(items__ref=team.ref, ended_at=None).get())
    offer.refresh_from_db()
    assert offer.state == HandoverState.WITHDRAWN
    with pytest.raises(Refused, match="taken back before you answered"):
        answer_handover(world.as_("Ines"), offer, accept=True)


def test_nobody_is_offered_to_lead_what_the_school_has_closed_to_them_until_the_team_rests_on_the_yes_again(
    world: World,
) -> None:
    consent = world.consent()
    team = at_work(world, consent)
    stop_sharing(world.as_("Bo"), Disclosure.objects.get(items__ref=team.ref, ended_at=None))
    with pytest.raises(Refused, match="closed to that post"):
        propose_handover(world.as_("Bo"), world.signe, HandoverKind.LEAD, world.posts["Ines"], note="Ta du vid.")
    rest_team_on(world.as_("Bo"), team, consent)
    offer = propose_handover(world.as_("Bo"), world.signe, HandoverKind.LEAD, world.posts["Ines"], note="Ta du vid.")
    answer_handover(world.as_("Ines"), offer, accept=True)
    assert lead_of(team).post == world.posts["Ines"]


def test_an_offer_on_the_yes_that_nobody_has_answered_is_taken_back(world: World) -> None:
    consent = world.consent()
    at_work(world, consent)
    offer = propose_handover(world.as_("Bo"), world.signe, HandoverKind.LEAD, world.posts["Ines"], note="Ta du vid.")
    world.answer(consent, world.amal, "withdrawn")
    offer.refresh_from_db()
    assert offer.state == HandoverState.WITHDRAWN
    assert not Duty.objects.filter(post=world.posts["Ines"], state=DutyState.OPEN).exists()


def test_a_yes_given_again_opens_nothing_by_itself_and_the_team_can_rest_on_it(world: World) -> None:
    consent = world.consent()
    team = at_work(world, consent)
    world.answer(consent, world.amal, "withdrawn")
    world.answer(consent, world.amal, "given")
    assert not in_team(world, "Ines")
    rest_team_on(world.as_("Bo"), team, consent)
    assert in_team(world, "Ines")
    assert look_duties(world) == []
    assert Team.objects.visible_to(world.as_("Ines")).get() == team


def test_a_new_yes_carries_the_team_on_and_the_old_one_ends_nothing(world: World) -> None:
    old = world.consent()
    team = at_work(world, old)
    newer = world.consent()
    rest_team_on(world.as_("Bo"), team, newer)
    world.answer(old, world.amal, "withdrawn")
    assert in_team(world, "Ines")
    assert look_duties(world) == []


def test_who_comes_in_later_rests_on_the_yes_too(world: World) -> None:
    consent = world.consent("early team", "reception")
    team = at_work(world, consent)
    add_member(world.as_("Bo"), team, world.posts["Edvin"])
    row = Involvement.objects.get(post=world.posts["Edvin"], reason=Reason.TEAM)
    assert (row.consent, row.until) == (consent, clock.end_of(consent.until))


def test_what_was_decided_with_the_family_is_written_by_who_answers_for_it(world: World) -> None:
    consent = world.consent()
    team = at_work(world, consent)
    world.answer(consent, world.amal, "withdrawn")
    duty = Duty.objects.get(what=LOOK)
    for name, words in (("Ines", "Vi går vidare."), ("Bo", " ")):
        with pytest.raises(Refused):
            looked_at_with_family(world.as_(name), duty, words)
    looked_at_with_family(world.as_("Bo"), duty, "Skolan går vidare själv.")
    assert look_duties(world) == []
    with clock.at(clock.noon(TODAY + timedelta(days=2))):
        assert close_what_lost_its_consent() == 0
    close_team(world.as_("Bo"), team, open_plan=False)
