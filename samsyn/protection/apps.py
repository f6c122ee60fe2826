"""Protection, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    """Protection."""

    name = "samsyn.protection"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer the port that shows names to whoever may see the person."""
        from samsyn.common import ports
        from samsyn.people.shown_names import fill_in_names

        ports.fill_in_names.answered_by(fill_in_names)
