"""The look in Django: templates, tags and style sheets; no tables, no domain."""

from __future__ import annotations

from django.apps import AppConfig


class LookConfig(AppConfig):
    """Components and pictures that all doors share."""

    name = "samsyn.look"
