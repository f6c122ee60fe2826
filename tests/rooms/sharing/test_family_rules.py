"""Who in the family reads, by age and custody alone, and what can be decided for one of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.law.days import add_years, latest_birth
from samsyn.sharing.family_rules import (
    Ages,
    Tie,
    has_turned,
    may_decide_in_family,
    may_end_decision,
    may_mark,
    readers_by_age,
    reads,
)

AGES = Ages(guardian_until=13, own_from=16, grown_at=18)
BORN = date(2012, 2, 29)
LONG_AGO = date(2012, 3, 1)
ONE_DAY = timedelta(days=1)
DAYS = st.dates(date(2000, 1, 1), date(2050, 12, 31))


def guardian(born: date | None = BORN, **about: Any) -> Tie:
    """Somebody with custody since long ago."""
    return Tie(**{"child": 7, "itself": False, "born": born, "custody": ((LONG_AGO, None),), **about})


@pytest.mark.parametrize(
    ("day", "turned"), [(date(2025, 2, 27), False), (date(2025, 2, 28), True), (date(2028, 2, 28), True)]
)
def test_who_is_born_on_the_29th_of_february_turns_13_on_the_28th(day: date, turned: bool) -> None:
    assert has_turned(BORN, 13, day) is turned


def test_in_a_year_with_a_29th_the_birthday_is_the_29th() -> None:
    assert not has_turned(BORN, 16, date(2028, 2, 28))
    assert has_turned(BORN, 16, date(2028, 2, 29))


@given(DAYS, st.integers(1, 20))
def test_the_latest_birth_parts_those_who_have_turned_from_those_who_have_not(day: date, years: int) -> None:
    latest = latest_birth(day, years)
    assert add_years(latest, years) <= day < add_years(latest + ONE_DAY, years)


@pytest.mark.parametrize(
    ("day", "guardian_reads", "child_reads"),
    [
        (date(2025, 2, 27), True, False),
        (date(2025, 2, 28), False, False),
        (date(2028, 2, 28), False, False),
        (date(2028, 2, 29), False, True),
    ],
)
def test_the_guardian_reads_to_12_nobody_from_13_the_young_person_from_16(
    day: date, guardian_reads: bool, child_reads: bool
) -> None:
    as_guardian, as_child = reads(guardian(), AGES, day), reads(Tie(7, itself=True, born=BORN), AGES, day)
    assert as_guardian is not None
    assert as_child is not None
    assert as_guardian.by_default is guardian_reads
    assert as_child.by_default is child_reads
    assert readers_by_age(7, BORN, [1, 2], AGES, day) == ([1, 2] if guardian_reads else [7] if child_reads else [])


def test_from_18_nobody_reads_as_a_guardian() -> None:
    assert reads(guardian(), AGES, date(2030, 2, 27)) is not None
    assert reads(guardian(), AGES, date(2030, 2, 28)) is None


def test_an_unknown_age_opens_nothing() -> None:
    as_guardian, as_child = reads(guardian(born=None), AGES, BORN), reads(Tie(7, True, None), AGES, BORN)
    assert as_guardian is None  # custody had not begun
    assert as_child is not None
    assert not as_child.by_default
    later = reads(guardian(born=None), AGES, date(2020, 1, 1))
    assert later is not None
    assert not later.by_default
    assert readers_by_age(7, None, [1], AGES, LONG_AGO) == []


def test_no_guardian_of_a_protected_child_reads_and_the_child_itself_does() -> None:
    day = date(2020, 5, 5)
    assert reads(guardian(hidden=True), AGES, day) is None
    own = reads(Tie(7, itself=True, born=date(2000, 1, 1), hidden=True), AGES, day)
    assert own is not None
    assert own.by_default


def test_beside_a_protected_guardian_the_other_reads_only_what_is_decided() -> None:
    found = reads(guardian(other_hidden=True), AGES, date(2020, 5, 5))
    assert found is not None
    assert not found.by_default
    assert not found.decides


def test_custody_that_has_ended_leaves_what_is_older_than_its_last_day() -> None:
    last = date(2020, 5, 5)
    tie = guardian(custody=((LONG_AGO, last),))
    on_the_last, after = reads(tie, AGES, last), reads(tie, AGES, last + ONE_DAY)
    assert on_the_last is not None
    assert on_the_last.not_after is None
    assert on_the_last.decides
    assert after is not None
    assert after.not_after == last
    assert not after.decides


def test_custody_that_has_not_begun_gives_nothing_and_a_second_time_gives_it_back() -> None:
    first, second = (date(2014, 1, 1), date(2015, 1, 1)), (date(2020, 1, 1), None)
    assert reads(guardian(custody=(second,)), AGES, date(2019, 12, 31)) is None
    between = reads(guardian(custody=(first, second)), AGES, date(2019, 12, 31))
    again = reads(guardian(custody=(first, second)), AGES, date(2020, 1, 1))
    assert between is not None
    assert between.not_after == date(2015, 1, 1)
    assert again is not None
    assert again.not_after is None


FINE: dict[str, Any] = {
    "opens": True,
    "owns": True,
    "in_family": True,
    "itself": False,
    "everything": False,
    "told_alone": False,
    "hidden": False,
    "reason": "Mogen för sin ålder.",
    "until": None,
    "on": date(2026, 11, 17),
}


@pytest.mark.parametrize(
    ("change", "field", "rule"),
    [
        ({"owns": False}, "what", ""),
        ({"in_family": False}, "whom", ""),
        ({"reason": "  "}, "reason", ""),
        ({"until": date(2026, 11, 16)}, "until", ""),
        ({"everything": True}, "what", "opened_in_the_family"),
        ({"told_alone": True}, "what", "the_childs_own"),
        ({"hidden": True}, "whom", "secrecy_residence_from_parent"),
    ],
)
def test_what_cannot_be_opened(change: dict[str, Any], field: str, rule: str) -> None:
    decision = may_decide_in_family(**{**FINE, **change})
    assert not decision
    assert (decision.field, decision.rule) == (field, rule)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({}, "opened_in_the_family"),
        ({"itself": True, "told_alone": True, "hidden": True}, "opened_in_the_family"),
        ({"opens": False}, "harm_from_guardian"),
        ({"opens": False, "itself": True}, "closed_to_the_family"),
        ({"opens": False, "everything": True, "told_alone": True, "hidden": True}, "harm_from_guardian"),
        ({"until": date(2026, 11, 17)}, "opened_in_the_family"),
    ],
)
def test_what_can_be_decided_and_on_which_ground(change: dict[str, Any], rule: str) -> None:
    decision = may_decide_in_family(**{**FINE, **change})
    assert decision
    assert decision.rule == rule


def test_a_decision_is_ended_by_those_who_made_it_once_and_with_a_reason() -> None:
    assert may_end_decision(owns=True, in_force=True, reason="Läget är lugnt.")
    assert not may_end_decision(owns=False, in_force=True, reason="x")
    assert not may_end_decision(owns=True, in_force=False, reason="x")
    assert not may_end_decision(owns=True, in_force=True, reason=" ")


def test_a_note_is_marked_once_with_a_class_that_there_is() -> None:
    assert may_mark(owns=True, known=True, marked=False)
    assert not may_mark(owns=False, known=True, marked=False)
    assert not may_mark(owns=True, known=False, marked=False)
    assert not may_mark(owns=True, known=True, marked=True)
