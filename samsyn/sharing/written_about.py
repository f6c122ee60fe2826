"""What a thing was written about: a talk, five questions and a request follow their sign in the family."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model

from samsyn.common.models import SeenByChild


@cache
def _models_that_follow() -> dict[str, tuple[type[Model], str]]:
    """Kind → the model of what is written about something, and the name of its key to that."""
    declared = [(model, getattr(model, "seen", None)) for model in apps.get_models()]
    found = [(model, seen.kind, seen.family) for model, seen in declared if isinstance(seen, SeenByChild)]
    return {kind: (model, shown.follows) for model, kind, shown in found if shown is not None and shown.follows}


Thing = tuple[str, UUID]


def written_about(things: Iterable[Thing], known: Mapping[UUID, Thing] | None = None) -> dict[UUID, dict[str, object]]:
    """For each of the things (kind and reference) that was written about another: kind and reference of that, as a row
    that shares the thing, or names it in a question, keeps them.

    ``known``: of things that are not written yet, what they will be about, by their references. Asks one question for
    each kind that can be about another.
    """
    found = dict(known or {})
    refs: dict[str, list[UUID]] = {}
    for kind, ref in things:
        if ref not in found:
            refs.setdefault(kind, []).append(ref)
    for kind, (model, to) in _models_that_follow().items():
        if kind in refs:
            about: Any = model._meta.get_field(to).related_model
            rows = model._default_manager.filter(ref__in=refs[kind], **{f"{to}__isnull": False})
            found |= {ref: (about.seen.kind, other) for ref, other in rows.values_list("ref", f"{to}__ref")}
    return {ref: {"about_kind": kind, "about_ref": other} for ref, (kind, other) in found.items()}
