"""Organisations, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Organisations."""

    name = "samsyn.organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer what a partnership calls a child's named person."""
        from samsyn.common import ports
        from samsyn.organisations.partnerships import named_person_word

        ports.named_person_word.answered_by(named_person_word)
