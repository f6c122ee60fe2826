"""What somebody in a family may know of who has looked: whether at all, and which things are kept from the list."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.apps import apps
from django.db.models import Q

from samsyn.common import clock
from samsyn.common.models import Referenced, SeenByChild
from samsyn.common.viewer import Viewer
from samsyn.people.models import Person
from samsyn.sharing.family import ages_on, in_force, reads_of, sees_in_family
from samsyn.sharing.family_models import FamilyMet, FamilyStep
from samsyn.trail.models import TrailSubject

LOOKS = "looks"
"""The word for who has looked, as a kind that can be opened or closed for one in the family."""


def reads_looks(viewer: Viewer, child: Person) -> bool:
    """May this reader see who has looked: by age once talked with, or by decision; never when somebody closed it."""
    return child.pk in reads_looks_at(viewer, [child.pk])


def reads_looks_at(viewer: Viewer, children: Collection[int]) -> set[int]:
    """Those of the children (row ids) about whom this reader may see who has looked: as many questions for one as
    for ten."""
    if not viewer.is_family:
        return set()
    at, today = clock.now(), clock.today()
    read = reads_of(viewer, ages_on(today), today)
    now = [one for one in read if one.child in children and one.not_after is None]
    decided = in_force(at).filter(whom_id=viewer.person, child__in=children, item_ref=None, kind__in=("", LOOKS))
    steps = set(decided.values_list("child_id", "step", "kind"))
    closed = {child for child, step, _kind in steps if step == FamilyStep.CLOSES}
    opened = {child for child, step, kind in steps if step == FamilyStep.OPENS and kind == LOOKS}
    met = FamilyMet.objects.filter(person_id=viewer.person, child__in=children).values_list("child_id", flat=True)
    by_age = {one.child for one in now if one.by_default} & set(met)
    return (by_age | (opened & {one.child for one in now})) - closed


def kept_from(viewer: Viewer, child: Person) -> set[UUID]:
    """References in the trail of every thing about the child that this reader does not see: nothing tells that it is
    there. What nobody has said to be open to a family is kept from it."""
    at = clock.now()
    kept = set(TrailSubject.objects.filter(child_ref=child.ref).values_list("ref", flat=True).distinct())
    for model in apps.get_models():
        seen = getattr(model, "seen", None)
        if issubclass(model, Referenced) and isinstance(seen, SeenByChild) and seen.family is not None:
            shown = model._default_manager.filter(Q(sees_in_family(model, seen, viewer, at)), **{seen.child: child})
            kept -= set(shown.values_list("ref", flat=True))
    return kept - {child.ref}
