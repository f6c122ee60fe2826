"""What happens by itself, once a minute: overdue things are copied upwards, and the trail is sealed."""

from __future__ import annotations

from samsyn.duties.actions import escalate_overdue
from samsyn.trail.actions import seal


def tick() -> dict[str, int]:
    """One round. Safe to run twice at once; give how many were escalated and how many entries sealed."""
    return {"escalated": escalate_overdue(), "sealed": seal()}
