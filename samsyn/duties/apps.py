"""Duties, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """Duties."""

    name = "samsyn.duties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer the ports of lower rooms."""
        from samsyn.common import ports
        from samsyn.duties import answers

        ports.hangs_on_post.answered_by(answers.hangs_on_post)
