"""What a team can be put together of and rest on: the posts that can be asked, and the family's answers."""

from __future__ import annotations

from django.db.models import QuerySet

from samsyn.common import clock
from samsyn.desk.doors import StaffRequest
from samsyn.organisations.intervals import standing
from samsyn.organisations.models import Post, Unit
from samsyn.people.models import Person
from samsyn.sharing.models import Consent

KIND = "circle"


def consents_about(request: StaffRequest, child: Person, authority_id: int) -> list[Consent]:
    """What the authority has asked about the child's circle, and that has not run out; the newest first."""
    rows = Consent.objects.visible_to(request.viewer).filter(
        child=child, authority_id=authority_id, until__gte=clock.today()
    )
    return [one for one in rows.select_related("child").order_by("-asked_at", "-pk") if KIND in one.kinds]


def posts_of(request: StaffRequest, units: list[Unit]) -> list[Post]:
    """The posts of the units that have not ended, by unit and title."""
    return in_order(Post.objects.visible_to(request.viewer).filter(standing(clock.today()), unit__in=units))


def in_order(posts: QuerySet[Post]) -> list[Post]:
    """By authority, unit and title."""
    return list(posts.select_related("unit__authority").order_by("unit__authority__name", "unit__name", "title", "pk"))
