"""The trail, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class TrailConfig(AppConfig):
    """The trail."""

    name = "samsyn.trail"
    default_auto_field = "django.db.models.BigAutoField"
