"""What the models say of how they are kept, gathered: which are in a file, by which paths, and what points at what."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Field, Model

from samsyn.common.keeping import InFile, Kept, PartOf, Stays, WithPerson
from samsyn.organisations.models import Post, Unit

AnyModel = type[Model]

PLANNED = ("due_at", "goes_at")
"""Columns that tell when something was to be done: no note, whether it was done or not."""


@cache
def own_models() -> tuple[AnyModel, ...]:
    """Every model of the house."""
    return tuple(model for model in apps.get_models() if model.__module__.startswith("samsyn."))


def kept(model: AnyModel) -> Kept:
    """How the model says that it is kept. Raises AttributeError for one that says nothing."""
    said: Kept = model.kept  # type: ignore[attr-defined]  # every model of the house has it; a test sees to it
    return said


@cache
def in_files() -> tuple[AnyModel, ...]:
    """The models whose rows are in files."""
    return tuple(model for model in own_models() if isinstance(kept(model), InFile))


@cache
def parts() -> tuple[AnyModel, ...]:
    """The models whose rows go with another row."""
    return tuple(model for model in own_models() if isinstance(kept(model), PartOf))


@cache
def with_persons() -> tuple[AnyModel, ...]:
    """The models whose rows go with a person."""
    return tuple(model for model in own_models() if isinstance(kept(model), WithPerson))


def goes(model: AnyModel) -> bool:
    """May rows of the model go at all."""
    return hasattr(model, "kept") and not isinstance(kept(model), Stays)


def target(model: AnyModel, name: str) -> AnyModel:
    """The model that a foreign key points at."""
    found: Any = model._meta.get_field(name).related_model
    return found  # type: ignore[no-any-return]  # a foreign key always points at a model


@cache
def file_paths(model: AnyModel) -> tuple[str, str] | None:
    """The paths to the child and to the authority of a row in a file, through its whole where it is a part.

    None for a model whose rows are in no file.
    """
    said = kept(model)
    if isinstance(said, InFile):
        return said.child, said.authority
    if isinstance(said, PartOf):
        whole = file_paths(target(model, said.whole))
        return None if whole is None else (f"{said.whole}__{whole[0]}", f"{said.whole}__{whole[1]}")
    return None


@cache
def times(model: AnyModel) -> tuple[str, ...]:
    """The columns that tell when something was written, happened or ended: those with a time of day."""
    moments = (field.name for field in model._meta.concrete_fields if field.get_internal_type() == "DateTimeField")
    return tuple(name for name in moments if name not in PLANNED)


@cache
def unit_path(model: AnyModel) -> str:
    """The path to the reference of the unit that a row belongs to: its own, or that of its first post; "" for none."""
    for field in model._meta.concrete_fields:
        if field.related_model is Unit:
            return f"{field.name}__ref"
    for field in model._meta.concrete_fields:
        if field.related_model is Post:
            return f"{field.name}__unit__ref"
    return ""


@cache
def pointing_at(model: AnyModel) -> tuple[tuple[AnyModel, Field[Any, Any]], ...]:
    """Every foreign key that points at the model: whose it is, and the field."""
    return tuple(_pointing_at(model))


def _pointing_at(model: AnyModel) -> Iterator[tuple[AnyModel, Field[Any, Any]]]:
    for other in apps.get_models(include_auto_created=True):
        for field in other._meta.concrete_fields:
            if field.related_model is model:
                yield other, field
