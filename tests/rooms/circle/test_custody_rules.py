"""When custody is noted, ended and taken back by hand: each guard says no for its own reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from samsyn.circle.custody_rules import (
    Standing,
    Wanted,
    may_be_that_person,
    may_change_custody,
    may_end_custody_by_hand,
    may_note_guardian,
    may_take_back_custody,
)

TODAY, BORN = date(2026, 11, 23), date(2018, 4, 5)
RIGHT = Wanted("joint", BORN, "The mother, with a birth certificate")
NOBODY, AMAL, AMAL_ALONE = Standing(), Standing(("Amal",), ("joint",)), Standing(("Amal",), ("sole",))
BOTH = Standing(("Amal", "Olof"), ("joint", "joint"))


def note(standing: Standing, **told: Any) -> tuple[bool, str]:
    answer = may_note_guardian(replace(RIGHT, **told), standing, born=BORN, today=TODAY)
    return bool(answer), answer.field


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"follows_child": False}, "who follows"),
        ({"own_family": True}, "own family"),
        ({"grown": True}, "18"),
        ({"as_shown": False}, "changed this"),
    ],
)
def test_only_who_follows_a_child_that_is_one_and_not_their_own_writes_of_what_they_saw(
    facts: dict[str, bool], words: str
) -> None:
    right = {"follows_child": True, "own_family": False, "grown": False, "as_shown": True}
    assert may_change_custody(**right)
    answer = may_change_custody(**(right | facts))
    assert not answer
    assert words in answer.reason


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"since": date(2026, 11, 24)}, "since"),
        ({"since": date(2018, 4, 4)}, "since"),
        ({"source": "her"}, "source"),
        ({"source_has_number": True}, "source"),
        ({"named_alike": "Amal"}, "given_name"),
    ],
)
def test_days_and_words_that_cannot_be_are_said_beside_their_field(told: dict[str, Any], field: str) -> None:
    assert note(NOBODY) == (True, "")
    assert note(NOBODY, **told) == (False, field)


def test_today_the_birth_day_and_a_number_beside_the_same_name_will_do() -> None:
    assert note(NOBODY, since=TODAY)[0]
    assert note(AMAL, named_alike="Amal", numbered=True)[0]
    assert may_note_guardian(RIGHT, NOBODY, born=None, today=TODAY)


@pytest.mark.parametrize(
    ("standing", "custody", "allowed"),
    [
        (NOBODY, "sole", True),
        (NOBODY, "joint", True),
        (NOBODY, "unknown", True),
        (AMAL, "joint", True),
        (AMAL, "unknown", True),
        (AMAL, "sole", False),
        (AMAL_ALONE, "joint", False),
        (AMAL_ALONE, "unknown", False),
        (BOTH, "joint", False),
    ],
)
def test_custody_is_one_persons_or_twos(standing: Standing, custody: str, allowed: bool) -> None:
    assert note(standing, custody=custody)[0] == allowed


def test_custody_ends_on_a_day_that_has_been_and_somebody_says_so() -> None:
    right: dict[str, Any] = {"last_day": TODAY, "today": TODAY, "source": "The court", "source_has_number": False}
    assert may_end_custody_by_hand(**right)
    assert may_end_custody_by_hand(**right | {"last_day": date(2026, 11, 24)}).field == "until"
    assert may_end_custody_by_hand(**right | {"source": ""}).field == "source"
    assert may_end_custody_by_hand(**right | {"source_has_number": True}).field == "source"


def test_a_mistake_is_the_own_posts_to_take_back() -> None:
    assert may_take_back_custody(own=True)
    assert not may_take_back_custody(own=False)


def test_a_number_is_nobodys_by_another_name() -> None:
    assert may_be_that_person(name="Amal", same_name=True)
    assert may_be_that_person(name="Amal", same_name=False).field == "number"
