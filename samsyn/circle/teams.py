"""Which teams are open around a child, and what belongs to which of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from samsyn.circle.models import Handover, HandoverKind, Membership, Team, TeamState
from samsyn.common import clock, ports
from samsyn.common.prepared import asked
from samsyn.common.viewer import Viewer
from samsyn.people.models import Person
from samsyn.sharing.predicate import items_open_to

KIND, PLAN = "circle", "plan"


def open_team(child: Person, authority_id: int) -> Team | None:
    """The authority's team around the child that is proposed or at work. There is at most one."""
    return open_teams(child.pk).filter(authority_id=authority_id).first()


def open_teams(child_id: int) -> QuerySet[Team]:
    """The teams that are proposed or at work around a child (row id), of each authority one."""
    return Team.objects.filter(child_id=child_id).exclude(state=TeamState.CLOSED).order_by("pk")


def knows_of_a_team(viewer: Viewer, child: Person, authority_id: int) -> bool:
    """Is there an open team of the authority's own, or one that the viewer sees.

    Another authority's that the viewer does not see plays no part: what is done must not tell of it.
    """
    seen = Team.objects.visible_to(viewer).filter(child=child).exclude(state=TeamState.CLOSED)
    return open_team(child, authority_id) is not None or seen.exists()


def lead_of(team: Team) -> Membership:
    """The one member who leads."""
    return team.memberships.select_related("post__unit").get(is_lead=True, until=None)


def is_of_team(team_id: int, ref: UUID, column: str) -> Q:
    """That what a column refers to is the team, or something that the team has made."""
    found = Q(**{column: ref})
    for made in ports.work_of_team(team_id):
        found |= Q(**{f"{column}__in": made})
    return found


def leads_on(team: Team) -> Q:
    """The duties that whoever leads the team has as its lead: about it, what it makes, and having taken it over."""
    taken = Handover.objects.filter(child=team.child_id, authority=team.authority_id, kind=HandoverKind.LEAD)
    return is_of_team(team.pk, team.ref, "object_ref") | Q(object_ref__in=taken.values("ref"))


def unread_memberships(posts: QuerySet[Any, Any] | list[int]) -> QuerySet[Membership]:
    """The memberships of posts in open teams of another authority that is not open to their unit any longer.

    They are there so that a new yes opens the team again, and give nothing until then. Whoever leads is not meant.
    """
    found: list[int] = []
    rows = Membership.objects.filter(post__in=posts, is_lead=False, until=None).exclude(team__state=TeamState.CLOSED)
    outside = rows.exclude(team__authority=F("post__unit__authority"))
    for unit, authority in set(outside.values_list("post__unit", "post__unit__authority")):  # a question a unit
        read = items_open_to(unit, authority, clock.now(), KIND)
        found += outside.filter(post__unit=unit).exclude(team__ref__in=read).values_list("pk", flat=True)
    return rows.filter(pk__in=found)


def teams_to_join(handover: Handover) -> list[Any]:
    """The open teams that a new named person comes into, each with whether the post is in it already (``has_post``).

    They are the one of the authority that hands over, and those that the one who hands over is in and reads.
    """
    given = (handover.child_id, handover.to_post_id, handover.from_post_id, handover.from_post.unit_id)
    return asked(_to_join, *given, handover.authority_id)


def _to_join(child_id: int, post_id: int, from_post_id: int, from_unit_id: int, authority_id: int) -> QuerySet[Any]:
    def has(post: int) -> Exists:
        return Exists(Membership.objects.filter(team=OuterRef("pk"), post_id=post, until=None))

    read = Q(ref__in=items_open_to(from_unit_id, authority_id, clock.now(), KIND))
    teams = open_teams(child_id).filter(Q(authority_id=authority_id) | (read & has(from_post_id)))
    return teams.annotate(has_post=has(post_id)).select_related("consent__child")
