"""The plan's life: begun by the team, offered, agreed, reviewed, closed; or declined, and the lead stays."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from samsyn.circle.team_actions import close_team, propose_team, start_team
from samsyn.circle.teams import lead_of, open_team
from samsyn.common import clock, ports
from samsyn.common.decision import Refused
from samsyn.duties.models import Duty, DutyState
from samsyn.notices.models import Notice
from samsyn.organisations.models import LocalClock
from samsyn.people.models import Guardianship
from samsyn.plans import rules
from samsyn.plans.actions import agree, close, decline, offer, open_plan, start_plan
from samsyn.plans.agreement import open_to_team
from samsyn.plans.content_actions import GoalText, add_goal, add_need
from samsyn.plans.models import Action, Plan, PlanChange, PlanState, PlanVersion, Review, View, ViewKind, WheelMark
from samsyn.plans.review_actions import LookBack, finish_review, start_review
from samsyn.plans.step_actions import action_done, action_handed_on, action_left_out
from samsyn.plans.view_actions import ViewText, mark_wheel, record_view
from samsyn.plans.who_does_what import ActionText, add_action, change_action
from samsyn.sharing.actions import answer_consent, guardians_today
from samsyn.sharing.models import Disclosure
from samsyn.trail.models import TrailSubject
from tests.rooms.plans.world import TODAY, Around, now

REVIEW_DAY = TODAY + timedelta(days=31)


def sentence(refusal: pytest.ExceptionInfo[Refused]) -> str:
    """What the reader of the screen is told."""
    return refusal.value.decision.reason


def duties(*whats: str) -> list[tuple[str, str, date]]:
    """Open duties: what, whose, by which day."""
    rows = Duty.objects.filter(state=DutyState.OPEN, what__in=whats).select_related("post").order_by("due_at")
    return [(row.what, row.post.title, row.due_at.astimezone(clock.STOCKHOLM).date()) for row in rows]


# --- begun ------------------------------------------------------------------------------------------------------------


def test_bo_begins_signes_plan_and_ines_reads_it_in_the_other_authority(world: Around) -> None:
    plan = world.draft()
    assert plan.state == PlanState.DRAFT
    assert plan.authority == world.school
    assert list(Plan.objects.visible_to(world.ines)) == [plan]
    assert list(Plan.objects.visible_to(world.viewer("Maja"))) == [plan]
    assert not Plan.objects.visible_to(world.viewer("Mats")).exists()


def test_the_lead_is_to_make_the_plan_ready_in_time(world: Around) -> None:
    world.draft()
    assert duties("finish_plan") == [("finish_plan", "rektor", TODAY + timedelta(days=28))]


def test_there_is_one_open_plan_a_child(world: Around) -> None:
    plan = world.draft()
    with pytest.raises(Refused) as refusal:
        start_plan(world.ines, plan.team, "En till")
    assert sentence(refusal) == "There is already a plan for the child. Write in it instead."
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.create(
            child=world.signe, authority=world.school, team=plan.team, heading="En till", started_at=clock.now()
        )


def test_the_plan_that_is_opened_to_the_team_carries_what_the_family_says_of_it(world: Around) -> None:
    plan = world.draft()
    views = Disclosure.objects.get(items__kind="plan", items__ref=plan.ref).views
    assert (views[0]["whose"], views[0]["said"]) == ("child", plan.team.child_view)
    assert {view["whose"] for view in views[1:]} == {str(row.guardian.ref) for row in guardians_today(plan.child)}
    assert all(view["yes_on"] for view in views[1:])


def test_somebody_outside_the_team_begins_no_plan(world: Around) -> None:
    with pytest.raises(Refused) as refusal:
        start_plan(world.viewer("Mats"), world.team(), "Mats egen")
    assert sentence(refusal) == "Only those in the team around the child write in the plan."


def test_a_team_that_has_ended_begins_no_plan(world: Around) -> None:
    team = world.team()
    close_team(world.bo, team, open_plan=False)
    with pytest.raises(Refused) as refusal:
        start_plan(world.bo, team, "För sent")
    assert "Start the team first" in sentence(refusal)


def test_without_both_guardians_yes_nothing_reaches_the_other_authority(world: Around) -> None:
    team = world.team()
    assert team.consent is not None
    answer_consent(world.bo, team.consent, world.olof, "withdrawn", form="oral", language="sv")
    with pytest.raises(Refused) as refusal:
        start_plan(world.bo, team, "Det ska vara lugnt på morgonen.")
    assert "taken the yes back" in sentence(refusal)
    assert not Plan.objects.exists()


def test_opening_to_the_team_again_opens_nothing_twice(world: Around) -> None:
    plan = now(world.draft())
    open_to_team(world.bo, plan)
    assert TrailSubject.objects.filter(kind="disclosure", state="given").count() == 2  # the circle, and the plan


# --- offered, agreed, declined ----------------------------------------------------------------------------------------


def test_an_empty_plan_is_not_offered(world: Around) -> None:
    plan = world.draft()
    with pytest.raises(Refused) as refusal:
        offer(world.bo, plan, plan.version)
    assert refusal.value.decision.field == "needs"


def test_maja_alone_does_not_offer_the_plan(world: Around) -> None:
    plan = world.written()
    with pytest.raises(Refused) as refusal:
        offer(world.viewer("Maja"), plan, plan.version)
    assert sentence(refusal) == "The lead or the child's %(named_person)s does this."


def test_everybody_agrees_and_the_plan_is_in_force(world: Around) -> None:
    plan = world.in_force()
    assert (plan.state, plan.agreed_number, plan.review_on) == (PlanState.ACTIVE, 1, REVIEW_DAY)
    assert duties("finish_plan", "review_plan", "carry_out_action") == [
        ("carry_out_action", "socialsekreterare", TODAY + timedelta(days=9)),
        ("review_plan", "rektor", REVIEW_DAY),
    ]


def test_a_plan_inside_the_school_needs_no_yes_to_sharing_and_still_hears_everybody(world: Around) -> None:
    team = propose_team(world.bo, world.signe, purpose="Lugn", members=[world.posts["Maja"]], consent=None)
    team = start_team(world.bo, team, child_view="Bra.", lead_wish="")
    plan = start_plan(world.bo, team, "Det ska vara lugnt på morgonen.")
    need = add_need(world.bo, plan, plan.version, "Måndagar är svåra.")
    goal = add_goal(world.bo, need, now(plan).version, GoalText(world.goals["school"], "Signe kommer i tid"))
    add_action(world.bo, goal, now(plan).version, ActionText("Möter", TODAY, by_post=world.posts["Maja"]))
    plan = offer(world.bo, plan, now(plan).version)
    with pytest.raises(Refused) as refusal:
        agree(world.bo, plan, plan.version, review_on=REVIEW_DAY)
    assert refusal.value.decision.rule == "plan_needs_a_yes"
    world.yes_to_plan()
    with pytest.raises(Refused) as refusal:
        agree(world.bo, plan, plan.version, review_on=REVIEW_DAY)
    assert refusal.value.decision.field == "views"
    world.hear_everybody(plan)
    assert agree(world.bo, plan, now(plan).version, review_on=REVIEW_DAY).state == PlanState.ACTIVE


def test_the_version_keeps_the_whole_plan_and_no_names_of_persons(world: Around) -> None:
    version = PlanVersion.objects.get(plan=world.in_force())
    need = version.content["needs"][0]
    assert need["words"] == "Måndagsmorgnarna är svåra."
    assert need["goals"][0]["actions"][0]["by_post_label"] == "socialsekreterare, Tidiga stödet"
    assert {view["whose"] for view in version.content["views"]} == {
        str(person.ref) for person in (world.signe, world.amal, world.olof)
    }
    assert "Olof" not in str(version.content)


def test_the_childs_view_is_asked_for_before_a_plan_is_agreed(world: Around) -> None:
    plan = world.written()
    offer(world.bo, plan, plan.version)
    record_view(world.bo, plan, world.amal, ViewText(ViewKind.PREFERRED_NOT))
    record_view(world.bo, plan, world.olof, ViewText(ViewKind.PREFERRED_NOT))
    with pytest.raises(Refused) as refusal:
        agree(world.bo, plan, now(plan).version, review_on=REVIEW_DAY)
    assert "what the child thinks" in sentence(refusal)
    assert refusal.value.decision.rule == "own_views"


def test_olofs_view_is_asked_for_as_well_as_amals(world: Around) -> None:
    plan = world.written()
    offer(world.bo, plan, plan.version)
    record_view(world.bo, plan, world.signe, ViewText(ViewKind.PREFERRED_NOT))
    record_view(world.bo, plan, world.amal, ViewText(ViewKind.SAID, "Samma läggtid."))
    with pytest.raises(Refused) as refusal:
        agree(world.bo, plan, now(plan).version, review_on=REVIEW_DAY)
    assert "each guardian" in sentence(refusal)


def test_who_had_custody_before_is_not_waited_for(world: Around) -> None:
    plan = world.written()
    offer(world.bo, plan, plan.version)
    Guardianship.objects.filter(guardian=world.olof).update(until=TODAY - timedelta(days=1))
    Guardianship.objects.filter(guardian=world.amal).update(custody="sole")
    record_view(world.bo, plan, world.signe, ViewText(ViewKind.PREFERRED_NOT))
    record_view(world.bo, plan, world.amal, ViewText(ViewKind.PREFERRED_NOT))
    assert agree(world.bo, plan, now(plan).version, review_on=REVIEW_DAY).state == PlanState.ACTIVE


def test_a_yes_that_was_taken_back_stops_the_agreement(world: Around) -> None:
    plan = world.written()
    offer(world.bo, plan, plan.version)
    world.hear_everybody(plan)
    consent = plan.team.consent
    assert consent is not None
    answer_consent(world.bo, consent, world.olof, "withdrawn", form="oral", language="sv")
    with pytest.raises(Refused) as refusal:
        agree(world.bo, plan, now(plan).version, review_on=REVIEW_DAY)
    assert "taken the yes back" in sentence(refusal)


def test_a_yes_about_another_child_is_no_yes(world: Around) -> None:
    plan = world.written()
    offer(world.bo, plan, plan.version)
    world.hear_everybody(plan)
    other = world.consent()
    other.child = world.amal
    with pytest.raises(Refused) as refusal:
        agree(world.bo, plan, now(plan).version, review_on=REVIEW_DAY, consent=other)
    assert sentence(refusal) == "That yes is about something else."


def test_the_review_is_within_six_weeks_and_sooner_where_the_partnership_has_promised(world: Around) -> None:
    plan = world.written()
    offer(world.bo, plan, plan.version)
    world.hear_everybody(plan)
    for latest in (TODAY + timedelta(days=42), TODAY + timedelta(days=21)):
        with pytest.raises(Refused) as refusal:
            agree(world.bo, plan, now(plan).version, review_on=latest + timedelta(days=1))
        assert refusal.value.decision.values == {"latest": latest}
        LocalClock.objects.get_or_create(partnership=world.partnership, rule="first_review", value=21)


def test_a_promise_whose_day_has_passed_gets_a_new_day_first(world: Around) -> None:
    plan = world.written()
    offer(world.bo, plan, plan.version)
    world.hear_everybody(plan)
    with clock.at(clock.noon(TODAY + timedelta(days=10))):
        with pytest.raises(Refused) as refusal:
            agree(world.bo, plan, now(plan).version, review_on=REVIEW_DAY)
        assert "The day for an action has passed" in sentence(refusal)


def test_a_promise_of_somebody_who_left_the_team_gets_somebody_new_first(world: Around) -> None:
    plan = world.written()
    offer(world.bo, plan, plan.version)
    world.hear_everybody(plan)
    plan.team.memberships.filter(post=world.posts["Ines"]).update(until=clock.now())
    with pytest.raises(Refused) as refusal:
        agree(world.bo, plan, now(plan).version, review_on=REVIEW_DAY)
    assert "has left" in sentence(refusal)


def test_a_family_that_says_no_keeps_the_lead_and_nothing_is_flagged(world: Around) -> None:
    plan = world.written()
    offer(world.bo, plan, plan.version)
    plan = decline(world.bo, plan, now(plan).version)
    assert plan.state == PlanState.DECLINED
    team = open_team(world.signe, plan.authority_id)
    assert team is not None
    assert lead_of(team).post == world.posts["Bo"]
    assert duties("finish_plan", "review_plan", "carry_out_action") == []
    assert start_plan(world.bo, team, "Ett nytt försök").state == PlanState.DRAFT


def test_what_outside_units_read_of_a_plan_ends_with_the_familys_yes(world: Around) -> None:
    plan = world.written()
    decline(world.bo, plan, plan.version)
    assert Plan.objects.visible_to(world.ines).exists()
    consent = plan.team.consent
    assert consent is not None
    answer_consent(world.bo, consent, world.amal, "withdrawn", form="oral", language="ar")
    assert not Plan.objects.visible_to(world.ines).exists()
    assert Plan.objects.visible_to(world.bo).exists()


# --- reviewed ---------------------------------------------------------------------------------------------------------


def look_back(held_on: date, next_on: date | None, scale: int | None = 7, words: str = "") -> LookBack:
    """A review in which Signe chose a number."""
    return LookBack(held_on, scale, "Fyra lugna måndagar.", next_on, words)


def reviewed(world: Around) -> tuple[Plan, Action]:
    """A plan under review a month later, with one new action; everybody has been heard again."""
    plan = world.in_force()
    plan = start_review(world.bo, plan, plan.version)
    goal = plan.goals.get()
    later = ActionText("Skriver väsklistan", TODAY + timedelta(days=40), by_person=world.olof)
    action = add_action(world.bo, goal, now(plan).version, later)
    world.hear_everybody(plan)
    return now(plan), action


def test_a_review_moves_an_action_to_done_and_makes_a_new_version(world: Around) -> None:
    plan, _ = reviewed(world)
    visit = plan.actions.get(words="Hembesök hos Amal")
    plan = finish_review(world.bo, plan, plan.version, look_back(TODAY, TODAY + timedelta(days=84)), done=[visit])
    assert (plan.state, plan.agreed_number, plan.review_on) == (PlanState.ACTIVE, 2, TODAY + timedelta(days=84))
    assert list(plan.versions.order_by("number").values_list("number", flat=True)) == [1, 2]
    visit.refresh_from_db()
    assert (visit.state, visit.done_on) == ("done", TODAY)
    assert duties("review_plan", "carry_out_action") == [("review_plan", "rektor", TODAY + timedelta(days=84))]


def test_everybody_is_heard_anew_for_the_new_version(world: Around) -> None:
    plan = world.in_force()
    plan = start_review(world.bo, plan, plan.version)
    with pytest.raises(Refused) as refusal:
        finish_review(world.bo, plan, plan.version, look_back(TODAY, REVIEW_DAY))
    assert "what the child thinks" in sentence(refusal)
    assert not Review.objects.exists()


def test_the_next_review_is_within_twelve_weeks(world: Around) -> None:
    plan, _ = reviewed(world)
    with pytest.raises(Refused) as refusal:
        finish_review(world.bo, plan, plan.version, look_back(TODAY, TODAY + timedelta(days=85)))
    assert refusal.value.decision.rule == "later_review"


def test_a_review_tells_what_changed_and_what_the_child_says(world: Around) -> None:
    plan, _ = reviewed(world)
    for broken in (LookBack(TODAY, 7, " ", REVIEW_DAY), look_back(TODAY, REVIEW_DAY, None)):
        with pytest.raises(Refused) as refusal:
            finish_review(world.bo, plan, plan.version, broken)
        assert refusal.value.decision.field in {"what_changed", "child_words"}
    finish_review(world.bo, plan, plan.version, look_back(TODAY, REVIEW_DAY, None, "Signe ritade en sol."))
    assert Review.objects.get().child_words == "Signe ritade en sol."


def test_a_refused_review_leaves_no_action_half_done(world: Around) -> None:
    plan, _ = reviewed(world)
    visit = plan.actions.get(words="Hembesök hos Amal")
    with pytest.raises(Refused):
        finish_review(world.bo, plan, plan.version, look_back(TODAY, None), done=[visit])
    visit.refresh_from_db()
    assert visit.state == "to_do"
    assert now(plan).version == plan.version


def test_a_promise_that_moves_to_another_post_moves_its_duty_at_the_agreement(world: Around) -> None:
    plan, _ = reviewed(world)
    visit = plan.actions.get(words="Hembesök hos Amal")
    other_day = TODAY + timedelta(days=12)
    change_action(world.bo, visit, plan.version, ActionText(visit.words, other_day, by_post=world.posts["Maja"]))
    assert duties("carry_out_action") == [("carry_out_action", "socialsekreterare", TODAY + timedelta(days=9))]
    finish_review(world.bo, plan, now(plan).version, look_back(TODAY, REVIEW_DAY))
    assert duties("carry_out_action") == [("carry_out_action", "fritidspedagog", other_day)]


def test_a_promise_that_stays_keeps_its_duty(world: Around) -> None:
    plan, _ = reviewed(world)
    before = Duty.objects.get(what="carry_out_action", state=DutyState.OPEN)
    finish_review(world.bo, plan, plan.version, look_back(TODAY, REVIEW_DAY))
    assert Duty.objects.get(what="carry_out_action", state=DutyState.OPEN) == before


def test_a_plan_in_force_is_not_written_in(world: Around) -> None:
    plan = world.in_force()
    with pytest.raises(Refused) as refusal:
        add_need(world.bo, plan, plan.version, "Ett behov till")
    assert "Start a review" in sentence(refusal)


# --- how it went, and closed ------------------------------------------------------------------------------------------


def test_ines_says_that_her_action_is_done_and_her_duty_ends(world: Around) -> None:
    action = world.in_force().actions.get()
    assert action_done(world.ines, action).done_on == TODAY
    assert duties("carry_out_action") == []
    with pytest.raises(Refused) as refusal:
        action_done(world.ines, action)
    assert sentence(refusal) == "That has already been written down."


def test_an_action_cannot_be_done_tomorrow(world: Around) -> None:
    with pytest.raises(Refused):
        action_done(world.ines, world.in_force().actions.get(), TODAY + timedelta(days=1))


def test_a_plan_closes_when_all_is_decided_and_the_family_knows_the_way_back(world: Around) -> None:
    plan = world.in_force()
    with pytest.raises(Refused) as refusal:
        close(world.bo, plan, plan.version, how_to_reach_us="Ring Bo.")
    assert refusal.value.decision.field == "actions"
    action_left_out(world.bo, plan.actions.get(), "Amal ville inte ha besök.")
    with pytest.raises(Refused) as refusal:
        close(world.bo, plan, plan.version, how_to_reach_us="  ")
    assert refusal.value.decision.field == "how_to_reach_us"
    plan = close(world.bo, plan, plan.version, how_to_reach_us="Ring Bo på 0451-26 70 00.")
    assert plan.state == PlanState.CLOSED
    assert open_plan(plan.team) is None
    assert duties("review_plan", "carry_out_action") == []


def test_what_somebody_else_goes_on_with_keeps_no_plan_open(world: Around) -> None:
    plan = world.in_force()
    action_handed_on(world.bo, plan.actions.get(), "Skolsköterskan Elin")
    assert close(world.bo, plan, plan.version, how_to_reach_us="Ring Bo.").state == PlanState.CLOSED


def test_something_closed_meanwhile_is_said_to_be_closed(world: Around) -> None:
    plan = world.in_force()
    action_handed_on(world.bo, plan.actions.get(), "Skolsköterskan Elin")
    close(world.bo, plan, plan.version, how_to_reach_us="Ring Bo.")
    with pytest.raises(Refused) as refusal:
        start_review(world.bo, plan, plan.version)
    assert sentence(refusal) == "The plan is closed."


# --- traces -----------------------------------------------------------------------------------------------------------


def test_replaying_the_trail_gives_the_state_of_the_plan_and_of_its_actions(world: Around) -> None:
    plan, _ = reviewed(world)
    visit = plan.actions.get(words="Hembesök hos Amal")
    finish_review(world.bo, plan, plan.version, look_back(TODAY, REVIEW_DAY), done=[visit])
    steps = TrailSubject.objects.order_by("id").exclude(state="")
    assert [row.state for row in steps.filter(kind="plan", ref=plan.ref)][-1] == now(plan).state
    seen = list(dict.fromkeys(steps.filter(kind="plan", ref=plan.ref).values_list("state", flat=True)))
    assert seen == ["draft", "offered", "active", "in_review"]
    assert [row.state for row in steps.filter(kind="plan_action", ref=visit.ref)] == ["done"]
    assert not steps.filter(kind="plan").exclude(child_ref=world.signe.ref).exists()


def test_the_states_that_were_walked_are_lines_of_the_table(world: Around) -> None:
    plan, _ = reviewed(world)
    finish_review(world.bo, plan, plan.version, look_back(TODAY, REVIEW_DAY))
    states = [
        "",
        *TrailSubject.objects.filter(kind="plan", ref=plan.ref).order_by("id").values_list("state", flat=True),
    ]
    walked = {(one, other) for one, other in pairwise(states) if one != other}
    assert walked <= {(line.state, line.to) for line in rules.PLAN_STEPS}


def test_the_others_in_the_team_are_told_in_words_that_name_nobody(world: Around) -> None:
    from samsyn.plans.words import NOTICE_WORDS

    world.in_force()
    told = Notice.objects.filter(room="plan").select_related("post")
    assert {(row.post.title, row.text_key) for row in told if row.post} == {
        (title, key)
        for title in ("fritidspedagog", "socialsekreterare")
        for key in ("plan_started", "plan_offered", "plan_agreed")
    }
    assert all("Signe" not in str(NOTICE_WORDS[row.text_key]) for row in told)


@pytest.mark.parametrize("model", [View, PlanVersion, Review, WheelMark, PlanChange])
def test_what_was_written_stays_as_it_was(world: Around, model: type[View]) -> None:
    plan, _ = reviewed(world)
    mark_wheel(world.bo, plan, True, {"safe": 3})
    finish_review(world.bo, now(plan), now(plan).version, look_back(TODAY, REVIEW_DAY))
    for rewrite in (lambda: model.objects.update(ref=plan.ref), lambda: model.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rewrite()


# --- what lower rooms ask ---------------------------------------------------------------------------------------------


def test_ines_cannot_leave_her_post_while_she_has_something_to_do_in_the_plan(world: Around) -> None:
    plan = world.in_force()
    action = plan.actions.get()
    hanging = [one for one in ports.hangs_on_post(world.posts["Ines"].pk) if one.room == "plans"]
    assert [(one.kind, one.ref) for one in hanging] == [("plan_action", action.ref)]
    assert "Signe" not in hanging[0].words
    action_done(world.ines, action)
    assert not [one for one in ports.hangs_on_post(world.posts["Ines"].pk) if one.room == "plans"]


def going_along(world: Around) -> list[tuple[str, UUID]]:
    """What goes along when the school hands Signe over."""
    unit = world.posts["Bo"].unit
    return ports.goes_with_the_child(world.signe.pk, unit.authority_id, unit.pk)


def test_the_open_plan_goes_with_the_child_to_a_new_named_person(world: Around) -> None:
    plan = world.in_force()
    assert ("plan", plan.ref) in going_along(world)
    action_left_out(world.bo, plan.actions.get(), "Det behövs inte.")
    close(world.bo, plan, plan.version, how_to_reach_us="Ring Bo.")
    assert ("plan", plan.ref) not in going_along(world)
