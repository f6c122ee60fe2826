"""From TOML files to rows. A row that is not wholly right stops everything: half a law is worse than none."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samsyn.law.fields import (
    Reader,
    day,
    identifier,
    later_in_the_day,
    month_and_day,
    number,
    one_of,
    recorded,
    several,
    spheres,
    text,
    truth,
)
from samsyn.law.rows import Age, Amount, Clock, Gate, Label, LawError, Retention, Row, Track
from samsyn.law.soundness import check_row, check_versions
from samsyn.law.vocabulary import (
    AgeTest,
    Documentation,
    Effect,
    Extension,
    Kind,
    Measure,
    Nearness,
    Serves,
    Sphere,
    Strength,
    Unit,
)

REQUIRED: Mapping[str, Reader] = {
    "id": identifier,
    "kind": one_of(Kind),
    "paragraph": text,
    "source": text,
    "verified": truth,
    "statutory": truth,
    "valid_from": day,
    "sv": text,
    "en": text,
}
OPTIONAL: Mapping[str, Reader] = {"valid_until": day, "quote": text, "remark": text}
MEASURE: Mapping[str, Reader] = {"unit": one_of(Unit), "counted_from": identifier}
SHAPES: Mapping[Kind, tuple[type[Row], Mapping[str, Reader], Mapping[str, Reader]]] = {
    Kind.CLOCK: (
        Clock,
        {**MEASURE, "effect": one_of(Effect)},
        {
            "value": number,
            "extension": one_of(Extension),
            "later_in_the_day": later_in_the_day,
            "agreement": text,
            "same_everywhere": truth,
        },
    ),
    Kind.AGE: (
        Age,
        {**MEASURE, "value": number, "test": one_of(AgeTest)},
        {"from_day": month_and_day, "lowest": number, "highest": number},
    ),
    Kind.RETENTION: (
        Retention,
        MEASURE,
        {
            "value": number,
            "spheres": spheres,
            "special": truth,
            "at_least": truth,
            "born_on_days": several(number),
            "counties": several(text),
            "municipalities": several(text),
        },
    ),
    Kind.AMOUNT: (Amount, {"unit": one_of(Unit)}, {"value": number, "known": truth}),
    Kind.TRACK: (
        Track,
        {"assessment": truth, "appeal": truth, "documentation": one_of(Documentation)},
        {"excluded": several(identifier)},
    ),
    Kind.LABEL: (
        Label,
        {},
        {
            "sphere": one_of(Sphere),
            "strength": one_of(Strength),
            "eves_of": several(text),
            "enough_for": several(one_of(Measure)),
        },
    ),
    Kind.GATE: (
        Gate,
        {
            "senders": spheres,
            "receivers": spheres,
            "within": one_of(Nearness),
            "serves": one_of(Serves),
            "record": several(recorded),
        },
        {
            "confirm_sv": text,
            "confirm_en": text,
            "age_under": number,
            "or_unborn": truth,
            "age_presumed": truth,
            "consent": truth,
            "on_request": truth,
            "never_for": several(text),
            "only_an_answer": truth,
        },
    ),
}
WRITTEN_AS = {"sv": "sentence_sv", "en": "sentence_en"}


def read_row(file: str, raw: Mapping[str, object]) -> Row:
    """One row from its table in the file.

    Raises LawError naming the file, the row and what is wrong.
    """
    name = str(raw.get("id", "without id"))
    try:
        kind = one_of(Kind)(raw.get("kind"))
        shape, required, optional = SHAPES[kind]
        readers = {**REQUIRED, **OPTIONAL, **required, **optional}
        for missing in [key for key in {**REQUIRED, **required} if key not in raw]:
            raise ValueError(f"'{missing}' is missing")
        for unknown in [key for key in raw if key not in readers]:
            raise ValueError(f"'{unknown}' is not a field of a {kind}")
        values: dict[str, Any] = {"file": file, "valid_until": None}
        for key, value in raw.items():
            try:
                values[WRITTEN_AS.get(key, key)] = readers[key](value)
            except ValueError as error:
                raise ValueError(f"'{key}' {error}") from error
        row = shape(**values)
        check_row(row)
    except ValueError as error:
        raise LawError(file, name, str(error)) from error
    return row


def read_folder(folder: Path) -> dict[str, tuple[Row, ...]]:
    """Every row of the TOML files in ``folder``: id to its versions, oldest first.

    Raises LawError on the first thing that is wrong, and when there is no row at all.
    """
    found: dict[str, list[Row]] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise LawError(path.name, "(whole file)", f"is not TOML: {error}") from error
        rows = content.get("row")
        if set(content) != {"row"} or not isinstance(rows, list) or not all(isinstance(entry, dict) for entry in rows):
            raise LawError(path.name, "(whole file)", "must hold [[row]] tables and nothing else")
        for entry in rows:
            row = read_row(path.name, entry)
            found.setdefault(row.id, []).append(row)
    if not found:
        raise LawError(str(folder), "(none)", "no row of law was found")
    for versions in found.values():
        versions.sort(key=lambda row: row.valid_from)
        check_versions(versions)
    return {name: tuple(versions) for name, versions in found.items()}
