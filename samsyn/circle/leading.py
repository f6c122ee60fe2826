"""A team is led from where it can be read: a lead that may not read it any longer goes back to the team's authority."""

from __future__ import annotations

from django.db.models import F

from samsyn.circle.actions import current_named_person
from samsyn.circle.coming_back import keeper_of
from samsyn.circle.models import Handover, HandoverKind, HandoverState, Membership, Team, TeamState
from samsyn.circle.offers import drop_offers, family_is_met, take_back
from samsyn.circle.team_reasons import begin_reason, join
from samsyn.circle.teams import KIND, PLAN, leads_on, open_teams
from samsyn.common import clock, ports
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import move_duties
from samsyn.duties.models import HangsOn
from samsyn.organisations.models import Post
from samsyn.people.models import Person
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


def leads_come_back(viewer: Viewer, child: Person) -> list[tuple[Team, Post]]:
    """Let the lead of each team around the child that may not be read where it is led go back to its authority.

    There it lies with the child's named person, or with whoever is left of the team (``keeper_of``), and all that the
    lead has to do follows. Unanswered offers of it to whoever may not read the team are taken back. Gives each such
    team with the post that led it. Call it when something around the child has been closed.
    """
    # Held before it is asked who leads: an offer that is accepted at this moment has moved the lead before this, or
    # finds itself taken back.
    offers = Handover.objects.filter(child=child, kind=HandoverKind.LEAD, state=HandoverState.PROPOSED)
    offered = list(offers.select_for_update(of=("self",)).select_related("child", "to_post__unit").order_by("pk"))
    outside = Membership.objects.filter(child=child, is_lead=True, until=None, team__state=TeamState.ACTIVE)
    outside = outside.exclude(post__unit__authority=F("team__authority"))
    came_back = []
    for lead in outside.select_related("team__child", "team__consent", "team__proposed_by__unit", "post__unit"):
        if not may_be_led_from(lead.team, lead.post):
            gives_back(viewer, lead)
            came_back.append((lead.team, lead.post))
    for offer in offered:
        offer.refresh_from_db(fields=["state"])  # one of a lead that came back is taken back with it
        if offer.state == HandoverState.PROPOSED and offer.to_post.unit.authority_id != offer.authority_id:
            team = open_teams(child.pk).filter(authority=offer.authority_id).first()
            if team is not None and not may_be_led_from(team, offer.to_post):
                take_back(viewer, offer)
    return came_back


def gives_back(viewer: Viewer, lead: Membership) -> None:
    """Let the lead, with all that hangs on it, go to the named person of the team's authority, else to its keeper."""
    team = lead.team
    drop_offers(viewer, team)
    named = current_named_person(team.child)
    post = named.post if named is not None and named.authority_id == team.authority_id else keeper_of(team)
    team.memberships.filter(pk=lead.pk).update(is_lead=False)
    if not team.memberships.filter(post=post, until=None).update(is_lead=True):
        join(team, post, lead=True)
        begin_reason(team, post, team.consent)
    taken = Handover.objects.filter(child=team.child, authority=team.authority_id, kind=HandoverKind.LEAD)
    for handover in taken.filter(state=HandoverState.ACCEPTED, to_post=lead.post_id).select_related("child"):
        family_is_met(handover, dropped=True)
    move_duties(team.child, HangsOn.LEAD, post, leads_on(team))
    subjects = [Subject("team", team.ref, team.child.ref, team.state), Subject("post", post.ref)]
    act(viewer, "team.lead_came_back", subjects)
