"""The circle: nothing touches anything, whoever stands around the child."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samsyn.look.circle import Centre, CircleFacts, CircleWords, Member, Pill, Relative, Sector, draw_circle
from samsyn.look.circle_facts import State, listed
from samsyn.look.circle_layout import WIDE, wedges_of
from tests.rooms.look.svg_reading import SVG, collisions, outside, parse, patches

WORDS = CircleWords(
    answers_now="svarar nu",
    covers="%(cover)s för %(name)s",
    family="familjen",
    in_team="på plats",
    away="borta",
    asked="tillfrågad",
    no_information="får inga uppgifter",
    missing="ingen än",
    head=("Vem", "Roll", "Var", "Just nu"),
)
SIGNE = CircleFacts(
    uid="circle",
    title="Cirkeln runt Signe",
    desc="Signe är i mitten.",
    centre=Centre("Signe", "8 år"),
    words=WORDS,
    family=(
        Relative("Am", "Amal", "mamma"),
        Relative("Ol", "Olof", "pappa"),
        Relative("Ad", "Adam", "storebror"),
        Relative("No", "Nour", "lillasyster"),
    ),
    sectors=(
        Sector(
            "Stobyskolan",
            "school",
            (
                Member("Ma", "Maja", "fritids"),
                Member("Mt", "Mats", "lärare", "away", "Mats borta till 4 dec", "Ha", "Hanna"),
                Member("El", "Elin", "skolsköterska"),
            ),
        ),
        Sector("Socialtjänstens tidiga stöd", "social", (Member("Le", "Leyla", "familjestöd"),)),
        Sector("Vårdcentralen", "health", (Member("Pi", "Pia", "läkare", "asked", "svarar senast 27 nov"),)),
        Sector("Fritiden", "other", (Member("Al", "Alva", "simtränare", "no_information", "får inga uppgifter"),)),
    ),
    named_person=Pill(Member("Bo", "Bo", "trygghetsperson", "answers_now"), "school", 0),
    lead=Pill(Member("In", "Ines", "håller ihop laget"), "social", 1),
)

NAMES = ["Bo", "Maximilian-Alexander", "Åsa", "أمل", "محمد عبد الرحمن", "Li", "Wilhelmina Wachtmeister", "田中", "<b>&"]
names = st.text("abcdefghijklmnopqrsåäö -ABCDEMW", min_size=1, max_size=28) | st.sampled_from(NAMES)
initials = st.sampled_from(["Am", "Ö", "WM", "أم", "Mm", "i", "AB", "ÅW"])
words = st.one_of(st.just(""), names, st.just("svarar senast 27 november 2026"))
states: st.SearchStrategy[State] = st.sampled_from(
    ["answers_now", "in_team", "in_team", "away", "asked", "no_information", "missing"]
)
covers = st.sampled_from(["", "Ha"])
members = st.builds(Member, initials, names, words, states, words, covers, st.sampled_from(["", "Hanna"]))
spheres = st.sampled_from(["school", "health", "social", "lss", "hospital", "police", "other"])


@st.composite
def circles(draw: st.DrawFn) -> CircleFacts:
    people = st.lists(members, max_size=12).map(tuple)
    sectors = draw(st.lists(st.builds(Sector, names, spheres, people), max_size=8).map(tuple))
    places = st.none() | st.integers(0, len(sectors) - 1) if sectors else st.none()
    pills = st.none() | st.builds(Pill, members, spheres, places)
    relatives = st.lists(st.builds(Relative, initials, names, words), max_size=10).map(tuple)
    return CircleFacts(
        "c",
        "t",
        "d",
        Centre(draw(names), draw(words)),
        WORDS,
        draw(relatives),
        sectors,
        draw(pills),
        draw(pills),
        draw(st.booleans()),
    )


@given(facts=circles())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_no_label_touches_another_or_leaves_the_picture(facts: CircleFacts) -> None:
    picture = draw_circle(facts)
    for svg in (picture.wide, picture.narrow):
        assert collisions(svg) == []
        assert outside(svg) == []


@given(facts=circles())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_no_disc_or_pill_touches_another(facts: CircleFacts) -> None:
    for svg in draw_circle(facts)[:2]:
        rounds = [one for one in _rounds(parse(svg)) if one[2] > 8]
        for (x0, y0, r0, pair0), (x1, y1, r1, pair1) in combinations(rounds, 2):
            if pair0 is None or pair0 != pair1:
                assert ((x0 - x1) ** 2 + (y0 - y1) ** 2) ** 0.5 > r0 + r1 - 0.5


@given(facts=circles())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_named_person_and_the_lead_stand_apart(facts: CircleFacts) -> None:
    pills = [
        [float(one.get(name, 0)) for name in ("x", "y", "width", "height")]
        for one in parse(draw_circle(facts).wide).iter(f"{SVG}rect")
        if "p-pill" in one.get("class", "")
    ]
    assert len(pills) == len(facts.pills)
    for (x0, y0, w0, h0), (x1, y1, w1, h1) in combinations(pills, 2):
        assert x0 + w0 <= x1 or x1 + w1 <= x0 or y0 + h0 <= y1 or y1 + h1 <= y0


def _rounds(root: ElementTree.Element) -> list[tuple[float, float, float, int | None]]:
    """Every person's disc: middle, radius, and which pair it belongs to when somebody covers for somebody."""
    found: list[tuple[float, float, float, int | None]] = []
    circles_drawn = [
        one
        for one in root.iter(f"{SVG}circle")
        if {"p-disc", "p-away", "p-asked", "p-missing", "p-outside"} & set(one.get("class", "").split())
    ]
    for i, one in enumerate(circles_drawn):
        behind = one.get("class") == "p-away"
        before = i > 0 and circles_drawn[i - 1].get("class") == "p-away"
        pair = i if behind else i - 1 if before else None
        found.append((float(one.get("cx", 0)), float(one.get("cy", 0)), float(one.get("r", 0)), pair))
    return found


def test_everybody_is_named_in_the_wide_picture() -> None:
    shown = " ".join(patch[0].text for patch in patches(draw_circle(SIGNE).wide))
    for name in (
        "Signe",
        "8 år",
        "Amal",
        "Olof",
        "Adam",
        "Nour",
        "Bo",
        "Ines",
        "Maja",
        "Hanna för Mats",
        "Elin",
        "Alva",
    ):
        assert name in shown
    for name in ("Stobyskolan", "tidiga stöd", "Vårdcentralen", "Fritiden", "svarar senast 27 nov", "svarar nu"):
        assert name in shown


def test_the_narrow_picture_carries_initials_and_organisations() -> None:
    shown = {patch[0].text for patch in patches(draw_circle(SIGNE).narrow)}
    assert {"Am", "Ol", "Ad", "No", "Bo", "In", "Ma", "Mt", "Ha", "El", "Le", "Pi", "Al", "Vårdcentralen"} <= shown


def test_a_circle_with_nobody_but_the_child_is_drawn() -> None:
    alone = CircleFacts("a", "t", "d", Centre("Li"), WORDS)
    assert [patch[0].text for patch in patches(draw_circle(alone).wide)] == ["Li"]
    assert draw_circle(alone).rows == ()


@pytest.mark.parametrize("count", range(9))
def test_all_organisations_are_named_however_many(count: int) -> None:
    sectors = tuple(Sector(f"Enhet {i}", "school", (Member("AB", "Namn", "roll"),) * (i % 5)) for i in range(count))
    facts = replace(SIGNE, sectors=sectors, named_person=None, lead=None)
    for svg in draw_circle(facts)[:2]:
        shown = {patch[0].text for patch in patches(svg)}
        assert {f"Enhet {i}" for i in range(count)} <= shown


def test_those_who_find_no_room_are_counted() -> None:
    crowd = tuple(Member("AB", "Namn Namnsson", "roll") for _ in range(12))
    facts = replace(SIGNE, sectors=tuple(Sector(f"Enhet {i}", "school", crowd) for i in range(8)))
    for svg in draw_circle(facts)[:2]:
        people = Counter(patch[0].text for patch in patches(svg))
        left_out = sum(int(text[1:]) * times for text, times in people.items() if text.startswith("+"))
        assert people["AB"] + left_out == 96


def test_a_beam_runs_from_each_who_answers_now_to_the_child() -> None:
    def beams(facts: CircleFacts) -> list[tuple[str | None, str | None]]:
        lines = parse(draw_circle(facts).wide).iter(f"{SVG}line")
        return [(line.get("x2"), line.get("y2")) for line in lines if line.get("class") == "p-beam"]

    assert beams(SIGNE) == [("0", "0")]
    nobody = replace(SIGNE, named_person=Pill(Member("Bo", "Bo", "trygghetsperson"), "school", 0))
    assert beams(nobody) == []
    elin = Sector("Stobyskolan", "school", (Member("El", "Elin", "skolsköterska", "answers_now"),))
    assert beams(replace(nobody, sectors=(elin, *SIGNE.sectors[1:]))) == [("0", "0")]


def test_a_cover_who_answers_carries_the_label_and_the_ring() -> None:
    bo = Member("Bo", "Bo", "trygghetsperson", "away", "", "Ha", "Hanna", answers=True)
    picture = draw_circle(replace(SIGNE, named_person=Pill(bo, "school", 0)))
    assert "svarar nu" in picture.wide
    assert "Hanna för Bo" in picture.wide
    assert "p-beam" in picture.wide
    assert picture.rows[4] == ("Hanna för Bo", "trygghetsperson", "Stobyskolan", "svarar nu")


def test_right_to_left_is_the_same_picture_mirrored() -> None:
    left, right = draw_circle(SIGNE).wide, draw_circle(replace(SIGNE, rtl=True)).wide
    ours, theirs = [parse(svg).findall(f".//{SVG}circle") for svg in (left, right)]
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        assert float(one.get("cx", 0)) == -float(other.get("cx", 0))
        assert one.get("cy") == other.get("cy")


def test_letters_that_must_join_are_never_bent() -> None:
    arabic = replace(SIGNE, sectors=(Sector("المدرسة", "school"), *SIGNE.sectors[1:]))
    bent = [way.text for way in parse(draw_circle(arabic).narrow).iter(f"{SVG}textPath")]
    assert bent
    assert "المدرسة" not in bent
    assert "textPath" not in draw_circle(replace(arabic, rtl=True)).narrow


def test_what_runs_from_right_to_left_is_embedded_so_that_its_end_stays_its_end() -> None:
    arabic = replace(SIGNE, rtl=True, family=(Relative("أم", "Amal بدل Bo", "الأم"), Relative("Ol", "Olof", "")))
    wide = draw_circle(arabic).wide
    assert "\u202bAmal بدل Bo\u202c" in wide
    assert ">Olof<" in wide


@pytest.mark.parametrize(
    "bad", ['<script>alert("1")</script>', "</svg><img src=x>", "a&b", "tab\x00\x08null", "\u202eno"]
)
def test_every_text_is_escaped(bad: str) -> None:
    facts = replace(
        SIGNE,
        uid='x"y',
        title=bad,
        desc=bad,
        centre=Centre(bad, bad),
        family=(Relative(bad, bad, bad),),
        sectors=(Sector(bad, "school", (Member(bad, bad, bad, "asked", bad),)),),
        named_person=Pill(Member(bad, bad, bad), "school", 0),
        lead=None,
    )
    for svg in draw_circle(facts)[:2]:
        tags = {element.tag.removeprefix(SVG) for element in parse(svg).iter()}
        assert tags <= {
            *("svg", "title", "desc", "defs", "radialGradient", "stop", "path"),
            *("circle", "ellipse", "line", "rect", "text", "textPath"),
        }
        assert "\x00" not in svg
        assert "\u202e" not in svg


def test_ids_are_unique_on_a_page_with_both_drawings_of_two_children() -> None:
    pictures = [draw_circle(SIGNE), draw_circle(replace(SIGNE, uid="other"))]
    ids = [one.get("id") for picture in pictures for svg in picture[:2] for one in parse(svg).iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    root = parse(pictures[0].wide)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "circlewt circlewd"
    assert root.findtext(f"{SVG}title") == "Cirkeln runt Signe"


def test_the_table_says_what_the_picture_shows() -> None:
    rows = draw_circle(SIGNE).rows
    assert rows[0] == ("Amal", "mamma", "familjen", "")
    assert rows[4] == ("Bo", "trygghetsperson", "Stobyskolan", "svarar nu")
    assert rows[7] == ("Hanna för Mats", "lärare", "Stobyskolan", "Mats borta till 4 dec")
    assert rows[-1] == ("Alva", "simtränare", "Fritiden", "får inga uppgifter")
    assert len(rows) == 4 + 2 + 6


def test_the_list_below_the_narrow_picture_names_all_but_the_family() -> None:
    people = listed(SIGNE)
    assert [one.initials for one in people] == ["Bo", "In", "Ma", "Ha", "El", "Le", "Pi", "Al"]
    assert people[0].state == "answers_now"
    assert people[0].lines == ("trygghetsperson", "svarar nu")
    assert people[2].lines == ("fritids", "Stobyskolan")


def test_sectors_share_the_whole_ring_and_the_named_persons_is_at_the_top() -> None:
    wedges = wedges_of(replace(SIGNE, named_person=Pill(Member("Pi", "Pia"), "health", 2)), WIDE)
    assert sum(wedge.span for wedge in wedges.values()) == pytest.approx(360)
    assert wedges[2].middle == pytest.approx(-90)


@pytest.mark.parametrize("guardians", [1, 2, 3, 4])
def test_a_long_word_for_who_somebody_is_to_the_child_is_whole_or_left_out(guardians: int) -> None:
    family = tuple(Relative("AB", name, "vårdnadshavare") for name in ("Amal", "Olof", "Henrik", "Eva")[:guardians])
    picture = draw_circle(replace(SIGNE, family=family))
    words = re.findall(r">(vårdn[^<]*)<", str(picture.wide))
    assert set(words) <= {"vårdnadshavare"}
    assert guardians > 2 or len(words) == guardians
