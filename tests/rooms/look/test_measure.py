"""Widths, shortening and cleaning of the texts in pictures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.look.measure import ELLIPSIS, clean, fit, markup, runs_left, text_width, wrap, written


@given(text=st.text(max_size=60), room=st.floats(10, 200))
def test_a_fitted_text_is_never_wider_than_its_room(text: str, room: float) -> None:
    short = fit(text, 14, room)
    assert short == ELLIPSIS or text_width(short, 14) <= room
    if text_width(clean(text), 14) <= room:
        assert short == clean(text)


@given(text=st.text("abc de", min_size=1, max_size=60), room=st.floats(30, 200), lines=st.integers(1, 3))
def test_a_wrapped_text_keeps_its_lines_and_room(text: str, room: float, lines: int) -> None:
    broken = wrap(text, 14, room, lines)
    assert len(broken) <= lines
    assert all(text_width(line, 14) <= room for line in broken)


@pytest.mark.parametrize(
    ("text", "kept"),
    [("a\x00b", "ab"), ("a\u202eb", "ab"), ("  a\nb ", "a b"), ("می\u200cخواهم", "می\u200cخواهم"), ("Zoë", "Zoë")],
)
def test_what_cannot_be_seen_is_taken_away(text: str, kept: str) -> None:
    assert clean(text) == kept


def test_markup_is_escaped() -> None:
    assert markup('<a href="x">\'&') == "&lt;a href=&quot;x&quot;&gt;&#x27;&amp;"


@pytest.mark.parametrize(
    ("text", "rtl", "answer"),
    [
        ("Bo", False, False),
        ("Bo", True, False),
        ("أمل", False, True),
        ("8 سنوات", False, True),
        ("Bo بدل أمل", False, False),
        ("Bo بدل أمل", True, True),
        ("Åsa", True, False),
        ("+5", True, False),
    ],
)
def test_direction_is_that_of_the_letters(text: str, rtl: bool, answer: bool) -> None:
    assert runs_left(text, rtl) is answer
    assert written(text, rtl).startswith("\u202b") is answer


def test_letters_are_measured_a_little_too_wide_and_never_too_narrow() -> None:
    # em at weight 640 and optical size 14, read from Inter 4.1's own table of advances
    for text, real in (("Socialtjänstens", 7.45), ("skolsköterska", 6.80), ("Ansvarstagande", 8.00), ("WWW MMM", 6.11)):
        assert real <= text_width(text, 1) <= real * 1.09
