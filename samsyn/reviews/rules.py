"""Who reviews somebody's looks, and when a verdict may be given. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from samsyn.common.decision import Decision, no, yes


@dataclass(frozen=True)
class Candidate:
    """A post that could review. ``person``: who answers for it today."""

    post: int
    person: int


def who_reviews(
    candidates: Sequence[Candidate], reader_post: int | None, reader_person: int, kin: Collection[int] = ()
) -> int | None:
    """The first post that is neither the reader's own nor answered for by the reader, or by one of the child's own
    family (``kin``: row ids of persons); None when there is no other.
    """
    not_by = {reader_person, *kin}
    return next((one.post for one in candidates if one.post != reader_post and one.person not in not_by), None)


def may_give_verdict(
    is_the_reader: bool, has_verdict: bool, verdict: str, words: str, *, is_kin: bool = False
) -> Decision:
    """May somebody say whether there was a reason to look? ``is_kin``: at a child of the own family."""
    if is_the_reader:
        return no("These are your own looks. Somebody else reviews them.")
    if is_kin:
        return no("This is about your own family. Let a colleague write it down.")
    if has_verdict:
        return no("Somebody has already reviewed this.")
    if not verdict:
        return no("Say whether there was a reason to look.", field="verdict")
    if not words:
        return no("Write in a sentence what you have found.", field="words")
    return yes("Somebody else has looked at it.")
