"""The circle, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class CircleConfig(AppConfig):
    """The circle: answers what hangs on a post."""

    name = "samsyn.circle"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer the port that organisations asks before a post ends."""
        from samsyn.circle import answers
        from samsyn.common import ports

        ports.hangs_on_post.answered_by(answers.hangs_on_post)
