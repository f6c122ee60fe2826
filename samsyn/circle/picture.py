"""Who is around a child at work, put together for the picture in ``look``: the ring and a sector for each unit.

The doors add who is there of the family, and the words of the picture as a whole.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from samsyn.circle.seats import Seat, seats_around
from samsyn.common import clock
from samsyn.common.text import initials
from samsyn.common.viewer import Viewer
from samsyn.look.circle import Member, Pill, Sector
from samsyn.organisations.attendance import Attendance, attendance
from samsyn.organisations.partnerships import named_person_word

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
class AtWork:
    """The posts around a child that the viewer may know of, who is there for them today, and how they are drawn.

    ``named_word``: what the named person is called there, where one is known.
    """

    seats: list[Seat]
    who: Attendance
    members: dict[int, Member]
    named: Seat | None
    lead: Seat | None
    sectors: tuple[Sector, ...]
    named_pill: Pill | None
    lead_pill: Pill | None
    named_word: str

    @property
    def others(self) -> list[Seat]:
        """Those who neither answer first nor hold the first team together."""
        return [seat for seat in self.seats if seat not in (self.named, self.lead)]

    def sentences(self) -> list[str]:
        """The picture in words."""
        found = []
        if self.named is not None:
            found.append(
                _("%(name)s is the child's %(named_person)s.")
                % {"name": self.members[self.named.pk].name, "named_person": self.named_word}
            )
        if self.lead is not None:
            found.append(_("%(name)s holds the team together.") % {"name": self.members[self.lead.pk].name})
        for seat in self.others:
            facts = {"name": self.members[seat.pk].name, "unit": seat.unit}
            in_team = _("%(name)s at %(unit)s is in the team.")
            found.append((_("%(name)s at %(unit)s holds a team together.") if seat.leads else in_team) % facts)
        return found


def at_work_around(viewer: Viewer, child_id: int) -> AtWork:
    """Everybody at work around the child whom the viewer may know of. Two queries."""
    seats = seats_around(viewer, child_id)
    who = attendance(seats, clock.now())
    members = {seat.pk: _member(seat, who) for seat in seats}
    named = next((seat for seat in seats if seat.is_named), None)
    lead = next((seat for seat in seats if seat.leads and seat is not named), None)
    sectors, places = _sectors([seat for seat in seats if seat not in (named, lead)], seats, members)
    named_word = named.named_word if named is not None else named_person_word(None)
    return AtWork(
        seats,
        who,
        members,
        named,
        lead,
        sectors,
        _pill(named, members, places, named_word, answers=True),
        _pill(lead, members, places, _("holds the team together"), answers=False),
        named_word,
    )


def _member(seat: Seat, who: Attendance) -> Member:
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
        state="away" if away else ("in_team" if holder else "missing"),
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
