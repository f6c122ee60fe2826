"""What an entry's commitment and a root's signature cover, and what may follow on a root. Pure: bytes in, bytes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from struct import Struct
from uuid import UUID

from samsyn.common.decision import Decision, no, yes
from samsyn.trail.merkle import in_digests, leaf_hash, shows_consistency

COMMITTED = (
    "mode", "act", "account_ref", "person_ref", "person_label", "post_ref", "post_label", "unit_ref", "unit_label",
    "principal_ref", "ground",
)  # fmt: skip
"""The fields of an entry that its commitment covers, in order; beside them its time, its nonce and its subjects."""


@dataclass(frozen=True)
class Subject:
    """One thing an entry is about. ``state``: the state the thing has afterwards, "" when nothing changed."""

    kind: str
    ref: UUID
    child_ref: UUID | None = None
    state: str = ""


def content(fields: Mapping[str, object], subjects: Iterable[Subject], at: datetime, nonce: bytes) -> bytes:
    """The bytes that a commitment is made over: the same for the same facts, whatever database holds them."""
    rows = [
        (one.kind, one.ref.hex, one.child_ref.hex if one.child_ref is not None else "", one.state) for one in subjects
    ]
    values = [fields[name] for name in COMMITTED]
    return written([moment(at), nonce.hex(), *(one.hex if isinstance(one, UUID) else str(one) for one in values)], rows)


def written(values: Sequence[str], subjects: Sequence[tuple[str, str, str, str]]) -> bytes:
    """One row of bytes for the texts, and for nothing else: the lengths first, so that no two rows read alike."""
    texts = [*values]
    for one in sorted(subjects) if len(subjects) > 1 else subjects:
        texts += one
    number = len(texts)
    return _lengths(number)(number, *map(len, texts)) + "".join(texts).encode()


@lru_cache(maxsize=64)
def _lengths(number: int) -> Callable[..., bytes]:
    """Writes how many texts there are and how long each is, four bytes each, the highest first."""
    return Struct(f">{number + 1}I").pack


def moment(at: datetime) -> str:
    """A time as it is committed to and signed: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def read_moment(text: str) -> datetime:
    """The time that ``moment`` wrote. Raises ValueError, also for a time without its zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return at


def purpose(principal_ref: UUID) -> str:
    """What the commitments of a principal are keyed for: one principal's commitment never fits another's."""
    return f"trail|{principal_ref}"


def leaf(commitment: bytes) -> bytes:
    """The leaf of the tree that an entry becomes."""
    return leaf_hash(commitment)


@dataclass(frozen=True)
class RootFacts:
    """A signed root: whose tree, over how many entries, which hash, when, and by which key it is signed.

    ``growth``: what shows that the tree begins as the root before it in the same list.
    """

    principal_ref: UUID
    size: int
    digest: bytes
    at: datetime
    key_id: str
    signature: bytes
    growth: bytes = b""


def root_text(principal_ref: UUID, size: int, digest: bytes, at: datetime) -> bytes:
    """The bytes that are signed."""
    return f"samsyn-root-1\n{principal_ref}\n{size}\n{digest.hex()}\n{moment(at)}\n".encode()


def follows(before: RootFacts | None, after: RootFacts) -> bool:
    """Does ``after`` follow on ``before`` as the next root of the same tree, which has grown and not been rewritten?"""
    if before is None:
        return True
    return after.size > before.size and shows_consistency(
        before.size, before.digest, after.size, after.digest, in_digests(after.growth)
    )


LOOK_AGAIN = "withheld_looks_reviewed"
LONGEST_TEXT = 4000


def may_withhold(is_staff: bool, because: str, look_again_on: date, today: date, latest: date) -> Decision:
    """May looks be withheld from the family until they are looked at again on that day?"""
    if not is_staff:
        return no("Only somebody at work can decide this.")
    if not because:
        return no("Write why the family should not know of it now.", field="because")
    return _within(look_again_on, today, latest)


def may_withhold_days(since: date, until: date | None) -> Decision:
    """Are these days at all? Else it would be said to be decided, and the family would be told of every look."""
    if until is not None and until < since:
        return no("The last day comes before the first.", field="until")
    return yes()


def may_look_again(is_the_decider: bool, words: str, keep_until: date | None, today: date, latest: date) -> Decision:
    """May what is withheld be lifted, or kept until another day?"""
    if is_the_decider:
        return no("Somebody else than the one who decided looks at it again.", rule=LOOK_AGAIN)
    if not words:
        return no("Write what you have weighed.", field="words")
    return yes("It is lifted.") if keep_until is None else _within(keep_until, today, latest)


def _within(day: date, today: date, latest: date) -> Decision:
    if day <= today:
        return no("Choose a later day to look again.", field="look_again_on")
    if day > latest:
        return no("It must be looked at again by %(latest)s.", rule=LOOK_AGAIN, field="look_again_on", latest=latest)
    return yes("There is a reason, and a day to look again.", rule=LOOK_AGAIN)


def may_tell_a_name(is_staff: bool, because: str) -> Decision:
    """May the family be told the name of one who looked?"""
    if not is_staff:
        return no("Only somebody at work can decide this.")
    if not because:
        return no("Write why the unit and the role are not enough.", field="because")
    return yes("There is a reason.")
