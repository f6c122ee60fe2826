"""The two tables of states, and each guard: every test here fails when its guard is taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from samsyn import law
from samsyn.common.decision import Decision
from samsyn.early_signals import rules, words
from samsyn.early_signals.models import Area, Outcome, RequestState, SignDecision, SignKind, SignState

TODAY = date(2026, 11, 20)
NOTED = rules.Noted(
    kind="worry",
    observed_on=TODAY,
    saw="Signe did not want to go home on Thursday.",
    areas=("safe",),
    talked_with=("child",),
)
TALK = rules.TalkHeld(held_on=TODAY, with_child=True, with_guardians=("amal",))
ANSWERS = rules.Answers(
    "Sleep.", "Not about nights.", "A calm start.", "A talk with Elin.", "Maybe help at home.", "request"
)


def refuses(decision: Decision, *, field: str = "", saying: str = "") -> bool:
    """Is it a no with a sentence, beside this field and with these words."""
    return not decision.allowed and bool(decision.reason) and decision.field == field and saying in decision.reason


# --- the tables -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("steps", "states"), [(rules.SIGN_STEPS, SignState), (rules.REQUEST_STEPS, RequestState)])
def test_the_table_reaches_every_state_and_knows_no_other(steps: tuple[rules.Step, ...], states: Any) -> None:
    assert {line.to for line in steps} - {"discarded"} == set(states.values)
    assert {line.state for line in steps} - {""} <= set(states.values)


@pytest.mark.parametrize("steps", [rules.SIGN_STEPS, rules.REQUEST_STEPS])
def test_from_one_state_a_verb_leads_to_one_place(steps: tuple[rules.Step, ...]) -> None:
    pairs = [(line.state, line.verb) for line in steps]
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize(
    "line", [*rules.SIGN_STEPS, *rules.REQUEST_STEPS], ids=lambda line: f"{line.state}-{line.verb}"
)
def test_each_step_has_a_source_a_word_for_the_trail_and_a_clock_where_it_opens_a_duty(line: rules.Step) -> None:
    assert line.source
    assert line.verb in rules.PAST
    assert bool(line.duty) == bool(line.rule)
    if line.duty:
        assert line.duty in words.DUTY_WORDS
        assert law.on(TODAY).row(line.rule).kind is law.Kind.CLOCK
        assert line.by in {"named_person", "asker", "receiver"}


def test_every_state_says_where_it_stands() -> None:
    states = {line.state for line in (*rules.SIGN_STEPS, *rules.REQUEST_STEPS)}
    ends = {line.to for line in (*rules.SIGN_STEPS, *rules.REQUEST_STEPS)}
    assert set(rules.WHERE_IT_STANDS) == states | ends
    assert all(not decision and decision.reason for decision in rules.WHERE_IT_STANDS.values())


def test_what_is_open_is_what_something_can_still_be_done_with() -> None:
    assert {state for state in SignState.values if rules.verbs(rules.SIGN_STEPS, state)} == {"draft", *rules.OPEN_SIGN}
    assert {state for state in RequestState.values if rules.verbs(rules.REQUEST_STEPS, state)} == set(
        rules.OPEN_REQUEST
    )


def test_every_open_sign_and_request_has_a_duty_that_somebody_must_do() -> None:
    """Whatever way a thing came into an open state, the last step that opened a duty still holds."""
    for steps, open_states in ((rules.SIGN_STEPS, rules.OPEN_SIGN), (rules.REQUEST_STEPS, rules.OPEN_REQUEST)):
        for state in open_states:
            assert all(line.duty for line in steps if line.to == state and line.state != state)


def test_the_same_state_is_found_by_every_guard() -> None:
    """A verb that the table does not know from a state is refused with the sentence of that state."""
    for steps in (rules.SIGN_STEPS, rules.REQUEST_STEPS):
        for state in {line.state for line in steps} | {line.to for line in steps}:
            for verb in {line.verb for line in steps}:
                known = rules.step(steps, state, verb)
                answer = rules.possible(steps, state, verb)
                assert bool(answer) == (known is not None)
                assert known is not None or answer == rules.WHERE_IT_STANDS[state]


# --- writing --------------------------------------------------------------------------------------------------------


def test_maja_writes_in_her_own_draft() -> None:
    assert rules.may_write(state="draft", is_noticer=True)


def test_nobody_else_writes_in_majas_draft() -> None:
    assert refuses(rules.may_write(state="draft", is_noticer=False), saying="began this draft")


def test_a_sign_that_was_sent_is_not_rewritten() -> None:
    assert refuses(rules.may_write(state="received", is_noticer=True), saying="has been sent")
    assert refuses(rules.may_write(state="received", is_noticer=True, verb="discard"), saying="has been sent")


def choices(noted: rules.Noted) -> Decision:
    return rules.may_note(noted, kinds=SignKind.values, areas=Area.values, family={"amal", "olof"})


def test_a_draft_takes_what_is_there_to_choose() -> None:
    assert choices(rules.Noted())
    assert choices(replace(NOTED, talked_with=("child", "amal")))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "crime"}, "kind"),
        ({"areas": ("safe", "rich")}, "areas"),
        ({"talked_with": ("henrik",)}, "talked_with"),
    ],
)
def test_a_draft_does_not_take_what_nobody_offered(change: dict[str, Any], field: str) -> None:
    assert refuses(choices(replace(NOTED, **change)), field=field)


# --- sending --------------------------------------------------------------------------------------------------------


def sending(**changes: Any) -> Decision:
    return rules.may_send(replace(NOTED, **changes), state="draft", is_noticer=True, on=TODAY)


def test_a_whole_sign_may_be_sent() -> None:
    assert sending()
    assert sending(observed_on=TODAY - timedelta(days=400))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"saw": " "}, "saw"),
        ({"kind": ""}, "kind"),
        ({"observed_on": None}, "observed_on"),
        ({"observed_on": TODAY + timedelta(days=1)}, "observed_on"),
        ({"areas": ()}, "areas"),
        ({"talked_with": ()}, "talked_with"),
    ],
)
def test_what_is_missing_is_asked_for_beside_its_field(change: dict[str, Any], field: str) -> None:
    assert refuses(sending(**change), field=field)


def test_a_reason_does_instead_of_a_talk() -> None:
    assert sending(talked_with=(), not_talked_because="She had gone home.")


def test_a_strength_may_be_sent_as_a_worry_may() -> None:
    assert sending(kind="strength")


def test_only_the_one_who_began_it_sends_and_only_once() -> None:
    assert refuses(rules.may_send(NOTED, state="draft", is_noticer=False, on=TODAY), saying="began this draft")
    assert refuses(rules.may_send(NOTED, state="received", is_noticer=True, on=TODAY), saying="has been sent")


def test_inside_one_authority_no_gate_is_needed() -> None:
    assert rules.may_cross(same_authority=True, has_ground=False, rendering="")


def test_to_another_authority_a_ground_and_the_very_text_are_needed() -> None:
    assert rules.may_cross(same_authority=False, has_ground=True, rendering="What Siv saw.")
    assert refuses(rules.may_cross(same_authority=False, has_ground=False, rendering="x"), field="gate")
    assert refuses(rules.may_cross(same_authority=False, has_ground=True, rendering=" "), saying="before you send")


# --- the named person -----------------------------------------------------------------------------------------------


def talking(talk: rules.TalkHeld = TALK, state: str = "acknowledged", is_named_person: bool = True) -> Decision:
    return rules.may_record_talk(talk, state=state, is_named_person=is_named_person, on=TODAY, family={"amal", "olof"})


def deciding(answers: rules.Answers = ANSWERS, state: str = "dialogue", is_named_person: bool = True) -> Decision:
    return rules.may_decide(answers, state=state, is_named_person=is_named_person, decisions=SignDecision.values)


def closing(**changes: Any) -> Decision:
    facts: dict[str, Any] = {
        "state": "decided",
        "is_named_person": True,
        "decision": "own_help",
        "open_requests": 0,
        "feedback": "Thank you. We have talked with the family.",
    }
    return rules.may_close(**{**facts, **changes})


def merging(**changes: Any) -> Decision:
    facts: dict[str, Any] = {
        "state": "received",
        "into_state": "dialogue",
        "is_named_person": True,
        "same_sign": False,
        "same_child": True,
        "into_is_earlier": True,
        "open_requests": 0,
    }
    return rules.may_merge(**{**facts, **changes})


def telling(**changes: Any) -> Decision:
    facts: dict[str, Any] = {"state": "decided", "is_named_person": True, "feedback": "Thank you."}
    return rules.may_tell(**{**facts, **changes})


def acknowledging(**changes: Any) -> Decision:
    facts: dict[str, Any] = {"state": "received", "is_named_person": True}
    return rules.may_acknowledge(**{**facts, **changes})


NAMED_PERSONS: list[Callable[..., Decision]] = [acknowledging, talking, deciding, telling, closing, merging]


@pytest.mark.parametrize("guard", NAMED_PERSONS)
def test_the_named_person_may_and_nobody_else(guard: Callable[..., Decision]) -> None:
    assert guard()
    assert refuses(guard(is_named_person=False), saying="%(named_person)s does this")


@pytest.mark.parametrize("guard", NAMED_PERSONS)
@pytest.mark.parametrize("state", ["draft", "closed", "merged"])
def test_what_is_not_open_is_left_alone(guard: Callable[..., Decision], state: str) -> None:
    assert guard(state=state) == rules.WHERE_IT_STANDS[state]


def test_a_sign_is_taken_on_once() -> None:
    assert refuses(acknowledging(state="acknowledged"), saying="has been taken on")


def test_a_talk_comes_after_taking_on_and_may_come_again_and_again() -> None:
    assert not talking(state="received")
    assert talking(state="dialogue")
    assert talking(state="decided")


def test_a_talk_has_not_been_held_tomorrow() -> None:
    assert refuses(talking(replace(TALK, held_on=TODAY + timedelta(days=1))), field="held_on")


def test_a_talk_is_with_those_who_have_custody() -> None:
    assert refuses(talking(replace(TALK, with_guardians=("henrik",))), field="with_guardians")


def test_a_child_that_was_not_asked_needs_a_reason() -> None:
    alone = replace(TALK, with_child=False)
    assert refuses(talking(alone), field="not_with_child_because")
    assert talking(replace(alone, not_with_child_because="Two years old; observed at play."))


def test_guardians_who_were_not_spoken_to_need_a_reason() -> None:
    alone = replace(TALK, with_guardians=())
    assert refuses(talking(alone), field="not_with_guardians_because")
    assert talking(replace(alone, not_with_guardians_because="Signe wanted to talk alone first."))


def test_nothing_is_decided_before_the_talk() -> None:
    assert refuses(deciding(state="acknowledged"), saying="talk with the family comes next")


@pytest.mark.parametrize(
    "field", ["in_the_way", "have_all_information", "can_do_now", "own_agency_can_do", "needed_from_others"]
)
def test_each_of_the_five_questions_has_an_answer(field: str) -> None:
    assert refuses(deciding(replace(ANSWERS, **{field: " "})), field=field)


def test_the_decision_is_one_of_the_five() -> None:
    assert refuses(deciding(replace(ANSWERS, decision="")), field="decision")
    assert refuses(deciding(replace(ANSWERS, decision="report")), field="decision")


def test_the_one_who_noticed_is_told_something() -> None:
    assert refuses(telling(feedback=" "), field="feedback")
    assert refuses(telling(state="dialogue"), saying="five questions come next")


def test_closing_needs_a_decision() -> None:
    assert refuses(closing(state="dialogue"), saying="five questions come next")
    assert refuses(closing(decision=""), saying="Decide first")


def test_closing_waits_for_open_requests() -> None:
    assert refuses(closing(open_requests=1), saying="still open")


def test_closing_tells_the_one_who_noticed() -> None:
    assert refuses(closing(feedback=""), field="feedback")


def test_what_may_be_told_is_less_in_another_authority() -> None:
    near, far = rules.feedback_limits(same_authority=True), rules.feedback_limits(same_authority=False)
    assert near.allowed
    assert far.allowed
    assert near.reason != far.reason
    assert {near.rule, far.rule} == {"own_authority", "consent"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"same_sign": True}, "into"),
        ({"same_child": False}, "into"),
        ({"into_is_earlier": False}, ""),
        ({"open_requests": 1}, ""),
        ({"into_state": "decided"}, ""),
        ({"into_state": "closed"}, ""),
        ({"state": "decided"}, ""),
    ],
)
def test_only_signs_that_fit_are_joined(change: dict[str, Any], field: str) -> None:
    assert refuses(merging(**change), field=field)


def test_an_old_screen_is_told_that_something_changed() -> None:
    assert rules.is_newest(3, 3)
    assert rules.is_newest(None, 3)
    assert refuses(rules.is_newest(2, 3), field="version")


# --- requests -------------------------------------------------------------------------------------------------------


def asking(**changes: Any) -> Decision:
    facts: dict[str, Any] = {
        "same_child": True,
        "sign_state": "decided",
        "receiver_found": True,
        "asks_itself": False,
        "same_authority": False,
        "has_ground": True,
        "owns_sign": True,
        "wanted": "Somebody who helps with mornings.",
        "background": "Signe comes late and is tired.",
    }
    return rules.may_ask(**{**facts, **changes})


@pytest.mark.parametrize(
    "facts", [{}, {"sign_state": "dialogue"}, {"sign_state": None}, {"same_authority": True, "has_ground": False}]
)
def test_help_may_be_asked_for(facts: dict[str, Any]) -> None:
    decision = asking(**facts)
    assert decision
    assert decision.rule == "answer_request"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"same_child": False}, ""),
        ({"sign_state": "received"}, ""),
        ({"sign_state": "acknowledged"}, ""),
        ({"sign_state": "draft"}, ""),
        ({"sign_state": "closed"}, ""),
        ({"sign_state": "merged"}, ""),
        ({"receiver_found": False}, "to_unit"),
        ({"asks_itself": True}, "to_unit"),
        ({"wanted": " "}, "wanted"),
        ({"background": ""}, "background"),
        ({"owns_sign": False}, "includes_sign"),
        ({"has_ground": False}, "gate"),
    ],
)
def test_what_stands_in_the_way_of_asking_is_said(change: dict[str, Any], field: str) -> None:
    assert refuses(asking(**change), field=field)


def accepting(**changes: Any) -> Decision:
    return rules.may_accept(**{"state": "sent", "is_receiver": True, "is_read": True, **changes})


def countering(**changes: Any) -> Decision:
    return rules.may_counter(
        **{"state": "sent", "is_receiver": True, "is_read": True, "proposal": "Twice a week.", **changes}
    )


def test_the_named_person_asks_for_help_or_somebody_who_helps_already() -> None:
    assert rules.asks_for_help(is_asker=True).allowed
    assert refuses(rules.asks_for_help(is_asker=False), saying="or somebody who already helps the child")


def agreeing(**changes: Any) -> Decision:
    return rules.may_agree(**{"state": "countered", "is_asker": True, "is_read": True, **changes})


def declining(**changes: Any) -> Decision:
    facts = {"state": "sent", "is_receiver": True, "reason": "Full until May.", "alternative": "The family centre."}
    return rules.may_decline(**{**facts, **changes})


def revoking(**changes: Any) -> Decision:
    return rules.may_revoke(**{"state": "sent", "is_asker": True, "is_read": True, **changes})


def finishing(**changes: Any) -> Decision:
    facts = {"state": "accepted", "is_receiver": True, "outcome": "helped", "outcomes": Outcome.values}
    return rules.may_finish(**{**facts, **changes})


@pytest.mark.parametrize("guard", [accepting, countering, declining, finishing])
def test_the_receiver_answers_and_nobody_else(guard: Callable[..., Decision]) -> None:
    assert guard()
    assert refuses(guard(is_receiver=False), saying="was asked")


@pytest.mark.parametrize("guard", [accepting, countering])
def test_what_the_receiver_can_read_no_longer_is_not_begun(guard: Callable[..., Decision]) -> None:
    assert refuses(guard(is_read=False), saying="has been closed")


@pytest.mark.parametrize("guard", [agreeing, revoking])
def test_the_asker_answers_and_nobody_else(guard: Callable[..., Decision]) -> None:
    assert guard()
    assert refuses(guard(is_asker=False), saying="who asked does this")


@pytest.mark.parametrize("guard", [accepting, countering, agreeing, declining, revoking, finishing])
@pytest.mark.parametrize("state", ["declined", "revoked", "done"])
def test_what_has_ended_is_left_alone(guard: Callable[..., Decision], state: str) -> None:
    assert guard(state=state) == rules.WHERE_IT_STANDS[state]


def test_what_is_countered_is_accepted_only_after_both_agree() -> None:
    assert not accepting(state="countered")
    assert accepting(state="agreed")


def test_nothing_is_accepted_twice_declined_or_taken_back_after_a_yes() -> None:
    assert refuses(accepting(state="accepted"), saying="accepted already")
    assert refuses(declining(state="accepted"), saying="accepted already")
    assert refuses(revoking(state="accepted"), saying="accepted already")


def test_what_was_accepted_is_taken_back_when_the_receiver_can_read_it_no_longer() -> None:
    assert revoking(state="accepted", is_read=False)
    assert refuses(revoking(state="accepted", is_read=False, is_asker=False), saying="who asked does this")


def test_nobody_agrees_with_somebody_who_can_read_it_no_longer() -> None:
    assert refuses(agreeing(is_read=False), saying="Take it back, and ask anew")


def test_silence_is_never_a_yes() -> None:
    assert refuses(finishing(state="sent"), saying="waits for an answer")


def test_another_way_has_words() -> None:
    assert refuses(countering(proposal=" "), field="proposal")


def test_a_no_has_a_reason_and_an_alternative() -> None:
    assert refuses(declining(reason=""), field="reason")
    assert refuses(declining(alternative=" "), field="alternative")


def test_an_end_is_that_it_helped_or_a_listed_reason() -> None:
    assert all(finishing(outcome=outcome) for outcome in Outcome.values)
    assert refuses(finishing(outcome="we forgot"), field="outcome")
    assert refuses(finishing(outcome=""), field="outcome")


def test_the_alarm_goes_at_the_number_of_the_partnership() -> None:
    assert not rules.is_stuck(bounces=1, alarm_at=2, goes_in_circle=False)
    assert rules.is_stuck(bounces=2, alarm_at=2, goes_in_circle=False)
    assert rules.is_stuck(bounces=3, alarm_at=2, goes_in_circle=False)
    assert not rules.is_stuck(bounces=9, alarm_at=None, goes_in_circle=False)


def test_a_circle_raises_the_alarm_whatever_the_count() -> None:
    assert rules.goes_in_circle(7, {7, 8})
    assert not rules.goes_in_circle(9, {7, 8})
    assert rules.is_stuck(bounces=1, alarm_at=2, goes_in_circle=True)


def test_the_post_that_was_called_in_settles_it_once() -> None:
    assert rules.may_settle(is_holder=True, open_=True)
    assert refuses(rules.may_settle(is_holder=False, open_=True))
    assert refuses(rules.may_settle(is_holder=True, open_=False), saying="already")


def test_notices_are_neutral_and_have_no_places_to_fill() -> None:
    for sentence in (*words.NOTICE_WORDS.values(), *words.DUTY_WORDS.values()):
        assert "%" not in str(sentence)
