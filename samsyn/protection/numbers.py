"""To whom a number leads somebody for whom not everybody exists."""

from __future__ import annotations

from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.people.identities import all_beside, find_by_number
from samsyn.people.models import Person
from samsyn.protection.predicate import hidden_from


def led_to(viewer: Viewer, system: str, value: str) -> tuple[Person | None, list[Person]]:
    """Who has the number, as if nobody hidden from the viewer were there: whoever got it first of the others; and those
    who have it and are hidden.

    So two who may not know of the hidden one are led to the same person, as they are by a number that nobody hidden
    has, and comparing tells them nothing.
    """
    holder = find_by_number(system, value)
    rows = [one for one in (holder, *all_beside(system, value)) if one is not None]
    if not rows:
        return None, []
    unseen = hidden_from(viewer, clock.now()).filter(pk__in=[one.pk for one in rows])
    hidden = set(unseen.values_list("pk", flat=True))
    return next((one for one in rows if one.pk not in hidden), None), [one for one in rows if one.pk in hidden]
