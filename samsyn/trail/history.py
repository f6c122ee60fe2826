"""What the trail tells of one child. The trail has no keys to other rooms: it is asked by the child's reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch

from samsyn.trail.models import TrailEntry, TrailSubject


@dataclass(frozen=True)
class Told:
    """One step or one look: who, where, what, about which kinds of things, on which ground, when.

    ``mode`` and ``act`` are the entry's own words; ``kinds`` those of the child's things that it touched, each once.
    """

    at: datetime
    mode: str
    act: str
    person: str
    post: str
    unit: str
    unit_ref: UUID
    ground: str
    kinds: tuple[str, ...]


def entries_about(child_ref: UUID, limit: int, *, skipped: int = 0) -> list[Told]:
    """The newest entries about the child, at most ``limit``, after the ``skipped`` newest. Three questions."""
    about = TrailSubject.objects.filter(child_ref=child_ref)
    ids = about.order_by("-entry_id").values_list("entry_id", flat=True).distinct()[skipped : skipped + limit]
    entries = TrailEntry.objects.filter(pk__in=list(ids)).order_by("-pk")
    return [told_of(entry) for entry in entries.prefetch_related(Prefetch("subjects", queryset=about.order_by("pk")))]


def these_entries(ids: Sequence[int], child_ref: UUID) -> list[Told]:
    """The entries with these ids, as far as they are about the child, the oldest first. Two questions."""
    about = TrailSubject.objects.filter(child_ref=child_ref)
    entries = TrailEntry.objects.filter(pk__in=ids, subjects__child_ref=child_ref).distinct().order_by("pk")
    return [told_of(entry) for entry in entries.prefetch_related(Prefetch("subjects", queryset=about.order_by("pk")))]


def told_of(entry: TrailEntry) -> Told:
    """An entry with its subjects, as one line."""
    return Told(
        at=entry.at,
        mode=entry.mode,
        act=entry.act,
        person=entry.person_label,
        post=entry.post_label,
        unit=entry.unit_label,
        unit_ref=entry.unit_ref,
        ground=entry.ground,
        kinds=tuple(dict.fromkeys(subject.kind for subject in entry.subjects.all())),
    )
