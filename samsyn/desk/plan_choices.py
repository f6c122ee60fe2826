"""What the forms of a plan offer to choose among, and what was chosen as the room takes it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from samsyn.circle.models import Membership
from samsyn.common import clock
from samsyn.common.decision import Refused, no
from samsyn.desk.doors import StaffRequest, VersionedForm
from samsyn.desk.plan_forms import ActionForm, GoalForm
from samsyn.look.dates import day_and_year
from samsyn.organisations.attendance import attendance
from samsyn.organisations.models import CommonGoal
from samsyn.organisations.partnerships import common_goals, goal_name, partnership_of
from samsyn.people.models import Person
from samsyn.plans import content_actions as content
from samsyn.plans import who_does_what
from samsyn.plans.models import BETWEEN, Plan
from samsyn.sharing.actions import guardians_today

_REFERENCE = re.compile(r"[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Writing:
    """The choices that the forms offer: the partnership's goals, and who may do an action."""

    def __init__(self, request: StaffRequest, plan: Plan) -> None:
        self.plan = plan
        partnership = partnership_of(plan.authority_id)
        self.goals: dict[str, CommonGoal] = {one.key: one for one in common_goals(partnership)} if partnership else {}
        members = Membership.objects.visible_to(request.viewer).filter(team=plan.team, until=None)
        self.posts = {str(row.post.ref): row.post for row in members.select_related("post__unit")}
        who = attendance(list(self.posts.values()), clock.now())
        family = [plan.child, *(row.guardian for row in guardians_today(plan.child))]
        self.people: dict[str, Person] = {str(one.ref): one for one in family}
        self.doers = [(ref, f"{who.holder_name(post)}, {post.title}") for ref, post in self.posts.items()]
        self.doers += [(ref, one.name) for ref, one in self.people.items()]

    def form(self, shape: type[VersionedForm], data: Any = None, **kwargs: Any) -> VersionedForm:
        """A form of this shape with its choices."""
        if shape is GoalForm:
            kwargs["goals"] = [(key, goal_name(one, get_language() or "sv")) for key, one in self.goals.items()]
        if shape is ActionForm:
            kwargs["doers"] = self.doers
        return shape(data, **kwargs)

    def in_words(self, became: str) -> str:
        """What a change tells, a part to a line: a common goal and a relative by their names, a day in words."""
        return "\n".join(self._part(part) for part in became.split(BETWEEN)) if became else ""

    def _part(self, part: str) -> str:
        if part in self.goals:
            return goal_name(self.goals[part], get_language() or "sv")
        if _REFERENCE.fullmatch(part):
            return self.people[part].name if part in self.people else _("Somebody in the family")
        return day_and_year(date.fromisoformat(part)) if _DAY.fullmatch(part) else part

    def goal_text(self, told: dict[str, Any]) -> content.GoalText:
        """A goal as the room takes it."""
        chosen = self.goals.get(told["common_goal"])
        if chosen is None:
            raise Refused(no("Choose which common goal it is part of.", field="common_goal"))
        return content.GoalText(chosen, told["words"], told["in_childs_words"], told["evidenced_by"])

    def action_text(self, told: dict[str, Any]) -> who_does_what.ActionText:
        """An action as the room takes it."""
        doer = told["doer"]
        return who_does_what.ActionText(
            told["words"], told["due_on"], self.posts.get(doer), self.people.get(doer), told["evidenced_by"]
        )
