"""The desk, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The desk."""

    name = "samsyn.desk"
    default_auto_field = "django.db.models.BigAutoField"
