"""The circle around a child, put together from what the viewer may see, for the picture in ``look``."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from samsyn.circle.models import Relation
from samsyn.circle.seats import Seat, seats_around
from samsyn.common import clock
from samsyn.common.prepared import asked
from samsyn.common.text import initials
from samsyn.common.viewer import Viewer
from samsyn.look.circle import (
    Centre,
    CircleFacts,
    Member,
    Pill,
    Relative,
    Sector,
)
from samsyn.look.words import circle_words, in_a_row
from samsyn.organisations.attendance import Attendance, attendance
from samsyn.people.models import Guardianship, Person
from samsyn.sharing.actions import guardians_today

SPHERES: dict[str, Any] = {
    "school": "school",
    "preschool": "school",
    "school_health": "health",
    "pupil_support": "school",
    "leisure_centre": "school",
    "family_counselling": "social",
    "social_services": "social",
    "health_care": "health",
    "police": "police",
}


@dataclass(frozen=True)
class Circle:
    """The picture, and who answers for the child now, in words."""

    facts: CircleFacts
    guardians: list[Guardianship]
    named: str
    named_unit: str
    named_ref: UUID | None
    answers_now: str


def circle_of(viewer: Viewer, child: Person) -> Circle:
    """Everybody around the child whom the viewer may know of, as a picture and as facts."""
    guardians = guardians_today(child)
    around = _around(viewer, child)
    seats = seats_around(viewer, child.pk)
    who = attendance(seats, clock.now())
    members = {seat.pk: _member(seat, who) for seat in seats}
    named = next((seat for seat in seats if seat.is_named), None)
    lead = next((seat for seat in seats if seat.leads and seat is not named), None)
    sectors, places = _sectors([seat for seat in seats if seat not in (named, lead)], seats, members)
    title = _("The circle around %(name)s") % {"name": child.name}
    facts = CircleFacts(
        uid="circle",
        title=title,
        desc=" ".join((_describe(child, guardians, seats, members, named, lead), *(_beside(one) for one in around))),
        centre=Centre(child.name, _years(child)),
        words=circle_words(),
        family=tuple(
            Relative(initials(row.guardian.full_name), row.guardian.name, row.relation or _("guardian"))
            for row in guardians
        )
        + tuple(Relative(initials(one.name), one.name, one.relation) for one in around if not one.place),
        sectors=(*sectors, *_places(around)),
        named_person=_pill(named, members, places, _("named person"), answers=True),
        lead=_pill(lead, members, places, _("holds the team together"), answers=False),
        rtl=get_language_bidi(),
    )
    return Circle(
        facts=facts,
        guardians=guardians,
        named=who.holder_name(named) if named else "",
        named_unit=named.unit if named else "",
        named_ref=named.ref if named else None,
        answers_now=who.present_name(named) if named else "",
    )


def _around(viewer: Viewer, child: Person) -> list[Relation]:
    """Who gets no information. A club or a grandmother's name tells where a protected child is: left out."""
    if child.is_protected:
        return []
    return asked(_relations, viewer, child.pk)


def _relations(viewer: Viewer, child_id: int) -> QuerySet[Relation]:
    return Relation.objects.visible_to(viewer).filter(child_id=child_id, until=None).order_by("since", "pk")


def _member(seat: Seat, who: Attendance, state: Any = "in_team") -> Member:
    holder = who.holder_name(seat)
    away, cover = who.is_away(seat), who.cover_name(seat)
    until = who.away_until(seat)
    words = ""
    if away and until is not None:
        words = _("away until %(day)s") % {"day": date_format(until, "j F")}
    return Member(
        initials=initials(holder) or "?",
        name=holder or _("nobody yet"),
        role_words=seat.title,
        state="away" if away else ("missing" if not holder else state),
        words=words,
        cover_initials=initials(cover) if away else "",
        cover_name=cover if away else "",
    )


def _pill(
    seat: Seat | None, members: dict[int, Member], places: dict[int, int], role: str, *, answers: bool
) -> Pill | None:
    if seat is None:
        return None
    one = members[seat.pk]
    state = "answers_now" if answers and one.state == "in_team" else one.state
    person = Member(
        initials=one.initials,
        name=one.name,
        role_words=role,
        state=state,
        words=one.words,
        cover_initials=one.cover_initials,
        cover_name=one.cover_name,
        answers=answers,
    )
    return Pill(person, SPHERES.get(seat.sphere, "other"), places.get(seat.unit_id))


def _sectors(
    outside: list[Seat], everyone: list[Seat], members: dict[int, Member]
) -> tuple[tuple[Sector, ...], dict[int, int]]:
    by_unit: dict[int, list[Member]] = defaultdict(list)
    units = {seat.unit_id: seat for seat in everyone}
    for seat in outside:
        by_unit[seat.unit_id].append(members[seat.pk])
    places = {unit_id: place for place, unit_id in enumerate(units)}
    sectors = tuple(
        Sector(seat.unit, SPHERES.get(seat.sphere, "other"), tuple(by_unit[unit_id])) for unit_id, seat in units.items()
    )
    return sectors, places


def _places(around: list[Relation]) -> list[Sector]:
    """Those who meet the child elsewhere and get no information, by place."""
    by_place: dict[str, list[Member]] = defaultdict(list)
    for one in around:
        if one.place:
            words = _("gets no information")
            by_place[one.place].append(Member(initials(one.name), one.name, one.relation, "no_information", words))
    return [Sector(place, "other", tuple(people)) for place, people in by_place.items()]


def _beside(one: Relation) -> str:
    return _("%(name)s, %(relation)s, gets no information.") % {"name": one.name, "relation": one.relation}


def _years(child: Person) -> str:
    age = child.age_on(clock.today())
    return ngettext("%(age)d year", "%(age)d years", age) % {"age": age} if age is not None else ""


def _describe(
    child: Person,
    guardians: list[Guardianship],
    seats: list[Seat],
    members: dict[int, Member],
    named: Seat | None,
    lead: Seat | None,
) -> str:
    sentences = [_("%(name)s is in the middle.") % {"name": child.name}]
    if guardians:
        names = in_a_row(row.guardian.name for row in guardians)
        sentences.append(_("Nearest in the family: %(names)s.") % {"names": names})
    if named is not None:
        sentences.append(_("%(name)s is the named person.") % {"name": members[named.pk].name})
    if lead is not None:
        sentences.append(_("%(name)s holds the team together.") % {"name": members[lead.pk].name})
    for seat in seats:
        if seat not in (named, lead):
            facts = {"name": members[seat.pk].name, "unit": seat.unit}
            sentences.append(_("%(name)s at %(unit)s is in the team.") % facts)
    return " ".join(sentences)
