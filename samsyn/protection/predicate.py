"""For whom a protected person exists: a condition that every list, page, search and count takes with it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from samsyn.common import clock
from samsyn.common.models import SeenAsPerson, SeenByChild, SeenByPost
from samsyn.common.viewer import Viewer
from samsyn.organisations.intervals import within
from samsyn.people.models import HIDDEN, Guardianship, Person
from samsyn.protection.models import Insight


def exists_for(seen: object, viewer: Viewer, at: datetime) -> Q:
    """The condition that a row is not about somebody who is hidden from the viewer.

    Asked of the row's own child, row by row: how many are protected in the whole place must cost nobody anything.
    """
    if isinstance(seen, SeenAsPerson):
        return ~Q(protection__in=HIDDEN) | _known_to(viewer, at)
    if isinstance(seen, SeenByChild | SeenByPost) and seen.child:
        return Q(~Exists(hidden_from(viewer, at).filter(pk=OuterRef(seen.child))))
    return Q()


def hidden_from(viewer: Viewer, at: datetime) -> QuerySet[Person]:
    """Everybody who does not exist for the viewer now.

    Whoever may know of a child may know of those who have custody of it. In the own family somebody is not hidden from
    themselves; what is shown to them there is the family's own rule.
    """
    return Person.objects.filter(~_known_to(viewer, at), protection__in=HIDDEN)


def _known_to(viewer: Viewer, at: datetime) -> Q:
    known = Q(pk=viewer.person) if viewer.post is None else Q(pk__in=())
    if viewer.knows_nobody_hidden and not viewer.acts:
        return known
    day = at.astimezone(clock.STOCKHOLM).date()
    told = insights(viewer, at).values("person_id")
    custody = Guardianship.objects.filter(within(day), child_id__in=told)
    return known | Q(pk__in=told) | Q(pk__in=custody.values("guardian_id"))


def knows_of_hidden(post: OuterRef, at: datetime) -> Exists:
    """The condition that a post has a reason now to know of somebody protected. Most have none: short questions do."""
    return Exists(standing(at).filter(post=post))


def insights(viewer: Viewer, at: datetime) -> QuerySet[Insight]:
    """The reasons that hold for the viewer now: of the post it acts as, or of the account in its own family."""
    mine = Q(post_id=viewer.post) if viewer.post is not None else Q(account_id=viewer.account)
    return standing(at).filter(mine)


def standing(at: datetime) -> QuerySet[Insight]:
    """The reasons that hold now: begun, not past their day, not taken back."""
    taken_back = Insight.objects.filter(ends=OuterRef("pk"), since__lte=at)
    return Insight.objects.filter(~Exists(taken_back), since__lte=at, until__gt=at, ends=None)
