"""Which things about a child somebody may read now, of every kind there is: for what tells of things by reference."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet

from samsyn.common.models import Referenced, SeenByChild
from samsyn.common.prepared import asked
from samsyn.common.viewer import Viewer
from samsyn.people.models import Person


def readable_things(viewer: Viewer, child: Person) -> frozenset[UUID]:
    """The references of all that is about the child and that the viewer may see now. One question.

    Nothing of them is shown by that, and nothing is noted for the trail.
    """
    return frozenset(asked(_things, viewer, child.pk))


def _things(viewer: Viewer, child_id: int) -> QuerySet[Any, Any]:
    first, *rest = (
        model.objects.visible_to(viewer).filter(**{f"{way}_id": child_id}).order_by().values_list("ref", flat=True)
        for model, way in _kinds()
    )
    return first.union(*rest, all=True)


@cache
def _kinds() -> tuple[tuple[type[Referenced], str], ...]:
    """Every model about a child that is seen by a reason around it, with the way from it to the child."""
    return tuple(
        (model, model.seen.child)
        for model in apps.get_models()
        if issubclass(model, Referenced) and isinstance(model.seen, SeenByChild)
    )
