"""Conditions on rows that hold from a day to a day, both included."""

from __future__ import annotations

from datetime import date

from django.db.models import Q


def within(day: date, prefix: str = "") -> Q:
    """The condition that an interval (both days included) holds on ``day``."""
    until = Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gte": day})
    return Q(**{f"{prefix}since__lte": day}) & until


def standing(day: date, prefix: str = "") -> Q:
    """The condition that a post has not ended before ``day``."""
    return Q(**{f"{prefix}ended_on": None}) | Q(**{f"{prefix}ended_on__gte": day})
