"""Sharing, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Sharing: answers who may see what."""

    name = "samsyn.sharing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer the port that every queryset asks, and what follows when custody changes."""
        from samsyn.common import ports
        from samsyn.sharing import predicate
        from samsyn.sharing.actions.lapses import family_changed
        from samsyn.sharing.actions.units import unit_ended

        ports.may_see.answered_by(predicate.may_see)
        ports.children_seen.answered_by(predicate.children_seen)
        ports.family_changed.answered_by(family_changed)
        ports.unit_ended.answered_by(unit_ended)
