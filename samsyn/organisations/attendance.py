"""Who holds some posts today, who of them is away and until when, and who stands in: for showing, in two questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Subquery

from samsyn.common import clock
from samsyn.organisations.intervals import within
from samsyn.organisations.models import Absence, Cover, Holding, Post


@dataclass(frozen=True)
class Attendance:
    """Names by post. Everything is empty for a post that nobody holds."""

    holders: dict[int, str] = field(default_factory=dict)
    away: dict[int, date | None] = field(default_factory=dict)
    covers: dict[int, str] = field(default_factory=dict)

    def holder_name(self, post: Post) -> str:
        """The holder's name, whether present or not."""
        return self.holders.get(post.pk, "")

    def is_away(self, post: Post) -> bool:
        """Is the holder away today."""
        return post.pk in self.away

    def away_until(self, post: Post) -> date | None:
        """The last day of the absence, when it is known."""
        return self.away.get(post.pk)

    def cover_name(self, post: Post) -> str:
        """Who stands in, while the holder is away."""
        return self.covers.get(post.pk, "") if self.is_away(post) else ""

    def present_name(self, post: Post) -> str:
        """Who is there for the post today: the holder, else who covers, else nobody ("")."""
        return self.cover_name(post) if self.is_away(post) else self.holder_name(post)


def attendance(posts: Sequence[Post], at: datetime) -> Attendance:
    """Who holds ``posts`` at ``at``, who is away, and who covers. One query; two when somebody is away."""
    day = at.astimezone(clock.STOCKHOLM).date()
    away = Absence.objects.filter(within(day), person=OuterRef("person")).order_by("-since")
    rows = list(
        Holding.objects.filter(within(day), post__in=[post.pk for post in posts])
        .annotate(is_away=Exists(away), away_until=Subquery(away.values("until")[:1]))
        .select_related("person")
    )
    absent = {row.post_id: row.away_until for row in rows if row.is_away}
    covers: dict[int, str] = {}
    if absent:
        standing_in = Holding.objects.filter(
            within(day), ~Exists(away), post__in=Cover.objects.filter(within(day), post__in=absent).values("covered_by")
        ).select_related("person")
        by_post = {row.post_id: row.person.name for row in standing_in}
        for cover in Cover.objects.filter(within(day), post__in=absent):
            if cover.covered_by_id in by_post:
                covers.setdefault(cover.post_id, by_post[cover.covered_by_id])
    return Attendance({row.post_id: row.person.name for row in rows}, absent, covers)
