"""People, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People."""

    name = "samsyn.people"
    default_auto_field = "django.db.models.BigAutoField"
