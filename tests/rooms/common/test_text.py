"""Cleaning what people type: names in every script stay, nothing hidden gets in."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.common.decision import Refused
from samsyn.common.text import (
    UnclearText,
    clean_line,
    clean_text,
    initials,
    neutralise_formula,
    restore_formula_start,
    without_hidden,
)

NAMES = [
    "Signe Åkesson-Öberg",
    "Zoë d'Arc",
    "Nguyễn Thị Ánh",
    "أمل",
    "مُحَمَّد",  # with vowel marks
    "شیرین‌گل",  # Persian, with the non-joiner that its spelling needs
    "کوردە‌کان",  # Kurdish, likewise
    "ශ්‍රී",  # Sinhala Sri: virama, joiner, letter
    "क्‍ष",
    "שָׁלוֹם",
    "Łukasz Żółć",
    "Ḥasan ʿAlī",
    "李小龍",
    "ሰላም",
    "O’Connor",
    "Ásta J\u0301",  # a letter and a mark that has no composed form
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_stays_as_it_is_written(name: str) -> None:
    assert clean_line(name, 200) == unicodedata.normalize("NFC", name)


def test_a_letter_with_its_mark_is_the_same_however_it_was_typed() -> None:
    assert clean_line("A\u030akesson", 50) == clean_line("Åkesson", 50) == "Åkesson"


def test_white_space_of_every_kind_is_one_space() -> None:
    assert clean_line("  Signe\u00a0\u202f\t Ek\r\n", 50) == "Signe Ek"
    assert clean_line("Signe\u2028Ek\x0b\x0cB", 50) == "Signe Ek B"
    assert clean_line(" \n ", 50) == ""


@pytest.mark.parametrize(
    ("hidden", "told"),
    [
        ("\u200b", "cannot be seen"),  # zero-width space
        ("\u2060", "cannot be seen"),  # word joiner
        ("\ufeff", "cannot be seen"),  # byte order mark
        ("\u00ad", "cannot be seen"),  # soft hyphen
        ("\u200d", "cannot be seen"),  # joiner between Latin letters
        ("\u200c", "cannot be seen"),  # non-joiner between Latin letters
        ("\u3164", "cannot be seen"),  # Hangul filler
        ("\u2800", "cannot be seen"),  # empty braille cell
        ("\U000e0041", "cannot be seen"),  # tag letter
        ("\u180e", "cannot be seen"),
        ("\u200e", "reading direction"),
        ("\u200f", "reading direction"),
        ("\u061c", "reading direction"),
        ("\u202a", "reading direction"),
        ("\u202e", "reading direction"),
        ("\u2066", "reading direction"),
        ("\u2069", "reading direction"),
        ("\x00", "damaged"),
        ("\x07", "damaged"),
        ("\x1b", "damaged"),
        ("\x7f", "damaged"),
        ("\x9b", "damaged"),
        (chr(0xD800), "damaged"),  # half a character
        ("\ufffd", "damaged"),
        ("\ufffe", "damaged"),
        ("\ue000", "damaged"),
    ],
)
def test_a_name_with_something_hidden_is_refused_beside_its_field_and_kindly(hidden: str, told: str) -> None:
    with pytest.raises(UnclearText) as caught:
        clean_line(f"Sig{hidden}ne", 50, field="given_name")
    decision = caught.value.decision
    assert isinstance(caught.value, Refused)
    assert not decision
    assert decision.field == "given_name"
    assert told in decision.reason
    assert "Please type it again" in decision.reason
    assert hidden not in decision.reason


@pytest.mark.parametrize("odd", ["أ\u200c", "\u200cأ", "أ\u200c ب", "أ\u200cb", "a\u200cب", "1\u200cب"])
def test_a_non_joiner_is_spelling_only_between_two_arabic_letters(odd: str) -> None:
    with pytest.raises(UnclearText):
        clean_line(odd, 50)


def test_a_non_joiner_may_follow_a_vowel_mark() -> None:
    assert clean_line("مَ\u200cب", 50) == "مَ\u200cب"


def test_marks_piled_on_a_letter_are_refused_and_so_are_marks_on_nothing() -> None:
    for odd in ("Z" + "\u0335" * 6, "\u0301Signe"):
        with pytest.raises(UnclearText, match="marks"):
            clean_line(odd, 50)


def test_what_is_too_long_is_refused_with_both_lengths() -> None:
    assert clean_line("a" * 50, 50) == "a" * 50
    with pytest.raises(UnclearText) as caught:
        clean_line("a" * 51, 50, field="heading")
    decision = caught.value.decision
    assert decision.reason % decision.values == "This is 51 characters long. At most 50 fit here."
    assert decision.field == "heading"
    with pytest.raises(UnclearText, match="At most"):
        clean_text("å" * 10_001, 10_000, field="what_i_saw")
    assert clean_text("å" * 10_000, 10_000) == "å" * 10_000


def test_in_a_text_what_is_hidden_is_taken_out_and_every_word_stays() -> None:
    pasted = (
        "\ufeffHan sa\u200b att\u00ad han \u202ewas\u202c rädd.\r\n\r\n\r\n\r\n  \u2066أمل\u2069 kom\u2028hem \x00\x07"
    )
    assert clean_text(pasted, 500) == "Han sa att han was rädd.\n\nأمل kom\nhem"


def test_a_text_keeps_families_and_flags_and_the_joiners_that_spelling_needs() -> None:
    for kept in ("Vi är 👨‍👩‍👧 nu", "👩🏽‍🚒", "🏳️‍🌈", "شیرین‌گل", "ශ්‍රී"):
        assert clean_text(kept, 50) == kept
    assert clean_text("a\u200db\u200cc", 50) == "abc"


def test_a_mark_that_meets_its_letter_when_something_is_taken_out_is_composed() -> None:
    assert clean_text("A\u200b\u030a", 50) == "Å"


anything = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


@given(text=anything)
def test_no_text_breaks_the_cleaning_and_cleaning_twice_changes_nothing(text: str) -> None:
    cleaned = clean_text(text, 1_000)
    assert clean_text(cleaned, 1_000) == cleaned
    cleaned.encode()
    assert not any(unicodedata.category(character) in ("Cc", "Cs") and character != "\n" for character in cleaned)


@given(text=anything)
def test_a_line_is_either_refused_or_clean(text: str) -> None:
    try:
        line = clean_line(text, 1_000)
    except UnclearText:
        return
    assert clean_line(line, 1_000) == line
    line.encode()
    assert line == line.strip()
    assert not any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in line)
    assert "\u202e" not in line


@given(text=anything)
def test_a_line_from_another_system_is_cleaned_instead_of_refused(text: str) -> None:
    line = without_hidden(text)
    assert "\n" not in line
    assert without_hidden(line) == line


def test_initials() -> None:
    assert initials("Signe Ek") == "SE"
    assert initials("anna-karin  von sydow") == "AS"
    assert initials("Åsa") == "Å"
    assert initials("A\u030asa") == "Å"
    assert initials("أمل") == "أ"
    assert initials("مُحَمَّد علي") == "مُع"
    assert initials("(Nour) Haddad") == "NH"
    assert initials("ßen Ek") == "SE"
    assert initials("李小龍") == "李"
    assert initials("") == initials(" - ") == ""


@given(text=anything)
def test_initials_are_never_a_whole_name(text: str) -> None:
    letters = [character for character in initials(text) if character.isalnum()]
    assert len(letters) <= 2


@pytest.mark.parametrize(
    "cell", ["=1+1", "+46 451 26", "-1", "@SUM(A1)", "\tx", "\rx", "  =1", "＝1", "＋1", "－1", "＠x", "\n=1"]
)
def test_a_cell_that_starts_like_a_formula_is_neutralised_and_reads_back_as_it_was(cell: str) -> None:
    assert neutralise_formula(cell) == "'" + cell
    assert restore_formula_start(neutralise_formula(cell)) == cell


@pytest.mark.parametrize("cell", ["", " ", "Signe", "a=b", "'t Hooft", "2017-01-01", "å+", "'"])
def test_any_other_cell_is_left_alone(cell: str) -> None:
    assert neutralise_formula(cell) == cell
    assert restore_formula_start(cell) == cell


@given(cell=anything)
def test_no_exported_cell_starts_like_a_formula(cell: str) -> None:
    exported = neutralise_formula(cell)
    assert not exported.lstrip().startswith(("=", "+", "-", "@"))
    assert not exported.startswith(("\t", "\r"))
    assert exported in (cell, "'" + cell)
