"""The team's pages and handing over: the next step for who may take it, the same page to read for the others."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from samsyn.circle.actions import current_named_person
from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import Handover, HandoverKind, HandoverState, Relation, Team, TeamState
from samsyn.circle.team_actions import add_member, propose_team, start_team
from samsyn.circle.teams import lead_of
from samsyn.common import clock
from samsyn.organisations.models import CommonGoal, Holding, Partnership
from samsyn.plans.actions import start_plan
from samsyn.plans.content_actions import GoalText, add_goal, add_need
from samsyn.plans.models import Plan
from samsyn.plans.who_does_what import ActionText, add_action
from samsyn.sharing.models import Consent, Disclosure
from tests.doors.desk.browsing import Desk, title_of, words
from tests.rooms.sharing.world import TODAY

NOTE = "Amal vill ha tolk."


def proposed(desk: Desk, *names: str, consent: Consent | None = None) -> Team:
    """A team that Bo has proposed."""
    world = desk.world
    world.named()
    members = [world.posts[name] for name in names or ("Mats", "Ines")]
    return propose_team(world.as_("Bo"), world.signe, purpose="Lugna måndagar", members=members, consent=consent)


def at_work(desk: Desk, *names: str) -> Team:
    """A team at work that Bo leads."""
    team = proposed(desk, *names, consent=desk.world.consent())
    return start_team(desk.world.as_("Bo"), team, child_view="Bra.", lead_wish="Ines, tack.")


def now(team: Team) -> Team:
    """The team as the store has it."""
    return Team.objects.get(pk=team.pk)


def test_the_row_of_what_was_opened_for_the_team_tells_what_each_says_of_it(desk: Desk) -> None:
    team = at_work(desk)
    page = desk.read("Bo", "disclosure", Disclosure.objects.get(items__ref=team.ref).ref)
    assert "What Signe says Bra." in page
    assert "What Amal says Said yes 17 November 2026." in page
    assert "What Olof says Said yes 17 November 2026." in page
    assert "What Amal says" not in desk.read("Ines", "disclosure", Disclosure.objects.get(items__ref=team.ref).ref)


# --- proposing --------------------------------------------------------------------------------------------------------


def test_bo_chooses_units_then_people_then_proposes(desk: Desk) -> None:
    world = desk.world
    world.named()
    page = desk.read("Bo", "team_new", world.signe.ref)
    assert "Stobyskolan Hanna, biträdande rektor" in page
    assert "Ines" not in page
    shown = desk.send(
        "Bo",
        "team_new",
        world.signe.ref,
        purpose="Lugna måndagar",
        units=[world.units["early team"].ref],
        members=[world.posts["Mats"].ref],
        show="yes",
    )
    assert "Tidiga stödet Leyla, familjestödjare Ines, socialsekreterare" in words(shown)
    assert "Lugna måndagar" in words(shown)
    assert not Team.objects.exists()
    done = desk.send(
        "Bo",
        "team_new",
        world.signe.ref,
        purpose="Lugna måndagar",
        units=[world.units["early team"].ref],
        members=[world.posts["Ines"].ref],
    )
    team = Team.objects.get()
    assert done.headers["Location"].endswith(f"/teams/{team.ref}/")
    assert {row.post for row in team.memberships.all()} == {world.posts["Bo"], world.posts["Ines"]}


def test_a_yes_that_is_there_already_can_be_chosen(desk: Desk) -> None:
    world = desk.world
    world.named()
    consent, other = world.consent(), world.ask(child=world.nour)
    page = desk.get("Bo", "team_new", world.signe.ref).content.decode()
    assert str(consent.ref) in page
    assert str(other.ref) not in page
    body: dict[str, Any] = {
        "purpose": "x",
        "units": [world.units["early team"].ref],
        "members": [world.posts["Ines"].ref],
    }
    assert desk.send("Bo", "team_new", world.signe.ref, **body, consent=other.ref).status_code == 422
    desk.send("Bo", "team_new", world.signe.ref, **body, consent=consent.ref)
    assert Team.objects.get().consent == consent


def test_without_anybody_the_reason_stands_beside_the_field(desk: Desk) -> None:
    world = desk.world
    world.named()
    response = desk.send("Bo", "team_new", world.signe.ref, purpose="Lugna måndagar")
    assert response.status_code == 422
    assert "Choose at least one more person for the team." in words(response)
    assert "Lugna måndagar" in words(response)


def test_others_are_told_whom_to_talk_with_and_cannot_propose(desk: Desk) -> None:
    world = desk.world
    before = desk.read("Mats", "team_new", world.signe.ref)
    world.named()
    assert desk.read("Mats", "team_new", world.signe.ref) == before  # that a named person is stored tells of a sign
    assert "Only the child's named person proposes a team." in before
    assert "Talk with Bo." in before
    body: dict[str, Any] = {"purpose": "x", "members": [world.posts["Hanna"].ref]}
    desk.send("Mats", "team_new", world.signe.ref, **body)
    assert not Team.objects.exists()
    assert desk.get("Kurt", "team_new", world.signe.ref).status_code == 404


def test_when_there_is_a_team_the_page_leads_to_it_and_a_stranger_to_it_learns_nothing(desk: Desk) -> None:
    team = proposed(desk)
    assert desk.get("Bo", "team_new", desk.world.signe.ref).headers["Location"].endswith(f"/teams/{team.ref}/")
    page = desk.read("Hanna", "team_new", desk.world.signe.ref)
    assert "already" not in page


def test_one_in_the_team_finds_it_from_the_childs_page_and_reads_who_begins_the_plan(desk: Desk) -> None:
    team = at_work(desk, "Ines")
    signe = desk.world.signe
    page = desk.get("Ines", "child", signe.ref)
    way = reverse("desk:team_new", args=[signe.ref])
    assert f'<a href="{way}">' in page.content.decode()
    assert "There is no plan yet. Whoever holds the team together begins it." in words(page)
    assert desk.get("Ines", "team_new", signe.ref).headers["Location"].endswith(f"/teams/{team.ref}/")


# --- the team's page --------------------------------------------------------------------------------------------------


def test_the_next_step_follows_where_the_team_stands(desk: Desk) -> None:
    world = desk.world
    team = proposed(desk)
    assert f"/consents/new/?team={team.ref}" in desk.get("Bo", "team", team.ref).content.decode()
    consent = world.ask()
    Team.objects.filter(pk=team.pk).update(consent=consent)
    waiting = desk.read("Bo", "team", team.ref)
    assert "Wait for the answers Both guardians need to say yes." in waiting
    assert "Begin the team's work" not in waiting
    for guardian in (world.amal, world.olof):
        world.answer(consent, guardian, "given")
    assert "Begin the team's work" in desk.read("Bo", "team", team.ref)
    response = desk.send("Bo", "team_act", team.ref, "start", child_view="Bra om de pratar.", lead_wish="Ines")
    assert response.status_code == 302
    page = desk.read("Bo", "team", team.ref)
    assert "What the child thinks Bra om de pratar. Signe" in page
    assert "Begin the plan" in page
    assert now(team).state == TeamState.ACTIVE


def test_without_the_childs_view_the_team_does_not_begin_and_the_wish_is_kept(desk: Desk) -> None:
    team = proposed(desk, consent=desk.world.consent())
    response = desk.send("Bo", "team_act", team.ref, "start", child_view=" ", lead_wish="Ines, för att vi känner henne")
    assert response.status_code == 422
    assert "Write what the child thinks about the team" in words(response)
    assert "för att vi känner henne" in words(response)


def test_a_member_reads_the_page_and_is_offered_no_step(desk: Desk) -> None:
    team = at_work(desk)
    for name in ("Mats", "Ines"):
        response = desk.get(name, "team", team.ref)
        assert "Bo rektor, Stobyskolan" in words(response)
        assert "<button" not in response.content.decode().partition("<main")[2].partition("</main>")[0]
        assert desk.send(name, "team_act", team.ref, "close").status_code == 422
    assert now(team).state == TeamState.ACTIVE


@pytest.mark.parametrize("name", ["Hanna", "Edvin", "Siv", "Kurt"])
def test_a_stranger_gets_404_on_every_step(desk: Desk, name: str) -> None:
    team = at_work(desk)
    assert desk.get(name, "team", team.ref).status_code == 404
    for verb in ("start", "add", "remove", "rest", "close"):
        assert desk.send(name, "team_act", team.ref, verb, post=team.ref).status_code == 404
    assert desk.send("Bo", "team_act", team.ref, "forget").status_code == 404


def test_somebody_is_taken_in_and_lets_go_again(desk: Desk) -> None:
    world = desk.world
    team = at_work(desk)
    page = desk.get("Bo", "team", team.ref, query=f"?unit={world.units['early team'].ref}")
    assert "Leyla, familjestödjare" in words(page)
    leyla: dict[str, Any] = {"post": world.posts["Leyla"].ref}
    assert desk.send("Bo", "team_act", team.ref, "add", **leyla).status_code == 302
    assert "Leyla familjestödjare, Tidiga stödet · OSL 12:2" in desk.read("Bo", "team", team.ref)
    assert desk.send("Bo", "team_act", team.ref, "remove", **leyla).status_code == 302
    assert "Leyla" not in desk.read("Bo", "team", team.ref)


def test_nobody_from_outside_the_partnership_is_taken_in(desk: Desk) -> None:
    team = at_work(desk)
    kurt = desk.world.posts["Kurt"].ref
    assert desk.send("Bo", "team_act", team.ref, "add", post=kurt).status_code == 404


def test_who_joins_a_team_with_a_plan_may_read_the_plan(desk: Desk) -> None:
    world = desk.world
    team = proposed(desk, "Mats", "Ines", consent=world.consent("early team", "reception"))
    team = start_team(world.as_("Bo"), team, child_view="Bra.", lead_wish="")
    plan = start_plan(world.as_("Bo"), team, "Lugna morgnar")
    assert not Plan.objects.visible_to(world.as_("Edvin")).exists()
    edvin = world.posts["Edvin"].ref
    assert desk.send("Bo", "team_act", team.ref, "add", post=edvin).status_code == 302
    assert Plan.objects.visible_to(world.as_("Edvin")).get() == plan


def test_a_yes_that_ran_out_is_asked_for_again_and_opens_team_and_plan_anew(desk: Desk) -> None:
    world = desk.world
    team = at_work(desk)
    start_plan(world.as_("Bo"), team, "Lugna morgnar")
    with clock.at(clock.noon(TODAY + timedelta(days=200))):
        page = desk.read("Bo", "team", team.ref)
        assert "The yes does not hold any longer The yes ran out on" in page
        assert desk.get("Ines", "team", team.ref).status_code == 404
        newer = world.consent()
        assert desk.send("Bo", "team_act", team.ref, "rest", consent=newer.ref).status_code == 302
        assert desk.get("Ines", "team", team.ref).status_code == 200
        assert Plan.objects.visible_to(world.as_("Ines")).exists()


def test_bo_reads_who_sees_nothing_of_the_team_and_what_waits_in_the_plan_until_a_new_yes(desk: Desk) -> None:
    world = desk.world
    team = at_work(desk)
    bo = world.as_("Bo")
    plan = start_plan(bo, team, "Lugna morgnar")
    need = add_need(bo, plan, plan.version, "Måndagsmorgnarna är svåra.")
    plan.refresh_from_db()
    goal = add_goal(bo, need, plan.version, GoalText(common_goal(team), "Signe kommer i tid"))
    plan.refresh_from_db()
    day = TODAY + timedelta(days=9)
    add_action(bo, goal, plan.version, ActionText("Hembesök", day, by_post=world.posts["Ines"]))
    nothing, waits = "Reads nothing of the team now.", "Waits: that unit cannot read the plan now."
    before = [desk.read("Bo", "team", team.ref), desk.read("Bo", "plan", plan.ref)]
    assert team.consent is not None
    world.answer(team.consent, world.amal, "withdrawn")
    assert nothing in desk.read("Bo", "team", team.ref)
    assert waits in desk.read("Bo", "plan", plan.ref)
    assert nothing not in desk.read("Mats", "team", team.ref), "whoever does not hold it together need not know"
    assert desk.send("Bo", "team_act", team.ref, "rest", consent=world.consent().ref).status_code == 302
    after = [desk.read("Bo", "team", team.ref), desk.read("Bo", "plan", plan.ref)]
    assert not [page for page in before + after if nothing in page or waits in page]


def common_goal(team: Team) -> CommonGoal:
    """A common goal of the partnership that the team's authority is in."""
    partnership = Partnership.objects.filter(parties=team.authority).latest("pk")
    return CommonGoal.objects.create(partnership=partnership, key="school", position=9, names={"en": "School"})


def test_a_team_with_an_open_plan_is_not_closed(desk: Desk) -> None:
    team = at_work(desk)
    start_plan(desk.world.as_("Bo"), team, "Lugna morgnar")
    response = desk.send("Bo", "team_act", team.ref, "close")
    assert response.status_code == 422
    assert "Close the plan first." in words(response)


def test_a_closed_team_is_a_page_without_steps(desk: Desk) -> None:
    team = at_work(desk)
    desk.send("Bo", "team_act", team.ref, "close")
    assert now(team).state == TeamState.CLOSED
    page = desk.read("Bo", "team", team.ref)
    assert "The team was closed 17 November 2026." in page
    assert "Take somebody in" not in page


def test_what_the_child_said_is_given_back_when_a_colleague_has_closed_the_team_meanwhile(desk: Desk) -> None:
    team = proposed(desk, consent=desk.world.consent())
    desk.send("Bo", "team_act", team.ref, "close")
    said = {"child_view": 'Jag vill "inte" ha <många>.\r\nBara Maja.', "lead_wish": "Vi vill ha Bo."}
    response = desk.send("Bo", "team_act", team.ref, "start", **said)
    assert response.status_code == 422
    shown = words(response)
    assert "Nothing was saved. What you had typed stands below" in shown
    assert 'Jag vill "inte" ha <många>. Bara Maja.' in shown
    assert shown.count("Vi vill ha Bo.") == 1


def test_what_the_form_itself_shows_again_is_not_given_back_twice(desk: Desk) -> None:
    team = proposed(desk, consent=desk.world.consent())
    response = desk.send("Bo", "team_act", team.ref, "start", child_view=" ", lead_wish="Ines & Bo, tack")
    assert response.status_code == 422
    assert words(response).count("Ines & Bo, tack") == 1
    assert "so that you can copy it" not in words(response)


def test_who_is_away_is_told_with_who_stands_in(desk: Desk) -> None:
    team = at_work(desk)
    desk.world.away("Mats", covered_by="Hanna")
    assert "Mats lärare, Stobyskolan Away until 17 November. Hanna stands in." in desk.read("Bo", "team", team.ref)


def test_more_members_ask_no_more_of_the_database(desk: Desk) -> None:
    team = at_work(desk, "Mats", "Ines")
    few = desk.questions("Bo", "team", team.ref)
    for name in ("Hanna", "Maja", "Leyla", "Rakel"):
        from samsyn.circle.team_actions import add_member

        add_member(desk.world.as_("Bo"), team, desk.world.posts[name])
    assert desk.questions("Bo", "team", team.ref) == few


# --- two teams --------------------------------------------------------------------------------------------------------


def two_at_work(desk: Desk) -> tuple[Team, Team]:
    """Bo's team at the school, with a plan; and one at child health care that Siv led before she could read of Bo's."""
    world = desk.world
    school = at_work(desk, "Ines")
    start_plan(world.as_("Bo"), school, "Lugna måndagar")
    world.named(post="Siv")
    consent = world.ask("early team", "stoby", by="Siv", child_reason="De har pratat om det hemma.")
    for guardian in (world.amal, world.olof):
        world.answer(consent, guardian, "given", by="Siv")
    siv = world.as_("Siv")
    health = propose_team(siv, world.signe, purpose="Sömnen", members=[world.posts["Ines"]], consent=consent)
    health = start_team(siv, health, child_view="Bra.", lead_wish="")
    start_plan(siv, health, "Sova gott")
    return school, health


def test_whoever_reads_two_teams_finds_the_one_from_the_other_and_who_leads_is_told_what_to_do(desk: Desk) -> None:
    school, health = two_at_work(desk)
    alone = desk.read("Bo", "team", school.ref)
    assert "another team" not in alone
    add_member(desk.world.as_("Siv"), health, desk.world.posts["Bo"])
    page = desk.read("Bo", "team", school.ref)
    assert "There is another team around the child Talk with the family" in page
    assert "Two teams around the child: talk about becoming one" in desk.read("Bo", "day")
    from_ines = desk.read("Ines", "team", health.ref)
    assert "There is another team around the child To the other team" in from_ines
    assert "another team" not in desk.read("Siv", "team", health.ref)


def test_a_team_is_closed_whatever_another_teams_plan_is(desk: Desk) -> None:
    school, health = two_at_work(desk)
    Plan.objects.filter(team=health).update(state="closed", how_to_reach_us="Ring Siv.")
    assert desk.send("Siv", "team_act", health.ref, "close").status_code == 302
    assert (now(health).state, now(school).state) == (TeamState.CLOSED, TeamState.ACTIVE)
    assert desk.send("Bo", "team_act", school.ref, "close").status_code == 422


def test_the_lead_that_is_offered_is_that_of_the_team_one_came_from(desk: Desk) -> None:
    world = desk.world
    school, health = two_at_work(desk)
    for by, team in (("Bo", school), ("Siv", health)):
        offer = propose_handover(world.as_(by), world.signe, HandoverKind.LEAD, world.posts["Ines"], note=NOTE)
        answer_handover(world.as_("Ines"), offer, accept=True)
        assert desk.get("Ines", "team", team.ref).content.decode().count(f"kind=lead&amp;team={team.ref}") == 1
    query = f"?kind=lead&team={health.ref}"
    assert "bvc-sköterska" in desk.read("Ines", "handover_new", world.signe.ref, query=query)
    body: dict[str, Any] = {"to_post": world.posts["Siv"].ref, "note": NOTE}
    assert desk.send("Ines", "handover_new", world.signe.ref, query=query, **body).status_code == 302
    made = Handover.objects.get(state=HandoverState.PROPOSED)
    assert made.authority == health.authority
    school_page, health_page = (desk.read("Ines", "team", team.ref) for team in (school, health))
    assert "Holding the team together is offered" in health_page
    assert "Holding the team together is offered" not in school_page


# --- handing over -----------------------------------------------------------------------------------------------------


def offered(desk: Desk, to: str = "Rakel", kind: HandoverKind = HandoverKind.NAMED_PERSON) -> Handover:
    """Bo has offered somebody to take over."""
    world = desk.world
    if current_named_person(world.signe) is None:
        world.named()
    return propose_handover(world.as_("Bo"), world.signe, kind, world.posts[to], note=NOTE)


def test_bo_offers_rakel_to_take_over_and_nothing_moves(desk: Desk) -> None:
    world = desk.world
    world.named()
    page = desk.read("Bo", "handover_new", world.signe.ref)
    assert "Nothing moves until the other one has said yes." in page
    assert "Rakel, rektor på Norrskolan" in page
    assert "Edvin" not in page  # no named person by office
    body: dict[str, Any] = {"to_post": world.posts["Rakel"].ref, "note": NOTE, "family_wish": ""}
    response = desk.send("Bo", "handover_new", world.signe.ref, **body)
    handover = Handover.objects.get()
    assert response.headers["Location"].endswith(f"/handovers/{handover.ref}/")
    assert "Rakel answers next. It stays where it is until then." in desk.read("Bo", "handover", handover.ref)
    named = current_named_person(world.signe)
    assert named is not None
    assert named.post == world.posts["Bo"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"note": " "}, "Write a few lines to the one who takes over"),
        ({"to_post": ""}, "Choose who takes over."),
        ({"to_post": "5d2f2a4e-6c08-4b5c-8a7e-2d4d1f000000"}, "Select a valid choice."),
    ],
)
def test_what_is_missing_in_an_offer_is_said_and_the_wish_is_kept(
    desk: Desk, change: dict[str, str], sentence: str
) -> None:
    world = desk.world
    world.named()
    body: dict[str, Any] = {
        "to_post": str(world.posts["Rakel"].ref),
        "note": NOTE,
        "family_wish": "Gärna hon.",
        **change,
    }
    response = desk.send("Bo", "handover_new", world.signe.ref, **body)
    assert response.status_code == 422
    assert sentence in words(response)
    assert "Gärna hon." in words(response)


def test_a_post_that_nobody_holds_says_so_and_is_refused_kindly(desk: Desk) -> None:
    world = desk.world
    world.named()
    Holding.objects.filter(post=world.posts["Rakel"]).update(until=date(2026, 11, 1))
    assert "rektor på Norrskolan (nobody holds it)" in desk.read("Bo", "handover_new", world.signe.ref)
    body: dict[str, Any] = {"to_post": world.posts["Rakel"].ref, "note": NOTE}
    response = desk.send("Bo", "handover_new", world.signe.ref, **body)
    assert "Nobody holds that post today." in words(response)
    assert NOTE in words(response)


def test_to_another_authority_the_family_is_asked_first(desk: Desk) -> None:
    world = desk.world
    world.named()
    body: dict[str, Any] = {"to_post": world.posts["Siv"].ref, "note": NOTE}
    response = desk.send("Bo", "handover_new", world.signe.ref, **body)
    assert "Another authority needs the guardians' yes before it may read this." in words(response)
    consent = world.consent("bvc", kinds=("circle",))
    response = desk.send("Bo", "handover_new", world.signe.ref, **body, consent=consent.ref)
    assert response.status_code == 302
    assert NOTE in desk.read("Siv", "handover", Handover.objects.get().ref)


def test_who_has_nothing_to_hand_over_is_told_who_has(desk: Desk) -> None:
    world = desk.world
    before = desk.read("Mats", "handover_new", world.signe.ref)
    world.named()
    assert desk.read("Mats", "handover_new", world.signe.ref) == before
    assert "Now it is with Bo." in before
    body: dict[str, Any] = {"to_post": world.posts["Rakel"].ref, "note": NOTE}
    desk.send("Mats", "handover_new", world.signe.ref, **body)
    assert not Handover.objects.exists()


def test_who_does_not_know_of_the_team_does_not_learn_of_it_by_asking_for_its_lead(desk: Desk) -> None:
    at_work(desk)
    page = desk.read("Hanna", "handover_new", desk.world.signe.ref, query="?kind=lead")
    assert "Bo" not in page


def test_the_lead_is_offered_to_members_alone(desk: Desk) -> None:
    at_work(desk)
    page = desk.read("Bo", "handover_new", desk.world.signe.ref, query="?kind=lead")
    assert "Ines, socialsekreterare" in page
    assert "Rakel" not in page
    body: dict[str, Any] = {"to_post": desk.world.posts["Ines"].ref, "note": NOTE}
    response = desk.send("Bo", "handover_new", desk.world.signe.ref, query="?kind=lead", **body)
    assert response.status_code == 302
    assert Handover.objects.get().kind == HandoverKind.LEAD


def test_the_offer_stands_in_both_lists_and_the_childs_name_only_where_it_is_known(desk: Desk) -> None:
    handover = offered(desk)
    theirs = desk.read("Rakel", "handovers")
    assert "Offered to you To be the child's named person S.L., 8 years Bo Ek, rektor at Stobyskolan, stays" in theirs
    assert "Signe" not in theirs
    assert "Offered by you To be the child's named person Signe Lind, 8 years." in desk.read("Bo", "handovers").replace(
        "SL ", ""
    )
    assert "Signe Lind, 8 years" in desk.read("Rakel", "handover", handover.ref)
    assert "Nobody has offered you anything just now." in desk.read("Hanna", "handovers")


def test_rakel_takes_over_and_meets_the_family(desk: Desk) -> None:
    handover = offered(desk)
    page = desk.read("Rakel", "handover", handover.ref)
    assert "Bo Ek stays responsible until you have said yes." in page
    assert NOTE in page
    assert desk.send("Rakel", "handover_act", handover.ref, "accept").status_code == 302
    page = desk.read("Rakel", "handover", handover.ref)
    assert "Meet the child and the family" in page
    assert "I have met the family" not in desk.read("Bo", "handover", handover.ref)
    assert desk.send("Rakel", "handover_act", handover.ref, "met").status_code == 302
    assert "I have met the family" not in desk.read("Rakel", "handover", handover.ref)
    assert "Rakel took over 17 November." in desk.read("Bo", "handover", handover.ref)


def test_rakel_declines_with_words_and_then_reads_nothing_more(desk: Desk) -> None:
    handover = offered(desk)
    response = desk.send("Rakel", "handover_act", handover.ref, "decline", words=" ")
    assert response.status_code == 422
    assert "Say why, so that the other one knows what to do next." in words(response)
    response = desk.send("Rakel", "handover_act", handover.ref, "decline", words="Hon går kvar hos er.")
    assert response.headers["Location"].endswith("/handovers/")
    assert desk.get("Rakel", "handover", handover.ref).status_code == 404
    assert "The answer Hon går kvar hos er. Rakel, 17 November" in desk.read("Bo", "handover", handover.ref)


def test_bo_takes_the_offer_back(desk: Desk) -> None:
    handover = offered(desk)
    assert "Take the offer back" not in desk.read("Rakel", "handover", handover.ref)
    assert desk.send("Rakel", "handover_act", handover.ref, "withdraw").status_code == 422
    assert desk.send("Bo", "handover_act", handover.ref, "withdraw").status_code == 302
    handover.refresh_from_db()
    assert handover.state == HandoverState.WITHDRAWN
    response = desk.send("Rakel", "handover_act", handover.ref, "accept")
    assert response.status_code == 422


@pytest.mark.parametrize("name", ["Hanna", "Ines", "Siv", "Kurt"])
def test_a_stranger_gets_404_on_an_offer(desk: Desk, name: str) -> None:
    handover = offered(desk)
    assert desk.get(name, "handover", handover.ref).status_code == 404
    for verb in ("accept", "decline", "withdraw", "met"):
        assert desk.send(name, "handover_act", handover.ref, verb, words="x").status_code == 404
    assert desk.send("Bo", "handover_act", handover.ref, "forget").status_code == 404


def test_who_covers_rakel_answers_for_her(desk: Desk) -> None:
    handover = offered(desk)
    desk.world.away("Rakel", covered_by="Hanna")
    assert desk.get("Hanna", "handover", handover.ref).status_code == 404
    assert desk.send("Hanna", "handover_act", handover.ref, "accept", acting="Rakel").status_code == 302


def test_more_offers_ask_no_more_of_the_database(desk: Desk) -> None:
    world = desk.world
    offered(desk)
    few = desk.questions("Bo", "handovers")
    for child in (world.nour, world.adam):
        world.named(child)
        made = propose_handover(world.as_("Bo"), child, HandoverKind.NAMED_PERSON, world.posts["Rakel"], note=NOTE)
        if child == world.adam:
            answer_handover(world.as_("Rakel"), made, accept=False, words="Nej.")
    assert desk.questions("Bo", "handovers") == few


def test_titles_name_nobody(desk: Desk) -> None:
    team = at_work(desk)
    handover = offered(desk, "Ines", HandoverKind.LEAD)
    assert lead_of(team).post == desk.world.posts["Bo"]
    for response in (
        desk.get("Bo", "team", team.ref),
        desk.get("Bo", "handover", handover.ref),
        desk.get("Bo", "handovers"),
        desk.get("Hanna", "handover_new", desk.world.signe.ref),
        desk.get("Hanna", "team_new", desk.world.signe.ref),
    ):
        assert "Signe" not in title_of(response)


def test_the_coach_stands_in_the_circle_and_is_taken_away(desk: Desk) -> None:
    signe = desk.world.signe
    desk.world.named()
    refused = desk.send("Bo", "relations", signe.ref, name="Alva", relation="", place="Simklubben")
    assert refused.status_code == 422
    assert "Simklubben" in refused.content.decode()
    noted = desk.send("Bo", "relations", signe.ref, name="Alva", relation="tränare", place="Simklubben")
    assert noted.status_code == 302
    assert "Alva" in desk.read("Bo", "child", signe.ref)
    assert "Simklubben" in desk.read("Bo", "child", signe.ref)
    for relation in Relation.objects.all():
        assert desk.send("Bo", "relation_end", relation.ref).status_code == 302
    assert "Alva" not in desk.read("Bo", "child", signe.ref)
    assert desk.send("Hanna", "relations", signe.ref, name="Alva", relation="tränare").status_code == 422
    assert desk.get("Kurt", "relations", signe.ref).status_code == 404
