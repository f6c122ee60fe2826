"""The circle, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class CircleConfig(AppConfig):
    """The circle."""

    name = "samsyn.circle"
    default_auto_field = "django.db.models.BigAutoField"
