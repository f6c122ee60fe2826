"""What an entry's commitment and a root's signature cover, and what may follow on a root. Pure: bytes in, bytes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

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
    about = [text for one in sorted(subjects) for text in one]
    texts = [*values, *about]
    return (",".join(map(str, map(len, texts))) + "|" + "".join(texts)).encode()


def moment(at: datetime) -> str:
    """A time as it is committed to and signed: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


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
