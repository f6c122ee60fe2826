"""Are the keys that persons' values are sealed with the ones that are to be here: none missing, none come back."""

from __future__ import annotations

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from samsyn.common import second_lock
from samsyn.common.viewer import NOBODY
from samsyn.people.models import Identity, KeyUse, Person, PersonKey, ProtectedDetails
from samsyn.retention.models import Tombstone, TombstoneKind
from samsyn.sharing.models import ConsentText


def out_of_order() -> tuple[int, int]:
    """How many sealed values have no key here, and how many keys of what was weeded are here again.

    On PostgreSQL by a function of the second lock that tells these two numbers and nothing else: the web's login, which
    asks before it starts, reads nobody's keys.
    """
    if not second_lock.holds():
        return sum(rows.count() for rows in missing()), come_back().count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT missing, back FROM second_lock.keys_out_of_order()")
        found: tuple[int, int] = cursor.fetchone()
    return found


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
