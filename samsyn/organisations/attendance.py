"""Who holds some posts today, who of them is away and until when, and who stands in: for showing, in one question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from samsyn.common import clock
from samsyn.common.prepared import asked
from samsyn.organisations.intervals import within
from samsyn.organisations.models import Absence, Cover, Holding
from samsyn.people.shown_names import all_at_work


class AtPost(Protocol):
    """A post, or what stands for one: all that is asked of it is its row id."""

    @property
    def pk(self) -> int:
        """The row id of the post."""


@dataclass(frozen=True)
class Attendance:
    """Names by post. Everything is empty for a post that nobody holds."""

    holders: dict[int, str] = field(default_factory=dict)
    away: dict[int, date | None] = field(default_factory=dict)
    covers: dict[int, str] = field(default_factory=dict)

    def holder_name(self, post: AtPost) -> str:
        """The holder's name, whether present or not."""
        return self.holders.get(post.pk, "")

    def is_away(self, post: AtPost) -> bool:
        """Is the holder away today."""
        return post.pk in self.away

    def away_until(self, post: AtPost) -> date | None:
        """The last day of the absence, when it is known."""
        return self.away.get(post.pk)

    def cover_name(self, post: AtPost) -> str:
        """Who stands in, while the holder is away."""
        return self.covers.get(post.pk, "") if self.is_away(post) else ""

    def present_name(self, post: AtPost) -> str:
        """Who is there for the post today: the holder, else who covers, else nobody ("")."""
        return self.cover_name(post) if self.is_away(post) else self.holder_name(post)


def attendance(posts: Sequence[AtPost], at: datetime) -> Attendance:
    """Who holds ``posts`` at ``at``, who is away, and who covers. One query."""
    wanted = {post.pk for post in posts}
    rows = asked(_holdings, tuple(sorted(wanted)), at)
    all_at_work(row.person for row in rows)
    called = {row.post_id: row.person.name for row in rows}
    present = {row.post_id: called[row.post_id] for row in rows if not row.is_away}
    held = [row for row in rows if row.post_id in wanted]
    return Attendance(
        {row.post_id: called[row.post_id] for row in held},
        {row.post_id: row.away_until for row in held if row.is_away},
        {row.post_id: present[row.cover] for row in held if row.is_away and row.cover in present},
    )


def _holdings(wanted: tuple[int, ...], at: datetime) -> QuerySet[Any]:
    """The holdings of the posts and of those that cover them."""
    day = at.astimezone(clock.STOCKHOLM).date()
    away = Absence.objects.filter(within(day), person=OuterRef("person")).order_by("-since")
    there = Holding.objects.filter(within(day), ~Exists(away))
    covers = Cover.objects.filter(within(day))
    attended = covers.filter(Exists(there.filter(post=OuterRef("covered_by"))), post=OuterRef("post"))
    return (
        Holding.objects.filter(within(day))
        .filter(Q(post__in=wanted) | Q(post__in=covers.filter(post__in=wanted).values("covered_by")))
        .annotate(
            is_away=Exists(away),
            away_until=Subquery(away.values("until")[:1]),
            cover=Subquery(attended.order_by("since", "pk").values("covered_by")[:1]),
        )
        .select_related("person__vault")
    )
