"""Are the keys that persons' values are sealed with the ones that are to be here: none missing, none come back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from samsyn.common import crypto, second_lock
from samsyn.common.viewer import NOBODY
from samsyn.people.models import Identity, KeyUse, Person, PersonKey, ProtectedDetails
from samsyn.retention.models import Tombstone, TombstoneKind
from samsyn.sharing.models import ConsentText


@dataclass(frozen=True)
class OutOfOrder:
    """How many sealed values have no key here, how many keys of what was weeded are here again, and the names of
    master keys that wrap some and are not among the settings."""

    missing: int = 0
    back: int = 0
    masters: tuple[str, ...] = ()


def out_of_order() -> OutOfOrder:
    """What is wrong with the keys; nothing is when it equals ``OutOfOrder()``. Raises CannotUnseal for a damaged key.

    On PostgreSQL by a function of the second lock that tells this and nothing else: the web's login, which asks before
    it starts, reads nobody's keys.
    """
    if not second_lock.holds():
        uses = PersonKey.objects.values_list("use", "wrapped").iterator()
        named = {f"{use}:{crypto.sealed_with(bytes(wrapped))}" for use, wrapped in uses}
        return OutOfOrder(sum(rows.count() for rows in missing()), come_back().count(), _not_in_settings(named))
    with connection.cursor() as cursor:
        cursor.execute("SELECT missing, back, masters FROM second_lock.keys_out_of_order()")
        values, back, masters = cursor.fetchone()
    return OutOfOrder(values, back, _not_in_settings(masters))


def _not_in_settings(named: Iterable[str]) -> tuple[str, ...]:
    """Of "use:name", the names that the ring of that use lacks."""
    found = set()
    for use, _colon, name in (one.partition(":") for one in named):
        ring = settings.SAMSYN_VAULT_KEYS if use == KeyUse.VAULT else settings.SAMSYN_FIELD_KEYS
        if name not in (ring or {}):
            found.add(name)
    return tuple(sorted(found))


def missing() -> tuple[QuerySet[Identity], QuerySet[ProtectedDetails], QuerySet[ConsentText]]:
    """The numbers, protected details and texts that no key here opens; shells, whose words went, aside."""
    of_person = PersonKey.objects.filter(person_ref=OuterRef("person__ref"), authority_ref=NOBODY)
    of_file = PersonKey.objects.filter(
        use=KeyUse.TEXT,
        person_ref=OuterRef("consent__child__ref"),
        authority_ref=OuterRef("consent__authority__ref"),
    )
    return (
        Identity.objects.filter(~Exists(of_person.filter(use=KeyUse.NUMBER))),
        ProtectedDetails.objects.filter(~Exists(of_person.filter(use=KeyUse.VAULT))),
        ConsentText.objects.filter(~Exists(of_file)).exclude(digest=b""),
    )


def come_back() -> QuerySet[PersonKey]:
    """Keys of persons and of files that a tombstone stands for, where nothing of them is here any more.

    A backup of the keys from before has been put back. What was written after the tombstone keeps its key.
    """
    stones = Tombstone.objects.filter(subject_ref=OuterRef("person_ref"))
    of_person = Exists(stones.filter(kind=TombstoneKind.PERSON))
    here = Exists(Person.objects.filter(ref=OuterRef("person_ref")))
    of_file = Exists(stones.filter(kind=TombstoneKind.FILE, authority_ref=OuterRef("authority_ref")))
    texts = ConsentText.objects.filter(
        consent__child__ref=OuterRef("person_ref"), consent__authority__ref=OuterRef("authority_ref")
    )
    return PersonKey.objects.filter(Q(of_person, ~here) | Q(of_file, ~Exists(texts), use=KeyUse.TEXT))
