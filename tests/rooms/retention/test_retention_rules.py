"""How long a file stands, at the edges: the day itself, 29 February, thirty years, never, and the days of birth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from samsyn import law
from samsyn.law import Sphere
from samsyn.retention.rules import Fate, File, State, fate, may_keep_long, may_plan

VAXJO, LINKOPING, GOTHENBURG, BORAS, GOTLAND = "0780", "0580", "1480", "1490", "0980"
SIGNE = File(sphere=Sphere.SOCIAL_SERVICES, last_note=date(2026, 11, 17), birth_date=date(2018, 3, 2), area=VAXJO)
DAY = timedelta(days=1)


def on(day: date, file: File = SIGNE, **facts: Any) -> Fate:
    """What becomes of a file on a day."""
    return fate(replace(file, **facts), law.on(day))


def test_a_file_at_social_services_goes_five_years_after_the_last_note_on_the_day_itself() -> None:
    assert on(date(2031, 11, 16)).state is State.LATER
    due = on(date(2031, 11, 17))
    assert due == Fate(
        state=State.DUE, rule="personal_file", goes_on=date(2031, 11, 17), finished_by=date(2032, 12, 31)
    )


def test_what_is_due_on_the_last_day_of_a_year_has_the_whole_next_year_to_be_finished() -> None:
    assert on(date(2035, 1, 1), last_note=date(2029, 12, 31)).finished_by == date(2035, 12, 31)
    assert on(date(2035, 1, 1), last_note=date(2030, 1, 1)).finished_by == date(2036, 12, 31)


def test_a_note_on_29_february_is_five_years_old_on_the_28th() -> None:
    leap = date(2028, 2, 29)
    assert on(date(2033, 2, 27), last_note=leap).state is State.LATER
    assert on(date(2033, 2, 28), last_note=leap).state is State.DUE


@pytest.mark.parametrize(
    ("born", "birthday"), [(date(2018, 3, 2), date(2048, 3, 2)), (date(2016, 2, 29), date(2046, 2, 28))]
)
def test_an_inquiry_about_protection_stands_until_the_child_is_thirty(born: date, birthday: date) -> None:
    facts: dict[str, Any] = {"birth_date": born, "classes": frozenset({"child_protection_file"})}
    before = on(birthday - DAY, **facts)
    assert (before.state, before.rule, before.goes_on) == (State.LATER, "child_protection_file", birthday)
    assert on(birthday, **facts).state is State.DUE


def test_a_late_note_in_an_inquiry_is_kept_its_five_years_though_the_child_is_thirty() -> None:
    late = on(date(2050, 1, 1), last_note=date(2047, 6, 1), classes=frozenset({"child_protection_file"}))
    assert (late.state, late.rule, late.goes_on) == (State.LATER, "personal_file", date(2052, 6, 1))


def test_a_report_that_was_not_opened_goes_after_five_years() -> None:
    assert on(date(2031, 11, 17), classes=frozenset({"report_not_opened"})).state is State.DUE


@pytest.mark.parametrize("kind", ["placement_file", "parenthood_file"])
def test_a_placement_and_what_shows_who_is_a_parent_never_go(kind: str) -> None:
    never = on(date(2126, 1, 1), classes=frozenset({kind, "report_not_opened"}))
    assert (never.state, never.rule, never.goes_on) == (State.NEVER, kind, None)


def test_a_custody_agreement_stands_until_the_child_is_of_age() -> None:
    facts: dict[str, Any] = {"last_note": date(2027, 1, 1), "classes": frozenset({"custody_agreement"})}
    assert on(date(2036, 3, 1), **facts).rule == "custody_agreement"
    assert on(date(2036, 3, 2), **facts).state is State.DUE


@pytest.mark.parametrize(("day", "state"), [(4, State.DUE), (5, State.NEVER), (6, State.DUE), (15, State.NEVER)])
def test_who_is_born_on_one_of_three_days_of_a_month_is_kept_for_research(day: int, state: State) -> None:
    found = on(date(2040, 1, 1), birth_date=date(2018, 3, day))
    assert found.state is state
    assert (found.rule == "kept_for_research_by_birth") is (state is State.NEVER)


@pytest.mark.parametrize(
    ("area", "kept"), [(LINKOPING, True), (GOTLAND, True), (GOTHENBURG, True), (BORAS, False), (VAXJO, False)]
)
def test_three_counties_and_gothenburg_keep_everybody_for_research(area: str, kept: bool) -> None:
    found = on(date(2040, 1, 1), area=area)
    assert (found.state is State.NEVER, found.rule == "kept_for_research_whole_area") == (kept, kept)


def test_without_a_date_of_birth_nobody_can_tell_so_the_file_stands() -> None:
    assert on(date(2060, 1, 1), birth_date=None).state is State.NO_BIRTH_DATE
    assert on(date(2060, 1, 1), birth_date=None, area=LINKOPING).state is State.NEVER
    health: dict[str, Any] = {
        "sphere": Sphere.HEALTH_CARE,
        "plan_years": 10,
        "classes": frozenset({"child_protection_file"}),
    }
    assert on(date(2060, 1, 1), birth_date=None, **health).state is State.DUE  # no row of health care asks for it


def test_open_work_keeps_a_file_that_is_due_and_a_named_person_until_the_child_is_of_age() -> None:
    assert on(date(2032, 1, 1), in_use=True) == Fate(
        state=State.IN_USE, rule="file_still_in_use", goes_on=date(2031, 11, 17)
    )
    assert on(date(2036, 3, 1), in_use_in_childhood=True).state is State.IN_USE
    assert on(date(2036, 3, 2), in_use_in_childhood=True).state is State.DUE
    assert on(date(2031, 1, 1), in_use=True).state is State.LATER


def test_health_care_keeps_ten_years_at_least_and_then_as_long_as_its_own_plan_says() -> None:
    nurse = replace(SIGNE, sphere=Sphere.HEALTH_CARE)
    assert on(date(2060, 1, 1), nurse).state is State.NO_PLAN
    assert on(date(2036, 11, 16), nurse, plan_years=10).state is State.LATER
    assert on(date(2036, 11, 17), nurse, plan_years=10).state is State.DUE
    assert on(date(2041, 11, 16), nurse, plan_years=15).rule == "own_plan"


@pytest.mark.parametrize("sphere", [Sphere.SCHOOL, Sphere.PUPIL_SUPPORT, Sphere.POLICE, Sphere.FAMILY_COUNSELLING])
def test_where_no_row_says_how_long_nothing_goes_without_the_authoritys_own_plan(sphere: Sphere) -> None:
    assert on(date(2126, 1, 1), sphere=sphere).state is State.NO_PLAN
    assert on(date(2029, 11, 17), sphere=sphere, plan_years=3).state is State.DUE


def test_a_class_of_social_services_says_nothing_in_another_sphere() -> None:
    school = replace(SIGNE, sphere=Sphere.SCHOOL, plan_years=1, classes=frozenset({"placement_file"}))
    assert on(date(2028, 1, 1), school, area=LINKOPING).state is State.DUE


def test_a_plan_may_keep_longer_than_the_least_and_not_longer_than_the_law_lets_stand() -> None:
    today = law.on(date(2026, 11, 17))
    assert may_plan(Sphere.HEALTH_CARE, 10, "KF 12", today)
    assert may_plan(Sphere.HEALTH_CARE, 9, "KF 12", today).rule == "patient_record"
    assert may_plan(Sphere.SOCIAL_SERVICES, 6, "KF 12", today).rule == "personal_file"
    assert may_plan(Sphere.SCHOOL, 3, "", today).field == "decision"
    assert may_plan(Sphere.SCHOOL, 3, "KF 12", today)


def test_a_plan_of_social_services_makes_nothing_go_before_its_five_years() -> None:
    assert on(date(2029, 11, 17), plan_years=3).state is State.LATER


def test_only_staff_and_only_a_class_of_the_own_sphere_keeps_a_file_longer() -> None:
    today = law.on(date(2026, 11, 17))
    assert may_keep_long(True, Sphere.SOCIAL_SERVICES, "placement_file", "SN 7", today)
    assert not may_keep_long(False, Sphere.SOCIAL_SERVICES, "placement_file", "SN 7", today)
    assert not may_keep_long(True, None, "placement_file", "SN 7", today)
    assert may_keep_long(True, Sphere.SCHOOL, "placement_file", "SN 7", today).field == "rule"
    assert may_keep_long(True, Sphere.SOCIAL_SERVICES, "personal_file", "SN 7", today).field == "rule"
    assert may_keep_long(True, Sphere.SOCIAL_SERVICES, "no_such_row", "SN 7", today).field == "rule"
    assert may_keep_long(True, Sphere.SOCIAL_SERVICES, "placement_file", "", today).field == "decision"
