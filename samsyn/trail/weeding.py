"""Taking words out of the trail when what they tell of is lawfully weeded. The entry stays, and so does the seal.

A ground may be a text that somebody wrote, and who acted may be somebody in the family. Those words go, and with them
the entry's nonce. Its commitment and its place in the tree stay, and one more entry says which have lost their words:
``verify_trail`` takes an entry without a nonce only when it is named there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from samsyn import law
from samsyn.common.batches import AT_A_TIME, in_batches
from samsyn.common.crypto import commitment_holds
from samsyn.common.keeping import NO_WORDS
from samsyn.common.viewer import SYSTEM
from samsyn.trail.actions import act
from samsyn.trail.models import Mode, Passage, TrailEntry, TrailSubject
from samsyn.trail.rules import COMMITTED, Subject, content, purpose

WEEDED, ENTRY = "trail.weeded", "trail_entry"
LOOK_UP = "look_up"
"""The kind under which an entry names a look-up."""


@contextmanager
def let_through(rows: Iterable[tuple[str, int]]) -> Iterator[None]:
    """Let these rows (table and id) through what is append-only, inside the block. It ends before the commit."""
    named = [Passage(table_name=table, row_id=pk) for table, pk in rows]
    Passage.objects.bulk_create(named, batch_size=AT_A_TIME)
    yield
    Passage.objects.all().delete()


def forget_grounds(refs: Collection[UUID], principal_ref: UUID, rule: str) -> int:
    """Take the written grounds out of a principal's acts on the things with these references; give how many.

    A ground that names a row of law tells nothing of anybody, and stays. In the caller's transaction.
    """
    found: set[int] = set()
    rows = _with_ground().filter(principal_ref=principal_ref)
    for some in in_batches(refs):
        about = rows.filter(subjects__ref__in=some).values_list("pk", "ground")
        found |= {pk for pk, ground in about if ground not in law.load()}
    return _forget(TrailEntry.objects.filter(pk__in=found), ("ground",), rule)


def told_of_with(person_ref: UUID) -> set[UUID]:
    """The others (references) whom the acts about somebody tell of as well."""
    about = TrailSubject.objects.filter(entry__in=_acts_about(person_ref).values("pk")).exclude(child_ref=person_ref)
    return {child for child in about.values_list("child_ref", flat=True) if child is not None}


def look_ups_of(person_ref: UUID, *, but: Collection[UUID]) -> set[UUID]:
    """The look-ups (references) that led to somebody, without those that tell of any of ``but``."""
    found = TrailSubject.objects.filter(kind=LOOK_UP, ref__in=_look_ups(person_ref).values("ref"))
    others = found.filter(child_ref__in=but).values_list("ref", flat=True)
    return set(found.values_list("ref", flat=True)) - set(others)


def forget_about(person_ref: UUID, rule: str, *, but: Collection[UUID]) -> int:
    """Take the written grounds out of every act about somebody who is gone, and of the look-ups that led there; give
    how many. ``but``: others who are still here; an act that tells of one of them too keeps its ground.

    In the caller's transaction.
    """
    acts = _with_ground().filter(subjects__ref__in=look_ups_of(person_ref, but=but)) | _acts_about(person_ref)
    told = acts.exclude(pk__in=TrailSubject.objects.filter(child_ref__in=but).values("entry")).distinct()
    found = [pk for pk, ground in told.values_list("pk", "ground") if ground not in law.load()]
    return sum(_forget(TrailEntry.objects.filter(pk__in=some), ("ground",), rule) for some in in_batches(found))


def led_to_nobody(look_ups: Collection[UUID]) -> set[UUID]:
    """Those of the look-ups (references) of which the trail does not tell whom they led to."""
    found = set(look_ups)
    for some in in_batches(look_ups):
        led = TrailSubject.objects.filter(kind=LOOK_UP, ref__in=some, child_ref__isnull=False)
        found -= set(led.values_list("ref", flat=True))
    return found


def forget_look_ups(refs: Collection[UUID], rule: str) -> int:
    """Take the written grounds out of look-ups (references); give of how many entries. In the caller's transaction."""
    done = 0
    for some in in_batches(refs):
        done += _forget(
            _with_ground().filter(subjects__kind=LOOK_UP, subjects__ref__in=some).distinct(), ("ground",), rule
        )
    return done


def _with_ground() -> QuerySet[TrailEntry]:
    return TrailEntry.objects.filter(mode=Mode.ACT).exclude(ground__in=("", NO_WORDS))


def _acts_about(person_ref: UUID) -> QuerySet[TrailEntry]:
    return _with_ground().filter(subjects__child_ref=person_ref)


def _look_ups(person_ref: UUID) -> QuerySet[TrailSubject]:
    return TrailSubject.objects.filter(kind=LOOK_UP, child_ref=person_ref)


def forget_person(person_ref: UUID, rule: str) -> int:
    """Take the name of somebody who is gone out of what they read and did here; give how many entries it stood in.

    In the caller's transaction.
    """
    # Somebody in a family has no name here to begin with; only what has words to lose loses its nonce.
    wordless = Q(person_label__in=("", NO_WORDS), ground__in=("", NO_WORDS))
    rows = TrailEntry.objects.filter(person_ref=person_ref).exclude(wordless)
    return _forget(rows, ("person_label", "ground"), rule)


def last_seen(person_ref: UUID) -> datetime | None:
    """When somebody last read or did anything here."""
    newest = TrailEntry.objects.filter(person_ref=person_ref).order_by("-at")
    return newest.values_list("at", flat=True).first()


def _forget(rows: Iterable[TrailEntry], columns: tuple[str, ...], rule: str) -> int:
    by_principal: dict[UUID, list[TrailEntry]] = defaultdict(list)
    for entry in rows:
        by_principal[entry.principal_ref].append(entry)
    for principal_ref, entries in by_principal.items():
        with let_through((TrailEntry._meta.db_table, entry.pk) for entry in entries):
            for entry in entries:
                emptied = {name: NO_WORDS for name in columns if getattr(entry, name)}
                TrailEntry.objects.filter(pk=entry.pk).update(nonce=b"", **emptied)
        house = replace(SYSTEM, principal_ref=principal_ref)
        for named in in_batches(entries):
            act(house, WEEDED, [Subject(ENTRY, UUID(int=entry.pk)) for entry in named], ground=rule)
    return sum(map(len, by_principal.values()))


def lawfully_emptied(principal_ref: UUID) -> set[int]:
    """The ids of a principal's entries that have lost their words, by what its entries about that say, if they hold."""
    said = TrailEntry.objects.filter(act=WEEDED, principal_ref=principal_ref).prefetch_related("subjects")
    found: set[int] = set()
    for entry in said:
        subjects = [Subject(one.kind, one.ref, one.child_ref, one.state) for one in entry.subjects.all()]
        fields = {name: getattr(entry, name) for name in COMMITTED}
        whole = content(fields, subjects, entry.at, bytes(entry.nonce))
        if commitment_holds(whole, bytes(entry.commitment), purpose=purpose(principal_ref)):
            found |= {one.ref.int for one in subjects if one.kind == ENTRY}
    return found
