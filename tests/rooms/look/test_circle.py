"""The circle: nothing touches anything, whoever stands around the child."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.look.circle import Centre, CircleFacts, CircleWords, Member, Pill, Relative, Sector, draw_circle
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

names = st.text("abcdefghijklmnopqrsåäö -ABCDEMW", min_size=1, max_size=28) | st.sampled_from(
    [
        "Bo",
        "Maximilian-Alexander",
        "Åsa",
        "أمل",
        "محمد عبد الرحمن",
        "Li",
        "Wilhelmina Wachtmeister",
        "田中",
        "O'Brien & <b>",
    ]
)
initials = st.sampled_from(["Am", "Ö", "WM", "أم", "Mm", "i", "AB", "ÅW"])
words = st.one_of(st.just(""), names, st.just("svarar senast 27 november 2026"))
states = st.sampled_from(["answers_now", "in_team", "in_team", "in_team", "away", "asked", "no_information", "missing"])
members = st.builds(
    Member, initials, names, words, states, words, st.sampled_from(["", "Ha"]), st.sampled_from(["", "Hanna"])
)
spheres = st.sampled_from(["school", "health", "social", "lss", "hospital", "police", "other"])


@st.composite
def circles(draw: st.DrawFn) -> CircleFacts:
    sectors = draw(
        st.lists(st.builds(Sector, names, spheres, st.lists(members, max_size=12).map(tuple)), max_size=8).map(tuple)
    )
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
@settings(deadline=None, max_examples=150)
def test_no_label_touches_another_or_leaves_the_picture(facts: CircleFacts) -> None:
    picture = draw_circle(facts)
    for svg in (picture.wide, picture.narrow):
        assert collisions(svg) == []
        assert outside(svg) == []
