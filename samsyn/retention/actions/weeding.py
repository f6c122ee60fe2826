"""Weeding what is due: which files, a child at a time, and what stands afterwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q

from samsyn import law
from samsyn.common import clock
from samsyn.common.ids import new_reference
from samsyn.common.viewer import NOBODY, SYSTEM
from samsyn.organisations.models import Authority
from samsyn.people.models import Guardianship, Person
from samsyn.retention import tombstones
from samsyn.retention.files import Pair, files
from samsyn.retention.models import RegisterExtract, Tombstone, TombstoneKind, WeededCount, Weeding
from samsyn.retention.persons import LOG, forget_old_look_ups, of_no_use, take_out_with_family
from samsyn.retention.removing import (
    Rows,
    Went,
    held_from_outside,
    references,
    rows_of_file,
    take_out,
    together,
    would_change,
)
from samsyn.retention.rules import Fate, File, State, fate
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject
from samsyn.trail.weeding import forget_grounds

KEYS_DESTROYED = "keys.destroyed"


@dataclass(frozen=True)
class Found:
    """A file and what becomes of it."""

    pair: Pair
    fate: Fate


def survey() -> list[Found]:
    """Every file and what becomes of it today, those with nothing left to take away aside. Changes nothing."""
    found = _fates(files())
    due = _by_child(found)
    shells = {pair for child_id, some in due.items() for pair in _only_shells(child_id, some)}
    return [one for one in found if one.pair not in shells]


def _fates(known: dict[Pair, File]) -> list[Found]:
    law_today = law.on(clock.today())
    return [Found(pair, fate(file, law_today)) for pair, file in sorted(known.items())]


def _by_child(found: list[Found]) -> dict[int, list[Found]]:
    """What is due, the files on one child together: then none of them has to wait for another."""
    due: dict[int, list[Found]] = defaultdict(list)
    for one in found:
        if one.fate.state is State.DUE:
            due[one.pair[0]].append(one)
    return due


def _only_shells(child_id: int, due: list[Found]) -> list[Pair]:
    """Those of the child's files that are due where everything has gone already but what others point at."""
    rows = {one.pair: rows_of_file(*one.pair) for one in due}
    held = held_from_outside(together(rows.values()))
    return [pair for pair, own in rows.items() if not would_change(own, held)]


def weed(at_most: int | None = None) -> Iterator[Found]:
    """Weed what is due today, a child at a time, each in a transaction of its own; give each file that went.

    ``at_most``: go on to no further child once so many files have gone. Stopped half-way, or run twice at once, it
    takes up where it was. Raises OutsideUnreadable when a tombstone cannot be written outside; that child's files
    then stay.
    """
    run: Weeding | None = None
    done = 0
    for child_id in _by_child(survey()):
        if at_most is not None and done >= at_most:
            return
        run = run or begin(again=False)
        gone = _weed_child(run, child_id)
        done += len(gone)
        yield from gone
    _weed_persons(run)
    with transaction.atomic():
        forget_old_look_ups()


@transaction.atomic
def _weed_child(run: Weeding, child_id: int) -> list[Found]:
    """Weed the files on one child that are still due, now that nobody can write about the child."""
    child = Person.objects.select_for_update(of=("self",)).filter(pk=child_id).first()
    due = [] if child is None else _by_child(_fates(files(child_id))).get(child_id, [])
    if child is None or not due:
        return []
    rows = {one.pair[1]: rows_of_file(*one.pair) for one in due}
    held = held_from_outside(together(rows.values()))
    stones, gone = [], []
    for one in due:
        authority = Authority.objects.select_related("principal").get(pk=one.pair[1])
        stone = _take_out_file(run, child, authority, rows[authority.pk], held, one.fate.rule)
        if stone is not None:
            stones.append(stone)
            gone.append(one)
    if gone:
        forget_extracts_of(child)
    if gone and not files(child.pk):
        principal_ref, rule = authority.principal.ref, due[-1].fate.rule
        stones += [
            _stone(run, TombstoneKind.PERSON, one.ref, rule, went, principal_ref)
            for one, went in take_out_with_family(child, rule)
        ]
    _write_out(stones)
    return gone


def _write_out(stones: list[Tombstone]) -> None:
    """Write the lines when nothing can stop what they tell of any more but the machine itself."""
    if connection.vendor == "postgresql":
        connection.check_constraints()  # else the commit would ask whether anything points at what went
    tombstones.write_out(stones)


def _take_out_file(
    run: Weeding, child: Person, authority: Authority, rows: Rows, held: Rows, rule: str
) -> Tombstone | None:
    """Take a file's rows out and leave what stands afterwards. None when there was nothing to take."""
    went = take_out_of(authority, rows, held, rule)
    if not went:
        return None
    return _stone(run, TombstoneKind.FILE, child.ref, rule, went, authority.principal.ref, authority.ref)


def forget_extracts_of(child: Person) -> None:
    """Remove what was made out of a child's files for somebody in the family to fetch: else it would hold for a day
    more what has gone. What is being made is not kept either; it can be ordered again. In the caller's transaction."""
    guardians = Guardianship.objects.filter(child=child).values("guardian")
    RegisterExtract.objects.filter(Q(child=child) | Q(child__in=guardians)).delete()


def take_out_of(authority: Authority, rows: Rows, held: Rows, rule: str) -> Went:
    """Take rows of an authority's file out, with their words in the trail, and count them. Gives what went."""
    refs = references(rows)
    went, counted = take_out(rows, held)
    forget_grounds(refs, authority.principal.ref, rule)
    for (unit_ref, kind, year), number in sorted(counted.items(), key=str):
        row, _new = WeededCount.objects.get_or_create(authority=authority, unit_ref=unit_ref, kind=kind, year=year)
        WeededCount.objects.filter(pk=row.pk).update(count=F("count") + number)
    return went


def _weed_persons(run: Weeding | None) -> None:
    """Those whom nothing points at any more, and who had to stay when their file went: the log named them longer."""
    for one in of_no_use():
        with transaction.atomic():
            person = Person.objects.select_for_update(of=("self",)).filter(pk=one.pk).first()
            taken = [] if person is None else take_out_with_family(person, LOG)
            if taken:
                run = run or begin(again=False)
                gone = [_stone(run, TombstoneKind.PERSON, who.ref, LOG, went, NOBODY) for who, went in taken]
                _write_out(gone)


def begin(*, again: bool) -> Weeding:
    """A run begins. ``again``: after a restore."""
    return Weeding.objects.create(ref=new_reference(), began_at=clock.now(), again=again)


def _stone(
    run: Weeding,
    kind: TombstoneKind,
    subject: UUID,
    rule: str,
    went: Went,
    principal_ref: UUID,
    authority_ref: UUID = NOBODY,
) -> Tombstone:
    """Set a tombstone and say so in the trail of the principal, which is sealed with everything else."""
    stone = Tombstone.objects.create(
        ref=new_reference(),
        weeding=run,
        kind=kind,
        subject_ref=subject,
        authority_ref=authority_ref,
        rule=rule,
        rows=went.rows,
        keys=went.keys,
        at=clock.now(),
    )
    house = replace(SYSTEM, principal_ref=principal_ref)
    # Without the child: the tombstone has the reference, and nothing about the child is to be found in the trail by it.
    act(house, f"{kind.value}.weeded", [Subject("tombstone", stone.ref, None, "weeded")], ground=rule)
    if went.keys:
        act(house, KEYS_DESTROYED, [Subject("tombstone", stone.ref, None, str(went.keys))], ground=rule)
    return stone
