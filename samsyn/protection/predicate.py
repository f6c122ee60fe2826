"""For whom a protected person exists: a condition that every list, page, search and count takes with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from samsyn.common import clock
from samsyn.common.models import SeenAsPerson, SeenByChild, SeenByPost
from samsyn.common.prepared import prepared
from samsyn.common.viewer import Viewer
from samsyn.organisations.intervals import within
from samsyn.people.models import HIDDEN, Guardianship, Person
from samsyn.protection.models import Insight


def exists_for(seen: object, viewer: Viewer, at: datetime) -> Q:
    """The condition that a row is not about somebody who is hidden from the viewer."""
    if isinstance(seen, SeenAsPerson):
        return ~Q(pk__in=prepared(_hidden, viewer, at))
    if isinstance(seen, SeenByChild | SeenByPost) and seen.child:
        return ~Q(**{f"{seen.child}__in": prepared(_hidden, viewer, at)})
    return Q()


def _hidden(viewer: Viewer, at: datetime) -> QuerySet[Any, Any]:
    return hidden_from(viewer, at).values("pk")


def hidden_from(viewer: Viewer, at: datetime) -> QuerySet[Person]:
    """Everybody who does not exist for the viewer now.

    Whoever may know of a child may know of those who have custody of it. In the own family somebody is not hidden from
    themselves; what is shown to them there is the family's own rule.
    """
    known = insights(viewer, at).values("person_id")
    day = at.astimezone(clock.STOCKHOLM).date()
    custody = Guardianship.objects.filter(within(day), child_id__in=known)
    hidden: QuerySet[Any] = Person.objects.filter(protection__in=HIDDEN)
    if viewer.post is None:
        hidden = hidden.exclude(pk=viewer.person)
    return hidden.exclude(pk__in=known).exclude(pk__in=custody.values("guardian_id"))


def insights(viewer: Viewer, at: datetime) -> QuerySet[Insight]:
    """The reasons that hold for the viewer now: of the post it acts as, or of the account in its own family."""
    mine = Q(post_id=viewer.post) if viewer.post is not None else Q(account_id=viewer.account)
    return standing(at).filter(mine)


def standing(at: datetime) -> QuerySet[Insight]:
    """The reasons that hold now: begun, not past their day, not taken back."""
    taken_back = Insight.objects.filter(ends=OuterRef("pk"), since__lte=at)
    return Insight.objects.filter(~Exists(taken_back), since__lte=at, until__gt=at, ends=None)
