"""Writing what a staff file changes: its people are read from the file once more, some at a time."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import BinaryIO

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from samsyn.common import clock
from samsyn.common.row_problems import Report
from samsyn.organisations.importing.reading import WRITING, Faults, Progress, batches, quiet, update_each
from samsyn.organisations.importing.staff_file import Key, StaffRow, read_staff
from samsyn.organisations.importing.staff_notes import (
    CHANGED,
    NEW,
    NEW_ACCOUNT,
    NEW_SIGN_IN,
    RENAMED,
    StaffNotes,
    last_day,
)
from samsyn.organisations.models import Holding
from samsyn.people.identities import new_identities
from samsyn.people.models import FOLDED_COLUMNS, Account, Identity, Person
from samsyn.people.names import fold

NAMES = ("given_name", "family_name", "called")
ToWrite = tuple[int, StaffRow, Key]


def write_staff(file: BinaryIO, notes: StaffNotes, progress: Progress) -> None:
    """Write everything. ``notes`` learns the new people on the way."""
    tell = _teller(notes.writes(), progress)
    for rows in read_staff(file, Faults(Report()), quiet):
        some = list(_changed_people(rows, notes))
        _write_people(some, notes)
        tell(len(some))
    # Before the new ones, so that a post may change hands in one file.
    for moved in batches(zip(notes.moved, notes.moved_to, strict=True)):
        update_each(Holding, ["until"], ((pk, [last_day(until)]) for pk, until in moved))
        tell(len(moved))
    for new in batches(notes.new):
        Holding.objects.bulk_create(_holding(at, notes) for at in new)
        tell(len(new))


def _teller(total: int, progress: Progress) -> Callable[[int], None]:
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        progress(WRITING, done, total)

    return tell


def _changed_people(rows: list[StaffRow], notes: StaffNotes) -> list[ToWrite]:
    """Who of the rows is to be written, each at the first row about them."""
    found: list[ToWrite] = []
    for row in rows:
        place = notes.people.place(row.key) if row.key is not None else None
        if place is None or row.key is None or notes.people.first_row[place] != row.number:
            continue
        if notes.people.state[place] & CHANGED:
            found.append((place, row, row.key))
    return found


def _write_people(some: list[ToWrite], notes: StaffNotes) -> None:
    state, pk, account = notes.people.state, notes.people.pk, notes.people.account
    new = [one for one in some if state[one[0]] & NEW]
    people = Person.objects.bulk_create(_person(row) for _, row, _ in new)
    for (place, _, _), person in zip(new, people, strict=True):
        pk[place] = person.pk
    Identity.objects.bulk_create(
        new_identities(
            (person, notes.system(place, key), key[1]) for (place, _, key), person in zip(new, people, strict=True)
        )
    )
    Account.objects.bulk_create(
        _account(row, pk[place]) for place, row, _ in some if state[place] & (NEW | NEW_ACCOUNT)
    )
    update_each(
        Person,
        [*NAMES, *FOLDED_COLUMNS],
        ((pk[place], _names(row)) for place, row, _ in some if state[place] & RENAMED),
    )
    update_each(
        Account,
        ["sign_in_name"],
        ((account[place], [row.facts.sign_in_name]) for place, row, _ in some if state[place] & NEW_SIGN_IN),
    )


def _person(row: StaffRow) -> Person:
    facts = row.facts
    return Person(
        given_name=facts.given_name, family_name=facts.family_name, called=facts.called, created_at=clock.now()
    )


def _account(row: StaffRow, person: int) -> Account:
    return Account(
        person_id=person,
        sign_in_name=row.facts.sign_in_name,
        language=row.facts.language,
        password=f"{UNUSABLE_PASSWORD_PREFIX}{secrets.token_urlsafe(30)}",
    )


def _names(row: StaffRow) -> list[str]:
    names = [getattr(row.facts, name) for name in NAMES]
    return [*names, *map(fold, names)]


def _holding(at: int, notes: StaffNotes) -> Holding:
    since, until = notes.holdings.days(at)
    return Holding(
        post_id=notes.holdings.post[at],
        person_id=notes.people.pk[notes.holdings.person[at]],
        since=since,
        until=until,
    )
