"""Needs, goals and actions are written by several; the second sees what the first changed, and keeps the own text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.organisations.models import CommonGoal, Partnership
from samsyn.plans.actions import offer, start_plan
from samsyn.plans.changing import StaleEdit
from samsyn.plans.content_actions import (
    GoalText,
    add_goal,
    add_need,
    change_goal,
    change_heading,
    change_need,
    remove_goal,
    remove_need,
)
from samsyn.plans.models import Action, Goal, Need, Plan, PlanChange, View, ViewKind, WheelMark
from samsyn.plans.review_actions import start_review
from samsyn.plans.step_actions import action_done, action_handed_on, action_left_out
from samsyn.plans.versions import marks_of
from samsyn.plans.view_actions import ViewText, mark_wheel, record_view
from samsyn.plans.wheel import wheel_facts
from samsyn.plans.who_does_what import ActionText, add_action, change_action, remove_action
from samsyn.plans.words import CHANGE_WORDS
from tests.rooms.plans.world import NOW, TODAY, Around, around_signe, now
from tests.worlds import CommittedWorld


def test_each_writes_a_part_and_the_plan_counts_every_change(world: Around) -> None:
    plan = world.draft()
    need = add_need(world.ines, plan, 1, "  Två hem har olika kvällar.\n\n\n\n ")
    goal = add_goal(
        world.bo, need, 2, GoalText(world.goals["health"], "Samma kvällsrutin", True, "Signe säger att det är lugnt")
    )
    action = add_action(world.viewer("Maja"), goal, 3, ActionText("Skriver väsklistan", TODAY, by_person=world.olof))
    assert need.words == "Två hem har olika kvällar."
    assert (goal.in_childs_words, action.by_person) == (True, world.olof)
    assert now(plan).version == 4
    assert [row.what for row in PlanChange.objects.filter(plan=plan)] == [
        "started",
        "need_added",
        "goal_added",
        "action_added",
    ]


def test_mats_who_is_outside_the_team_writes_nothing(world: Around) -> None:
    plan = world.draft()
    with pytest.raises(Refused) as refusal:
        add_need(world.viewer("Mats"), plan, plan.version, "Jag tycker…")
    assert refusal.value.decision.reason == "Only those in the team around the child write in the plan."
    assert not Need.objects.exists()


def test_somebody_who_has_left_the_team_writes_nothing_more(world: Around) -> None:
    plan = world.draft()
    plan.team.memberships.filter(post=world.posts["Maja"]).update(until=clock.now())
    with pytest.raises(Refused):
        add_need(world.viewer("Maja"), plan, plan.version, "Sent påkommet")


def test_the_second_writer_sees_what_the_first_changed_and_then_saves_the_same_text(world: Around) -> None:
    plan = world.draft()
    need = add_need(world.bo, plan, 1, "Måndagar är svåra.")
    seen_by_both = now(plan).version
    change_need(world.bo, need, seen_by_both, "Måndagsmorgnar är svåra.")
    with pytest.raises(StaleEdit) as stale:
        change_need(world.ines, need, seen_by_both, "Måndagar efter bytet är svåra.")
    (change,) = stale.value.changes
    assert (change.what, change.was, change.became) == (
        "need_changed",
        "Måndagar är svåra.",
        "Måndagsmorgnar är svåra.",
    )
    assert (change.by_post, change.item_ref) == (world.posts["Bo"], need.ref)
    assert "Your text is still here" in stale.value.decision.reason
    change_need(world.ines, need, stale.value.version, "Måndagar efter bytet är svåra.")
    need.refresh_from_db()
    assert need.words == "Måndagar efter bytet är svåra."


def test_a_plan_that_somebody_wrote_in_is_not_offered_unread(world: Around) -> None:
    plan = world.written()
    add_need(world.ines, plan, plan.version, "Ett behov som Bo inte har läst")
    with pytest.raises(StaleEdit):
        offer(world.bo, plan, plan.version)


def test_views_marks_and_what_was_done_never_stand_in_a_writers_way(world: Around) -> None:
    plan = world.in_force()
    plan = start_review(world.bo, plan, plan.version)
    record_view(world.ines, plan, world.signe, ViewText(ViewKind.PREFERRED_NOT))
    mark_wheel(world.ines, plan, True, {"safe": 3})
    action_done(world.ines, plan.actions.get())
    assert change_heading(world.bo, plan, plan.version, "Lugna morgnar").heading == "Lugna morgnar"


def test_every_kind_of_change_has_a_sentence(world: Around) -> None:
    plan = world.in_force()
    action_done(world.ines, plan.actions.get())
    assert set(PlanChange.objects.values_list("what", flat=True)) <= set(CHANGE_WORDS)


def test_a_goal_of_another_partnership_is_refused(world: Around) -> None:
    plan = world.draft()
    need = add_need(world.bo, plan, plan.version, "Måndagar är svåra.")
    others = Partnership.objects.create(name="Grannkommunen", decision_number="1", decided_on=TODAY)
    foreign = CommonGoal.objects.create(partnership=others, key="health", position=1, names={})
    goal = add_goal(world.bo, need, now(plan).version, GoalText(world.goals["school"], "Signe kommer i tid"))
    attempts: tuple[Callable[[], object], ...] = (
        lambda: add_goal(world.bo, need, now(plan).version, GoalText(foreign, "Fel mål")),
        lambda: change_goal(world.bo, goal, now(plan).version, GoalText(foreign, "Fel mål")),
    )
    for attempt in attempts:
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.decision.field == "common_goal"


def somebody_outside(world: Around) -> ActionText:
    return ActionText("Pratar", TODAY, by_post=world.posts["Mats"])


def somebody_at_work_as_a_person(world: Around) -> ActionText:
    return ActionText("Pratar", TODAY, by_person=world.accounts["Ines"].person)


def nobody(world: Around) -> ActionText:
    return ActionText("Pratar", TODAY)


def two_at_once(world: Around) -> ActionText:
    return ActionText("Pratar", TODAY, by_post=world.posts["Ines"], by_person=world.olof)


@pytest.mark.parametrize("wrong", [somebody_outside, somebody_at_work_as_a_person, nobody, two_at_once])
def test_an_action_has_one_doer_around_the_child(world: Around, wrong: Callable[[Around], ActionText]) -> None:
    _, goal, action = world.write(plan := world.draft())
    attempts: tuple[Callable[[], object], ...] = (
        lambda: add_action(world.bo, goal, now(plan).version, wrong(world)),
        lambda: change_action(world.bo, action, now(plan).version, wrong(world)),
    )
    for save in attempts:
        with pytest.raises(Refused) as refusal:
            save()
        assert refusal.value.decision.field == "by"


def test_an_action_is_due_today_at_the_earliest(world: Around) -> None:
    _, goal, _ = world.write(plan := world.draft())
    with pytest.raises(Refused) as refusal:
        add_action(world.bo, goal, now(plan).version, ActionText("Igår", TODAY - timedelta(days=1), world.posts["Bo"]))
    assert refusal.value.decision.field == "due_on"


def test_what_is_taken_away_is_emptied_first(world: Around) -> None:
    need, goal, action = world.write(plan := world.draft())
    attempts: tuple[Callable[[], object], ...] = (
        lambda: remove_need(world.bo, need, now(plan).version),
        lambda: remove_goal(world.bo, goal, now(plan).version),
    )
    for remove in attempts:
        with pytest.raises(Refused):
            remove()
    remove_action(world.bo, action, now(plan).version)
    remove_goal(world.bo, goal, now(plan).version)
    remove_need(world.bo, need, now(plan).version)
    assert (Need.objects.count(), Goal.objects.count(), Action.objects.count()) == (0, 0, 0)
    assert PlanChange.objects.filter(what="need_removed", was="Måndagsmorgnarna är svåra.").exists()


def test_what_the_family_agreed_to_is_left_out_and_never_taken_away(world: Around) -> None:
    plan = world.in_force()
    plan = start_review(world.bo, plan, plan.version)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: remove_action(world.bo, plan.actions.get(), plan.version),
        lambda: remove_goal(world.bo, plan.goals.get(), plan.version),
        lambda: remove_need(world.bo, plan.needs.get(), plan.version),
    )
    for remove in attempts:
        with pytest.raises(Refused) as refusal:
            remove()
        assert "This was agreed with the family and stays." in refusal.value.decision.reason


def test_an_action_that_is_done_is_not_rewritten(world: Around) -> None:
    plan = world.in_force()
    action = plan.actions.get()
    action_done(world.ines, action)
    plan = start_review(world.bo, now(plan), now(plan).version)
    with pytest.raises(Refused) as refusal:
        change_action(world.bo, action, plan.version, ActionText("Något annat", TODAY, world.posts["Bo"]))
    assert refusal.value.decision.reason == "How this went has already been written down."


def test_a_goal_is_written_in_other_words(world: Around) -> None:
    _, goal, _ = world.write(plan := world.draft())
    goal = change_goal(world.bo, goal, now(plan).version, GoalText(world.goals["health"], "Signe sover gott"))
    assert (goal.words, goal.common_goal) == ("Signe sover gott", world.goals["health"])


def test_headings_goals_and_actions_say_something_too(world: Around) -> None:
    need, goal, _ = world.write(plan := world.draft())
    attempts: tuple[tuple[Callable[[], object], str], ...] = (
        (lambda: change_heading(world.bo, plan, now(plan).version, " "), "heading"),
        (lambda: start_plan(world.bo, plan.team, " "), "heading"),
        (lambda: add_goal(world.bo, need, now(plan).version, GoalText(world.goals["school"], " ")), "words"),
        (lambda: add_action(world.bo, goal, now(plan).version, ActionText(" ", TODAY, world.posts["Bo"])), "words"),
    )
    for empty, field in attempts:
        with pytest.raises(Refused) as refusal:
            empty()
        assert (refusal.value.decision.reason, refusal.value.decision.field) == ("Write something here.", field)


def test_how_an_action_went_is_not_written_on_one_that_was_taken_away_meanwhile(world: Around) -> None:
    plan = world.in_force()
    plan = start_review(world.bo, plan, plan.version)
    text = ActionText("Provar en väska till", TODAY, world.posts["Bo"])
    action = add_action(world.bo, plan.goals.get(), plan.version, text)
    remove_action(world.ines, Action.objects.get(pk=action.pk), now(plan).version)
    with pytest.raises(Refused) as refusal:
        action_done(world.bo, action)
    assert refusal.value.decision.reason == "Somebody has taken this away meanwhile."


@pytest.mark.parametrize("words", ["", "   \n ", "\u200b"])
def test_nothing_is_not_a_need(world: Around, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        add_need(world.bo, world.draft(), 1, words)
    assert refusal.value.decision.field == "words"


def test_a_long_need_is_kept_whole_and_one_that_is_too_long_is_refused(world: Around) -> None:
    plan = world.draft()
    assert add_need(world.bo, plan, 1, "å" * 10_000).words == "å" * 10_000
    with pytest.raises(Refused):
        add_need(world.bo, plan, 2, "å" * 10_001)


def test_a_heading_with_a_hidden_turn_is_refused(world: Around) -> None:
    with pytest.raises(Refused) as refusal:
        start_plan(world.bo, world.team(), "Lugna\u202emorgnar")
    assert refusal.value.decision.field == "heading"


# --- views and marks --------------------------------------------------------------------------------------------------


def test_a_guardian_who_thinks_again_adds_a_view_and_the_disagreement_stays(world: Around) -> None:
    plan = world.written()
    record_view(world.bo, plan, world.olof, ViewText(ViewKind.SAID, "Jag håller inte med.", disagrees=True))
    record_view(world.bo, plan, world.olof, ViewText(ViewKind.SAID, "Nu är det bra."))
    assert list(View.objects.filter(whose=world.olof).values_list("disagrees", "number")) == [(True, 1), (False, 1)]


def test_a_view_belongs_to_the_version_that_is_spoken_of(world: Around) -> None:
    plan = world.in_force()
    in_force = record_view(world.bo, plan, world.amal, ViewText(ViewKind.SAID, "Det går bra."))
    plan = start_review(world.bo, plan, plan.version + 1)
    in_writing = record_view(world.bo, plan, world.amal, ViewText(ViewKind.SAID, "Mer tid."))
    assert (in_force.number, in_writing.number) == (1, 2)


def test_nobody_speaks_in_another_familys_place(world: Around) -> None:
    with pytest.raises(Refused) as refusal:
        record_view(world.bo, world.draft(), world.accounts["Ines"].person, ViewText(ViewKind.SAID, "Jag tror…"))
    assert refusal.value.decision.field == "whose"


def test_mats_who_is_outside_the_team_records_marks_and_ticks_nothing(world: Around) -> None:
    plan = world.in_force()
    mats = world.viewer("Mats")
    attempts: tuple[Callable[[], object], ...] = (
        lambda: record_view(mats, plan, world.signe, ViewText(ViewKind.PREFERRED_NOT)),
        lambda: mark_wheel(mats, plan, True, {"safe": 3}),
        lambda: action_done(mats, plan.actions.get()),
        lambda: action_left_out(mats, plan.actions.get(), "Onödigt"),
        lambda: action_handed_on(mats, plan.actions.get(), "Någon"),
    )
    for attempt in attempts:
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.decision.reason == "Only those in the team around the child write in the plan."


def test_signe_marks_the_wheel_and_so_do_the_adults(world: Around) -> None:
    plan = world.draft()
    mark_wheel(world.bo, plan, True, {"safe": 2}, made_on=TODAY - timedelta(days=60))
    mark_wheel(world.bo, plan, True, {"safe": 3, "included": 2}, {"included": "Ibland utanför."})
    mark_wheel(world.ines, plan, False, {"safe": 3, "included": 4})
    areas = {area.area: area for area in wheel_facts(marks_of(plan))}
    assert (areas["safe"].child, areas["safe"].before, areas["safe"].adults) == (3, 2, 3)
    assert (areas["included"].child_words, areas["included"].change) == ("Ibland utanför.", None)


def test_no_mark_is_made_tomorrow_or_outside_the_scale(world: Around) -> None:
    plan = world.draft()
    attempts: tuple[Callable[[], object], ...] = (
        lambda: mark_wheel(world.bo, plan, True, {"safe": 3}, made_on=TODAY + timedelta(days=1)),
        lambda: mark_wheel(world.bo, plan, True, {"safe": 6}),
    )
    for wrong in attempts:
        with pytest.raises(Refused):
            wrong()
    assert not WheelMark.objects.exists()


# --- at once ----------------------------------------------------------------------------------------------------------


def test_two_plans_begun_at_once_are_one(committed_world: CommittedWorld) -> None:
    with clock.at(NOW):
        world = around_signe()
        team, bo, ines = world.team(), world.bo, world.ines

    def begin_as(viewer: object) -> Callable[[], Plan]:
        def begin() -> Plan:
            with clock.at(NOW):
                return start_plan(viewer, team, "Lugna morgnar")  # type: ignore[arg-type]

        return begin

    outcomes = committed_world.at_once(begin_as(bo), begin_as(ines))
    refused = [one for one in outcomes if isinstance(one, Refused)]
    assert len(refused) == 1
    assert refused[0].decision.reason == "There is already a plan for the child. Write in it instead."
    assert Plan.objects.count() == 1


def test_two_who_save_the_same_page_at_once_lose_nothing(committed_world: CommittedWorld) -> None:
    with clock.at(NOW):
        world = around_signe()
        plan, writers = world.draft(), (world.bo, world.ines)
        need = add_need(world.bo, plan, 1, "Måndagar är svåra.")

    def save(place: int) -> Callable[[], Need]:
        def write() -> Need:
            with clock.at(NOW):
                return change_need(writers[place], need, 2, f"Text {place}")

        return write

    outcomes = committed_world.at_once(save(0), save(1))
    (stale,) = (one for one in outcomes if isinstance(one, StaleEdit))
    (saved,) = (one for one in outcomes if isinstance(one, Need))
    need.refresh_from_db()
    assert need.words == saved.words == stale.changes[0].became
