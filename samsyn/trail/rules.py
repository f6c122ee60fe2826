"""What an entry's commitment covers, and how a chain grows. Pure: bytes in, bytes out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

FIRST_DIGEST = bytes(32)


@dataclass(frozen=True)
class Subject:
    """One thing an entry is about. ``state``: the state the thing has afterwards, "" when nothing changed."""

    kind: str
    ref: UUID
    child_ref: UUID | None = None
    state: str = ""


def content(fields: dict[str, object], subjects: Iterable[Subject], at: datetime, nonce: bytes) -> bytes:
    """The bytes that a commitment is made over: the same for the same facts, whatever database holds them."""
    rows = [
        [one.kind, str(one.ref), str(one.child_ref) if one.child_ref else "", one.state] for one in _ordered(subjects)
    ]
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    body = [moment, {key: str(value) for key, value in fields.items()}, rows, nonce.hex()]
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _ordered(subjects: Iterable[Subject]) -> list[Subject]:
    return sorted(subjects, key=lambda one: (one.kind, str(one.ref), one.state))


def next_digest(previous: bytes, commitment: bytes) -> bytes:
    """The digest of a chain that grows by one sealed entry."""
    return hashlib.sha256(b"samsyn-chain-1" + previous + commitment).digest()
