"""Hiding a child so that whoever answers for it goes on knowing of it."""

from __future__ import annotations

from django.db import transaction

from samsyn.circle.actions import current_named_person
from samsyn.common.viewer import Viewer
from samsyn.people.models import Person
from samsyn.protection.actions import Decided, protect
from samsyn.protection.models import Marking


@transaction.atomic
def protect_child(viewer: Viewer, child: Person, decided: Decided) -> Marking:
    """Set or lift a child's protection; whoever is its named person at that moment knows of it afterwards.

    The row is held before that is asked: a hand-over that is accepted at the same time has moved the child by then, or
    waits, and lets the receiver know. Raises Refused.
    """
    held: Person = Person.objects.select_for_update().get(pk=child.pk)
    named = current_named_person(held)
    return protect(viewer, held, decided, keep=[named.post_id] if named is not None else [])
