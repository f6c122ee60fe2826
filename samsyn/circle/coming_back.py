"""What the child's named person has to do with a team that it may not read is with the team's own authority instead."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from samsyn.circle.models import Handover, Team
from samsyn.circle.offers import family_is_met
from samsyn.circle.teams import KIND, open_teams
from samsyn.common import clock, ports
from samsyn.common.viewer import Viewer
from samsyn.duties.models import Duty, DutyState, HangsOn
from samsyn.organisations.intervals import standing
from samsyn.organisations.models import Post
from samsyn.organisations.presence import duty_desk_for, goes_on_at
from samsyn.people.models import Person
from samsyn.sharing.actions import involve
from samsyn.sharing.models import Reason, Scope
from samsyn.sharing.predicate import items_open_to


def leave_what_is_not_read(viewer: Viewer, child: Person, named: Post) -> None:
    """Let what the new named person may not read stay with the authority that has it, though it follows that one.

    Call it when the responsibility has moved, and what goes along has been opened.
    """
    ports.named_person_changed(viewer, child.pk)
    for team in out_of_sight(child, named):
        comes_back(team)
    # Whom the family was to meet after an earlier hand-over is not its named person any longer.
    taken = Handover.objects.filter(_not_read_by(named), ref__in=_left_with(child, "handover")).exclude(to_post=named)
    for handover in taken.select_related("child"):
        family_is_met(handover, dropped=True)


def out_of_sight(child: Person, named: Post) -> QuerySet[Team]:
    """The open teams that a named person has something to do with and may not read."""
    teams = open_teams(child.pk).filter(_not_read_by(named), ref__in=_left_with(child, "team"))
    return teams.select_related("child", "proposed_by__unit")


def _left_with(child: Person, room: str) -> QuerySet[Duty, object]:
    duties = Duty.objects.filter(child=child, hangs_on=HangsOn.NAMED_PERSON, state=DutyState.OPEN, room=room)
    return duties.values("object_ref")


def _not_read_by(post: Post) -> Q:
    unit = post.unit
    opened = items_open_to(unit.pk, unit.authority_id, clock.now(), KIND)
    return ~Q(authority=unit.authority_id) & ~Q(ref__in=opened)


def comes_back(team: Team) -> Post:
    """Give what the named person had to do with a team to a post that may read it, and say which."""
    post = keeper_of(team)
    left = Duty.objects.filter(object_ref=team.ref, hangs_on=HangsOn.NAMED_PERSON, state=DutyState.OPEN)
    left.update(post=post, hangs_on=HangsOn.POST)
    involve(
        team.child,
        post.unit,
        Reason.CAME_BACK,
        Scope.ITEM,
        post_id=post.pk,
        item_ref=team.ref,
        source="circle",
    )
    return post


def keeper_of(team: Team) -> Post:
    """Who is left to answer for a team: of those in it and of its authority whoever leads, who proposed it, or who has
    been there longest. Else the post above the one that proposed it, or the duty desk there.
    """
    rows = team.memberships.filter(
        standing(clock.today(), "post__"), until=None, post__unit__authority=team.authority_id
    )
    here = list(rows.select_related("post__unit").order_by("since", "pk"))
    here.sort(key=lambda row: (not row.is_lead, row.post_id != team.proposed_by_id))
    if here:
        return here[0].post
    above = team.proposed_by.parent
    return goes_on_at(above) if above is not None else duty_desk_for(team.proposed_by)
