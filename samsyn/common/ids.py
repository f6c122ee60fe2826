"""Public references: random, so that an address tells neither who nor when nor how many."""

from __future__ import annotations

import uuid


def new_reference() -> uuid.UUID:
    """A random reference (UUID version 4; later versions tell when a thing was opened)."""
    return uuid.uuid4()
