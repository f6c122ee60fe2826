"""When somebody may open a child in an emergency. Pure."""

from __future__ import annotations

from samsyn.common.decision import Decision, no, yes

EMERGENCY = "emergency_access"
SHORTEST_REASON = 10
"""Characters of a sentence that says why."""


def may_open_in_emergency(*, acts_as_post: bool, words: str) -> Decision:
    """May somebody try to open a child in an emergency: as a post, and with a sentence that says why."""
    if not acts_as_post:
        return no("Choose the post that you act as first.", rule=EMERGENCY)
    if len(words.strip()) < SHORTEST_REASON:
        return no("Say in a sentence what has happened. Others will read it.", rule=EMERGENCY, field="words")
    return yes(rule=EMERGENCY)


def must_be_known_here(*, known_here: bool) -> Decision:
    """Only what the own authority holds is opened: there is no way in across authorities (OSL 8:1, 8:2)."""
    if not known_here:
        return no("Your authority has nothing about a child with that number.", rule=EMERGENCY, field="number")
    return yes(rule=EMERGENCY)
