"""Asking without identity: numbers are refused, possible names are pointed out, and nobody is tied to the question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.early_signals.without_identity import may_answer, may_consult, what_points_out

QUESTION = "What can we do when a child in the first years of school does not sleep?"


def test_a_question_that_has_been_looked_through_may_be_asked() -> None:
    assert may_consult(question=QUESTION, looked_through=True, receiver_found=True)


@pytest.mark.parametrize(
    ("question", "looked_through", "receiver_found", "field"),
    [
        (QUESTION, True, False, "to_unit"),
        ("  ", True, True, "question"),
        ("About 20180814-9809: what now?", True, True, "question"),
        ("Call 0451 26 70 00 about it.", True, True, "question"),
        (QUESTION, False, True, "looked_through"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    question: str, looked_through: bool, receiver_found: bool, field: str
) -> None:
    decision = may_consult(question=question, looked_through=looked_through, receiver_found=receiver_found)
    assert not decision
    assert decision.field == field


@given(st.integers(min_value=100_000, max_value=999_999_999_999))
def test_no_long_number_ever_gets_through(number: int) -> None:
    assert not may_consult(question=f"About {number}, what now?", looked_through=True, receiver_found=True)


def test_words_with_a_capital_inside_a_sentence_are_pointed_out() -> None:
    assert what_points_out("The boy in Stoby, whom Maja knows. He is tired.") == ["Maja", "Stoby"]
    assert what_points_out("He is tired. She is not.") == []


@pytest.mark.parametrize(
    ("is_receiver", "answered", "answer"), [(False, False, "Do so."), (True, True, "Do so."), (True, False, " ")]
)
def test_only_the_one_asked_answers_once_and_with_words(is_receiver: bool, answered: bool, answer: str) -> None:
    assert not may_answer(is_receiver=is_receiver, answered=answered, answer=answer)


def test_the_one_asked_answers() -> None:
    assert may_answer(is_receiver=True, answered=False, answer="Begin with the evenings.")
