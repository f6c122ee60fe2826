"""Facts of the Swedish domain, one test each, named by number. facts.toml lists them for `./dev prove law-facts`."""

from __future__ import annotations

import ast
import re
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from samsyn import law
from samsyn.common.clock import STOCKHOLM
from samsyn.common.decision import Decision
from samsyn.law.consenting import HINDERED, OVERRIDDEN
from samsyn.sharing.consent_rules import Answers, consent_stands

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
AUTUMN = date(2026, 11, 23)


def stockholm(year: int, month: int, day: int, hour: int = 12, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=STOCKHOLM)


def test_fact_01_preliminary_assessment_counts_from_when_the_report_came_in() -> None:
    row = law.on(AUTUMN).row("preliminary_assessment")
    assert (row.paragraph, row.counted_from) == ("SoL 20:2", "report_came_in")
    came_in = stockholm(2026, 3, 2, 0, 30)
    assert law.deadline("preliminary_assessment", came_in).nominal == date(2026, 3, 16)
    # Half past midnight in Sweden is still the day before in UTC: the Swedish day counts.
    assert law.deadline("preliminary_assessment", came_in.astimezone(UTC)).nominal == date(2026, 3, 16)


def test_fact_02_report_of_2_march_2026_is_due_16_march() -> None:
    due = law.deadline("preliminary_assessment", date(2026, 3, 2))
    assert (due.nominal, due.latest) == (date(2026, 3, 16), date(2026, 3, 16))


def test_fact_03_christmas_day_rolls_over_to_monday_and_both_days_are_given() -> None:
    due = law.deadline("preliminary_assessment", date(2026, 12, 11))
    assert (due.nominal, due.latest) == (date(2026, 12, 25), date(2026, 12, 28))
    assert due.due_at == stockholm(2026, 12, 28, 23, 59, 59)


@pytest.mark.parametrize(
    "came_in", [stockholm(2026, 3, 6, 16), stockholm(2026, 3, 7, 9), stockholm(2026, 12, 24, 23, 59), date(2026, 3, 6)]
)
def test_fact_06_protection_assessment_is_red_from_the_next_calendar_day(came_in: date | datetime) -> None:
    due = law.deadline("protection_assessment", came_in)
    day = came_in.date() if isinstance(came_in, datetime) else came_in
    assert due.nominal == due.latest == day
    assert due.red_from == day + timedelta(days=1)
    assert not due.is_overdue(stockholm(day.year, day.month, day.day, 23, 59, 59))
    assert due.is_overdue(stockholm(day.year, day.month, day.day, 0) + timedelta(days=1))
    assert due.rule.id != law.on(day).row("preliminary_assessment").id


def test_fact_07_investigation_of_31_october_ends_on_the_last_of_february() -> None:
    due = law.deadline("investigation", date(2026, 10, 31))
    assert (due.nominal, due.latest) == (date(2027, 2, 28), date(2027, 3, 1))


def test_fact_09_follow_up_never_later_than_six_months() -> None:
    # 28 February 2027 is a Sunday: a limit does not move, as an act to be done would.
    due = law.deadline("follow_up", date(2026, 8, 31))
    assert (due.nominal, due.latest) == (date(2027, 2, 28), date(2027, 2, 28))
    assert due.rule.paragraph == "SoL 23:5"


def test_fact_11_feedback_within_a_week_and_late_requests_at_once() -> None:
    assert law.deadline("feedback_to_reporter", date(2026, 5, 4)).latest == date(2026, 5, 11)
    asked = stockholm(2026, 5, 12, 10, 15)
    late = law.deadline("feedback_to_late_request", asked)
    assert (late.latest, late.due_at, late.rule.unit) == (date(2026, 5, 12), asked, law.Unit.AT_ONCE)


@pytest.mark.parametrize("rule", ["admission_notice", "admission_notice_after_later_assessment"])
def test_fact_34_admission_notice_has_24_elapsed_hours(rule: str) -> None:
    admitted = stockholm(2026, 11, 20, 15, 45)
    due = law.deadline(rule, admitted)
    assert due.latest == due.due_at == stockholm(2026, 11, 21, 15, 45)
    assert not due.is_overdue(admitted + timedelta(hours=24))
    assert due.is_overdue(admitted + timedelta(hours=24, seconds=1))


@pytest.mark.parametrize(
    ("sent", "begins"),
    [
        (stockholm(2026, 11, 23, 11, 59), date(2026, 11, 26)),
        (stockholm(2026, 11, 23, 12, 0, 0), date(2026, 11, 26)),
        (stockholm(2026, 11, 23, 12, 0, 1), date(2026, 11, 27)),
        (stockholm(2026, 11, 25, 11, 59), date(2026, 11, 28)),  # a Saturday: what begins does not move
        (datetime(2026, 7, 1, 10, 0, 1, tzinfo=UTC), date(2026, 7, 5)),  # in summer noon in Sweden is ten in UTC
    ],
)
def test_fact_35_payment_begins_after_three_days_or_four_when_sent_after_noon(sent: datetime, begins: date) -> None:
    due = law.deadline("payment_liability", sent)
    assert (due.nominal, due.latest) == (begins, begins)


def test_fact_38_discharge_information_is_overdue_after_the_discharge_day() -> None:
    due = law.deadline("discharge_information", stockholm(2026, 11, 21, 10))  # a Saturday
    assert due.due_at == stockholm(2026, 11, 21, 23, 59, 59)
    assert not due.is_overdue(stockholm(2026, 11, 21, 23, 59, 59))
    assert due.is_overdue(stockholm(2026, 11, 22, 0))


def alone(measure: law.Measure, birth_date: date, **facts: bool) -> Decision:
    given = {"suitable": True, "child_agrees": True, **facts}
    return law.child_may_decide(law.on(AUTUMN), measure, birth_date, **given)


def born(years: int, days: int = 0) -> date:
    """The birth date of somebody who is so many years and days old in the autumn."""
    return date(AUTUMN.year - years, AUTUMN.month, AUTUMN.day) - timedelta(days=days)


def test_fact_21_help_without_assessment_needs_a_guardian_until_the_15th_birthday() -> None:
    measure = law.Measure.WITHOUT_ASSESSMENT
    assert not alone(measure, born(15, -1))  # 14 years and 364 days
    assert alone(measure, born(15)).rule == "without_guardian_unassessed"
    unsuitable = alone(measure, born(15), suitable=False)
    assert not unsuitable
    assert unsuitable.field == "child_reason"


def test_fact_22_a_decision_on_help_for_a_12_year_old_needs_the_childs_yes_and_a_note_and_is_refused_at_11() -> None:
    measure = law.Measure.WITH_ASSESSMENT
    assert alone(measure, born(12)).rule == "child_consents_from"
    assert not alone(measure, born(12), child_agrees=False)
    assert not alone(measure, born(12), suitable=False)
    refused = alone(measure, born(12, -1))
    assert not refused
    assert refused.rule == "guardian_only_below"


@pytest.mark.parametrize("years", [11, 12, 15, 17])
def test_fact_23_placement_always_needs_a_guardian(years: int) -> None:
    decision = alone(law.Measure.PLACEMENT, born(years))
    assert not decision
    assert decision.rule == "placement_needs_guardian"


def test_fact_24_with_two_guardians_both_say_yes_or_an_exception_of_the_law_is_written_down() -> None:
    def stands(*said_yes: int, **waived: Any) -> bool:
        newest = dict.fromkeys(said_yes, "given")
        end = AUTUMN + timedelta(days=30)
        facts = Answers(deciders=(1, 2), newest=newest, since=AUTUMN, until=end, on=AUTUMN, **waived)
        return bool(consent_stands(facts))

    assert stands(1, 2)
    assert not stands(1)
    assert stands(1, hindered=frozenset({2}))
    assert stands(1, overridden=frozenset({2}))
    assert not stands(hindered=frozenset({2}))
    both = [law.one_yes_is_enough(law.on(AUTUMN), ground, "open_treatment") for ground in (HINDERED, OVERRIDDEN)]
    assert all(both)


@pytest.mark.parametrize("measure", list(law.Measure))
def test_fact_25_the_boards_exception_is_never_for_help_without_assessment(measure: law.Measure) -> None:
    may = law.one_yes_is_enough(law.on(AUTUMN), OVERRIDDEN, measure)
    named = {law.Measure.OPEN_TREATMENT, law.Measure.CONTACT_PERSON, law.Measure.PSYCHIATRIC_CARE}
    assert bool(may) is (measure in named)
    hindered = law.one_yes_is_enough(law.on(AUTUMN), HINDERED, measure)
    assert bool(hindered) is (measure is not law.Measure.PLACEMENT)


def test_fact_17_what_is_handed_over_for_an_inquiry_needs_its_day_and_who_asked() -> None:
    gate = law.on(AUTUMN).row("duty_in_investigation")
    assert isinstance(gate, law.Gate)
    assert gate.on_request
    assert {"request", "inquiry"} <= set(gate.record)
    assert law.Sphere.SOCIAL_SERVICES in gate.receivers
    assert len(gate.receivers) == 1


@pytest.mark.parametrize("sphere", list(law.Sphere)[:10])
def test_fact_41_the_same_municipality_alone_opens_nothing(sphere: law.Sphere) -> None:
    own = {"own_authority"}
    today = law.on(AUTUMN)
    assert {gate.id for gate in today.gates(sphere, sphere, None, nearness=law.Nearness.AREA)} == own
    for nearness in (law.Nearness.BOARD, law.Nearness.PRINCIPAL, law.Nearness.APART):
        assert not own & {gate.id for gate in today.gates(sphere, sphere, None, nearness=nearness)}


SECRET = {law.Sphere.HEALTH_CARE, law.Sphere.SCHOOL_HEALTH, law.Sphere.SOCIAL_SERVICES, law.Sphere.FAMILY_COUNSELLING}


@pytest.mark.parametrize("sender", sorted(SECRET))
def test_fact_42_every_gate_records_who_what_and_why_and_the_general_clause_is_never_for_care(
    sender: law.Sphere,
) -> None:
    for receiver in law.Sphere:
        for gate in law.on(AUTUMN).gates(sender, receiver, date(2018, 1, 1)):
            assert {"sender", "receiver", "items", "purpose"} <= set(gate.record)
            assert gate.paragraph != "OSL 10:27"


UNDER_18 = {"under_18_from_health", "under_18_from_social_services"}
BETWEEN = {law.Sphere.HEALTH_CARE, law.Sphere.SCHOOL_HEALTH, law.Sphere.SOCIAL_SERVICES}


def under_18(sender: law.Sphere, receiver: law.Sphere, birth_date: date | None, *, unborn: bool = False) -> set[str]:
    return {gate.id for gate in law.on(AUTUMN).gates(sender, receiver, birth_date, unborn=unborn)} & UNDER_18


@pytest.mark.parametrize("sender", list(law.Sphere))
@pytest.mark.parametrize("receiver", list(law.Sphere))
def test_fact_43_under_18_gate_only_for_the_young_and_only_between_health_and_social_services(
    sender: law.Sphere, receiver: law.Sphere
) -> None:
    eighteen_tomorrow, eighteen_today = date(2008, 11, 24), date(2008, 11, 23)
    offered = under_18(sender, receiver, eighteen_tomorrow)
    assert bool(offered) is (sender in BETWEEN and receiver in BETWEEN)
    assert len(offered) <= 1
    assert under_18(sender, receiver, None, unborn=True) == offered
    assert not under_18(sender, receiver, eighteen_today)
    assert not under_18(sender, receiver, None)


def test_the_list_of_facts_names_every_fact_test_and_nothing_else() -> None:
    facts = tomllib.loads((HERE / "facts.toml").read_text(encoding="utf-8"))["fact"]
    functions = {
        node.name: int(found[1])
        for node in ast.parse(Path(__file__).read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and (found := re.match(r"test_fact_(\d+)_", node.name))
    }
    own_path = Path(__file__).relative_to(ROOT).as_posix()
    assert {fact["test"]: fact["number"] for fact in facts} == {
        f"{own_path}::{name}": n for name, n in functions.items()
    }
    assert {1, 2, 3, 6, 7, 9, 11, 35} <= set(functions.values())
