"""Plans, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Plans: answers what hangs on a post, goes with the child, or rests on a yes."""

    name = "samsyn.plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer the ports that lower rooms ask."""
        from samsyn.common import ports
        from samsyn.plans import answers
        from samsyn.plans.promises import read_again

        ports.hangs_on_post.answered_by(answers.hangs_on_post)
        ports.goes_with_the_child.answered_by(answers.goes_with_the_child)
        ports.work_of_team.answered_by(answers.work_of_team)
        ports.rests_on_a_yes.answered_by(answers.rests_on_a_yes)
        ports.less_is_open.answered_by(answers.less_is_open)
        ports.read_again.answered_by(read_again)
        ports.yes_ended.answered_by(answers.yes_ended)
