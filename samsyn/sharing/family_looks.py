"""What somebody in a family may know of who has looked: whether at all, and which things are kept from the list."""

from __future__ import annotations

from uuid import UUID

from django.apps import apps
from django.db.models import Q

from samsyn.common import clock
from samsyn.common.models import Referenced, SeenByChild, SeenByPost
from samsyn.common.viewer import Viewer
from samsyn.people.models import Person
from samsyn.sharing.family import ages_on, in_force, sees_in_family, ties_of
from samsyn.sharing.family_models import FamilyMet, FamilyStep
from samsyn.sharing.family_rules import reads

LOOKS = "looks"
"""The word for who has looked, as a kind that can be opened or closed for one in the family."""


def reads_looks(viewer: Viewer, child: Person) -> bool:
    """May this reader see who has looked: by age once talked with, or by decision; never when somebody closed it."""
    at, today = clock.now(), clock.today()
    tie = next((one for one in ties_of(viewer.person, today) if one.child == child.pk), None)
    found = reads(tie, ages_on(today), today) if tie is not None and viewer.is_family else None
    if found is None or found.not_after is not None:
        return False
    decided = in_force(at).filter(whom_id=viewer.person, child=child, item_ref=None)
    if decided.filter(step=FamilyStep.CLOSES, kind__in=("", LOOKS)).exists():
        return False
    met = FamilyMet.objects.filter(person_id=viewer.person, child=child)
    return (found.by_default and met.exists()) or decided.filter(step=FamilyStep.OPENS, kind=LOOKS).exists()


def kept_from(viewer: Viewer, child: Person) -> set[UUID]:
    """References of everything held about the child that this reader does not see: nothing tells that it is there."""
    at = clock.now()
    kept: set[UUID] = set()
    for model in apps.get_models():
        seen = getattr(model, "seen", None)
        if not issubclass(model, Referenced) or not isinstance(seen, SeenByChild | SeenByPost) or not seen.child:
            continue
        held = model._default_manager.filter(**{seen.child: child})
        kept |= set(held.values_list("ref", flat=True))
        if isinstance(seen, SeenByChild) and seen.family is not None:
            kept -= set(held.filter(Q(sees_in_family(seen, viewer, at))).values_list("ref", flat=True))
    return kept
