"""What a consent is worth on a day, what it reaches, and what may be done with it. Each guard falls alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.common.decision import Decision
from samsyn.sharing import consent_rules as rules

TODAY = date(2026, 11, 17)
AMAL, OLOF, HENRIK = 1, 2, 3


def facts(
    answers: dict[int, str], deciders: tuple[int, ...] = (AMAL, OLOF), days: int = 10, **more: Any
) -> rules.Answers:
    """What follows from these newest answers today."""
    until = TODAY + timedelta(days=days)
    return rules.Answers(
        **{"deciders": deciders, "newest": answers, "since": TODAY, "until": until, "on": TODAY, **more}
    )


def stands(answers: dict[int, str], deciders: tuple[int, ...] = (AMAL, OLOF), days: int = 10) -> Decision:
    """Does a consent with these newest answers stand today."""
    return rules.consent_stands(facts(answers, deciders, days))


def test_both_guardians_yes_opens() -> None:
    decision = stands({AMAL: "given", OLOF: "given"})
    assert decision
    assert decision.rule == "both_guardians"


def test_one_yes_of_two_opens_nothing() -> None:
    decision = stands({AMAL: "given"})
    assert not decision
    assert decision.reason == "Both guardians need to say yes. One answer is missing."
    assert decision.rule == "both_guardians"


def test_the_only_guardians_yes_is_enough() -> None:
    assert stands({AMAL: "given"}, (AMAL,))
    assert stands({}, (AMAL,)).reason == "The one who decides has not answered yet."


def test_a_no_closes_whatever_the_other_said() -> None:
    assert stands({OLOF: "refused"}).reason == "Somebody who decides has said no. Nothing is shared."
    assert stands({AMAL: "given", OLOF: "refused"}).reason == "Those who decide do not agree. Nothing is shared."
    taken_back = stands({AMAL: "withdrawn", OLOF: "given"})
    assert taken_back.reason == "Somebody who decides has taken the yes back. Nothing more is shared."
    assert not taken_back


def test_the_yes_of_somebody_who_no_longer_decides_counts_for_nothing() -> None:
    assert not stands({HENRIK: "given"}, (AMAL,))
    assert stands({HENRIK: "refused", AMAL: "given"}, (AMAL,))


def test_without_anybody_who_decides_there_is_no_yes() -> None:
    decision = stands({AMAL: "given"}, ())
    assert not decision
    assert decision.reason == "There is no guardian on record who can say yes."


def test_a_yes_holds_its_last_day_and_not_the_next() -> None:
    both = {AMAL: "given", OLOF: "given"}
    assert stands(both, days=0)
    decision = stands(both, days=-1)
    assert not decision
    assert decision.values == {"until": TODAY - timedelta(days=1)}


@given(
    st.dictionaries(st.integers(1, 5), st.sampled_from(["given", "refused", "withdrawn"])),
    st.sets(st.integers(1, 5)),
    st.integers(-3, 3),
)
def test_it_stands_only_when_all_who_decide_have_yes_as_newest_answer(
    answers: dict[int, str], deciders: set[int], days: int
) -> None:
    everybody = bool(deciders) and all(answers.get(one) == "given" for one in deciders)
    assert bool(stands(answers, tuple(deciders), days)) == (everybody and days >= 0)


REACHES: dict[str, Any] = {
    "about_this": True,
    "to_receiver": True,
    "kinds": {"plan"},
    "said_yes_to": ["circle", "plan"],
}


def test_a_yes_reaches_what_it_names() -> None:
    assert rules.consent_reaches(**REACHES)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"about_this": False}, "about something else"),
        ({"to_receiver": False}, "not to this receiver"),
        ({"kinds": {"plan", "talk"}}, "less than this"),
        ({"left_out": True}, "kept from this receiver"),
    ],
)
def test_a_yes_reaches_nothing_else(change: dict[str, Any], reason: str) -> None:
    decision = rules.consent_reaches(**{**REACHES, **change})
    assert not decision
    assert reason in decision.reason


ANSWER: dict[str, Any] = {
    "decides": True,
    "newest": None,
    "step": "given",
    "until": TODAY + timedelta(days=1),
    "on": TODAY,
}


@pytest.mark.parametrize(("newest", "step"), [(None, "given"), (None, "refused"), ("given", "withdrawn")])
@pytest.mark.parametrize("days", [0, 1])
def test_an_answer_is_written_down(newest: str | None, step: str, days: int) -> None:
    change = {"newest": newest, "step": step, "until": TODAY + timedelta(days=days)}
    assert rules.may_answer_consent(**{**ANSWER, **change})


def test_a_mind_can_be_changed_both_ways() -> None:
    assert rules.may_answer_consent(**{**ANSWER, "newest": "refused"})
    assert rules.may_answer_consent(**{**ANSWER, "newest": "withdrawn"})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"decides": False}, "Only somebody who decides"),
        ({"until": TODAY - timedelta(days=1)}, "has run out"),
        ({"step": "withdrawn"}, "no yes to take back"),
        ({"step": "withdrawn", "newest": "refused"}, "no yes to take back"),
        ({"newest": "given", "step": "refused"}, "It can be taken back"),
        ({"newest": "given"}, "already written down"),
    ],
)
def test_an_answer_that_cannot_be(change: dict[str, Any], reason: str) -> None:
    decision = rules.may_answer_consent(**{**ANSWER, **change})
    assert not decision
    assert reason in decision.reason


ASK: dict[str, Any] = {
    "purpose": "Lugna måndagar",
    "kinds": 1,
    "receivers": 1,
    "receivers_inside": 0,
    "until": TODAY + timedelta(days=30),
    "on": TODAY,
    "longest": TODAY + timedelta(days=30),
}


def test_consent_may_be_asked_for_up_to_the_longest_day() -> None:
    assert rules.may_ask_consent(**ASK)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"purpose": " \n"}, "purpose"),
        ({"kinds": 0}, "kinds"),
        ({"receivers": 0}, "receivers"),
        ({"receivers_inside": 1}, "receivers"),
        ({"until": TODAY}, "until"),
        ({"until": TODAY + timedelta(days=31)}, "until"),
    ],
)
def test_a_question_that_is_not_whole_is_not_asked(change: dict[str, Any], field: str) -> None:
    decision = rules.may_ask_consent(**{**ASK, **change})
    assert not decision
    assert decision.field == field
