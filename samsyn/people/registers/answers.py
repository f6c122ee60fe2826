"""What an SS 12000 service says, read strictly: the parts that are used, each of the type that the standard gives it.

Both envelopes are read ({"data": [...]} and {"persons": [...]} or {"organisations": [...]}), and the bare list that
``/persons/lookup`` answers with in SS 12000:2020. What is expanded may stand in the person or in ``_embedded``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from samsyn.common.text import without_hidden
from samsyn.people.registers.interface import PlaceKind, Protection

Json = Mapping[str, object]

_LONGEST_TEXT = 200
_GUARDIAN = "Vårdnadshavare"
_MARKINGS: dict[str, Protection] = {  # the strictest last
    "Ingen": "none",
    "Sekretessmarkering": "marked",
    "Skyddad folkbokföring": "protected",
}
# Forms of school where a child has its every day. Leisure centres, culture schools and adult education are none.
_KINDS: Mapping[str, PlaceKind] = {
    **dict.fromkeys(("FKLASS", "GR", "GRS", "TR", "SP", "SAM", "GY", "GYS"), "school"),
    "FS": "preschool",
}
_GROUP_TYPES: Mapping[PlaceKind, str] = {"school": "Klass", "preschool": "Avdelning"}


class NotUnderstood(Exception):
    """The answer is not as the standard says. Carries no piece of it."""


def an_object(value: object) -> Json:
    """The value as a JSON object. Raises NotUnderstood."""
    if isinstance(value, dict):
        return value
    raise NotUnderstood


def text(of: Json, name: str) -> str:
    """A member that is a text, cleaned to one line; "" when it is missing or null. Raises NotUnderstood."""
    value = of.get(name)
    if value is None:
        return ""
    if isinstance(value, str):
        return without_hidden(value)[:_LONGEST_TEXT]
    raise NotUnderstood


def objects(of: Json, name: str) -> list[Json]:
    """A member that is a list of objects, in the object or in its ``_embedded``; empty when it is missing or null."""
    value = of.get(name)
    if value is None:
        # Some services write an empty object as an empty list.
        value = an_object(of.get("_embedded") or {}).get(name)
    if value is None:
        return []
    if isinstance(value, list):
        return [an_object(item) for item in value]
    raise NotUnderstood


def page(answer: object, name: str) -> tuple[list[Json], str]:
    """The objects of one page and the token of the next, "" after the last. ``name``: "persons" or "organisations"."""
    if isinstance(answer, list):
        return [an_object(item) for item in answer], ""
    envelope = an_object(answer)
    if not isinstance(envelope.get("data", envelope.get(name)), list):
        raise NotUnderstood
    return objects(envelope, "data" if "data" in envelope else name), text(envelope, "pageToken")


def day(of: Json, name: str) -> date | None:
    """A member that is a day (RFC 3339, a time after it is passed over); None when it is missing."""
    written = text(of, name)
    try:
        return date.fromisoformat(written[:10]) if written else None
    except ValueError:
        pass
    raise NotUnderstood


def is_current(of: Json, on: date) -> bool:
    """Does it hold on that day: begun, not ended (both days count), not cancelled?"""
    begins, ends = day(of, "startDate"), day(of, "endDate")
    return of.get("cancelled") is not True and (begins is None or begins <= on) and (ends is None or on <= ends)


def civic_number(person: Json) -> str:
    """The number of a person as it was sent; "" when none was, or when another country gave it."""
    number = person.get("civicNo")
    if number is None:
        return ""
    nationality = text(an_object(number), "nationality")
    return text(an_object(number), "value") if nationality in ("", "SE") else ""


def strictest_protection(told_in: Sequence[Json], when_missing: Protection) -> Protection:
    """``securityMarking`` in our words, the strictest where several tell one and ``when_missing`` where none does.

    A marking that the standard does not have counts as the strictest that it has.
    """
    told = {_MARKINGS.get(marking, "protected") for of in told_in if (marking := text(of, "securityMarking"))}
    return next((protection for protection in reversed(_MARKINGS.values()) if protection in told), when_missing)


def family_name(person: Json) -> str:
    """Middle name and family name: in Sweden a middle name is a family name too."""
    return f"{text(person, 'middleName')} {text(person, 'familyName')}".strip()


def guardians(person: Json) -> list[Json]:
    """References to those who have custody. Foster parents and others who are named beside them are none."""
    return [
        an_object(responsible.get("person"))
        for responsible in objects(person, "responsibles")
        if text(responsible, "relationType") == _GUARDIAN
    ]


def place(person: Json, on: date) -> tuple[PlaceKind, Json, str] | None:
    """Where the person is every day: kind, reference to the unit, name of the group; None when nowhere that day.

    School before preschool, and the latest where there are several: who changes school is at the new one.
    """
    found = [
        (kind == "school", day(entry, "startDate") or date.min, kind, an_object(entry.get(at)), entry)
        for name, at in (("enrolments", "enroledAt"), ("placements", "placedAt"))
        for entry in objects(person, name)
        if (kind := _KINDS.get(text(entry, "schoolType"))) and is_current(entry, on)
    ]
    if not found:
        return None
    _, _, kind, unit, entry = max(found, key=lambda item: (item[0], item[1], text(item[3], "id")))
    return kind, unit, _group(person, entry, kind, on)


def _group(person: Json, entry: Json, kind: PlaceKind, on: date) -> str:
    """The class or preschool group: the latest membership of that type, else the placement's own group."""
    memberships = [
        (day(membership, "startDate") or date.min, text(group, "displayName"))
        for membership in objects(person, "groupMemberships")
        if is_current(membership, on)
        and (group := an_object(membership.get("group")))
        and text(group, "groupType") == _GROUP_TYPES[kind]
    ]
    if memberships:
        return max(memberships)[1]
    return text(an_object(entry.get("group") or {}), "displayName")
