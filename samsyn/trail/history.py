"""What the trail tells of one child. The trail has no keys to other rooms: it is asked by the child's reference."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from samsyn.trail.models import EMERGENCY_READ, READ, TrailEntry, TrailSubject

MOST = 200


@dataclass(frozen=True)
class Told:
    """One step or one look: who, where, what, about which kinds of things, on which ground, when.

    ``mode`` and ``act`` are the entry's own words; ``kinds`` those of the child's things that it touched, each once.
    ``person`` is "" for somebody in a family, whose name is not kept.
    """

    at: datetime
    mode: str
    act: str
    person: str
    person_ref: UUID
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
    return [_told(entry) for entry in entries.prefetch_related(Prefetch("subjects", queryset=about.order_by("pk")))]


def these_entries(ids: Sequence[int], child_ref: UUID) -> list[Told]:
    """The entries with these ids, as far as they are about the child, the oldest first. Two questions."""
    return _oldest_first(TrailEntry.objects.filter(pk__in=ids), child_ref)


def entries_by(post_ref: UUID, child_ref: UUID, since: datetime, until: datetime) -> list[Told]:
    """What the post looked at and did about the child in a time, the oldest first, at most 200. Two questions."""
    return _oldest_first(TrailEntry.objects.filter(post_ref=post_ref, at__gte=since, at__lte=until), child_ref)[:MOST]


def emergency_reads(unit_refs: Collection[UUID], since: datetime) -> tuple[int, int]:
    """How many reads of these units since then an emergency made possible, and how many there were in all.

    Two questions, each answered by an index of its own, with no row of the trail read.
    """
    theirs = TrailEntry.objects.filter(unit_ref__in=unit_refs, at__gte=since)
    return theirs.filter(EMERGENCY_READ).count(), theirs.filter(READ).count()


def _oldest_first(entries: QuerySet[TrailEntry], child_ref: UUID) -> list[Told]:
    about = TrailSubject.objects.filter(child_ref=child_ref)
    found = entries.filter(subjects__child_ref=child_ref).distinct().order_by("pk")
    return [_told(entry) for entry in found.prefetch_related(Prefetch("subjects", queryset=about.order_by("pk")))]


def _told(entry: TrailEntry) -> Told:
    return Told(
        at=entry.at,
        mode=entry.mode,
        act=entry.act,
        person=entry.person_label,
        person_ref=entry.person_ref,
        post=entry.post_label,
        unit=entry.unit_label,
        unit_ref=entry.unit_ref,
        ground=entry.ground,
        kinds=tuple(dict.fromkeys(subject.kind for subject in entry.subjects.all())),
    )
