"""When somebody may open a child in an emergency, and who looks at it afterwards. Pure."""

from __future__ import annotations

from samsyn.common.decision import Decision, no, yes

EMERGENCY = "emergency_access"
EMERGENCY_REVIEW = "review_emergency"
SHORTEST_REASON = 10
"""Characters of a sentence that says why."""


def may_open_in_emergency(*, acts_as_post: bool, known_here: bool, words: str) -> Decision:
    """May the child be opened. Only inside the own authority: there is no way in across authorities (OSL 8:1)."""
    if not acts_as_post:
        return no("Choose the post that you act as first.", rule=EMERGENCY)
    if len(words.strip()) < SHORTEST_REASON:
        return no("Say in a sentence what has happened. Others will read it.", rule=EMERGENCY, field="words")
    if not known_here:
        return no("Your authority has nothing about a child with that number.", rule=EMERGENCY, field="number")
    return yes(rule=EMERGENCY)


def may_review_emergency(*, is_reviewer: bool, is_own: bool, already: bool, words: str) -> Decision:
    """May this review be written down. Somebody else than who opened it, and once (PDL 4:3, SoLPuL 10 §)."""
    if is_own:
        return no("You opened this yourself, so somebody else must look at it.", rule=EMERGENCY_REVIEW)
    if not is_reviewer:
        return no("Another post has been asked to look at this.", rule=EMERGENCY_REVIEW)
    if already:
        return no("This has been looked at already.", rule=EMERGENCY_REVIEW)
    if not words.strip():
        return no("Say in a sentence what you found.", rule=EMERGENCY_REVIEW, field="words")
    return yes(rule=EMERGENCY_REVIEW)


def may_write_about(*, only_in_emergency: bool) -> Decision:
    """What is opened in an emergency is read, and nothing more."""
    if only_in_emergency:
        return no("You have opened this in an emergency: you can read, and change nothing.", rule=EMERGENCY)
    return yes()
