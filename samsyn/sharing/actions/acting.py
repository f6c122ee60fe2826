"""Who acts: only somebody in a post writes what is shared."""

from __future__ import annotations

from samsyn.common.viewer import Viewer

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
