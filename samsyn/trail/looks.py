"""Who has looked, as data: what staff read and did about one child, as far as the family may know of it.

Whoever shows this decides who may ask. What is given here is by unit, role, time and purpose; a name only by a
decision. What is withheld leaves no gap: an entry about a withheld thing alone is not there, and an entry that also
showed other things tells of those others, just as it would had the withheld thing never been (I15 of the model).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db.models import Prefetch

from samsyn import law
from samsyn.common import clock
from samsyn.common.viewer import NOBODY
from samsyn.trail.models import Mode, NameDecision, TrailEntry, TrailSubject, Withholding, WithholdingStep

SHOWN_AFTER = "looks_shown_after"
AT_A_TIME = 200
_KEY = re.compile(r"[a-z][a-z0-9_.]*")


@dataclass(frozen=True)
class Look:
    """One read or one act about the child by somebody at work.

    ``mode`` is "read" or "act"; ``act`` the verb, "" for a read; ``kinds`` the kinds of the child's things it touched.
    ``ground`` is the key of a reason or of a row of law, "" where the ground was written as text, which stays with its
    writer. ``person`` is "" but where somebody has decided that the name may be told.
    """

    at: datetime
    mode: str
    act: str
    unit_ref: UUID
    unit: str
    role: str
    ground: str
    kinds: tuple[str, ...]
    person: str


@dataclass(frozen=True)
class _Kept:
    """What may not be told of: things, and units from and until a moment."""

    things: frozenset[UUID]
    units: tuple[tuple[UUID, datetime, datetime | None], ...]

    def covers(self, entry: TrailEntry) -> bool:
        return any(
            entry.unit_ref == unit and since <= entry.at and (until is None or entry.at < until)
            for unit, since, until in self.units
        )


def looked_at(
    child_ref: UUID, on: date, *, limit: int = 50, skipped: int = 0, without: Collection[UUID] = ()
) -> list[Look]:
    """Who of the staff has looked at or done something about the child, newest first, as it may be told on ``on``.

    What is newer than the law row ``looks_shown_after`` lets through waits, so that nobody can follow a matter hour by
    hour. ``without``: references of things that this reader may not know of (what is the child's alone, what is closed
    to one guardian); they are treated as withheld.
    """
    found = _looks(child_ref, on, frozenset(without))
    return list(islice(found, skipped, skipped + limit))


def _looks(child_ref: UUID, on: date, without: frozenset[UUID]) -> Iterator[Look]:
    kept = _withheld(child_ref, on, without)
    named = set(
        NameDecision.objects.filter(child_ref=child_ref, decided_at__lte=clock.end_of(on)).values_list(
            "named_ref", flat=True
        )
    )
    about = TrailSubject.objects.filter(child_ref=child_ref)
    entries = (
        TrailEntry.objects.filter(pk__in=about.values("entry_id"), at__lt=_shown_before(on))
        .exclude(mode=Mode.REFUSAL)
        .exclude(unit_ref=NOBODY)
        .prefetch_related(Prefetch("subjects", queryset=about.order_by("pk")))
        .order_by("-pk")
    )
    last: int | None = None
    while True:
        batch = list((entries if last is None else entries.filter(pk__lt=last))[:AT_A_TIME])
        for entry in batch:
            look = _look(entry, kept, named)
            if look is not None:
                yield look
        if len(batch) < AT_A_TIME:
            return
        last = batch[-1].pk


def _shown_before(on: date) -> datetime:
    days = law.on(on).row(SHOWN_AFTER).value or 0
    return clock.end_of(on - timedelta(days=days + 1)) + timedelta(seconds=1)


def _withheld(child_ref: UUID, on: date, without: frozenset[UUID]) -> _Kept:
    """What is withheld on a day. A decision whose day to look again has passed still holds: only a person lifts it."""
    end = clock.end_of(on)
    lifted = WithholdingStep.objects.filter(lifted=True, at__lte=end).values("withholding")
    rows = Withholding.objects.filter(child_ref=child_ref, decided_at__lte=end).exclude(pk__in=lifted)
    things = {row.thing_ref for row in rows if row.thing_ref is not None}
    units = tuple((row.unit_ref, row.since, row.until) for row in rows if row.unit_ref is not None)
    return _Kept(without | things, units)


def _look(entry: TrailEntry, kept: _Kept, named: set[UUID]) -> Look | None:
    subjects = list(entry.subjects.all())
    told = [one for one in subjects if one.ref not in kept.things]
    if kept.covers(entry) or (len(told) < len(subjects) and _is_about_the_withheld(entry, subjects, told)):
        return None
    return Look(
        at=entry.at,
        mode=entry.mode,
        act=entry.act if entry.mode == Mode.ACT else "",  # a page's name could tell of what was withheld on it
        unit_ref=entry.unit_ref,
        unit=entry.unit_label,
        role=entry.post_label,
        ground=entry.ground if _KEY.fullmatch(entry.ground) else "",
        kinds=tuple(dict.fromkeys(one.kind for one in told)),
        person=entry.person_label if entry.person_ref in named else "",
    )


def _is_about_the_withheld(entry: TrailEntry, subjects: list[TrailSubject], told: list[TrailSubject]) -> bool:
    """Would there be no such entry without the withheld thing: is it an act on it, or its own page?

    A page fetches first what it is about, so its first subject is what it is the page of.
    """
    return entry.mode == Mode.ACT or not told or told[0].ref != subjects[0].ref
