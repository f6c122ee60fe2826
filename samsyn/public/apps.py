"""The open door, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """The open door."""

    name = "samsyn.public"
    default_auto_field = "django.db.models.BigAutoField"
