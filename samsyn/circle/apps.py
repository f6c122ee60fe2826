"""The circle, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class CircleConfig(AppConfig):
    """The circle: answers what hangs on a post, and what rests on a yes."""

    name = "samsyn.circle"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer the ports of the rooms below."""
        from samsyn.circle import answers
        from samsyn.circle.moving import posts_moved
        from samsyn.common import ports

        ports.hangs_on_post.answered_by(answers.hangs_on_post)
        ports.rests_on_a_yes.answered_by(answers.rests_on_a_yes)
        ports.less_is_open.answered_by(answers.less_is_open)
        ports.yes_ended.answered_by(answers.yes_ended)
        ports.posts_moved.answered_by(posts_moved)
