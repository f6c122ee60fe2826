"""The team: proposed by the named person, begun on the family's yes, led by exactly one, changed, closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from samsyn.circle.answers import hangs_on_post
from samsyn.circle.models import Membership, Team, TeamState
from samsyn.circle.team_actions import (
    add_member,
    close_team,
    holds_together,
    propose_team,
    remove_member,
    rest_team_on,
    start_team,
)
from samsyn.circle.teams import lead_of, open_team
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.duties.actions import open_duty
from samsyn.duties.models import Duty, DutyState
from samsyn.notices.models import Notice
from samsyn.organisations.models import Post
from samsyn.people.models import Person
from samsyn.sharing.actions import waive
from samsyn.sharing.models import Consent, Disclosure, Involvement, Reason
from samsyn.trail.models import TrailEntry, TrailSubject
from tests.rooms.sharing.world import NOW, TODAY, World, lillkoping
from tests.worlds import CommittedWorld


def proposed(world: World, *names: str, consent: Consent | None = None) -> Team:
    """A team that Bo has proposed; nobody has answered yet."""
    if not hangs_of(world, "Bo"):
        world.named()
    members = [world.posts[name] for name in names or ("Mats", "Ines")]
    return propose_team(world.as_("Bo"), world.signe, purpose="Lugna måndagar", members=members, consent=consent)


def at_work(world: World, *names: str, consent: Consent | None = None) -> Team:
    """A team that works on the family's yes: Bo leads."""
    team = proposed(world, *names, consent=consent or world.consent())
    return start_team(world.as_("Bo"), team, child_view="Bra om de pratar med varandra.", lead_wish="Bo.")


def hangs_of(world: World, name: str) -> list[str]:
    """What hangs on a post, by kind."""
    return sorted(one.kind for one in hangs_on_post(world.posts[name].pk))


def members_of(team: Team) -> set[str]:
    """Titles of those who are in the team now."""
    return set(team.memberships.filter(until=None).values_list("post__title", flat=True))


# --- what each says of what is opened ---------------------------------------------------------------------------------


def test_what_is_opened_for_the_team_says_what_the_child_thinks_and_when_each_guardian_said_yes(world: World) -> None:
    team = at_work(world)
    row = Disclosure.objects.get(items__ref=team.ref)
    assert row.views == [
        {"whose": "child", "said": "Bra om de pratar med varandra.", "not_asked_because": "", "yes_on": ""},
        *(
            {"whose": str(one.ref), "said": "", "not_asked_because": "", "yes_on": TODAY.isoformat()}
            for one in (world.amal, world.olof)
        ),
    ]


def test_a_guardian_whose_yes_was_not_needed_stands_there_with_the_reason(world: World) -> None:
    consent = world.ask()
    world.answer(consent, world.amal, "given")
    hindered = "one_guardian_when_hindered"
    waive(world.as_("Bo"), consent, world.olof, ground=hindered, reason="Okänd adress.", decided_on=TODAY)
    row = Disclosure.objects.get(items__ref=at_work(world, consent=consent).ref)
    said = {view["whose"]: view for view in row.views}
    assert said[str(world.olof.ref)]["not_asked_because"] == "Okänd adress."
    assert said[str(world.amal.ref)]["yes_on"] == TODAY.isoformat()


# --- proposed -------------------------------------------------------------------------------------------------------


def test_the_named_person_proposes_and_leads_until_somebody_else_has_accepted(world: World) -> None:
    team = proposed(world)
    assert lead_of(team).post == world.posts["Bo"]
    assert members_of(team) == {"rektor", "lärare", "socialsekreterare"}
    assert {row.post.title: row.ground for row in team.memberships.select_related("post")} == {
        "rektor": "own_authority",
        "lärare": "own_authority",
        "socialsekreterare": "consent",
    }
    duty = Duty.objects.get(object_ref=team.ref, state=DutyState.OPEN)
    assert (duty.what, duty.room, duty.post, duty.rule) == (
        "start_team",
        "team",
        world.posts["Bo"],
        "first_team_meeting",
    )
    assert hangs_of(world, "Bo") == ["named_person", "team"]


def test_a_proposed_team_opens_nothing_for_anybody(world: World) -> None:
    team = proposed(world, consent=world.consent())
    assert not Disclosure.objects.exists()
    for name in ("Mats", "Ines"):
        assert not Team.objects.visible_to(world.as_(name)).exists()
    assert team.state == TeamState.PROPOSED


def test_nobody_else_proposes(world: World) -> None:
    world.named()
    with pytest.raises(Refused, match="Only the child's"):
        propose_team(world.as_("Hanna"), world.signe, purpose="x", members=[world.posts["Mats"]], consent=None)


def test_a_team_of_one_is_none(world: World) -> None:
    with pytest.raises(Refused, match="at least one more"):
        proposed(world, "Bo")


def test_a_consent_about_something_else_is_no_ground(world: World) -> None:
    other = world.ask(child=world.nour)
    with pytest.raises(Refused, match="something else"):
        proposed(world, consent=other)


def test_there_is_one_open_team_a_child(world: World) -> None:
    team = proposed(world)
    with pytest.raises(Refused, match="already a team"):
        proposed(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Team.objects.create(
            child=world.signe,
            authority=world.authorities["school"],
            purpose="x",
            proposed_by=world.posts["Bo"],
            proposed_at=NOW,
        )
    close_team(world.as_("Bo"), team, open_plan=False)
    assert proposed(world).pk != team.pk


def test_two_that_propose_at_once_make_one_team(committed_world: CommittedWorld) -> None:
    with clock.at(NOW):
        world = lillkoping()
        world.named()

    def propose() -> Team:
        with clock.at(NOW):
            child, post = Person.objects.get(pk=world.signe.pk), Post.objects.get(pk=world.posts["Mats"].pk)
            return propose_team(world.as_("Bo"), child, purpose="x", members=[post], consent=None)

    outcomes = committed_world.at_once(propose, propose, propose)
    assert sum(isinstance(one, Team) for one in outcomes) == 1, outcomes
    assert all(isinstance(one, Team | Refused) for one in outcomes), outcomes
    assert Team.objects.count() == 1
    assert Membership.objects.filter(is_lead=True).count() == 1


# --- begun ------------------------------------------------------------------------------------------------------------


def test_a_team_begins_when_everybody_who_decides_has_said_yes(world: World) -> None:
    consent = world.ask()
    team = proposed(world, consent=consent)
    world.answer(consent, world.amal, "given")
    with pytest.raises(Refused, match="One answer is missing"):
        start_team(world.as_("Bo"), team, child_view="Bra.", lead_wish="")
    world.answer(consent, world.olof, "given")
    team = start_team(world.as_("Bo"), team, child_view="Bra.", lead_wish="Ines, tack.")
    assert (team.state, team.child_view, team.lead_wish) == (TeamState.ACTIVE, "Bra.", "Ines, tack.")
    to_do = Duty.objects.filter(object_ref=team.ref, state=DutyState.OPEN)
    assert [(duty.what, duty.post) for duty in to_do] == [("begin_plan", world.posts["Bo"])]
    assert TrailSubject.objects.filter(ref=team.ref).order_by("-pk")[0].state == "active"


def test_a_team_that_reaches_outside_does_not_begin_without_a_yes(world: World) -> None:
    team = proposed(world)
    with pytest.raises(Refused, match="Ask the family for a yes first"):
        start_team(world.as_("Bo"), team, child_view="Bra.", lead_wish="")


def test_a_team_in_one_authority_needs_the_childs_view_and_opens_nothing_outside(world: World) -> None:
    team = proposed(world, "Mats", "Maja")
    with pytest.raises(Refused, match="what the child thinks"):
        start_team(world.as_("Bo"), team, child_view=" ", lead_wish="")
    start_team(world.as_("Bo"), team, child_view="Hon vill inte säga.", lead_wish="")
    assert not Disclosure.objects.exists()
    assert TrailEntry.objects.get(act="team.started").ground == "own_authority"


def test_nobody_but_lead_and_named_person_starts_changes_or_closes(world: World) -> None:
    team = at_work(world)
    mats, ines, rakel = world.as_("Mats"), world.as_("Ines"), world.posts["Rakel"]
    for viewer in (mats, ines):
        assert not holds_together(viewer, team)
        for act in (
            lambda viewer=viewer: start_team(viewer, team, child_view="x", lead_wish=""),
            lambda viewer=viewer: add_member(viewer, team, rakel),
            lambda viewer=viewer: remove_member(viewer, team, world.posts["Mats"]),
            lambda viewer=viewer: rest_team_on(viewer, team, world.consent()),
            lambda viewer=viewer: close_team(viewer, team, open_plan=False),
        ):
            with pytest.raises(Refused, match="for the one who leads"):
                act()
    assert holds_together(world.as_("Bo"), team)


def test_members_see_the_team_each_through_its_own_ground(world: World) -> None:
    team = at_work(world)
    assert Team.objects.visible_to(world.as_("Mats")).get() == team
    assert Team.objects.visible_to(world.as_("Ines")).get() == team
    assert Membership.objects.visible_to(world.as_("Ines")).count() == 3
    for name in ("Hanna", "Edvin", "Kurt"):
        assert not Team.objects.visible_to(world.as_(name)).exists()
    told = Notice.objects.filter(text_key="team_started").values_list("post__title", "room")
    assert set(told) == {("lärare", "team"), ("socialsekreterare", "team")}


def test_units_outside_get_one_row_in_the_ledger_each(world: World) -> None:
    team = at_work(world, "Ines", "Leyla", "Edvin", consent=world.consent("early team", "reception"))
    rows = Disclosure.objects.order_by("receiver_id")
    assert [row.receiver for row in rows] == [world.units["early team"], world.units["reception"]]
    assert {(item.kind, item.ref) for row in rows for item in row.items.all()} == {("circle", team.ref)}


def test_a_yes_that_does_not_name_a_members_unit_does_not_start_the_team(world: World) -> None:
    team = proposed(world, "Ines", "Edvin", consent=world.consent("early team"))
    with pytest.raises(Refused, match="not to this receiver"):
        start_team(world.as_("Bo"), team, child_view="Bra.", lead_wish="")
    team.refresh_from_db()
    assert team.state == TeamState.PROPOSED


def test_a_team_begins_once(world: World) -> None:
    team = at_work(world)
    with pytest.raises(Refused, match="already begun"):
        start_team(world.as_("Bo"), team, child_view="Bra.", lead_wish="")


def test_when_the_yes_is_taken_back_the_outside_reads_nothing_and_the_team_stands(world: World) -> None:
    consent = world.consent()
    team = at_work(world, consent=consent)
    world.answer(consent, world.olof, "withdrawn")
    assert not Team.objects.visible_to(world.as_("Ines")).exists()
    assert open_team(world.signe, world.authorities["school"].pk) == team


# --- a new yes ------------------------------------------------------------------------------------------------------


def test_a_proposed_team_is_given_the_yes_it_rests_on(world: World) -> None:
    team = proposed(world)
    consent = world.consent()
    team = rest_team_on(world.as_("Bo"), team, consent)
    assert team.consent == consent
    assert not Disclosure.objects.exists()
    with pytest.raises(Refused, match="something else"):
        rest_team_on(world.as_("Bo"), team, world.ask(child=world.nour))


def test_a_team_at_work_goes_on_with_a_new_yes_and_the_old_one_opens_nothing_more(world: World) -> None:
    old = world.consent()
    team = at_work(world, consent=old)
    newer = world.ask()
    with pytest.raises(Refused, match="One answer is missing"):
        rest_team_on(world.as_("Bo"), team, newer)
    for guardian in (world.amal, world.olof):
        world.answer(newer, guardian, "given")
    rest_team_on(world.as_("Bo"), team, newer)
    assert Team.objects.visible_to(world.as_("Ines")).get() == team
    assert list(Disclosure.objects.order_by("pk").values_list("ended_because", flat=True)) == ["new_consent", ""]
    world.answer(old, world.amal, "withdrawn")
    assert Team.objects.visible_to(world.as_("Ines")).exists()


def test_after_the_yes_ran_out_a_new_one_opens_again(world: World) -> None:
    team = at_work(world)
    with clock.at(clock.noon(TODAY + timedelta(days=200))):
        assert not Team.objects.visible_to(world.as_("Ines")).exists()
        rest_team_on(world.as_("Bo"), team, world.consent())
        assert Team.objects.visible_to(world.as_("Ines")).exists()


# --- members ----------------------------------------------------------------------------------------------------------


def test_a_post_joins_a_team_at_work_and_sees_it_at_once(world: World) -> None:
    team = at_work(world, "Mats", "Ines", consent=world.consent("early team", "reception"))
    add_member(world.as_("Bo"), team, world.posts["Hanna"])
    add_member(world.as_("Bo"), team, world.posts["Edvin"])
    for name in ("Hanna", "Edvin"):
        assert Team.objects.visible_to(world.as_(name)).exists()
        assert Notice.objects.filter(post=world.posts[name], text_key="team_started").count() == 1
    with pytest.raises(Refused, match="in the team already"):
        add_member(world.as_("Bo"), team, world.posts["Edvin"])


def test_a_second_post_of_a_unit_that_reads_already_makes_no_second_row(world: World) -> None:
    team = at_work(world)
    add_member(world.as_("Bo"), team, world.posts["Leyla"])
    assert Disclosure.objects.count() == 1


def test_a_unit_that_the_family_did_not_name_cannot_join_a_team_at_work(world: World) -> None:
    team = at_work(world)
    with pytest.raises(Refused, match="not to this receiver"):
        add_member(world.as_("Bo"), team, world.posts["Edvin"])
    assert "utredare" not in members_of(team)


def test_a_post_that_has_ended_does_not_join(world: World) -> None:
    team = at_work(world)
    world.posts["Hanna"].ended_on = TODAY - timedelta(days=1)
    with pytest.raises(Refused, match="has ended"):
        add_member(world.as_("Bo"), team, world.posts["Hanna"])


def test_who_leaves_reads_nothing_more(world: World) -> None:
    team = at_work(world, "Mats", "Ines", "Leyla")
    remove_member(world.as_("Bo"), team, world.posts["Ines"])
    assert Team.objects.visible_to(world.as_("Ines")).exists()  # her unit is in the team through Leyla
    remove_member(world.as_("Bo"), team, world.posts["Leyla"])
    assert not Team.objects.visible_to(world.as_("Ines")).exists()
    remove_member(world.as_("Bo"), team, world.posts["Mats"])
    assert not Team.objects.visible_to(world.as_("Mats")).exists()
    assert members_of(team) == {"rektor"}
    assert not Involvement.objects.filter(reason=Reason.TEAM, until=None).exclude(post=world.posts["Bo"]).exists()


def test_the_lead_and_the_named_person_stay(world: World) -> None:
    team = at_work(world)
    with pytest.raises(Refused, match="Somebody must hold"):
        remove_member(world.as_("Bo"), team, world.posts["Bo"])
    with pytest.raises(Refused, match="not in the team"):
        remove_member(world.as_("Bo"), team, world.posts["Hanna"])


def test_who_has_promised_something_in_the_plan_stays_until_somebody_else_has_it(world: World) -> None:
    team = at_work(world)
    duty = open_duty(
        world.posts["Ines"],
        "carry_out_action",
        child=world.signe,
        room="plan_action",
        object_ref=team.ref,
        rule="agreed_in_plan",
        start=clock.now(),
        due_on=TODAY + timedelta(days=9),
    )
    with pytest.raises(Refused, match="still theirs"):
        remove_member(world.as_("Bo"), team, world.posts["Ines"])
    Duty.objects.filter(pk=duty.pk).update(state=DutyState.DONE, ended_at=clock.now())
    remove_member(world.as_("Bo"), team, world.posts["Ines"])


# --- closed -----------------------------------------------------------------------------------------------------------


def test_closing_closes_all_that_was_opened_for_the_teams_sake(world: World) -> None:
    team = at_work(world)
    with pytest.raises(Refused, match="Close the plan first"):
        close_team(world.as_("Bo"), team, open_plan=True)
    close_team(world.as_("Bo"), team, open_plan=False)
    for name in ("Mats", "Ines"):
        assert not Team.objects.visible_to(world.as_(name)).exists()
    assert Team.objects.visible_to(world.as_("Bo")).get().state == TeamState.CLOSED
    assert not Membership.objects.filter(until=None).exists()
    assert Disclosure.objects.get().ended_because == "team_closed"
    assert hangs_of(world, "Bo") == ["named_person"]
    with pytest.raises(Refused, match="already closed"):
        close_team(world.as_("Bo"), team, open_plan=False)


def test_closing_leaves_open_what_was_opened_on_the_same_yes_for_another_sake(world: World) -> None:
    from uuid import uuid4

    from samsyn.sharing.actions import Sharing, disclose

    consent = world.consent(kinds=("circle", "plan", "request"))
    team = at_work(world, consent=consent)
    ground = Sharing(gate="consent", purpose="x", told="x", consent=consent)
    school, unit = world.authorities["school"], world.units["early team"]
    asked = disclose(world.as_("Bo"), world.signe, school, unit, [("request", uuid4())], ground)
    close_team(world.as_("Bo"), team, open_plan=False)
    asked.refresh_from_db()
    assert asked.ended_at is None


def test_a_proposed_team_that_the_family_did_not_want_is_closed(world: World) -> None:
    consent = world.ask()
    team = proposed(world, consent=consent)
    world.answer(consent, world.amal, "refused")
    close_team(world.as_("Bo"), team, open_plan=False)
    assert open_team(world.signe, world.authorities["school"].pk) is None
    assert not Duty.objects.filter(state=DutyState.OPEN).exists()
