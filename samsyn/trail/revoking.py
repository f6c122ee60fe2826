"""What is revoked, noted outside the database as well, so that a restored backup does not let it hold again.

A revocation is an act: its entry in the trail names the line by a random reference. A line whose reference the trail
here does not know was written after the copy that was restored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from samsyn.common import outside
from samsyn.common.batches import in_batches
from samsyn.common.ids import new_reference
from samsyn.common.outside import REVOKED
from samsyn.common.viewer import Viewer
from samsyn.trail.actions import act
from samsyn.trail.models import TrailEntry, TrailSubject
from samsyn.trail.rules import Subject, moment, read_moment

REVOCATION = "revocation"
"""The kind under which an entry names a line."""
_OF_THE_LINE = frozenset({REVOKED, "kind", "subject", "at"})
_carried_out_again: ContextVar[bool] = ContextVar("carried_out_again", default=False)


@dataclass(frozen=True)
class Revocation:
    """A line: what was revoked, of whom or of which thing, when. ``facts``: what else it takes to do so again."""

    ref: UUID
    kind: str
    subject: UUID
    at: datetime
    facts: Mapping[str, str]

    def day(self, name: str) -> date | None:
        """One of the facts that is a day, None where the line has none."""
        return date.fromisoformat(self.facts[name]) if name in self.facts else None


def revoke(
    viewer: Viewer,
    verb: str,
    subjects: Sequence[Subject],
    revoked: tuple[str, UUID],
    *,
    ground: str = "",
    **facts: UUID | date | str | None,
) -> TrailEntry:
    """As ``act``, for what a restored backup must not bring back: a line outside is written before the commit.

    ``revoked``: the kind of thing and its reference. ``facts``: references, days and set words, never somebody's text.
    Raises OutsideUnreadable when the line cannot be written: then nothing is revoked, and whoever acts is told so.
    """
    if _carried_out_again.get():
        return act(viewer, verb, subjects, ground=ground)
    ref, (kind, subject) = new_reference(), revoked
    entry = act(viewer, verb, [*subjects, Subject(REVOCATION, ref, None, kind)], ground=ground)
    told = {name: str(value) for name, value in facts.items() if value is not None}
    outside.write({REVOKED: str(ref), "kind": kind, "subject": str(subject), "at": moment(entry.at), **told})
    return entry


@contextmanager
def carried_out_again() -> Iterator[None]:
    """What is revoked in the block has its line already."""
    before = _carried_out_again.set(True)
    try:
        yield
    finally:
        _carried_out_again.reset(before)


def missing_here(file: Path) -> list[Revocation]:
    """The revocations of a file that the trail here does not know, the oldest first. Raises OutsideUnreadable."""
    lines = {one.ref: one for one in outside.read(file, REVOKED, _read)}
    for some in in_batches(lines):
        known = TrailSubject.objects.filter(kind=REVOCATION, ref__in=some).values_list("ref", flat=True)
        for ref in known:
            lines.pop(ref, None)
    return sorted(lines.values(), key=lambda one: one.at)


def _read(told: dict[str, Any]) -> Revocation:
    return Revocation(
        ref=UUID(told[REVOKED]),
        kind=str(told["kind"]),
        subject=UUID(told["subject"]),
        at=read_moment(told["at"]),
        facts={name: str(value) for name, value in told.items() if name not in _OF_THE_LINE},
    )
