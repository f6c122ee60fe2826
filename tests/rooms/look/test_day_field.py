"""A day that is none is told in a sentence of our own, in the reader's language."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.utils import translation

from samsyn.look.fields import DayField


def sentence(written: str, language: str = "en") -> str:
    """What is said about what was written, "" when it is a day."""
    with translation.override(language):
        try:
            DayField().clean(written)
        except forms.ValidationError as wrong:
            return str(wrong.messages[0])
    return ""


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-02-31", "There is no 31 February in 2026."),
        ("2026-02-29", "There is no 29 February in 2026."),
        ("2028-02-29", ""),
        ("2026-13-01", "There is no month 13. A year has 12."),
        ("2026-11-00", "There is no 0 November in 2026."),
        ("0000-11-09", "Write the year with four digits."),
        ("9 november", "Write the day as year, month and day: 2026-11-09."),
        ("", "Choose a day."),
    ],
)
def test_the_sentence_says_which_part_cannot_be(written: str, said: str) -> None:
    assert sentence(written) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [("sv", "Det finns ingen 31 februari 2026."), ("ar", "لا يوجد يوم 31 فبراير في عام 2026.")],
)
def test_it_is_said_in_the_readers_language(language: str, said: str) -> None:
    assert sentence("2026-02-31", language).replace("\u2068", "").replace("\u2069", "") == said


def test_digits_of_any_script_are_read() -> None:
    assert DayField().clean("٢٠٢٦-١١-٠٩") == date(2026, 11, 9)
