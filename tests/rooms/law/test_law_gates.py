"""Gates: which of them a page may offer, from whom to whom, about whom."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from samsyn import law
from samsyn.law import Nearness, Serves, Sphere, Strength
from samsyn.law.gates import covers
from samsyn.law.vocabulary import ORGANISATIONS

TODAY = law.on(date(2026, 11, 22))
SIGNE, NOUR, GROWN = date(2018, 5, 3), date(2024, 3, 9), date(1990, 1, 1)
GATES = [row for row in TODAY.rows(law.Kind.GATE) if isinstance(row, law.Gate)]


def offered(sender: str, receiver: str, birth_date: date | None = SIGNE, **more: object) -> list[str]:
    return [gate.id for gate in TODAY.gates(sender, receiver, birth_date, **more)]  # type: ignore[arg-type]


def test_siv_at_the_child_health_centre_may_ask_ines_about_nour_without_consent() -> None:
    assert offered("health_care", "social_services", NOUR, serves=Serves.HELP) == [
        "consent",
        "under_18_from_health",
        "cannot_consent",
    ]


def test_bo_at_the_school_needs_consent_to_ask_ines_for_help() -> None:
    assert "consent" in offered("school", "social_services")
    assert not {"under_18_from_health", "under_18_from_social_services"} & set(offered("school", "social_services"))


@pytest.mark.parametrize("sphere", sorted(ORGANISATIONS))
def test_inside_one_secrecy_area_there_is_no_boundary_and_outside_it_that_opens_nothing(sphere: str) -> None:
    assert offered(sphere, sphere, nearness=Nearness.AREA) == ["own_authority"]
    for nearness in (Nearness.BOARD, Nearness.PRINCIPAL, Nearness.APART):
        assert "own_authority" not in offered(sphere, sphere, nearness=nearness)


def test_to_stand_in_the_same_municipality_opens_only_what_the_law_names() -> None:
    for sender, receiver in product(sorted(ORGANISATIONS), sorted(ORGANISATIONS)):
        apart, same = offered(sender, receiver), offered(sender, receiver, nearness=Nearness.PRINCIPAL)
        assert set(same) - set(apart) <= {"health_care_same_principal", "duty_between_social_boards"}
        assert set(apart) <= set(same)


def test_the_school_nurse_may_tell_pupil_health_only_inside_the_board() -> None:
    assert "within_pupil_health" in offered("school_health", "pupil_support", nearness=Nearness.BOARD)
    assert "within_pupil_health" not in offered("school_health", "pupil_support", nearness=Nearness.PRINCIPAL)
    assert "within_pupil_health" not in offered("pupil_support", "school_health", nearness=Nearness.BOARD)


@pytest.mark.parametrize("receiver", sorted(ORGANISATIONS))
@pytest.mark.parametrize("sender", ["health_care", "school_health", "social_services", "family_counselling"])
def test_the_general_clause_is_never_offered_for_health_care_and_social_services(sender: str, receiver: str) -> None:
    assert "general_clause" not in offered(sender, receiver)


SCHOOLS = ("school", "preschool", "pupil_support", "leisure_centre")
FROM_SCHOOL = {"consent", "duty_to_report", "duty_in_investigation", "crime_balance", "crime_duty_head_teacher"}


@pytest.mark.parametrize("nearness", [Nearness.BOARD, Nearness.PRINCIPAL, Nearness.APART])
@pytest.mark.parametrize("sender", SCHOOLS)
def test_from_the_school_it_opens_by_a_yes_a_report_an_inquiry_or_a_crime_rule_alone(
    sender: str, nearness: Nearness
) -> None:
    for receiver in sorted(ORGANISATIONS):
        held = offered(sender, receiver, nearness=nearness)
        assert set(held) <= FROM_SCHOOL | {"answer_to_reporter"}
        assert "consent" in held
        crime = {gate.id for gate in TODAY.gates(sender, receiver, SIGNE) if gate.serves is Serves.CRIME}
        assert crime == (set(held) & {"crime_balance", "crime_duty_head_teacher"})
        assert bool(crime) is (receiver == "police")


def test_no_text_goes_through_a_gate_that_is_for_a_set_answer() -> None:
    assert {gate.id for gate in GATES if gate.only_an_answer} == {"answer_to_reporter", "duty_between_social_boards"}


def test_what_is_said_in_family_counselling_opens_by_a_yes_or_by_what_the_law_names() -> None:
    assert offered("family_counselling", "social_services") == [
        "consent",
        "duty_to_report_family_counselling",
        "necessary_for_own_work",
    ]
    assert TODAY.secrecy("family_counselling").strength is Strength.ABSOLUTE  # type: ignore[union-attr]


def test_the_general_clause_is_not_offered_where_the_secrecy_is_unknown() -> None:
    assert "general_clause" in offered("police", "school")
    assert TODAY.secrecy("other_authority") is None
    assert "general_clause" not in offered("other_authority", "social_services")
    assert "consent" in offered("other_authority", "social_services")


@pytest.mark.parametrize(
    ("barred", "paragraph", "held"),
    [
        ("OSL 25:1-8", "OSL 25:1", True),
        ("OSL 25:1-8", "OSL 25:8", True),
        ("OSL 25:1-8", "OSL 25:9", False),
        ("OSL 25:2-8", "OSL 25:1", False),
        ("OSL 26:1-6", "OSL 26:1 a", True),
        ("OSL 25:1-8", "OSL 26:1", False),
        ("OSL 25:1-8", "SoL 25:1", False),
        ("OSL 40:5", "OSL 40:5", True),
        ("OSL 40:5", "OSL 40:50", False),
    ],
)
def test_a_bar_holds_every_paragraph_of_its_range(barred: str, paragraph: str, held: bool) -> None:
    assert covers(barred, paragraph) is held


def test_duties_to_tell_the_police_spare_health_care_and_social_services() -> None:
    assert "crime_duty_head_teacher" in offered("school", "police")
    assert "crime_duty_head_teacher" not in offered("school_health", "police")
    assert not {"crime_duty_municipality", "crime_duty_head_teacher"} & set(offered("social_services", "police"))
    assert "crime_balance" not in offered("health_care", "police")


@pytest.mark.parametrize(
    ("birth_date", "open_"), [(date(2005, 11, 23), True), (date(2005, 11, 22), False), (None, False)]
)
def test_the_police_gate_for_the_young_ends_on_the_21st_birthday(birth_date: date | None, open_: bool) -> None:
    assert ("young_at_risk_of_crime" in offered("social_services", "police", birth_date)) is open_
    assert "young_at_risk_of_crime" not in offered("school", "police", birth_date)


def test_grave_danger_is_told_also_of_one_whose_age_can_only_be_assumed() -> None:
    assert "immediate_danger" in offered("social_services", "police", None)
    assert "immediate_danger" not in offered("social_services", "police", GROWN)


def test_a_birth_that_has_not_happened_is_no_age() -> None:
    assert "under_18_from_health" not in offered("health_care", "social_services", date(2027, 1, 1))
    assert "under_18_from_health" in offered("health_care", "social_services", date(2026, 11, 22))
    assert "under_18_from_health" in offered("health_care", "social_services", None, unborn=True)
    assert "guardian_insight" not in offered("school", "guardian", None, unborn=True)


def test_a_report_of_concern_needs_no_consent_from_anyone() -> None:
    for sender in ORGANISATIONS:
        gates = TODAY.gates(sender, Sphere.SOCIAL_SERVICES, None, serves=Serves.REPORT)
        assert [gate.consent for gate in gates if gate.id.startswith("duty_to_report")] == [False]
    assert "duty_in_investigation" not in offered("family_counselling", "social_services")


def test_those_who_are_no_authority_get_only_what_is_theirs() -> None:
    assert offered("school", "person") == ["person_self"]
    assert offered("school", "guardian") == ["guardian_insight"]
    assert offered("school", "guardian", nearness=Nearness.AREA) == ["guardian_insight"]
    assert offered("school", "guardian", GROWN) == []
    assert offered("school", "party") == ["party_insight"]
    assert offered("school", "processor") == ["technical_processing"]
    assert offered("school", "outside") == ["consent"]
    assert offered("health_care", "outside") == ["consent", "cannot_consent", "necessary_for_own_work"]


def test_an_unknown_sphere_is_an_error_not_an_open_door() -> None:
    with pytest.raises(ValueError, match="choir"):
        TODAY.gates("choir", "school", SIGNE)


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.id)
def test_every_gate_is_offered_somewhere_and_records_who_what_and_why(gate: law.Gate) -> None:
    assert {"sender", "receiver", "items", "purpose"} <= set(gate.record)
    # A gate that rests on consent must keep whose it was and how far it went.
    assert gate.consent is ({"giver", "form", "until"} <= set(gate.record))
    ways = product(gate.senders, gate.receivers, Nearness)
    assert any(gate in TODAY.gates(sender, receiver, NOUR, nearness=nearness) for sender, receiver, nearness in ways)
    assert bool(gate.confirmation("sv")) is bool(gate.confirmation("en")) is (gate.within is not Nearness.AREA)


@pytest.mark.parametrize(
    "paragraph",
    [
        "OSL 8:1",
        "OSL 12:2",
        "OSL 10:2",
        "OSL 25:12",
        "OSL 26:9",
        "OSL 10:28; SoL 19:1",
        "OSL 10:28; SoL 20:6",
        "OSL 25:13 a",
        "OSL 25:13",
        "OSL 10:18 a",
        "OSL 10:18 c",
        "OSL 10:20",
        "OSL 10:23",
        "OSL 10:15 a",
        "OSL 10:28; BU 6, 8",
        "OSL 10:28; BU 7, 8",
        "OSL 10:27",
        "OSL 10:3",
        "OSL 10:2 a",
    ],
)
def test_every_gate_of_the_domain_notes_is_a_row(paragraph: str) -> None:
    assert [gate.paragraph for gate in GATES].count(paragraph) == 1
