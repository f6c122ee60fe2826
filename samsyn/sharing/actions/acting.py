"""Who acts: only somebody in a post writes what is shared."""

from __future__ import annotations

from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.viewer import Viewer
from samsyn.people.models import Person
from samsyn.sharing import emergency_rules
from samsyn.sharing.predicate import only_in_emergency

LONGEST = 10_000
"""Characters that fit in a text of this room."""


def acting_post(viewer: Viewer) -> int:
    """Row id of the post that acts. Raises PermissionError for a viewer without one."""
    if viewer.post is None:
        raise PermissionError("Only a post can act here.")
    return viewer.post


def acting_authority(viewer: Viewer) -> int:
    """Row id of the authority that acts. Raises PermissionError for a viewer without a post."""
    if viewer.authority is None:
        raise PermissionError("Only a post can act here.")
    return viewer.authority


def require_may_write(viewer: Viewer, child: Person) -> None:
    """Raises Refused for somebody whose only reason around the child is an emergency: that opens for reading alone."""
    only = viewer.is_staff and only_in_emergency(viewer, child, clock.now())
    require(emergency_rules.may_write_about(only_in_emergency=only))
