"""What a partnership may set: quicker than the model, never slower, and never the law."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn import law
from samsyn.common.clock import STOCKHOLM
from samsyn.common.decision import Refused

TODAY = law.on(date(2026, 11, 22))
CLOCKS = [row for row in TODAY.rows(law.Kind.CLOCK) if isinstance(row, law.Clock)]


def test_a_local_clock_may_be_shortened() -> None:
    assert law.may_set_locally(TODAY.row("decision_after_signal"), 10)
    assert law.may_set_locally(TODAY.row("decision_after_signal"), 14)
    assert law.may_set_locally(TODAY.row("decision_after_signal"), 1)
    assert law.may_set_locally(TODAY.row("preliminary_assessment"), 14)
    due = law.local_deadline("decision_after_signal", date(2026, 11, 2), 10)
    assert (due.nominal, due.latest) == (date(2026, 11, 12), date(2026, 11, 12))
    assert (due.rule.id, due.rule.value) == ("decision_after_signal", 10)


@pytest.mark.parametrize(
    ("rule", "value", "reason"),
    [
        ("decision_after_signal", 15, "may shorten this time, not lengthen it"),
        ("decision_after_signal", 0, "at least 1"),
        ("preliminary_assessment", 21, "The law sets this time"),
        ("preliminary_assessment", 10, "The law sets this time"),
        ("appeal", 2, "The law sets this time"),
        ("looks_shown_after", 1, "the same time here"),
        ("withheld_looks_reviewed", 30, "the same time here"),
        ("emergency_access", 1, "the same time here"),
        ("report_of_concern", 1, "no time here"),
        ("own_party", 12, "no time here"),
        ("child_protection_file", 20, "no time here"),
    ],
)
def test_what_a_partnership_may_not_set_is_refused_with_the_rule(rule: str, value: int, reason: str) -> None:
    answer = law.may_set_locally(TODAY.row(rule), value)
    assert not answer
    assert reason in answer.reason
    assert answer.rule == rule
    with pytest.raises(Refused):
        law.local_deadline(rule, date(2026, 11, 2), value)


def test_region_and_municipality_may_agree_on_another_day_for_payment() -> None:
    afternoon = datetime(2026, 11, 23, 15, tzinfo=STOCKHOLM)
    assert law.deadline("payment_liability", afternoon).latest == date(2026, 11, 27)
    assert law.local_deadline("payment_liability", afternoon, 7).latest == date(2026, 11, 30)


@given(row=st.sampled_from(CLOCKS), value=st.integers(-5, 400))
def test_no_agreement_is_ever_slower_than_the_model_or_other_than_the_law(row: law.Clock, value: int) -> None:
    if law.may_set_locally(row, value) and not row.agreement:
        assert row.value is not None
        assert 1 <= value <= row.value
        assert value == row.value or not row.statutory
