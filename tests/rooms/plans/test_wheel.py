"""The wheel shows each one's newest mark in each area, where the child was last time, and never a sum."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from samsyn.early_signals.models import Area
from samsyn.plans.wheel import AREAS, AreaNow, Mark, wheel_facts

SEPTEMBER, NOVEMBER = date(2026, 9, 14), date(2026, 11, 13)

days = st.integers(0, 60).map(lambda number: SEPTEMBER + timedelta(days=number))


@st.composite
def many_marks(draw: st.DrawFn) -> list[Mark]:
    """Marks of one child, in the order in which they were stored."""
    size = draw(st.integers(0, 40))
    return [
        Mark(
            draw(st.sampled_from(AREAS)),
            draw(st.booleans()),
            draw(st.integers(1, 5)),
            draw(days),
            order,
            draw(st.sampled_from(["", "ok"])),
        )
        for order in range(size)
    ]


def now(*marks: Mark) -> AreaNow:
    """The area that the marks are about."""
    return next(area for area in wheel_facts(marks) if area.area == marks[0].area)


def test_the_wheel_has_the_eight_areas_in_their_order() -> None:
    assert list(AREAS) == Area.values
    assert [area.area for area in wheel_facts([])] == Area.values


def test_signe_has_moved_one_step_since_september() -> None:
    area = now(
        Mark("safe", True, 2, SEPTEMBER, 1), Mark("safe", True, 3, NOVEMBER, 2), Mark("safe", False, 3, NOVEMBER, 3)
    )
    assert (area.child, area.before, area.adults, area.change, area.before_on) == (3, 2, 3, 1, SEPTEMBER)


def test_a_slip_of_the_hand_corrected_the_same_day_is_no_change() -> None:
    area = now(Mark("safe", True, 5, NOVEMBER, 1), Mark("safe", True, 3, NOVEMBER, 2))
    assert (area.child, area.before, area.change) == (3, None, None)


def test_a_first_mark_is_compared_with_nothing() -> None:
    assert now(Mark("safe", True, 3, NOVEMBER, 1)).change is None


def test_a_mark_written_down_later_about_an_earlier_day_is_an_earlier_mark() -> None:
    area = now(Mark("safe", True, 3, NOVEMBER, 1), Mark("safe", True, 1, SEPTEMBER, 2))
    assert (area.child, area.before) == (3, 1)


@given(many_marks(), st.randoms())
def test_the_order_in_which_marks_are_read_changes_nothing(marks: list[Mark], random: Random) -> None:
    shuffled = list(marks)
    random.shuffle(shuffled)
    assert wheel_facts(shuffled) == wheel_facts(marks)


@given(many_marks())
def test_each_area_says_what_a_slow_reader_finds(marks: list[Mark]) -> None:
    for area in wheel_facts(marks):
        here = [mark for mark in marks if mark.area == area.area]
        child = max((m for m in here if m.by_child), key=lambda m: (m.made_on, m.order), default=None)
        adult = max((m for m in here if not m.by_child), key=lambda m: (m.made_on, m.order), default=None)
        earlier = [m for m in here if m.by_child and child is not None and m.made_on < child.made_on]
        before = max(earlier, key=lambda m: (m.made_on, m.order), default=None)
        assert area.child == (child.value if child else None)
        assert area.child_words == (child.words if child else "")
        assert area.adults == (adult.value if adult else None)
        assert area.before == (before.value if before else None)


@given(many_marks(), st.sampled_from(AREAS), st.integers(1, 5))
def test_a_new_mark_of_the_adults_leaves_the_childs_marks_alone(marks: list[Mark], area: str, value: int) -> None:
    after = {one.area: one for one in wheel_facts([*marks, Mark(area, False, value, date(2027, 1, 1), len(marks))])}
    for one in wheel_facts(marks):
        assert (after[one.area].child, after[one.area].before) == (one.child, one.before)
        assert after[one.area].adults == (value if one.area == area else one.adults)
