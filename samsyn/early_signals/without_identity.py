"""Asking without saying whom it is about: what a text may hold, and when such a question may be asked. Pure.

Leaving out the name is not enough where a few details point somebody out, so the asker confirms having looked.
"""

from __future__ import annotations

from samsyn.common.decision import Decision, no, yes
from samsyn.early_signals.pointing_out import PointsOut

RULE = "consultation_without_identity"


def may_consult(*, question: str, found: PointsOut, looked_through: bool, receiver_found: bool) -> Decision:
    """May this question be asked without identity. ``found``: what the text may give away."""
    if not receiver_found:
        return no("Nobody there answers questions yet. Choose another place, or call them.", field="to_unit")
    if not question.strip():
        return no("Write your question.", field="question")
    held = holds_no_identity(found, field="question")
    if not held:
        return held
    if not looked_through:
        return no(
            "Read it once more: could somebody be recognised by name, place or a rare detail? Then tick the box.",
            rule=RULE,
            field="looked_through",
        )
    return yes(rule=RULE)


def holds_no_identity(found: PointsOut, *, field: str) -> Decision:
    """Is the text free of what says for certain whom it is about."""
    if found.identifiers:
        return no(
            "Take this out: %(words)s. Nobody may be recognised.",
            rule=RULE,
            field=field,
            words=", ".join(found.identifiers),
        )
    return yes(rule=RULE)


def may_answer(*, is_receiver: bool, answered: bool, answer: str, found: PointsOut) -> Decision:
    """May this answer be given, once, by the post that was asked. It names nobody either."""
    if not is_receiver:
        return no("The one who was asked answers this.")
    if answered:
        return no("This has already been answered.")
    if not answer.strip():
        return no("Write your answer.", field="answer")
    return holds_no_identity(found, field="answer")
