"""The pure part: who answers on a day, and on which day a desk would be empty."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from samsyn.organisations.resolution import (
    Covered,
    Held,
    Roster,
    Span,
    Staffing,
    Via,
    attended,
    first_days_without_desk,
    resolve,
)

START = date(2025, 9, 16)
DESK, DEPUTY = 0, 1
days = st.integers(0, 12).map(lambda number: START + timedelta(days=number))
spans = st.builds(
    lambda since, length: Span(since, None if length is None else since + timedelta(days=length)),
    days,
    st.one_of(st.none(), st.integers(0, 6)),
)


def answers_by_walking(post: int, staffing: Staffing, desks: list[int]) -> set[int]:
    """Everybody whom a patient person could end up with, walking every way by hand."""

    def around(one: int) -> set[int]:
        seen, todo = set(), [one]
        while todo:
            here = todo.pop()
            if here not in seen:
                seen.add(here)
                todo.extend(staffing.covers.get(here, ()) if here not in staffing.present else ())
        return {staffing.present[here] for here in seen if here in staffing.present}

    passed: list[int] = []
    here: int | None = post
    while here is not None and here not in passed:
        passed.append(here)
        if found := around(here):
            return found
        here = staffing.parents.get(here)
    for desk in desks:
        if found := around(desk):
            return found
    return set()


numbers = st.integers(0, 6)


@given(
    post=numbers,
    present=st.dictionaries(numbers, st.integers(100, 106)),
    covers=st.dictionaries(numbers, st.lists(numbers, max_size=3)),
    parents=st.dictionaries(numbers, st.one_of(st.none(), numbers)),
    desks=st.lists(numbers, max_size=2, unique=True),
)
def test_it_answers_whenever_anybody_can_and_only_with_somebody_present(
    post: int,
    present: dict[int, int],
    covers: dict[int, list[int]],
    parents: dict[int, int | None],
    desks: list[int],
) -> None:
    staffing = Staffing(present, covers, parents)
    answer, possible = resolve(post, staffing, desks), answers_by_walking(post, staffing, desks)
    assert (answer is not None) == bool(possible)
    if answer is not None:
        assert answer.person in possible
        assert present[answer.post] == answer.person
        assert (answer.via == Via.HOLDER) == (post in present)


def test_the_nearest_cover_comes_first() -> None:
    staffing = Staffing(present={3: 103, 4: 104}, covers={1: [2, 4], 2: [3]})
    assert attended(1, staffing) == 4


@given(
    held=st.lists(spans, max_size=3),
    deputy=st.lists(spans, max_size=2),
    covered=st.lists(spans, max_size=2),
    away=st.lists(spans, max_size=2),
)
def test_the_first_empty_day_is_found_among_all_days(
    held: list[Span], deputy: list[Span], covered: list[Span], away: list[Span]
) -> None:
    roster = Roster(
        desks={7: [DESK]},
        held=[*(Held(DESK, 100, span) for span in held), *(Held(DEPUTY, 101, span) for span in deputy)],
        covered=[Covered(DESK, DEPUTY, span) for span in covered],
        away={100: away},
    )

    def empty(day: date) -> bool:
        holder = any(span.holds(day) for span in held) and not any(span.holds(day) for span in away)
        stand_in = any(span.holds(day) for span in deputy) and any(span.holds(day) for span in covered)
        return not (holder or stand_in)

    horizon = [START + timedelta(days=number) for number in range(40)]
    expected = next((day for day in horizon if empty(day)), None)
    assert first_days_without_desk(roster, START).get(7) == expected


@given(one=spans, other=spans)
def test_spans_meet_when_they_share_a_day(one: Span, other: Span) -> None:
    shared = any(
        one.holds(day) and other.holds(day) for day in (START + timedelta(days=number) for number in range(40))
    )
    assert one.meets(other) == other.meets(one) == shared
