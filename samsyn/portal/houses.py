"""A picture of what is shared, for those who read pictures rather: a house for each place, and its door.

The doors say what the rows and questions on the page say, and nothing of what may stand elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from samsyn.circle.picture import SPHERES
from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.look.dates import day_and_year
from samsyn.organisations.models import Unit
from samsyn.people.models import Person
from samsyn.sharing.actions import decided_by
from samsyn.sharing.models import Consent, ConsentAnswer, ConsentStep, Disclosure

DOORS = ("open", "copy", "waiting", "shut")
"""What a door can be. Where several hold for a place the earlier is drawn: what can be read is never drawn as shut."""


@dataclass
class House:
    """A place, its tint, its door and what that means in words. ``question``: which question waits, None for none."""

    name: str
    sphere: str
    door: str
    words: str
    question: UUID | None = None


def houses_of(viewer: Viewer, child: Person, rows: Iterable[tuple[Disclosure, str]]) -> list[House]:
    """A house for each place that the rows (with their states) and the reader's own questions name."""
    found: dict[int, House] = {}
    for row, state in rows:
        _put(found, row.receiver, *_of_row(row, state))
    asked = Consent.objects.visible_to(viewer).filter(child=child).select_related("child")
    questions = list(asked.prefetch_related("receivers__authority").order_by("-asked_at", "-pk"))
    own = ConsentAnswer.objects.visible_to(viewer).filter(giver_id=viewer.person, consent__in=questions)
    steps = {row.consent_id: row.step for row in own.select_related("child").order_by("pk")}
    in_time = [one for one in questions if one.until >= clock.today()]
    waiting = decided_by(viewer.person, in_time) - steps.keys()
    for one in questions:
        for unit in one.receivers.all():
            if one.pk in waiting:
                _put(found, unit, "waiting", _("A question waits"))
                found[unit.pk].question = one.ref
            elif steps.get(one.pk) == ConsentStep.REFUSED:
                _put(found, unit, "shut", _("You said no"))
    return sorted(found.values(), key=lambda house: (DOORS.index(house.door), house.name))


def _put(found: dict[int, House], unit: Unit, door: str, words: str) -> None:
    """Put the house where it stands, unless a door that is drawn before this one is there already."""
    there = found.get(unit.pk)
    if there is None:
        found[unit.pk] = House(unit.name, str(SPHERES.get(unit.authority.sphere, "other")), door, words)
    elif DOORS.index(door) < DOORS.index(there.door):
        there.door, there.words = door, words


def _of_row(row: Disclosure, state: str) -> tuple[str, str]:
    if state == "open":
        return "open", _("Open until %(day)s") % {"day": day_and_year(row.expires_on)}
    if state == "copy":
        return "copy", _("Has an own copy")
    return "shut", _("Closed %(day)s") % {"day": day_and_year(row.ended_at or row.expires_on)}
