"""The law room in Django: it has no tables, only rows that must be right before anything starts."""

from __future__ import annotations

from django.apps import AppConfig

from samsyn.law import load


class LawConfig(AppConfig):
    """Reads every row at start-up."""

    name = "samsyn.law"

    def ready(self) -> None:
        """Stop start-up on a bad row. Raises LawError naming file, row and reason."""
        load()
