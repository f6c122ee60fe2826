"""A team is led, and offered to be led, from where it can be read: else the lead goes back to the team's authority."""

from __future__ import annotations

from django.db.models import F

from samsyn.circle.actions import current_named_person
from samsyn.circle.coming_back import keeper_of
from samsyn.circle.models import Handover, HandoverKind, HandoverState, Membership, Team, TeamState
from samsyn.circle.offers import drop_offers, family_is_met, take_back
from samsyn.circle.team_reasons import begin_reason, join
from samsyn.circle.teams import KIND, PLAN, leads_on, open_team
from samsyn.common import clock, ports
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import move_duties
from samsyn.duties.models import HangsOn
from samsyn.organisations.models import Post
from samsyn.people.models import Person
from samsyn.protection.insight_actions import let_work
from samsyn.sharing.models import Reason
from samsyn.sharing.predicate import items_open_to
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def may_be_led_from(team: Team, post: Post) -> bool:
    """May the team and its open plan be read from the post: they are its authority's, or open to its unit."""
    unit, now = post.unit, clock.now()
    if unit.authority_id == team.authority_id:
        return True
    held = ports.goes_with_the_child(team.child_id, team.authority_id, unit.pk)
    needed = [(KIND, team.ref), *(item for item in held if item[0] == PLAN)]
    return all(items_open_to(unit.pk, unit.authority_id, now, kind).filter(ref=ref).exists() for kind, ref in needed)


def take_back_unread(viewer: Viewer, child: Person) -> list[Handover]:
    """End the unanswered offers that whoever they were made to, in another authority, can read no longer: the offer, or
    for a lead the team. Gives them.

    They are held first: one that is accepted at this moment has moved before this, or finds itself taken back.
    """
    offers = Handover.objects.filter(child=child, state=HandoverState.PROPOSED).select_for_update(of=("self",))
    across = offers.exclude(to_post__unit__authority=F("authority")).select_related("child", "to_post__unit")
    unread = [handover for handover in across.order_by("pk") if not _is_read(handover)]
    for handover in unread:
        take_back(viewer, handover)
    return unread


def _is_read(handover: Handover) -> bool:
    post = handover.to_post
    opened = items_open_to(post.unit_id, post.unit.authority_id, clock.now(), KIND)
    if not opened.filter(ref=handover.ref).exists():
        return False
    team = open_team(handover.child, handover.authority_id) if handover.kind == HandoverKind.LEAD else None
    return team is None or may_be_led_from(team, post)


def leads_come_back(viewer: Viewer, child: Person) -> list[tuple[Team, Post]]:
    """Let the lead of each team around the child that may not be read where it is led go back to its authority.

    There it lies with the child's named person, or with whoever is left of the team (``keeper_of``), and all that the
    lead has to do follows. Gives each such team with the post that led it. Call it when something around the child has
    been closed, after ``take_back_unread``, which waits for whoever takes over a lead at this moment.
    """
    outside = Membership.objects.filter(child=child, is_lead=True, until=None, team__state=TeamState.ACTIVE)
    outside = outside.exclude(post__unit__authority=F("team__authority"))
    came_back = []
    for lead in outside.select_related("team__child", "team__consent", "team__proposed_by__unit", "post__unit"):
        if not may_be_led_from(lead.team, lead.post):
            gives_back(viewer, lead)
            came_back.append((lead.team, lead.post))
    return came_back


def named_there(team: Team) -> Post | None:
    """The post of the child's named person, where it is of the team's authority."""
    named = current_named_person(team.child)
    return named.post if named is not None and named.authority_id == team.authority_id else None


def gives_back(viewer: Viewer, lead: Membership, to: Post | None = None) -> None:
    """Let the lead, with all that hangs on it, go to a post: else to the named person of the team's authority, or to
    its keeper.
    """
    team = lead.team
    drop_offers(viewer, team)
    post = to or named_there(team) or keeper_of(team)
    team.memberships.filter(pk=lead.pk).update(is_lead=False)
    if not team.memberships.filter(post=post, until=None).update(is_lead=True):
        join(team, post, lead=True)
        begin_reason(team, post, team.consent)
    taken = Handover.objects.filter(child=team.child, authority=team.authority_id, kind=HandoverKind.LEAD)
    for handover in taken.filter(state=HandoverState.ACCEPTED, to_post=lead.post_id).select_related("child"):
        family_is_met(handover, dropped=True)
    move_duties(team.child, HangsOn.LEAD, post, leads_on(team))
    let_work(team.child, [post.pk], Reason.TEAM)  # who is in the team already may have lost a hidden child
    subjects = [Subject("team", team.ref, team.child.ref, team.state), Subject("post", post.ref)]
    act(viewer, "team.lead_came_back", subjects)
