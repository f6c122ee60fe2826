"""A data key of its own for each person and use, wrapped by the master keys: destroyed when the person is weeded.

Two rings wrap them (``KeyUse``): who can read the one cannot read the other. Nothing keeps an unwrapped key longer than
it is used. A key is made with the first value that is sealed, in the same transaction. Whoever seals something for a
person who is here already holds the person's row first, as a foreign key does, so that weeding cannot take the key away
in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from samsyn.common import crypto
from samsyn.common.batches import AT_A_TIME, in_batches
from samsyn.common.viewer import NOBODY
from samsyn.people.models import KeyUse, PersonKey


def key_for(person: UUID, use: str, authority: UUID = NOBODY, *, sealed: QuerySet[Any] | None = None) -> crypto.KeyRing:
    """The person's key to seal with, made now if there is none; also when two make it at once.

    ``sealed``: what is sealed with it already. Where there is some and no key, one is missing: raises KeyIsGone, since
    with a new one nobody could tell any more which values the missing one opens.
    """
    rows = PersonKey.objects.filter(person_ref=person, use=use, authority_ref=authority)
    return _opened(rows.first() or _made(rows, _new(person, use, authority), sealed))


def _made(rows: QuerySet[PersonKey], new: PersonKey, sealed: QuerySet[Any] | None) -> PersonKey:
    with transaction.atomic():
        PersonKey.objects.bulk_create([new], ignore_conflicts=True)  # waits for whoever makes it at the same time
        row = rows.get()
        if bytes(row.wrapped) == new.wrapped and sealed is not None and sealed.exists():
            raise gone()
    return row


def new_keys(persons: Iterable[UUID], use: str) -> dict[UUID, crypto.KeyRing]:
    """Keys for persons who have just been made and have none; all at once."""
    rows = [_new(person, use, NOBODY) for person in dict.fromkeys(persons)]
    PersonKey.objects.bulk_create(rows, batch_size=AT_A_TIME)
    return {row.person_ref: _opened(row) for row in rows}


def known_keys(persons: Iterable[UUID], use: str) -> dict[UUID, crypto.KeyRing]:
    """The keys of these persons, to open with, as far as they are here. Raises CannotUnseal for one that is damaged."""
    wanted = list(dict.fromkeys(persons))
    found: dict[UUID, crypto.KeyRing] = {}
    for some in in_batches(wanted):
        rows = PersonKey.objects.filter(person_ref__in=some, use=use, authority_ref=NOBODY)
        found |= {row.person_ref: _opened(row) for row in rows}
    return found


def known_key(person: UUID, use: str, authority: UUID = NOBODY) -> crypto.KeyRing:
    """The person's key to open with. Raises KeyIsGone when it is not here."""
    row = PersonKey.objects.filter(person_ref=person, use=use, authority_ref=authority).first()
    if row is None:
        raise gone()
    return _opened(row)


def gone() -> crypto.KeyIsGone:
    """What is raised where a key is not here."""
    return crypto.KeyIsGone("The key of the person that this was sealed with is not here.")


def wrap_anew() -> int:
    """Wrap every key with the current master keys that is not yet; give how many. May be stopped and run again.

    Raises CannotUnseal for a key that is damaged, or whose master key is not in the ring.
    """
    done = 0
    for some in in_batches(list(_old())):
        with transaction.atomic():
            rows = list(PersonKey.objects.select_for_update().filter(pk__in=some))
            for row in rows:
                row.wrapped = crypto.wrapped_anew(bytes(row.wrapped), place=_place(row), ring=_ring(row.use))
            PersonKey.objects.bulk_update(rows, ["wrapped"])
            done += len(rows)
    return done


def not_current() -> int:
    """How many keys are wrapped by another master key than the current one."""
    return sum(1 for _pk in _old())


def vault_ring() -> crypto.KeyRing:
    """The vault's own master keys. Raises UnusableKeys when they are missing."""
    if not settings.SAMSYN_VAULT_KEYS:
        raise crypto.UnusableKeys("SAMSYN_VAULT_KEYS must be set before a protected person can be kept.")
    return _ring_of(tuple(settings.SAMSYN_VAULT_KEYS.items()), settings.SAMSYN_VAULT_KEY_CURRENT)


@lru_cache(maxsize=4)
def _ring_of(keys: tuple[tuple[str, bytes], ...], current: str) -> crypto.KeyRing:
    return crypto.KeyRing(dict(keys), current)


def _ring(use: str) -> crypto.KeyRing:
    return vault_ring() if use == KeyUse.VAULT else crypto.ring_from_settings()


def _place(row: PersonKey) -> str:
    return f"people_personkey|wrapped|{row.person_ref} {row.use} {row.authority_ref}"


def _new(person: UUID, use: str, authority: UUID) -> PersonKey:
    row = PersonKey(person_ref=person, use=str(use), authority_ref=authority)
    row.wrapped = crypto.wrapped_key(place=_place(row), ring=_ring(use))
    return row


def _opened(row: PersonKey) -> crypto.KeyRing:
    return crypto.unwrapped(bytes(row.wrapped), place=_place(row), name=row.use, ring=_ring(row.use))


def _old() -> Iterator[int]:
    for pk, use, wrapped in PersonKey.objects.order_by("pk").values_list("pk", "use", "wrapped").iterator():
        if crypto.needs_resealing(bytes(wrapped), ring=_ring(use)):
            yield pk
