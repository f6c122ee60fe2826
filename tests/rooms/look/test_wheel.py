"""The wellbeing wheel: the child's marks beside the adults', never an average."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.look.wheel import Area, WheelFacts, WheelWords, draw_wheel
from tests.rooms.look.svg_reading import SVG, collisions, outside, parse, patches

LABELS = ("Trygg", "Mår bra", "Utvecklas", "Omvårdad", "Aktiv", "Respekterad", "Ansvarstagande", "Delaktig")
MARKS = ((3, 3, 2), (2, 3, 1), (4, 4, 4), (4, 3, 4), (5, 4, 4), (3, 4, 3), (4, 4, 3), (2, 4, 2))
WORDS = WheelWords("olika", "inte frågad", ("Område", "Signe nu", "Förra gången", "Vuxna"))
SIGNE = WheelFacts(
    uid="wheel",
    title="Må bra-hjulet",
    desc="Åtta områden.",
    child="Signe",
    areas=tuple(
        Area(label, child, adults, before, f"Signe {child}, vuxna {adults}")
        for label, (child, adults, before) in zip(LABELS, MARKS, strict=True)
    ),
    words=WORDS,
)
labels = st.text("abcdefghijklmnoåäöMW ", min_size=1, max_size=30) | st.sampled_from(["مسؤول", "Ansvarstagande", "<&>"])


@st.composite
def wheels(draw: st.DrawFn) -> WheelFacts:
    low, high = draw(st.sampled_from([(1, 5), (0, 10)]))
    marks = st.none() | st.integers(low, high)
    areas = draw(st.lists(st.builds(Area, labels, marks, marks, marks, labels), min_size=8, max_size=8))
    return WheelFacts("w", "t", "d", draw(labels), tuple(areas), WORDS, low, high, rtl=draw(st.booleans()))


@given(facts=wheels(), literal=st.booleans())
def test_no_label_touches_another_or_leaves_the_picture(facts: WheelFacts, literal: bool) -> None:
    for svg in draw_wheel(facts, literal_colours=literal)[:2]:
        assert collisions(svg) == []
        assert outside(svg) == []


def _drawn(svg: str, kind: str) -> int:
    return sum(kind in one.get("class", "").split() for one in parse(svg).iter())


def test_each_mark_has_its_own_shape() -> None:
    svg = draw_wheel(SIGNE).wide
    assert _drawn(svg, "w-child") == 8
    assert _drawn(svg, "w-child-dot") == 8
    assert _drawn(svg, "w-adult-dot") == 8
    assert _drawn(svg, "w-adult-edge") == 8
    assert _drawn(svg, "w-was") == 4  # only where the child's mark has moved
    assert all(one.get("stroke-dasharray") for one in parse(svg).iter() if one.get("class") == "w-adult-edge")


def test_a_difference_of_two_is_filled_and_tagged_and_one_is_not() -> None:
    svg = draw_wheel(SIGNE).wide
    assert _drawn(svg, "w-gap") == 1
    assert _drawn(svg, "p-tag") == 1
    near = replace(SIGNE, areas=(*SIGNE.areas[:7], replace(SIGNE.areas[7], child=3)))
    assert _drawn(draw_wheel(near).wide, "w-gap") == 0
    assert _drawn(draw_wheel(near).wide, "p-tag") == 0
    assert _drawn(draw_wheel(replace(near, apart=1)).wide, "w-gap") == 5


def test_what_was_not_asked_is_not_drawn_and_is_said() -> None:
    quiet = replace(SIGNE, areas=(Area("Trygg", None, 3, 2), *SIGNE.areas[1:]))
    picture = draw_wheel(quiet)
    assert _drawn(picture.wide, "w-child") == 7
    assert picture.rows[0] == ("Trygg", "inte frågad", "2", "3")
    assert picture.rows[1] == ("Mår bra", "2", "1", "3")


def test_all_labels_and_words_are_there() -> None:
    wide, narrow, _ = draw_wheel(SIGNE)
    assert {*LABELS, "Signe", "Signe 2, vuxna 4", "olika"} <= {patch[0].text for patch in patches(wide)}
    assert {*LABELS, "Signe"} <= {patch[0].text for patch in patches(narrow)}


def test_further_out_is_better_on_both_scales() -> None:
    for low, high in ((1, 5), (0, 10)):
        areas = tuple(Area(str(mark), mark) for mark in (low, (low + high) // 2, high))
        drawn = draw_wheel(replace(SIGNE, areas=areas, low=low, high=high)).wide
        dots = [one for one in parse(drawn).iter(f"{SVG}circle") if one.get("class") == "w-child-dot"]
        distances = [float(one.get("cx", 0)) ** 2 + float(one.get("cy", 0)) ** 2 for one in dots]
        assert distances == sorted(distances)
        assert len(set(distances)) == 3


def test_right_to_left_is_mirrored_and_nothing_is_bent() -> None:
    right = draw_wheel(replace(SIGNE, rtl=True))
    ours, theirs = [parse(svg).findall(f".//{SVG}circle") for svg in (draw_wheel(SIGNE).wide, right.wide)]
    for one, other in zip(ours, theirs, strict=True):
        assert float(one.get("cx", 0)) == pytest.approx(-float(other.get("cx", 0)), abs=0.11)
    assert "textPath" not in right.narrow


def test_the_pdf_gets_colours_and_no_classes() -> None:
    svg = draw_wheel(SIGNE, literal_colours=True).wide
    assert "class=" not in svg
    assert "textPath" not in svg
    assert re.search(r'<path fill="#[0-9a-f]{6}" fill-opacity', svg)
    assert _drawn(draw_wheel(SIGNE).wide, "w-child") == 8


def test_a_mark_outside_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="outside 1 to 5"):
        draw_wheel(replace(SIGNE, areas=(Area("Trygg", 6), *SIGNE.areas[1:])))
    with pytest.raises(ValueError, match="at least three"):
        draw_wheel(replace(SIGNE, areas=SIGNE.areas[:2]))
