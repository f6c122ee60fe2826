"""After a restore: what had been weeded is weeded again, before anybody may sign in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from django.db import transaction

from samsyn.common.viewer import NOBODY, SYSTEM
from samsyn.organisations.models import Authority
from samsyn.people.models import Person
from samsyn.retention import tombstones
from samsyn.retention.actions.weeding import begin, forget_extracts_of, take_out_of
from samsyn.retention.models import Tombstone, TombstoneKind, Weeding
from samsyn.retention.persons import take_out_person
from samsyn.retention.removing import held_from_outside, rows_of_file, together
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def weed_again(file: Path) -> tuple[int, int]:
    """Weed again whatever has a tombstone in the file and none in this database.

    Only what was written before the tombstone goes; what is newer stands. Gives how many tombstones were set anew, and
    how many rows went. Safe to stop and to run twice. Raises OutsideUnreadable.
    """
    # Several servers' files may have been put together in any order: who went for the sake of another went after it.
    lines = sorted(tombstones.unknown_here(file), key=lambda one: one.at)
    by_subject: dict[tuple[bool, UUID], list[tombstones.Line]] = defaultdict(list)
    for one in lines:
        by_subject[one.kind == TombstoneKind.PERSON, one.subject].append(one)
    run = begin(again=True) if lines else None
    rows = 0
    # Every file first: a person goes when nothing points at them any more.
    for _is_person, subject in sorted(by_subject, key=lambda key: key[0]):
        assert run is not None
        rows += _weed_subject(run, subject, by_subject[_is_person, subject])
    return len(lines), rows


@transaction.atomic
def _weed_subject(run: Weeding, subject: UUID, lines: list[tombstones.Line]) -> int:
    person = Person.objects.select_for_update(of=("self",)).filter(ref=subject).first()
    authorities = {one.ref: one for one in Authority.objects.select_related("principal")}
    went = 0 if person is None else _take_out_again(person, lines, authorities)
    for one in lines:
        authority = authorities.get(one.authority)
        _set_anew(run, one, NOBODY if authority is None else authority.principal.ref)
    return went


def _take_out_again(person: Person, lines: list[tombstones.Line], authorities: dict[UUID, Authority]) -> int:
    forget_extracts_of(person)
    if lines[0].kind == TombstoneKind.PERSON:
        return take_out_person(person, lines[0].rule).rows
    rows = {
        one: rows_of_file(person.pk, authorities[one.authority].pk, one.at)
        for one in lines
        if one.authority in authorities
    }
    held = held_from_outside(together(rows.values()))
    return sum(take_out_of(authorities[one.authority], own, held, one.rule).rows for one, own in rows.items())


def _set_anew(run: Weeding, one: tombstones.Line, principal_ref: UUID) -> None:
    _stone, is_new = Tombstone.objects.get_or_create(
        ref=one.ref,
        defaults={
            "weeding": run,
            "kind": one.kind,
            "subject_ref": one.subject,
            "authority_ref": one.authority,
            "rule": one.rule,
            "rows": one.rows,
            "keys": one.keys,
            "at": one.at,
        },
    )
    if is_new:
        house = replace(SYSTEM, principal_ref=principal_ref)
        act(house, f"{one.kind}.weeded_again", [Subject("tombstone", one.ref, None, "weeded")], ground=one.rule)
