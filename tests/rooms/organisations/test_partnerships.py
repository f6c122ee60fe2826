"""What the partners agree on: own words, shorter times, three goals; the law stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.organisations.actions_partnership import Agreement, found_partnership
from samsyn.organisations.models import Authority, Partnership, Sphere
from samsyn.organisations.partnerships import (
    clock_value,
    common_goals,
    deadline,
    deadline_for,
    goal_name,
    labels,
    partnership_of,
)
from tests.rooms.organisations.world import NOON, TODAY, Organisation, organisation

AGREEMENT = Agreement(
    name="Samsyn Lillköping",
    decision_number="KS 2025/14",
    decided_on=date(2025, 1, 20),
    vision="Every child is seen in time.",
    clocks={"acknowledge_signal": 1},
    labels={"named_person": {"sv": "barnetsbästa-ansvarig"}, "area.safe": {"sv": "Trygg", "en": "Safe here"}},
)


@pytest.fixture(autouse=True)
def _the_day() -> Iterator[None]:
    with clock.at(NOON):
        yield


@pytest.fixture
def school(db: None) -> Organisation:
    """A principal with two boards."""
    made = organisation()
    Authority.objects.create(principal=made.principal, name="Socialnämnden", sphere=Sphere.SOCIAL)
    return made


@pytest.fixture
def parties(school: Organisation) -> list[Authority]:
    """The two boards."""
    return list(Authority.objects.order_by("pk"))


def test_own_words_come_before_the_words_of_the_house(parties: list[Authority]) -> None:
    made = found_partnership(SYSTEM, AGREEMENT, parties)
    assert labels(made, "sv")["named_person"] == "barnetsbästa-ansvarig"
    assert labels(made, "en") == {"named_person": "named person", "wheel": "wellbeing wheel", "area.safe": "Safe here"}
    assert labels(None, "en")["named_person"] == "named person"


def test_a_shorter_time_holds_for_the_partners_alone(parties: list[Authority]) -> None:
    made = found_partnership(SYSTEM, AGREEMENT, parties)
    start = clock.now()
    assert clock_value(made, "acknowledge_signal") == 1
    assert clock_value(made, "talk_with_family") is None
    assert clock_value(None, "acknowledge_signal") is None
    shorter, usual = deadline(made, "acknowledge_signal", start), deadline(None, "acknowledge_signal", start)
    assert shorter.due_at < usual.due_at == law.deadline("acknowledge_signal", start).due_at
    assert deadline_for(parties[0].pk, "acknowledge_signal", start) == shorter
    assert deadline_for(0, "acknowledge_signal", start) == usual


@pytest.mark.parametrize("clocks", [{"acknowledge_signal": 3}, {"acknowledge_signal": 0}, {"consent_longest": 999}])
def test_no_time_is_made_longer(parties: list[Authority], clocks: dict[str, int]) -> None:
    with pytest.raises(Refused):
        found_partnership(SYSTEM, replace(AGREEMENT, clocks=clocks), parties)
    assert not Partnership.objects.exists()


def test_the_laws_own_times_stay(parties: list[Authority]) -> None:
    statutory = next(
        row
        for row in law.on(TODAY).rows(law.Kind.CLOCK)
        if isinstance(row, law.Clock) and row.statutory and not row.agreement and (row.value or 0) > 1
    )
    assert statutory.value is not None
    with pytest.raises(Refused, match="law sets this time"):
        found_partnership(SYSTEM, replace(AGREEMENT, clocks={statutory.id: statutory.value - 1}), parties)


def test_a_time_that_does_not_exist_is_an_error(parties: list[Authority]) -> None:
    with pytest.raises(law.NoSuchRule):
        found_partnership(SYSTEM, replace(AGREEMENT, clocks={"acknowledge_sign": 1}), parties)


def test_three_goals_in_their_order_and_languages(parties: list[Authority]) -> None:
    goals = common_goals(found_partnership(SYSTEM, AGREEMENT, parties))
    assert [goal.key for goal in goals] == ["health", "school", "home"]
    assert [goal_name(goal, "sv") for goal in goals] == ["God hälsa", "Lyckas i skolan", "Trygghet i hemmet"]
    assert goal_name(goals[0], "fi") == "God hälsa"


def test_the_newest_decision_counts_and_a_region_has_one_with_each(parties: list[Authority]) -> None:
    other = organisation("9991").authority
    first = found_partnership(SYSTEM, AGREEMENT, [parties[0], other])
    second = found_partnership(SYSTEM, replace(AGREEMENT, decided_on=date(2025, 5, 1)), parties)
    assert partnership_of(parties[0].pk) == second
    assert partnership_of(parties[0].pk, other.pk) == first
    assert partnership_of(parties[1].pk, other.pk) is None


def test_the_partnership_that_decides_sets_the_times_too(parties: list[Authority]) -> None:
    other, start = organisation("9991").authority, clock.now()
    found_partnership(SYSTEM, AGREEMENT, [parties[0], other])
    silent = found_partnership(SYSTEM, replace(AGREEMENT, decided_on=date(2025, 5, 1), clocks={}), parties)
    assert partnership_of(parties[0].pk) == silent
    usual = deadline(silent, "acknowledge_signal", start)
    assert deadline_for(parties[0].pk, "acknowledge_signal", start) == usual
    same_day = found_partnership(SYSTEM, replace(AGREEMENT, decided_on=date(2025, 5, 1)), [parties[0], other])
    assert partnership_of(parties[0].pk) == same_day
    assert deadline_for(parties[0].pk, "acknowledge_signal", start) != usual


@pytest.mark.parametrize(
    ("agreement", "how_many", "viewer"),
    [
        (AGREEMENT, 1, SYSTEM),
        (replace(AGREEMENT, decided_on=TODAY + timedelta(days=1)), 2, SYSTEM),
        (AGREEMENT, 2, Viewer(account=3, post=4)),
    ],
)
def test_a_partnership_is_decided_between_two_by_those_who_may(
    parties: list[Authority], agreement: Agreement, how_many: int, viewer: Viewer
) -> None:
    with pytest.raises(Refused):
        found_partnership(viewer, agreement, parties[:how_many])
    assert not Partnership.objects.exists()
