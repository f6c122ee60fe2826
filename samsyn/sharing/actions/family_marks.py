"""Marks on notes that the family does not see, and what such a mark or a decision is about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.viewer import Viewer
from samsyn.organisations.models import Authority
from samsyn.people.actions import is_kin
from samsyn.people.models import Person
from samsyn.people.rules import may_write_of_family
from samsyn.sharing import family_rules as rules
from samsyn.sharing.actions.acting import acting_post
from samsyn.sharing.models import FamilyMark, NoteClass
from samsyn.trail.revoking import revoke
from samsyn.trail.rules import Subject


@dataclass(frozen=True)
class About:
    """What a decision is about: one thing of a kind, or the whole kind when ``item_ref`` is None ("" for every kind).

    ``authority``: whose information it is.
    """

    authority: Authority
    kind: str = ""
    item_ref: UUID | None = None


@transaction.atomic
def mark_for_family(viewer: Viewer, child: Person, about: About, note: str) -> FamilyMark:
    """Mark a thing as one of the classes of notes that the family does not see. It cannot be taken back.

    Raises Refused for what is not the own authority's, for the own family, and when it is marked like that already.
    """
    require(may_write_of_family(own=is_kin(child, viewer.person)))
    return _marked(viewer, child, about, note)


@transaction.atomic
def keep_told_alone(viewer: Viewer, child: Person, about: About) -> FamilyMark:
    """Keep what the child told alone from its guardians. It follows from how it was told, whoever wrote that down."""
    return _marked(viewer, child, about, NoteClass.TOLD_ALONE)


def _marked(viewer: Viewer, child: Person, about: About, note: str) -> FamilyMark:
    if about.item_ref is None:
        raise ValueError("A whole kind is closed by a decision, not by a mark.")
    # One at a time around the child: whoever marks it at the same moment is told that it is marked.
    list(Person.objects.select_for_update().filter(pk=child.pk).values_list("pk"))
    require(
        rules.may_mark(
            owns=about.authority.pk == viewer.authority,
            known=note in NoteClass.values,
            marked=is_marked(about, note),
        )
    )
    row = FamilyMark.objects.create(
        child=child,
        authority=about.authority,
        kind=about.kind,
        item_ref=about.item_ref,
        note=note,
        marked_by_id=acting_post(viewer),
        marked_by_person_id=viewer.person,
        at=clock.now(),
    )
    revoke(
        viewer,
        "family.marked",
        [Subject(about.kind, about.item_ref, child.ref, note)],
        ("family_mark", row.ref),
        child=child.ref,
        authority=about.authority.ref,
        of=about.kind,
        item=about.item_ref,
        note=note,
        post=viewer.post_ref,
        person=viewer.person_ref,
    )
    return row


def is_marked(about: About, note: str) -> bool:
    """Is the thing marked as this class of note."""
    item = about.item_ref
    return item is not None and FamilyMark.objects.filter(item_ref=item, note=note).exists()
