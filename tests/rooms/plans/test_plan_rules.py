"""When the plan may be written, offered, agreed, reviewed and closed. Each guard has a test that falls without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from samsyn import law
from samsyn.common.decision import Decision, no, yes
from samsyn.early_signals.models import Area
from samsyn.plans import rules
from samsyn.plans.models import ActionState, PlanState, ViewKind
from samsyn.plans.rules import (
    PLAN_STEPS,
    belongs_to_partnership,
    can_be_done_by,
    happened,
    has_one_doer,
    has_words,
    holds_together,
    is_ahead,
    is_open,
    is_possible,
    is_still_there,
    is_still_to_do,
    is_writable,
    may_agree,
    may_ask_for_paper,
    may_close,
    may_decide_action,
    may_mark,
    may_offer,
    may_record_view,
    may_remove,
    may_review,
    may_start,
    may_write,
    nobody_wrote_meanwhile,
    step,
    takes_part,
)

TODAY = date(2026, 11, 17)
TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)
GIVEN = yes()


# --- the table of states ---------------------------------------------------------------------------------------------


def test_the_table_knows_the_states_of_the_store_and_no_others() -> None:
    named = {line.state for line in PLAN_STEPS} | {line.to for line in PLAN_STEPS}
    assert named == {"", *PlanState.values}


def test_each_line_cites_a_row_of_law_that_is_in_force() -> None:
    assert [law.on(TODAY).row(line.source).id for line in PLAN_STEPS] == [line.source for line in PLAN_STEPS]


def test_every_state_but_the_last_two_has_a_way_out() -> None:
    assert {line.state for line in PLAN_STEPS} == {"", *PlanState.values} - set(rules.ENDED)


def test_a_plan_is_in_force_only_through_an_agreement_or_a_review() -> None:
    assert {(line.state, line.verb) for line in PLAN_STEPS if line.to == "active"} == {
        ("offered", "agree"),
        ("in_review", "finish_review"),
    }


@pytest.mark.parametrize("state", PlanState.values)
@pytest.mark.parametrize("verb", sorted({line.verb for line in PLAN_STEPS} - {"start"}))
def test_a_step_is_possible_exactly_when_the_table_has_it(state: str, verb: str) -> None:
    decision = is_possible(state, verb)
    assert decision.allowed == (step(state, verb) is not None)
    assert decision.allowed or decision.reason


@pytest.mark.parametrize(
    ("state", "verb", "sentence"),
    [
        ("closed", "offer", "The plan is closed."),
        ("declined", "agree", "The family has said no to this plan."),
        ("offered", "offer", "The plan has already been offered to the family."),
        ("draft", "agree", "Offer the plan to the family first."),
        ("in_review", "start_review", "The plan is already being reviewed."),
        ("active", "finish_review", "Start a review first."),
    ],
)
def test_a_step_that_somebody_else_was_quicker_with_is_refused_in_words_that_tell(
    state: str, verb: str, sentence: str
) -> None:
    assert is_possible(state, verb).reason == sentence


# --- who ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["is_lead", "is_named_person", "is_member"])
def test_the_lead_the_named_person_and_a_member_write(who: str) -> None:
    roles = {"is_lead": False, "is_named_person": False, "is_member": False}
    assert takes_part(**{**roles, who: True})
    assert may_write(**{**roles, who: True}, state="draft")


def test_somebody_outside_the_team_writes_nothing() -> None:
    decision = may_write(is_lead=False, is_named_person=False, is_member=False, state="draft")
    assert decision.reason == "Only those in the team around the child write in the plan."


def test_the_lead_and_the_named_person_take_the_plan_on_and_a_member_alone_does_not() -> None:
    assert holds_together(is_lead=True, is_named_person=False)
    assert holds_together(is_lead=False, is_named_person=True)
    assert not holds_together(is_lead=False, is_named_person=False)


# --- writing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "offered", "in_review"])
def test_text_is_written_before_the_agreement_and_in_a_review(state: str) -> None:
    assert is_writable(state)


def test_what_the_family_agreed_to_changes_only_in_a_review() -> None:
    assert is_writable("active").reason == "The plan has been agreed with the family. Start a review to change it."


@pytest.mark.parametrize("state", rules.ENDED)
def test_a_plan_that_has_ended_takes_no_more_words(state: str) -> None:
    assert not is_writable(state)
    assert not may_write(is_lead=True, is_named_person=True, is_member=True, state=state)
    assert not is_open(state)


def test_a_team_at_work_begins_a_plan() -> None:
    assert may_start(team_at_work=True, open_plan=False)


def test_no_team_no_plan() -> None:
    assert "Start the team first" in may_start(team_at_work=False, open_plan=False).reason


def test_one_open_plan_a_child() -> None:
    decision = may_start(team_at_work=True, open_plan=True)
    assert decision.reason == "There is already a plan for the child. Write in it instead."


def test_a_need_says_something() -> None:
    assert has_words("Måndagar är svåra.", "words")
    assert has_words("  \n", "words").field == "words"


def test_a_goal_is_one_of_the_common_goals() -> None:
    assert belongs_to_partnership(same=True)
    assert belongs_to_partnership(same=False).field == "common_goal"


def test_an_action_is_done_by_exactly_one() -> None:
    assert has_one_doer(post=True, person=False)
    assert has_one_doer(post=False, person=True)
    assert not has_one_doer(post=True, person=True)
    assert not has_one_doer(post=False, person=False)


def test_an_action_is_done_by_somebody_around_the_child() -> None:
    assert can_be_done_by(in_team=True, in_family=False)
    assert can_be_done_by(in_team=False, in_family=True)
    assert not can_be_done_by(in_team=False, in_family=False)


def test_an_action_is_due_today_or_later() -> None:
    assert is_ahead(TODAY, on=TODAY, field="due_on")
    assert is_ahead(YESTERDAY, on=TODAY, field="due_on").field == "due_on"


def test_what_was_agreed_stays_and_what_holds_something_is_emptied_first() -> None:
    assert may_remove(agreed=False, holds=0)
    assert not may_remove(agreed=True, holds=0)
    assert not may_remove(agreed=False, holds=1)


@pytest.mark.parametrize("state", ActionState.values)
def test_only_what_is_still_to_do_is_changed(state: str) -> None:
    assert is_still_to_do(state).allowed == (state == "to_do")


def test_what_somebody_took_away_meanwhile_is_said_to_be_gone() -> None:
    assert is_still_there(True)
    assert not is_still_there(False)


def test_a_page_that_is_still_true_is_saved_and_another_one_is_not() -> None:
    assert nobody_wrote_meanwhile(0)
    assert "Your text is still here" in nobody_wrote_meanwhile(1).reason


# --- offering and agreeing --------------------------------------------------------------------------------------------


def test_a_plan_with_a_need_a_goal_and_an_action_is_offered() -> None:
    assert may_offer(state="draft", needs=1, goals=1, actions=1)


@pytest.mark.parametrize("missing", ["needs", "goals", "actions"])
def test_a_plan_without_one_of_the_three_is_not_offered(missing: str) -> None:
    decision = may_offer(state="draft", **{"needs": 1, "goals": 1, "actions": 1, missing: 0})
    assert decision.field == missing


def test_a_plan_is_offered_once() -> None:
    assert not may_offer(state="offered", needs=1, goals=1, actions=1)


@dataclass(frozen=True)
class Ready:
    """Everything that an agreement needs."""

    consent: Decision | None = GIVEN
    reaches_outside: bool = True
    lead: bool = True
    child_view: str | None = "said"
    guardians_missing: int = 0
    review_on: date | None = TODAY + timedelta(days=31)
    on: date = TODAY
    latest_review: date = TODAY + timedelta(days=42)
    rule: str = "first_review"
    late: int = 0
    without_doer: int = 0

    def decision(self) -> Decision:
        """The rule's answer."""
        return may_agree(**vars(self))


def test_a_plan_that_is_ready_is_agreed() -> None:
    assert Ready().decision()


@pytest.mark.parametrize("kind", ViewKind.values)
def test_the_child_has_said_or_preferred_not_or_was_observed(kind: str) -> None:
    assert replace(Ready(), child_view=kind).decision()


def test_a_plan_is_voluntary_inside_one_authority_as_well() -> None:
    assert replace(Ready(), reaches_outside=False).decision()
    refused = replace(Ready(), consent=None, reaches_outside=False).decision()
    assert not refused
    assert refused.rule == "plan_needs_a_yes"


@pytest.mark.parametrize("day", [TOMORROW, TODAY + timedelta(days=42)])
def test_a_review_is_on_a_day_from_tomorrow_to_the_last_one(day: date) -> None:
    assert replace(Ready(), review_on=day).decision()


@pytest.mark.parametrize(
    ("lacks", "field", "sentence"),
    [
        ({"consent": None}, "consent", "A plan is always voluntary."),
        ({"consent": no("Both guardians need to say yes.", field="consent")}, "consent", "Both guardians"),
        ({"lead": False}, "", "who leads the team"),
        ({"child_view": None}, "views", "what the child thinks"),
        ({"guardians_missing": 1}, "views", "what each guardian thinks"),
        ({"review_on": None}, "review_on", "Choose a day for the review."),
        ({"review_on": TODAY}, "review_on", "after today"),
        ({"review_on": TODAY + timedelta(days=43)}, "review_on", "at the latest"),
        ({"late": 1}, "actions", "The day for an action has passed."),
        ({"without_doer": 1}, "actions", "has left"),
    ],
)
def test_an_agreement_lacks_nothing(lacks: Mapping[str, object], field: str, sentence: str) -> None:
    decision = may_agree(**{**vars(Ready()), **lacks})
    assert not decision
    assert decision.field == field
    assert sentence in decision.reason


def test_a_refused_review_day_tells_the_last_one_and_its_rule() -> None:
    decision = replace(Ready(), review_on=TODAY + timedelta(days=90)).decision()
    assert decision.values["latest"] == TODAY + timedelta(days=42)
    assert decision.rule == "first_review"


# --- views ------------------------------------------------------------------------------------------------------------


def view(kind: str, words: str = "", *, state: str = "draft", child: bool = True, guardian: bool = False) -> Decision:
    """The rule's answer for the child's own view, when nothing else is said."""
    return may_record_view(state=state, kind=kind, words=words, is_child=child, is_guardian=guardian)


@pytest.mark.parametrize("state", ["draft", "offered", "active", "in_review"])
def test_the_childs_words_are_written_down_as_long_as_the_plan_is_open(state: str) -> None:
    assert view("said", "Jag vill bestämma själv vad jag tar med.", state=state)


@pytest.mark.parametrize("state", rules.ENDED)
def test_a_plan_that_has_ended_takes_no_more_views(state: str) -> None:
    assert not view("said", "Jag vill bestämma själv vad jag tar med.", state=state)


def test_a_guardian_speaks_for_the_own_part() -> None:
    assert view("said", "Måndagar är svårast.", child=False, guardian=True)


def test_nobody_else_speaks() -> None:
    assert view("said", "Måndagar är svårast.", child=False).field == "whose"


def test_preferring_not_to_say_needs_no_words() -> None:
    assert view("preferred_not")


def test_what_was_said_is_quoted() -> None:
    assert view("said").field == "words"


def test_a_small_child_is_described_and_never_left_blank() -> None:
    assert view("too_young", "Nour söker blick och skrattar när mamma kommer.")
    assert view("too_young").field == "words"


def test_no_guardian_is_too_young() -> None:
    assert view("too_young", "…", child=False, guardian=True).field == "kind"


# --- the wheel --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [1, 5])
def test_marks_go_from_one_to_five(value: int) -> None:
    assert may_mark(state="draft", values={"safe": value}, areas=Area.values)


@pytest.mark.parametrize("value", [0, 6, -1])
def test_a_mark_outside_the_wheel_is_refused(value: int) -> None:
    assert may_mark(state="draft", values={"safe": 3, "healthy": value}, areas=Area.values).field == "wheel"


def test_an_area_that_the_wheel_lacks_is_refused() -> None:
    assert may_mark(state="draft", values={"obedient": 3}, areas=Area.values).field == "wheel"


def test_an_empty_wheel_is_not_saved() -> None:
    assert may_mark(state="draft", values={}, areas=Area.values).field == "wheel"


@pytest.mark.parametrize("state", rules.ENDED)
def test_the_wheel_of_a_plan_that_has_ended_stays(state: str) -> None:
    assert not may_mark(state=state, values={"safe": 3}, areas=Area.values)


# --- reviews ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Looked:
    """A look back that is whole."""

    held_on: date = TODAY
    on: date = TODAY
    agreed_on: date = TODAY - timedelta(days=30)
    child_scale: int | None = 7
    child_words: str = ""
    what_changed: str = "Fyra lugna måndagar."

    def decision(self) -> Decision:
        """The rule's answer."""
        return may_review(**vars(self))


@pytest.mark.parametrize("scale", [0, 10])
def test_the_child_scales_from_nought_to_ten(scale: int) -> None:
    assert replace(Looked(), child_scale=scale).decision()


def test_a_child_without_a_number_is_heard_in_words() -> None:
    assert replace(Looked(), child_scale=None, child_words="Signe ritade en sol.").decision()


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        (Looked(held_on=TOMORROW), "held_on"),
        (Looked(held_on=TODAY - timedelta(days=31)), "held_on"),
        (Looked(child_scale=11), "child_scale"),
        (Looked(child_scale=-1), "child_scale"),
        (Looked(child_scale=None), "child_words"),
        (Looked(what_changed=" "), "what_changed"),
    ],
)
def test_a_look_back_is_whole(broken: Looked, field: str) -> None:
    assert broken.decision().field == field


# --- how it went, and closing -----------------------------------------------------------------------------------------


def went(plan: str = "active", action: str = "to_do", words: str = "", needs: str = "") -> Decision:
    """The rule's answer about an action."""
    return may_decide_action(plan_state=plan, action_state=action, words=words, needs_words=needs)


@pytest.mark.parametrize("state", ["active", "in_review"])
def test_an_action_is_done_while_the_plan_is_in_force(state: str) -> None:
    assert went(state)


@pytest.mark.parametrize("state", ["draft", "offered", "declined", "closed"])
def test_nothing_is_done_in_a_plan_that_is_not_in_force(state: str) -> None:
    assert not went(state)


@pytest.mark.parametrize("state", rules.ACTION_DECIDED)
def test_how_an_action_went_is_written_once(state: str) -> None:
    assert not went(action=state)


@pytest.mark.parametrize("field", ["because", "to_whom"])
def test_leaving_out_says_why_and_handing_on_says_to_whom(field: str) -> None:
    assert went(words="Skolsköterskan", needs=field)
    assert went(needs=field).field == field


def test_what_is_done_was_done_today_or_earlier() -> None:
    assert happened(TODAY, on=TODAY, field="done_on")
    assert happened(TOMORROW, on=TODAY, field="done_on").field == "done_on"


@pytest.mark.parametrize("state", ["active", "in_review"])
def test_a_plan_where_all_is_decided_is_closed(state: str) -> None:
    assert may_close(state=state, how_to_reach_us="Ring Bo.", undecided=0)


def test_an_undecided_action_keeps_the_plan_open() -> None:
    assert may_close(state="active", how_to_reach_us="Ring Bo.", undecided=1).field == "actions"


def test_nobody_is_left_without_a_way_back() -> None:
    assert may_close(state="active", how_to_reach_us=" ", undecided=0).field == "how_to_reach_us"


@pytest.mark.parametrize("state", ["draft", "offered", "declined", "closed"])
def test_only_a_plan_in_force_is_closed(state: str) -> None:
    assert not may_close(state=state, how_to_reach_us="Ring Bo.", undecided=0)


@pytest.mark.parametrize(("language", "made"), [("ar", True), ("tlh", False)])
def test_a_paper_is_made_in_the_languages_of_the_house(language: str, made: bool) -> None:
    assert may_ask_for_paper(language=language, languages=("sv", "en", "ar")).allowed == made
