"""Protection, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    """Protection."""

    name = "samsyn.protection"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer who sees the names of somebody protected, and which post knows of anybody."""
        from samsyn.common import ports
        from samsyn.people.shown_names import fill_in_names
        from samsyn.protection.predicate import knows_of_hidden

        ports.fill_in_names.answered_by(fill_in_names)
        ports.knows_of_hidden.answered_by(knows_of_hidden)
