"""A child whom no register answers for comes to Samsyn: by a number that somebody has seen, or without one."""

from __future__ import annotations

from dataclasses import dataclass

from samsyn.circle.actions import belongs
from samsyn.circle.arrival import arrive, exists_for, hide_as_told, known_by_hand
from samsyn.circle.rules import is_everyday_place
from samsyn.common.viewer import Viewer
from samsyn.organisations.models import Unit
from samsyn.people.actions import enter_by_hand
from samsyn.people.actions.look_ups import Begun, Told
from samsyn.people.actions.persons import Facts
from samsyn.people.models import Person
from samsyn.protection.numbers import led_to
from samsyn.sharing.models import Involvement


@dataclass(frozen=True, repr=False)
class Entered:
    """What somebody was told of a child. ``ours``: it comes to the own unit every day."""

    facts: Facts
    ours: bool = False


def enter(viewer: Viewer, begun: Begun, told: Told | None, entered: Entered) -> Person:
    """The child, as the register tells when it does know it after all, else as it was entered. Raises Refused.

    ``told``: what the registers said; None where there is no number to ask about. Somebody who does not exist for the
    viewer is answered as a number that nobody has: the child that was entered is kept apart.
    """
    found = told.person if told is not None else None
    if found is not None and exists_for(viewer, found):
        return arrive(viewer, found)
    assert begun.number is not None
    number = begun.number
    own = known_by_hand(viewer, [(number.system, number.value)])
    here, hidden = led_to(viewer, number.system, number.value) if number.value and own is None else (own, [])
    kept_apart = bool(hidden) or found is not None
    child = enter_by_hand(viewer, begun, entered.facts, hidden=hidden, apart=kept_apart, known=here)
    if found is not None and viewer.post is not None:
        # With the number and a name of that one it is that one, as far as anybody can tell; who met it works on.
        hide_as_told(viewer, child, found, knowing=[viewer.post])
    if entered.ours:
        _place(viewer, child)
    return child


def children_come_here(viewer: Viewer) -> bool:
    """Is the viewer's own unit one that a child can belong to."""
    assert viewer.unit is not None  # who enters a child acts as a post
    return is_everyday_place(Unit.objects.get(pk=viewer.unit).kind)


def _place(viewer: Viewer, child: Person) -> None:
    """Let the child belong to the own unit, unless it belongs somewhere already: that is not the viewer's to end."""
    if children_come_here(viewer) and not Involvement.objects.filter(child=child).exists():
        belongs(child, Unit.objects.get(pk=viewer.unit or 0), source="by_hand")
