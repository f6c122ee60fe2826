"""The village's provider, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ProviderConfig(AppConfig):
    """Its templates and the command that prepares it."""

    name = "samsyn.site.provider"
    label = "village_provider"
