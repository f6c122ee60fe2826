"""Lillköping's authorities, units and posts, and one municipality that has nothing to do with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from samsyn.common.viewer import SYSTEM
from samsyn.organisations import actions_founding as founding
from samsyn.organisations.actions_partnership import Agreement, found_partnership
from samsyn.organisations.models import Authority, Post, PostRole, Principal, PrincipalKind, Sphere, Unit, UnitKind

LILLKOPING, REGION, ELSEWHERE = "9990", "99", "0512"


@dataclass
class Places:
    """What was founded, by the short words that the rest of the village uses."""

    principals: dict[str, Principal] = field(default_factory=dict)
    authorities: dict[str, Authority] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)


AUTHORITIES = (
    ("desk", "municipality", "Kommunstyrelsen", Sphere.OTHER),
    ("school", "municipality", "Barn- och utbildningsnämnden", Sphere.SCHOOL),
    (
        "school_health",
        "municipality",
        "Barn- och utbildningsnämnden, elevhälsans medicinska insats",
        Sphere.SCHOOL_HEALTH,
    ),
    ("social", "municipality", "Socialnämnden", Sphere.SOCIAL),
    ("care", "municipality", "Omsorgsnämnden", Sphere.SOCIAL),
    ("health", "region", "Hälso- och sjukvårdsnämnden", Sphere.HEALTH),
    ("police", "police", "Polismyndigheten", Sphere.POLICE),
    ("elsewhere", "elsewhere", "Socialnämnden i Ydre", Sphere.SOCIAL),
)
UNITS = (
    ("desk", "desk", None, "Jouren", UnitKind.DUTY_DESK, "0451-26 70 00"),
    ("stoby", "school", None, "Stobyskolan", UnitKind.SCHOOL, "040-628 04 20"),
    ("fritids", "school", "stoby", "Fritids på Stobyskolan", UnitKind.OTHER, "040-628 04 21"),
    ("norra", "school", None, "Norra skolan", UnitKind.SCHOOL, "040-628 04 22"),
    ("gymnasiet", "school", None, "Lillköpings gymnasium", UnitKind.SCHOOL, "040-628 04 23"),
    ("kaa", "school", None, "Kommunala aktivitetsansvaret", UnitKind.ACTIVITY, ""),
    ("elevhalsan", "school_health", None, "Elevhälsan på Stobyskolan", UnitKind.OTHER, ""),
    ("early", "social", None, "Tidigt stöd", UnitKind.SOCIAL_SUPPORT, "040-628 04 30"),
    ("reception", "social", None, "Mottagningen för barn och unga", UnitKind.SOCIAL_RECEPTION, "0451-26 71 00"),
    ("lss", "care", None, "Stöd till barn med funktionsnedsättning", UnitKind.CARE, ""),
    ("bvc", "health", None, "BVC Lillköping", UnitKind.CHILD_HEALTH, "040-628 04 40"),
    ("midwives", "health", None, "Barnmorskemottagningen", UnitKind.MATERNITY, "040-628 04 41"),
    ("primary", "health", None, "Vårdcentralen Lillköping", UnitKind.OTHER, "040-628 04 42"),
    ("ward", "health", None, "Barnavdelningen", UnitKind.HOSPITAL, ""),
    ("police", "police", None, "Ungdomsgruppen", UnitKind.POLICE, ""),
    ("elsewhere", "elsewhere", None, "Barnenheten i Ydre", UnitKind.SOCIAL_RECEPTION, ""),
)
POSTS = (
    ("desk", "desk", None, "samordnare, jouren", PostRole.DUTY_DESK),
    ("school_head", "stoby", None, "skolchef", PostRole.STAFF),
    ("rektor", "stoby", "school_head", "rektor", PostRole.NAMED_PERSON),
    ("assistant_rektor", "stoby", "rektor", "biträdande rektor", PostRole.STAFF),
    ("teacher", "stoby", "rektor", "lärare i 2B", PostRole.STAFF),
    ("fritids", "fritids", "rektor", "fritidspedagog", PostRole.STAFF),
    ("norra_rektor", "norra", "school_head", "rektor", PostRole.NAMED_PERSON),
    ("gymnasium_rektor", "gymnasiet", "school_head", "rektor", PostRole.NAMED_PERSON),
    ("kaa", "kaa", "school_head", "samordnare", PostRole.NAMED_PERSON),
    ("school_nurse", "elevhalsan", None, "skolsköterska", PostRole.INTAKE),
    ("social_head", "early", None, "enhetschef", PostRole.HEAD),
    ("early", "early", "social_head", "socialsekreterare", PostRole.INTAKE),
    ("family_support", "early", "social_head", "familjestödjare", PostRole.STAFF),
    ("inquiries", "reception", None, "socialsekreterare", PostRole.INTAKE),
    ("lss", "lss", None, "handläggare", PostRole.INTAKE),
    ("bvc_head", "bvc", None, "enhetschef", PostRole.HEAD),
    ("bvc", "bvc", "bvc_head", "BVC-sköterska", PostRole.NAMED_PERSON),
    ("midwife", "midwives", None, "barnmorska", PostRole.NAMED_PERSON),
    ("doctor", "primary", None, "fast vårdkontakt", PostRole.INTAKE),
    ("ward", "ward", None, "sjuksköterska", PostRole.INTAKE),
    ("police", "police", None, "ungdomspolis", PostRole.INTAKE),
    ("committee", "desk", None, "ordförande, samverkansnämnden", PostRole.STAFF),
    ("evaluator", "desk", None, "utvärderare", PostRole.STAFF),
    ("elsewhere", "elsewhere", None, "socialsekreterare", PostRole.INTAKE),
    # Those who work beside them, without a story of their own.
    ("teacher_1a", "stoby", "rektor", "lärare i 1A", PostRole.STAFF),
    ("teacher_4c", "stoby", "rektor", "lärare i 4C", PostRole.STAFF),
    ("counsellor", "stoby", "rektor", "skolkurator", PostRole.STAFF),
    ("special_teacher", "stoby", "rektor", "specialpedagog", PostRole.STAFF),
    ("norra_assistant", "norra", "norra_rektor", "biträdande rektor", PostRole.STAFF),
    ("norra_teacher", "norra", "norra_rektor", "lärare i 3B", PostRole.STAFF),
    ("mentor", "gymnasiet", "gymnasium_rektor", "mentor i NA1", PostRole.STAFF),
    ("psychologist", "elevhalsan", "school_nurse", "skolpsykolog", PostRole.STAFF),
    ("early_second", "early", "social_head", "socialsekreterare", PostRole.STAFF),
    ("inquiries_second", "reception", "inquiries", "socialsekreterare", PostRole.STAFF),
    ("lss_second", "lss", "lss", "handläggare", PostRole.STAFF),
    ("bvc_second", "bvc", "bvc_head", "BVC-sköterska", PostRole.STAFF),
    ("midwife_second", "midwives", "midwife", "barnmorska", PostRole.STAFF),
    ("ward_second", "ward", "ward", "sjuksköterska", PostRole.STAFF),
    ("police_second", "police", "police", "ungdomspolis", PostRole.STAFF),
)
LABELS = {
    "named_person": {"sv": "trygghetsperson", "en": "named person", "ar": "الشخص المسؤول عن الأمان"},
    "wheel": {"sv": "Må bra-hjulet", "en": "Wellbeing wheel", "ar": "عجلة الرفاه"},
}


def found_places() -> Places:
    """Found everything, in the order in which it hangs together."""
    places = Places()
    for word, kind, code, name in (
        ("municipality", PrincipalKind.MUNICIPALITY, LILLKOPING, ""),
        ("region", PrincipalKind.REGION, REGION, ""),
        ("police", PrincipalKind.STATE, "POL", "Polismyndigheten"),
        ("elsewhere", PrincipalKind.MUNICIPALITY, ELSEWHERE, ""),
    ):
        places.principals[word] = founding.found_principal(SYSTEM, kind, code, name)
    for word, principal, name, sphere in AUTHORITIES:
        places.authorities[word] = founding.found_authority(
            SYSTEM, places.principals[principal], name, sphere, board=name.partition(",")[0] if "," in name else ""
        )
    for word, authority, parent, name, kind_of_unit, telephone in UNITS:
        places.units[word] = founding.found_unit(
            SYSTEM,
            places.authorities[authority],
            name,
            word,
            kind=kind_of_unit,
            parent=places.units[parent] if parent else None,
            telephone=telephone,
            telephone_hours="vardagar 8–16" if telephone else "",
        )
    for word, unit, parent, title, role in POSTS:
        places.posts[word] = founding.found_post(
            SYSTEM, places.units[unit], title, word, role=role, parent=places.posts[parent] if parent else None
        )
    return places


def found_agreement(places: Places, decided_on: date) -> None:
    """The partnership of Lillköping, decided from the top."""
    agreement = Agreement(
        name="Tillsammans för varje barn i Lillköping",
        decision_number="KS 2025:14",
        decided_on=decided_on,
        vision="Varje barn ska få rätt hjälp i rätt tid, och ingen familj ska bollas runt.",
        labels=LABELS,
    )
    parties = [one for word, one in places.authorities.items() if word != "elsewhere"]
    found_partnership(SYSTEM, agreement, parties)
