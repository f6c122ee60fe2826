"""Duties, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """Duties."""

    name = "samsyn.duties"
    default_auto_field = "django.db.models.BigAutoField"
