"""Words that anybody at this place would think of: what its organisations are called."""

from __future__ import annotations

from samsyn.organisations.models import Authority, Partnership, Principal, Unit


def names_of_the_place() -> list[str]:
    """The names of principals, authorities, units and partnerships, as they are written."""
    return [name for model in (Principal, Authority, Unit, Partnership) for name in _names(model)]


def _names(model: type[Principal] | type[Authority] | type[Unit] | type[Partnership]) -> list[str]:
    return list(model._default_manager.values_list("name", flat=True))
