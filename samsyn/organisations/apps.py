"""Organisations, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Organisations."""

    name = "samsyn.organisations"
    default_auto_field = "django.db.models.BigAutoField"
