"""What waits on a post, without telling about whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from samsyn.common.viewer import Viewer
from samsyn.duties.models import Duty, DutyState, Escalation


@dataclass(frozen=True)
class Waiting:
    """One kind of thing to do: how many there are, and when the first of them is due."""

    what: str
    number: int
    first: datetime


def open_at(post_id: int) -> QuerySet[Any, Any]:
    """The row ids of the open duties of a post, and of those that it was given a copy of.

    For a list to begin with: a database that looks for either among all open duties reads everybody's.
    """
    own = Duty.objects.filter(post_id=post_id, state=DutyState.OPEN).values("pk")
    return own.union(Escalation.objects.filter(to_post_id=post_id, duty__state=DutyState.OPEN).values("duty_id"))


def how_many(viewer: Viewer, some: Q) -> tuple[int, int]:
    """How many open duties the viewer has to see to, and how many of them are such (``some``). One question."""
    duties = Duty.objects.visible_to(viewer).filter(pk__in=open_at(viewer.post or 0)).order_by()
    told = duties.aggregate(number=Count("pk"), some=Count("pk", filter=some))
    return told["number"], told["some"]


def waiting_at(viewer: Viewer, post_id: int) -> list[Waiting]:
    """What the post has to do, one line a kind, the most urgent first. One question to the database.

    What is about somebody who does not exist for the viewer is not counted either.
    """
    seen = Duty.objects.visible_to(viewer).filter(post_id=post_id, state=DutyState.OPEN)
    kinds = Duty.objects.filter(pk__in=seen.values("pk")).values("what").order_by()
    rows = kinds.annotate(number=Count("pk"), first=Min("due_at")).order_by("first", "what")
    return [Waiting(row["what"], row["number"], row["first"]) for row in rows]
