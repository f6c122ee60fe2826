"""The village's register extract, so that an exact look-up in the demo finds its children, and some not here yet."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from samsyn.common.tabular import csv_lines
from samsyn.people.registers import RegisterGuardian, RegisterPerson
from samsyn.site.village.people import OLOF, STOBY_2B, child, named_children

HEADER = (
    *("number", "protection", "given_name", "family_name", "called", "birth_date", "languages"),
    *(f"guardian{which}_{name}" for which in (1, 2) for name in ("number", "given_name", "family_name")),
    *(f"guardian{which}_{name}" for which in (1, 2) for name in ("custody", "protection", "language")),
    *("place_kind", "place_code", "place_name", "place_group"),
)


def in_the_register(today: date) -> list[RegisterPerson]:
    """Those whom the extract tells of: the named children, and Tuva, whom nobody in Samsyn has met yet."""
    tuva = child("Tuva", "Lindqvist", date(today.year - 7, 3, 3), (OLOF,), STOBY_2B)
    return [*named_children(today).values(), tuva]


def write_register(path: Path, today: date) -> None:
    """Write the extract in the form that ``people.registers`` documents."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.writelines(csv_lines(HEADER, (_row(one) for one in in_the_register(today))))


def _row(one: RegisterPerson) -> list[object]:
    facts: dict[str, object] = {
        "number": one.identities[0].value,
        "protection": one.protection,
        "given_name": one.given_name,
        "family_name": one.family_name,
        "called": one.called,
        "birth_date": one.birth_date,
        "languages": " ".join(one.languages),
    }
    for which, guardian in enumerate(one.guardians, start=1):
        facts.update(_guardian(f"guardian{which}_", guardian))
    if one.place is not None:
        place = one.place
        facts.update(place_kind=place.kind, place_code=place.unit_code, place_name=place.name, place_group=place.group)
    return [facts.get(name, "") for name in HEADER]


def _guardian(prefix: str, guardian: RegisterGuardian) -> dict[str, object]:
    return {
        f"{prefix}number": guardian.identity.value if guardian.identity else "",
        f"{prefix}given_name": guardian.given_name,
        f"{prefix}family_name": guardian.family_name,
        f"{prefix}custody": guardian.custody,
        f"{prefix}protection": guardian.protection,
        f"{prefix}language": guardian.language,
    }
