"""What waits on a post, without telling about whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from samsyn.duties.models import Duty, DutyState


@dataclass(frozen=True)
class Waiting:
    """One kind of thing to do: how many there are, and when the first of them is due."""

    what: str
    number: int
    first: datetime


def waiting_at(post_id: int) -> list[Waiting]:
    """What the post has to do, one line a kind, the most urgent first. One question to the database."""
    kinds = Duty.objects.filter(post_id=post_id, state=DutyState.OPEN).values("what").order_by()
    rows = kinds.annotate(number=Count("pk"), first=Min("due_at")).order_by("first", "what")
    return [Waiting(row["what"], row["number"], row["first"]) for row in rows]
