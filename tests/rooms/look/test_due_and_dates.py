"""When something is due, and dates, in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.translation import override

from samsyn.look import dates
from samsyn.look.due import done_words, due_words

NOW = datetime(2026, 11, 23, 8, 41, tzinfo=UTC)  # 9.41 in Sweden


@pytest.mark.parametrize(
    ("days", "words", "shape"),
    [
        (-2, "<bdi>2</bdi> days late", "late"),
        (-1, "<bdi>1</bdi> day late", "late"),
        (0, "today, at the latest", "today"),
        (1, "tomorrow", "later"),
        (2, "in <bdi>2</bdi> days", "later"),
        (20, "in <bdi>20</bdi> days", "later"),
        (21, "by <bdi>14 December</bdi>", "later"),
        (60, "by <bdi>22 January 2027</bdi>", "later"),
    ],
)
def test_due_in_days(days: int, words: str, shape: str) -> None:
    with override("en"):
        said = due_words(NOW + timedelta(days=days), NOW)
        assert (said.words, said.shape) == (words, shape)
        assert due_words((NOW + timedelta(days=days)).date(), NOW) == said


@pytest.mark.parametrize(
    ("hours", "words", "shape"),
    [
        (4.2, "in <bdi>4</bdi> hours", "today"),
        (1, "in <bdi>1</bdi> hour", "today"),
        (0.5, "in less than an hour, by <bdi>10:11</bdi>", "today"),
        (-0.1, "less than an hour late", "late"),
        (-1, "<bdi>1</bdi> hour late", "late"),
        (-30, "<bdi>30</bdi> hours late", "late"),
    ],
)
def test_due_in_hours(hours: float, words: str, shape: str) -> None:
    with override("en"):
        said = due_words(NOW + timedelta(hours=hours), NOW, by_the_hour=True)
    assert (said.words, said.shape) == (words, shape)


def test_days_are_counted_on_the_swedish_calendar() -> None:
    late_in_the_evening = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # 00.30 on the 24th in Sweden
    with override("en"):
        assert due_words(date(2026, 11, 24), late_in_the_evening).shape == "today"
        assert due_words(late_in_the_evening, NOW).words == "tomorrow"


def test_hours_are_elapsed_also_when_the_clocks_change() -> None:
    before = datetime(2026, 10, 24, 12, tzinfo=dates.STOCKHOLM)
    after = datetime(2026, 10, 25, 12, tzinfo=dates.STOCKHOLM)
    with override("en"):
        assert due_words(after.astimezone(UTC), before.astimezone(UTC), by_the_hour=True).words == (
            "in <bdi>25</bdi> hours"
        )


def test_done() -> None:
    with override("en"):
        assert done_words(NOW) == done_words(date(2026, 11, 23))
        assert done_words(NOW).words == "done <bdi>23 November</bdi>"
        assert done_words(NOW).shape == "done"


@pytest.mark.parametrize(
    ("language", "day", "weekday", "clock"),
    [
        ("sv", "9 november", "måndag 9 november", "9.05"),
        ("en", "9 November", "Monday 9 November", "9:05"),
        ("ar", "9 نوفمبر", "الاثنين 9 نوفمبر", "9:05"),
    ],
)
def test_dates_follow_the_readers_language(language: str, day: str, weekday: str, clock: str) -> None:
    moment = datetime(2026, 11, 9, 8, 5, tzinfo=UTC)
    with override(language):
        assert dates.day(moment) == day
        assert dates.day_and_year(moment) == f"{day} 2026"
        assert dates.weekday(moment).replace("إ", "ا") == weekday
        assert dates.clock(moment) == clock
        assert dates.moment(moment) == f"{day} {clock}"


def test_near_days_have_names() -> None:
    with override("en"):
        assert dates.near_day(NOW, NOW) == "today"
        assert dates.near_day(NOW - timedelta(days=1), NOW) == "yesterday"
        assert dates.near_day(date(2026, 11, 24), NOW) == "tomorrow"
        assert dates.near_day(date(2026, 9, 4), NOW).casefold().startswith("4 sep")
        assert dates.near_day(date(2025, 9, 4), NOW).endswith("2025")


def test_a_short_month_is_written_as_each_language_writes_it() -> None:
    said = {}
    for language in ("sv", "en", "ar"):
        with override(language):
            said[language] = dates.day_short(date(2026, 11, 17))
    assert said["sv"] == "17 nov"
    assert said["en"] == "17 Nov"
    assert said["ar"].startswith("17 ")
