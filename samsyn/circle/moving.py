"""A post that is brought into another unit of its authority: what was open to the unit before stays there."""

from __future__ import annotations

from django.db.models import OuterRef, Q, Subquery

from samsyn.circle.models import Membership
from samsyn.common import clock, ports
from samsyn.common.viewer import Viewer
from samsyn.duties.models import Duty, DutyState
from samsyn.organisations.models import Post
from samsyn.people.models import Person
from samsyn.sharing.actions import less_is_open
from samsyn.sharing.models import Involvement


def posts_moved(viewer: Viewer, posts: list[int]) -> None:
    """Let what the posts can no longer read go back to where it can be read, child by child.

    Their teams know them by the new unit, so that a new yes of the family to it lets them read again. Where they read
    again at once, as when a file had moved them by mistake, what they had to do is theirs to do again.
    """
    unit = Post.objects.filter(pk=OuterRef("post")).values("unit")
    Membership.objects.filter(post__in=posts, until=None).update(unit=Subquery(unit))
    holds = Q(until=None) | Q(until__gt=clock.now())
    around = Involvement.objects.filter(holds, post__in=posts).values("child")
    asked = Duty.objects.filter(post__in=posts, state=DutyState.OPEN, child__isnull=False).values("child")
    for child in Person.objects.filter(Q(pk__in=around) | Q(pk__in=asked)).order_by("pk"):
        less_is_open(viewer, child)
    ports.read_again(posts)
