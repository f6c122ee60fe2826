"""A post comes into a team; the reason that it has around the child for the team's sake, and the yes it rests on."""

from __future__ import annotations

from django.db.models import Q

from samsyn.circle.models import Membership, Team, TeamState
from samsyn.common import clock
from samsyn.organisations.models import Post
from samsyn.sharing.actions import end_involvement, holds_through, involve
from samsyn.sharing.models import Consent, Reason, Scope


def join(team: Team, post: Post, *, lead: bool) -> None:
    """Let a post be in the team from now on."""
    Membership.objects.create(
        team=team,
        child=team.child,
        authority_id=team.authority_id,
        post=post,
        unit=post.unit,
        ground="own_authority" if post.unit.authority_id == team.authority_id else "consent",
        is_lead=lead,
        since=clock.now(),
    )


def begin_reason(team: Team, post: Post, consent: Consent | None) -> None:
    """Give a post in the team its reason around the child: in another authority it ends with the yes."""
    rests_on = consent if post.unit.authority_id != team.authority_id else None
    involve(
        team.child,
        post.unit,
        Reason.TEAM,
        Scope.WHOLE,
        post_id=post.pk,
        until=clock.end_of(holds_through(rests_on)) if rests_on is not None else None,
        consent=rests_on,
        source="circle",
    )


def end_reason(team: Team, post: Post) -> None:
    """End the reason that a post has around the child for the team's sake, and touch none that it has for another's.

    A team's reasons outside its authority rest on what that authority asked the family. Whoever takes back another
    yes at this moment writes in the rows that rest on that one, and must not wait for this.
    """
    of_team = Q(consent__authority=team.authority_id)
    if not _is_in_a_team_at_home(team, post):
        of_team |= Q(consent=None)
    end_involvement(team.child, Reason.TEAM, post_id=post.pk, about=of_team)


def _is_in_a_team_at_home(team: Team, post: Post) -> bool:
    """Is the post in another team at work, of its own authority: that one needs the reason that rests on no yes."""
    at_work = Membership.objects.filter(post=post, until=None, child=team.child_id, team__state=TeamState.ACTIVE)
    return at_work.filter(team__authority=post.unit.authority_id).exclude(team=team.pk).exists()
