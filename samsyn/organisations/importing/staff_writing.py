"""Writing what a staff file changes, in batches."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from samsyn.common import clock
from samsyn.organisations.importing.reading import BATCH, WRITING, Progress
from samsyn.organisations.importing.staff_comparing import StaffChanges
from samsyn.organisations.importing.staff_file import Key, StaffFile
from samsyn.organisations.importing.staff_there import PersonThere, There, batches, system_of
from samsyn.organisations.models import Holding
from samsyn.people.identities import new_identity
from samsyn.people.models import FOLDED_COLUMNS, Account, Identity, Person
from samsyn.people.names import fold

NAMES = ("given_name", "family_name", "called")


def write_staff(told: StaffFile, changes: StaffChanges, there: There, progress: Progress) -> None:
    """Write everything. ``there`` learns the new people on the way."""
    tell = _teller(changes, progress)
    systems = system_of(told, there)
    for keys in batches(changes.new_people):
        people = Person.objects.bulk_create(_person(told, key) for key in keys)
        for key, person in zip(keys, people, strict=True):
            there.people[key] = PersonThere(
                person.pk, person.given_name, person.family_name, person.called, person.protection
            )
        Identity.objects.bulk_create(
            new_identity(person, systems.get(key, key[0]), key[1]) for key, person in zip(keys, people, strict=True)
        )
        tell(len(keys))
    for keys in batches([*changes.new_people, *changes.new_accounts]):
        Account.objects.bulk_create(_account(told, key, there) for key in keys)
        tell(len(keys))
    _write_changed(told, changes, there, tell)
    for holdings in batches(changes.new_holdings):
        Holding.objects.bulk_create(
            Holding(
                post_id=there.posts[one.post].pk, person_id=there.people[one.key].pk, since=one.since, until=one.until
            )
            for one in holdings
        )
        tell(len(holdings))


def _write_changed(told: StaffFile, changes: StaffChanges, there: There, tell: Callable[[int], None]) -> None:
    renamed = [_renamed(told, key, there) for key in changes.renamed]
    Person.objects.bulk_update(renamed, [*NAMES, *FOLDED_COLUMNS], batch_size=BATCH // 10)
    accounts = [
        Account(pk=there.accounts[there.people[key].pk].pk, sign_in_name=told.people[key].sign_in_name)
        for key in changes.changed_accounts
    ]
    Account.objects.bulk_update(accounts, ["sign_in_name"], batch_size=BATCH // 4)
    # Before the new ones, so that a post may change hands in one file.
    holdings = [Holding(pk=pk, until=until) for pk, until in changes.changed_holdings]
    Holding.objects.bulk_update(holdings, ["until"], batch_size=BATCH // 4)
    tell(len(renamed) + len(accounts) + len(holdings))


def _teller(changes: StaffChanges, progress: Progress) -> Callable[[int], None]:
    total = 2 * len(changes.new_people) + sum(
        len(part)
        for part in (
            changes.new_accounts,
            changes.renamed,
            changes.changed_accounts,
            changes.changed_holdings,
            changes.new_holdings,
        )
    )
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        progress(WRITING, done, total)

    return tell


def _person(told: StaffFile, key: Key) -> Person:
    facts = told.people[key]
    return Person(
        given_name=facts.given_name, family_name=facts.family_name, called=facts.called, created_at=clock.now()
    )


def _account(told: StaffFile, key: Key, there: There) -> Account:
    facts = told.people[key]
    return Account(
        person_id=there.people[key].pk,
        sign_in_name=facts.sign_in_name,
        language=facts.language,
        password=f"{UNUSABLE_PASSWORD_PREFIX}{secrets.token_urlsafe(30)}",
    )


def _renamed(told: StaffFile, key: Key, there: There) -> Person:
    person, facts = Person(pk=there.people[key].pk), told.people[key]
    for name, column in zip(NAMES, FOLDED_COLUMNS, strict=True):
        setattr(person, name, getattr(facts, name))
        setattr(person, column, fold(getattr(facts, name)))
    return person
