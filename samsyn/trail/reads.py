"""What one post looked at and did about a child during a time, for whoever reviews it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch

from samsyn.trail.history import Told, told_of
from samsyn.trail.models import Mode, TrailEntry, TrailSubject

MOST = 200


def entries_by(post_ref: UUID, child_ref: UUID, since: datetime, until: datetime) -> list[Told]:
    """The post's entries about the child in the time, oldest first, at most 200. Two questions."""
    about = TrailSubject.objects.filter(child_ref=child_ref)
    entries = TrailEntry.objects.filter(
        post_ref=post_ref, at__gte=since, at__lte=until, pk__in=about.values("entry_id")
    ).order_by("pk")
    return [told_of(entry) for entry in entries.prefetch_related(Prefetch("subjects", queryset=about))[:MOST]]


def share_of_reads(unit_refs: list[UUID], since: datetime, ground: str) -> tuple[int, int]:
    """How many reads of those units since then rested on this ground, and how many there were in all. Two questions."""
    reads = TrailEntry.objects.filter(mode=Mode.READ, unit_ref__in=unit_refs, at__gte=since)
    return reads.filter(ground=ground).count(), reads.count()
