"""Sentences for the plan's duties, notices and changes. Notices are neutral: they name nobody and nothing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

DUTY_WORDS = {
    "finish_plan": gettext_lazy("Make the plan ready together with the family"),
    "review_plan": gettext_lazy("Look back at the plan together with the family"),
    "carry_out_action": gettext_lazy("Do what you have promised in the plan"),
}
NOTICE_WORDS = {
    "plan_started": gettext_lazy("A plan has been begun in a team you are in."),
    "plan_offered": gettext_lazy("A plan has been offered in a team you are in."),
    "plan_agreed": gettext_lazy("A plan has been agreed in a team you are in."),
    "plan_declined": gettext_lazy("A plan was not wanted in a team you are in. The team stays."),
    "plan_review_started": gettext_lazy("A plan is being reviewed in a team you are in."),
    "plan_review_finished": gettext_lazy("A plan has been reviewed in a team you are in."),
    "plan_closed": gettext_lazy("A plan has been closed in a team you are in."),
    "plan_paper_ready": gettext_lazy("A paper you asked for is ready."),
    "plan_paper_failed": gettext_lazy("A paper you asked for could not be made. Ask for it again."),
}
CHANGE_WORDS = {
    "started": gettext_lazy("began the plan"),
    "heading_changed": gettext_lazy("changed the heading"),
    "need_added": gettext_lazy("wrote a need"),
    "need_changed": gettext_lazy("changed a need"),
    "need_removed": gettext_lazy("took away a need"),
    "goal_added": gettext_lazy("wrote a goal"),
    "goal_changed": gettext_lazy("changed a goal"),
    "goal_removed": gettext_lazy("took away a goal"),
    "action_added": gettext_lazy("wrote an action"),
    "action_changed": gettext_lazy("changed an action"),
    "action_removed": gettext_lazy("took away an action"),
    "action_done": gettext_lazy("said that an action is done"),
    "action_left_out": gettext_lazy("left an action out"),
    "action_handed_on": gettext_lazy("handed an action on"),
    "view_recorded": gettext_lazy("wrote down a view"),
    "wheel_marked": gettext_lazy("marked the wheel"),
    "offered": gettext_lazy("offered the plan to the family"),
    "agreed": gettext_lazy("put the plan in force"),
    "declined": gettext_lazy("wrote down that the family said no"),
    "review_started": gettext_lazy("began a review"),
    "review_finished": gettext_lazy("ended the review"),
    "closed": gettext_lazy("closed the plan"),
}
