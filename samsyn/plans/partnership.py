"""What the partnership has decided for its plans: the time to a review and the common goals."""

from __future__ import annotations

from datetime import date

from samsyn.organisations.models import CommonGoal, Partnership
from samsyn.organisations.partnerships import deadline, partnership_of


def latest_review_day(authority_id: int, rule: str, start: date) -> date:
    """The last day for a review that ``rule`` counts from ``start``; a partnership may have promised to be quicker."""
    return deadline(partnership_of(authority_id), rule, start).latest_day


def is_common_goal(goal: CommonGoal, authority_id: int) -> bool:
    """Has a partnership of this authority decided the goal."""
    return Partnership.objects.filter(pk=goal.partnership_id, parties=authority_id).exists()
