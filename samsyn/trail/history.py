"""What the trail tells of one child. The trail has no keys to other rooms: it is asked by the child's reference."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from samsyn.trail.models import EMERGENCY_READ, READ, Mode, TrailEntry, TrailSubject

MOST = 200
PERSONS = ("person", "child", "look_up", "marking", "insight")
"""Kinds of subjects about a person and no thing of a record: custody, numbers, protection, who was looked up."""
OPENED = "disclosure."
"""How acts on rows of the ledger begin. Such a row is of the authority that opened something, whoever pressed."""


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


@dataclass(frozen=True)
class Reader:
    """To whom the trail tells of a child, and what of it may be told.

    All that was done and looked at in the own authority is told: ``units`` are its units. Of others, and of what one
    authority opened to another, an act is told when the first thing that it names is readable (``things``), or when it
    names nothing but persons; a look at the page of a thing likewise by the first thing, which is the page's own, and
    a look at a page of several things (``lists``) when any of them is readable. That the child itself stood on a page
    is not enough: the same page may have held, or been opened by, what the reader must not know of. Only pages that
    the family opens whatever there is (``at_home``) are told for that.
    """

    units: Collection[UUID]
    things: Collection[UUID]
    lists: Collection[str]
    at_home: Collection[str]


def entries_about(child_ref: UUID, to: Reader, limit: int, *, skipped: int = 0) -> list[Told]:
    """The newest entries about the child that are told this reader, at most ``limit``, after the ``skipped`` newest.

    Three questions. What is not told has no part in anything: it is left out before anything is counted.
    """
    about = TrailSubject.objects.filter(child_ref=child_ref)
    told = about.filter(_is_told(about, to)).order_by("-entry_id").values_list("entry_id", flat=True).distinct()
    entries = TrailEntry.objects.filter(pk__in=list(told[skipped : skipped + limit])).order_by("-pk")
    with_subjects = entries.prefetch_related(Prefetch("subjects", queryset=about.order_by("pk")))
    return [_told(entry, to) for entry in with_subjects]


def _is_told(about: QuerySet[TrailSubject], to: Reader) -> Q:
    """The condition that a subject lets its entry be told."""
    things = about.filter(entry=OuterRef("entry")).exclude(kind__in=PERSONS)
    is_first = ~Q(Exists(things.filter(pk__lt=OuterRef("pk"))))
    return (
        (Q(entry__unit_ref__in=to.units) & ~Q(entry__act__startswith=OPENED))
        | Q(entry__act__in=to.at_home)
        | (Q(ref__in=to.things) & (Q(entry__act__in=to.lists) | is_first))
        | (Q(entry__mode=Mode.ACT, kind__in=PERSONS) & ~Q(Exists(things)))
    )


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


def _told(entry: TrailEntry, to: Reader | None = None) -> Told:
    """An entry with the kinds of things that it names; of one from elsewhere, those that the reader may know of."""
    is_whole = to is None or entry.unit_ref in to.units
    kinds = (
        one.kind
        for one in entry.subjects.all()
        if is_whole or one.kind in PERSONS or (to is not None and one.ref in to.things)
    )
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
        kinds=tuple(dict.fromkeys(kinds)),
    )
