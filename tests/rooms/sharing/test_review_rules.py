"""Which looks a second person is to review, as rules, without a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.sharing.review_rules import (
    Limits,
    Looks,
    Strength,
    by_chance,
    chosen,
    first_week,
    monday,
    why_reviewed,
)

LIMITS = Limits(night_from=22, night_until=5, many=20)
ORDINARY = Looks(Strength.FINDS, (10, 14))
WEEK = date(2026, 11, 9)
WEEKS = 13


def test_an_ordinary_look_is_not_reviewed() -> None:
    assert why_reviewed(ORDINARY, LIMITS) == []
    assert why_reviewed(replace(ORDINARY, in_a_day=20), LIMITS) == []


@pytest.mark.parametrize(
    ("sign", "word"),
    [
        ({"same_name": True}, "same_name"),
        ({"colleagues_child": True}, "colleagues_child"),
        ({"hours": (10, 23)}, "night"),
        ({"hours": (4,)}, "night"),
        ({"in_a_day": 21}, "many_children"),
    ],
)
def test_a_sign_counts_only_where_no_reason_of_ones_own_speaks_for_the_look(sign: dict[str, object], word: str) -> None:
    assert why_reviewed(replace(ORDINARY, **sign), LIMITS) == [word]  # type: ignore[arg-type]  # the row above names it
    assert why_reviewed(replace(ORDINARY, strength=Strength.OWN, **sign), LIMITS) == []  # type: ignore[arg-type]


def test_a_look_without_a_reason_and_a_look_at_the_own_child_are_always_reviewed() -> None:
    assert why_reviewed(replace(ORDINARY, strength=Strength.NONE), LIMITS) == ["no_reason"]
    assert why_reviewed(replace(ORDINARY, strength=Strength.OWN, own_child=True), LIMITS) == ["own_child"]


@pytest.mark.parametrize(("hour", "night"), [(21, False), (22, True), (23, True), (0, True), (4, True), (5, False)])
def test_the_night_reaches_over_midnight(hour: int, night: bool) -> None:
    assert LIMITS.is_night(hour) == night


def test_a_week_begins_on_a_monday_and_thirteen_of_them_are_a_period() -> None:
    assert monday(date(2026, 11, 15)) == WEEK
    start = first_week(WEEK, WEEKS)
    assert start <= WEEK < start + timedelta(weeks=WEEKS)
    assert first_week(start, WEEKS) == start
    assert first_week(start + timedelta(weeks=WEEKS), WEEKS) == start + timedelta(weeks=WEEKS)


@given(st.lists(st.sets(st.integers(0, 12), min_size=1), min_size=1, max_size=30))
def test_everybody_who_was_active_is_reviewed_once_in_the_period(weeks_of_work: list[set[int]]) -> None:
    start = first_week(WEEK, WEEKS)
    seen: dict[str, int] = {}
    for index in range(WEEKS):
        active = {
            f"account {number}": index if index in weeks else max(weeks & set(range(index)))
            for number, weeks in enumerate(weeks_of_work)
            if weeks & set(range(index + 1))
        }
        taken = by_chance(active, set(seen), start + timedelta(weeks=index), WEEKS)
        assert taken == by_chance(active, set(seen), start + timedelta(weeks=index), WEEKS), "the same every time"
        assert not taken & set(seen), "once is enough"
        seen |= dict.fromkeys(taken, index)
    assert set(seen) == {f"account {number}" for number in range(len(weeks_of_work))}


def test_chance_spreads_its_work_over_the_weeks() -> None:
    start = first_week(WEEK, WEEKS)
    everybody = [f"account {number}" for number in range(1200)]
    seen: set[str] = set()
    taken = []
    for index in range(WEEKS):
        now = by_chance(dict.fromkeys(everybody, index), seen, start + timedelta(weeks=index), WEEKS)
        taken.append(len(now))
        seen |= now
    assert all(60 <= number <= 140 for number in taken[:12])
    assert taken[12] == 0


def test_which_look_chance_takes_is_the_same_every_time_and_another_in_another_week() -> None:
    entries = range(1000)
    assert chosen(entries, "one", WEEK) == chosen(list(entries)[::-1], "one", WEEK)
    assert len({chosen(entries, "one", WEEK + timedelta(weeks=one)) for one in range(20)}) > 15
