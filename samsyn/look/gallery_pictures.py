"""The circle and the wheel that the gallery shows, around an invented child."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language_bidi

from samsyn.look.circle import Centre, CircleFacts, Member, Pill, Relative, Sector
from samsyn.look.wheel import Area, WheelFacts
from samsyn.look.words import circle_words, mark_words, wheel_words

_MARKS = ((3, 3, 2), (2, 3, 1), (4, 4, 4), (4, 3, 4), (5, 4, 4), (3, 4, 3), (None, 4, None), (2, 4, 2))


def sample_circle(say: dict[str, Any]) -> CircleFacts:
    """The circle around Signe, with every state of a person in it."""
    school = (
        Member("Ma", "Maja", say["leisure"]),
        Member("Mt", "Mats", say["teacher"], "away", say["away"], "Ha", "Hanna"),
        Member("El", "Elin", say["nurse"]),
    )
    return CircleFacts(
        uid="circle",
        title=say["circle_title"],
        desc=say["circle_desc"],
        centre=Centre(say["child"], say["child_age"]),
        words=circle_words(),
        family=(
            Relative("Am", "Amal", say["mother"]),
            Relative("Ol", "Olof", say["father"]),
            Relative("Ad", "Adam", say["brother"]),
            Relative("No", "Nour", say["sister"]),
        ),
        sectors=(
            Sector(say["school"], "school", school),
            Sector(say["early"], "social", (Member("Le", "Leyla", say["family_support"]),)),
            Sector(say["care"], "health", (Member("Pi", "Pia", say["doctor"], "asked", say["asked"]),)),
            Sector(say["free_time"], "other", (Member("Al", "Alva", say["coach"], "no_information", say["nothing"]),)),
        ),
        named_person=Pill(Member("Bo", "Bo", say["named_person"], "answers_now"), "school", 0),
        lead=Pill(Member("In", "Ines", say["lead_role"]), "social", 1),
        rtl=get_language_bidi(),
    )


def sample_wheel(say: dict[str, Any]) -> WheelFacts:
    """The wheel with a change, a difference, and an area that was not asked about."""
    areas = tuple(
        Area(label, child, adults, before, mark_words(say["child"], child, adults))
        for label, (child, adults, before) in zip(say["areas"], _MARKS, strict=True)
    )
    return WheelFacts(
        uid="wheel",
        title=say["wheel"],
        desc=say["wheel_desc"],
        child=say["child"],
        areas=areas,
        words=wheel_words(say["child"]),
        rtl=get_language_bidi(),
    )
