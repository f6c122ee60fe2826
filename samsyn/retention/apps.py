"""Retention, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """How long things are kept, and how they go."""

    name = "samsyn.retention"
    default_auto_field = "django.db.models.BigAutoField"
