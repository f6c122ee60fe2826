"""Asking without saying whom it is about: what a text may hold, and when such a question may be asked. Pure.

Leaving out the name is not enough where a few details point somebody out, so the asker confirms having looked.
"""

from __future__ import annotations

import re

from samsyn.common.decision import Decision, no, yes

NUMBER = re.compile(r"\d[\d\s-]{4,}\d")
IN_A_SENTENCE = re.compile(r"(?<=[^\s.!?:”\"])\s+([A-ZÅÄÖÉÜČĆŽŠ][\wåäöéü]+)")


def what_points_out(text: str) -> list[str]:
    """Words that may be names of persons or places: written with a capital inside a sentence. For a warning."""
    return sorted(set(IN_A_SENTENCE.findall(text)))


def may_consult(*, question: str, looked_through: bool, receiver_found: bool) -> Decision:
    """May this question be asked without identity."""
    rule = "consultation_without_identity"
    if not receiver_found:
        return no("Nobody there answers questions yet. Choose another place, or call them.", field="to_unit")
    if not question.strip():
        return no("Write your question.", field="question")
    if NUMBER.search(question):
        return no("Take the number out. Nobody may be recognised.", rule=rule, field="question")
    if not looked_through:
        return no(
            "Read it once more: could somebody be recognised by name, place or a rare detail? Then tick the box.",
            rule=rule,
            field="looked_through",
        )
    return yes(rule=rule)


def may_answer(*, is_receiver: bool, answered: bool, answer: str) -> Decision:
    """May this answer be given, once, by the post that was asked."""
    if not is_receiver:
        return no("The one who was asked answers this.")
    if answered:
        return no("This has already been answered.")
    if not answer.strip():
        return no("Write your answer.", field="answer")
    return yes()
