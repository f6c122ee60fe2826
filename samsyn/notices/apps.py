"""Notices, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Notices."""

    name = "samsyn.notices"
    default_auto_field = "django.db.models.BigAutoField"
