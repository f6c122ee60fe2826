"""Counting time: working days, month ends, the nights when clocks change, and what holds for every start."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn import law
from samsyn.common.clock import STOCKHOLM
from samsyn.law.days import add_months

DAY = timedelta(days=1)
NEW_ACT = date(2026, 1, 1)  # every clock is in force from here
days = st.dates(min_value=NEW_ACT, max_value=date(2090, 12, 31))
FIRST, LAST = (
    datetime(2026, 1, 2, tzinfo=UTC).replace(tzinfo=None),
    datetime(2090, 1, 1, tzinfo=UTC).replace(tzinfo=None),
)
moments = st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(UTC))


def clocks(*units: law.Unit) -> list[law.Clock]:
    rows = law.on(NEW_ACT).rows(law.Kind.CLOCK)
    return [row for row in rows if isinstance(row, law.Clock) and (not units or row.unit in units)]


TIMED = [row.id for row in clocks() if row.unit not in {law.Unit.AT_ONCE, law.Unit.AS_SOON_AS_POSSIBLE}]
ROLLED_UNITS = {law.Unit.CALENDAR_DAYS, law.Unit.WEEKS, law.Unit.MONTHS, law.Unit.YEARS}
ROLLED = [row.id for row in clocks(*ROLLED_UNITS) if row.effect != "limit"]
AT_ONCE = [row.id for row in clocks(law.Unit.AT_ONCE, law.Unit.AS_SOON_AS_POSSIBLE)]

# Lag 1989:253 and lag 1930:173, written out for two years from the domain notes: not from the library under test.
CLOSED_2026 = {
    date(2026, 1, 1),
    date(2026, 1, 6),
    date(2026, 4, 3),
    date(2026, 4, 6),
    date(2026, 5, 1),
    date(2026, 5, 14),
    date(2026, 6, 6),
    date(2026, 6, 19),
    date(2026, 6, 20),
    date(2026, 10, 31),
    date(2026, 12, 24),
    date(2026, 12, 25),
    date(2026, 12, 26),
    date(2026, 12, 31),
}
CLOSED_2027 = {
    date(2027, 1, 1),
    date(2027, 1, 6),
    date(2027, 3, 26),
    date(2027, 3, 29),
    date(2027, 5, 1),
    date(2027, 5, 6),
    date(2027, 6, 6),
    date(2027, 6, 25),
    date(2027, 6, 26),
    date(2027, 11, 6),
    date(2027, 12, 24),
    date(2027, 12, 25),
    date(2027, 12, 26),
    date(2027, 12, 31),
}


def every_day(year: int) -> list[date]:
    return [date(year, 1, 1) + DAY * number for number in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]


@pytest.mark.parametrize(("year", "closed"), [(2026, CLOSED_2026), (2027, CLOSED_2027)])
def test_working_days_are_weekdays_that_are_neither_holidays_nor_the_three_eves(year: int, closed: set[date]) -> None:
    expected = {day for day in every_day(year) if day.weekday() < 5 and day not in closed}
    assert {day for day in every_day(year) if law.on(NEW_ACT).is_working_day(day)} == expected


@pytest.mark.parametrize(
    ("rule", "start", "latest"),
    [
        ("acknowledge_signal", date(2026, 11, 20), date(2026, 11, 24)),  # Friday, over the weekend
        ("acknowledge_signal", date(2026, 12, 23), date(2026, 12, 29)),  # over Christmas Eve to Boxing Day and a Sunday
        ("talk_with_family", date(2026, 6, 15), date(2026, 6, 23)),  # over midsummer eve
        ("answer_request", date(2026, 4, 1), date(2026, 4, 17)),  # over Easter
        ("first_team_meeting", date(2026, 12, 21), date(2027, 1, 25)),  # 24, 25, 31, 1 and 6 are not counted
        ("decision_after_signal", date(2026, 6, 5), date(2026, 6, 22)),  # midsummer eve, then a weekend
        ("plan_after_team_meeting", date(2026, 11, 28), date(2026, 12, 28)),  # ends on 26 December, a Saturday
        ("first_review", date(2026, 11, 2), date(2026, 12, 14)),
        ("later_review", date(2026, 11, 2), date(2027, 1, 25)),
        ("discharge_plan_call", date(2026, 11, 26), date(2026, 11, 30)),  # ends on a Sunday
        ("appeal", date(2026, 12, 10), date(2027, 1, 4)),  # ends on New Year's Eve
        ("weeding_finished", date(2026, 2, 1), date(2027, 12, 31)),
        ("consent_longest", date(2026, 11, 22), date(2027, 11, 22)),
    ],
)
def test_known_starts_give_known_days(rule: str, start: date, latest: date) -> None:
    assert law.deadline(rule, start).latest == latest


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 10, 31), 4, date(2027, 2, 28)),
        (date(2027, 10, 31), 4, date(2028, 2, 29)),
        (date(2026, 12, 31), 4, date(2027, 4, 30)),
        (date(2026, 2, 28), 4, date(2026, 6, 28)),
        (date(2026, 8, 31), 12, date(2027, 8, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_end_on_the_same_day_number_or_the_last_of_a_shorter_month(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


@pytest.mark.parametrize(
    ("admitted", "due"),
    [
        (datetime(2026, 3, 28, 12, tzinfo=STOCKHOLM), datetime(2026, 3, 29, 13, tzinfo=STOCKHOLM)),
        (datetime(2026, 10, 24, 12, tzinfo=STOCKHOLM), datetime(2026, 10, 25, 11, tzinfo=STOCKHOLM)),
        (datetime(2026, 10, 24, 3, 30, tzinfo=STOCKHOLM), datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=STOCKHOLM)),
        (datetime(2026, 10, 24, 2, 30, tzinfo=STOCKHOLM), datetime(2026, 10, 25, 2, 30, fold=0, tzinfo=STOCKHOLM)),
    ],
)
def test_24_hours_are_24_hours_when_the_clocks_change(admitted: datetime, due: datetime) -> None:
    found = law.deadline("admission_notice", admitted)
    assert (found.due_at.replace(tzinfo=None), found.due_at.fold) == (due.replace(tzinfo=None), due.fold)
    assert not found.is_overdue(due)
    assert found.is_overdue(due.astimezone(UTC) + timedelta(seconds=1))


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    found = law.deadline("admission_notice", datetime(2026, 10, 24, 2, 50, tzinfo=STOCKHOLM))
    assert found.is_overdue(datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=STOCKHOLM))


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_day_lasts_until_its_last_second_when_the_clocks_change(change: date) -> None:
    due = law.deadline("receipt_of_report", change)
    last = datetime(change.year, change.month, change.day, 23, 59, 59, tzinfo=STOCKHOLM)
    assert due.due_at == last
    assert not due.is_overdue(last.astimezone(UTC))
    assert due.is_overdue(last.astimezone(UTC) + timedelta(seconds=1))


@pytest.mark.parametrize("rule", ["admission_notice", "preliminary_assessment", "report_of_concern"])
def test_a_time_without_zone_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match="without zone"):
        law.on(NEW_ACT).deadline(rule, datetime(2026, 3, 2, 12))  # noqa: DTZ001


@pytest.mark.parametrize("rule", ["admission_notice", "payment_liability"])
def test_a_clock_that_needs_the_time_of_day_refuses_a_mere_date(rule: str) -> None:
    with pytest.raises(ValueError, match="time of day"):
        law.deadline(rule, date(2026, 3, 2))


def test_what_is_due_at_once_sorts_first_on_its_day() -> None:
    due = law.deadline("report_of_concern", date(2026, 3, 2))
    assert due.due_at == datetime(2026, 3, 2, 0, tzinfo=STOCKHOLM)


@pytest.mark.parametrize(
    "rule", ["advice", "consent", "both_guardians", "look_up_limit", "care_day_amount", "placement_file"]
)
def test_a_row_without_a_time_gives_no_deadline(rule: str) -> None:
    with pytest.raises(law.NoSuchRule):
        law.on(NEW_ACT).deadline(rule, NEW_ACT)


@given(rule=st.sampled_from(TIMED), start=moments)
def test_latest_never_lies_before_nominal_nor_nominal_before_the_start(rule: str, start: datetime) -> None:
    due = law.deadline(rule, start)
    begun = start.astimezone(STOCKHOLM).date()
    assert due.latest >= due.nominal
    assert due.latest_day >= begun
    assert due.due_at >= start or law.on(start).row(rule).unit is law.Unit.SAME_DAY


@given(rule=st.sampled_from(ROLLED), start=days)
def test_the_latest_day_of_an_act_is_the_first_weekday_from_the_nominal_one(rule: str, start: date) -> None:
    due = law.deadline(rule, start)
    skipped = [due.nominal + DAY * number for number in range((due.latest_day - due.nominal).days)]
    assert law.on(start).is_working_day(due.latest_day)
    assert not any(law.on(start).is_working_day(day) for day in skipped)


@given(rule=st.sampled_from(AT_ONCE), start=moments)
def test_at_once_never_moves(rule: str, start: datetime) -> None:
    due = law.deadline(rule, start)
    assert due.nominal == due.latest == start.astimezone(STOCKHOLM).date()
    assert due.due_at == start


@given(row=st.sampled_from(clocks(law.Unit.WORKING_DAYS)), start=days)
def test_working_days_counted_are_as_many_as_the_row_says(row: law.Clock, start: date) -> None:
    latest = law.deadline(row.id, start).latest_day
    between = [start + DAY * number for number in range(1, (latest - start).days + 1)]
    assert sum(law.on(start).is_working_day(day) for day in between) == row.value
    assert law.on(start).is_working_day(latest)


@given(start=moments)
def test_elapsed_hours_are_elapsed(start: datetime) -> None:
    assert law.deadline("admission_notice", start).due_at.astimezone(UTC) - start == timedelta(hours=24)


@given(start=days, number=st.integers(0, 120))
def test_a_month_later_is_in_the_month_that_many_months_on(start: date, number: int) -> None:
    end = add_months(start, number)
    assert (end.year - start.year) * 12 + end.month - start.month == number
    assert end.day == start.day or (end.day < start.day and (end + DAY).day == 1)
