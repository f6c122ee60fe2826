"""Early signals, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class EarlySignalsConfig(AppConfig):
    """Early signals: answers what hangs on a post, goes along with a child, or rests on a yes, and what it said."""

    name = "samsyn.early_signals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer the ports of the rooms below."""
        from samsyn.common import ports
        from samsyn.early_signals import answers
        from samsyn.early_signals.actions.coming_back import leave_what_is_not_read

        ports.child_said.answered_by(answers.child_said)
        ports.hangs_on_post.answered_by(answers.hangs_on_post)
        ports.goes_with_the_child.answered_by(answers.goes_with_the_child)
        ports.named_person_changed.answered_by(leave_what_is_not_read)
        ports.rests_on_a_yes.answered_by(answers.rests_on_a_yes)
        ports.less_is_open.answered_by(answers.less_is_open)
        ports.read_again.answered_by(answers.read_again)
        ports.yes_ended.answered_by(answers.yes_ended)
