"""What the partnership has decided for its plans: the time to a review, the common goals, the names of areas."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import get_language

from samsyn.early_signals.models import Area
from samsyn.organisations.models import CommonGoal, Partnership
from samsyn.organisations.partnerships import deadline, labels, partnership_of


def latest_review_day(authority_id: int, rule: str, start: date) -> date:
    """The last day for a review that ``rule`` counts from ``start``; a partnership may have promised to be quicker."""
    return deadline(partnership_of(authority_id), rule, start).latest_day


def is_common_goal(goal: CommonGoal, authority_id: int) -> bool:
    """Has a partnership of this authority decided the goal."""
    return Partnership.objects.filter(pk=goal.partnership_id, parties=authority_id).exists()


def own_words(authority_id: int) -> dict[str, str]:
    """What the partnership of this authority calls its tools and roles, in the language that is read now."""
    return labels(partnership_of(authority_id), language())


def area_labels(own: Mapping[str, str]) -> dict[str, str]:
    """What each area is called: the partnership's own word (key "area.safe", …), else the word of the house.

    ``own``: from ``own_words``.
    """
    return {area.value: own.get(f"area.{area.value}", str(area.label)) for area in Area}


def language() -> str:
    """The language that is read now, as its two letters."""
    return (get_language() or "sv").split("-")[0]
