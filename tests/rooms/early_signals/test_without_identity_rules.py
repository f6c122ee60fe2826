"""Asking without identity: identifiers are refused, what may point somebody out is shown, and nobody is tied to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.early_signals.models import Consultation
from samsyn.early_signals.pointing_out import PointsOut, points_out
from samsyn.early_signals.without_identity import may_answer, may_consult
from samsyn.people.models import Person

QUESTION = "What can we do when a child in the first years of school does not sleep?"


def may(question: str = QUESTION, *, looked_through: bool = True, receiver_found: bool = True) -> object:
    found = points_out(question, names=["Signe Lind", "Olof Lind"], places=["Stobyskolan"])
    return may_consult(question=question, found=found, looked_through=looked_through, receiver_found=receiver_found)


def test_a_question_that_has_been_looked_through_may_be_asked() -> None:
    assert may()


@pytest.mark.parametrize(
    ("question", "looked_through", "receiver_found", "field"),
    [
        (QUESTION, True, False, "to_unit"),
        ("  ", True, True, "question"),
        (QUESTION, False, True, "looked_through"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    question: str, looked_through: bool, receiver_found: bool, field: str
) -> None:
    decision = may(question, looked_through=looked_through, receiver_found=receiver_found)
    assert not decision
    assert decision.field == field  # type: ignore[attr-defined]  # a decision


@pytest.mark.parametrize(
    "identifier",
    [
        "20180814-9809",
        "0451 26 70 00",
        "+46 (0)451-26 70 00",
        "amal@example.se",
        "https://example.se/barn",
        "www.example.se",
        "ABC 123",
        "abc12d",
        "281 47",
        "2018-08-14",
        "6d7efb4e-11ab-4c2e",
        "Signe Lind",
        "signe lind",
        "Lind, Signe",
        "Signe Linds",
    ],
)
def test_no_identifier_can_be_asked_with_however_it_is_written(identifier: str) -> None:
    decision = may(f"About {identifier}, what now?")
    assert not decision
    assert decision.field == "question"  # type: ignore[attr-defined]  # a decision


@given(st.integers(min_value=100_000, max_value=999_999_999_999))
def test_no_long_number_ever_gets_through(number: int) -> None:
    assert not may(f"About {number}, what now?")


def test_an_answer_holds_no_identifier_either() -> None:
    found = points_out("Is it 20180814-9809?")
    assert not may_answer(is_receiver=True, answered=False, answer="Is it 20180814-9809?", found=found)


def test_words_with_a_capital_inside_a_sentence_are_pointed_out() -> None:
    assert points_out("The boy, whom Maja knows. He is tired.").names == ("Maja",)
    assert points_out("He is tired. She is not.") == PointsOut()


@pytest.mark.parametrize(
    "text",
    [
        "Elsa har blåmärken på armen. Vad gör jag?",
        "Vad gör jag? Elsa och en kompis bråkar.",
        "Elsas mamma dricker.",
        "Hon heter elsa.",
        "Elsa cries every day.",
    ],
)
def test_a_name_that_nobody_here_knows_is_pointed_out_also_where_a_sentence_begins(text: str) -> None:
    assert [name.casefold().removesuffix("s") for name in points_out(text).names] == ["elsa"]


@pytest.mark.parametrize(
    "text",
    [
        "Barnet har svårt att somna. Mamman är trött.",
        "Barnets mamma kommer inte. Vad heter det?",
        "The child is tired.",
    ],
)
def test_who_begins_a_sentence_without_being_anybody_is_not(text: str) -> None:
    assert points_out(text) == PointsOut()


@pytest.mark.parametrize("text", ["Signe is tired.", "She, signe, is tired.", "SIGNE sover.", "Signes mamma ringde."])
def test_one_name_of_somebody_known_is_pointed_out_wherever_and_however_it_stands(text: str) -> None:
    found = points_out(text, names=["Signe Lind"])
    assert [name.casefold().removesuffix("s") for name in found.names] == ["signe"]
    assert not found.identifiers


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Anna-Karin Ek", "Det gäller anna-karin ek i ettan."),
        ("Anna-Karin Ek", "Det gäller Anna Karin Ek i ettan."),
        ("Signe Ek-Lind", "Det gäller Ek-Lind, Signe i ettan."),
        ("Amal Al-Rashid", "Det gäller amal al-rashids barn."),
        ("Signe O'Brien", "Det gäller signe o’brien i ettan."),
    ],
)
def test_a_whole_name_of_joined_parts_is_no_less_one(name: str, text: str) -> None:
    assert points_out(text, names=[name]).identifiers


def test_names_in_other_scripts_are_found_too() -> None:
    assert points_out("اتصلت أمل أمس", names=["أمل حداد"]).names == ("أمل",)


@pytest.mark.parametrize("text", ["Vid Stobyskolan", "på Lindgatan", "i stobyskolans matsal", "i Hässleholm"])
def test_places_are_pointed_out(text: str) -> None:
    assert points_out(text, places=["Stobyskolan", "Hässleholm"]).places


@pytest.mark.parametrize(
    "text",
    ["tvillingar", "the only girl", "mamman är präst", "Downs syndrom", "in a wheelchair", "pappan sitter i fängelse"],
)
def test_rare_details_are_pointed_out(text: str) -> None:
    assert points_out(text).details


def test_small_numbers_are_pointed_out_and_not_refused() -> None:
    found = points_out("En flicka på 7 år med 4 syskon")
    assert found.numbers == ("4", "7")
    assert not found.identifiers


def test_the_question_that_the_page_gives_as_an_example_points_nobody_out() -> None:
    assert points_out("Ett barn i lågstadiet har svårt att somna. Vad kan en skola göra?") == PointsOut()


def test_a_question_has_no_way_to_a_child_and_so_can_never_be_tied_to_one() -> None:
    related = {field.related_model for field in Consultation._meta.get_fields() if field.is_relation}
    reached = {field.name for field in Consultation._meta.get_fields() if field.related_model is Person}
    assert Person in related
    assert reached == {"from_person"}
    assert not any("child" in field.name for field in Consultation._meta.get_fields())


@pytest.mark.parametrize(
    ("is_receiver", "answered", "answer"), [(False, False, "Do so."), (True, True, "Do so."), (True, False, " ")]
)
def test_only_the_one_asked_answers_once_and_with_words(is_receiver: bool, answered: bool, answer: str) -> None:
    assert not may_answer(is_receiver=is_receiver, answered=answered, answer=answer, found=PointsOut())


def test_the_one_asked_answers() -> None:
    assert may_answer(is_receiver=True, answered=False, answer="Begin with the evenings.", found=PointsOut())
