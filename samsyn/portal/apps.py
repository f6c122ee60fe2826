"""The portal, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The portal."""

    name = "samsyn.portal"
    default_auto_field = "django.db.models.BigAutoField"
