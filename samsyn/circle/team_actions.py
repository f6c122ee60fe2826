"""The team around the child: proposed, begun on the family's yes, led by exactly one, closed."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from samsyn.circle import rules
from samsyn.circle.actions import current_named_person
from samsyn.circle.models import Membership, Team, TeamState
from samsyn.common import clock
from samsyn.common.decision import Refused, no, require
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties, open_duty
from samsyn.duties.models import HangsOn
from samsyn.notices.actions import tell
from samsyn.organisations.models import Authority, Post
from samsyn.people.models import Person
from samsyn.sharing.actions import Sharing, consent_stands, disclose, end_disclosure, end_involvement, involve
from samsyn.sharing.models import Consent, Disclosure, Reason, Scope
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def open_team(child: Person) -> Team | None:
    """The child's team that is proposed or at work."""
    return Team.objects.filter(child=child).exclude(state=TeamState.CLOSED).first()


def lead_of(team: Team) -> Membership:
    """The one member who leads."""
    return team.memberships.select_related("post__unit").get(is_lead=True, until=None)


@transaction.atomic
def propose_team(
    viewer: Viewer, child: Person, *, purpose: str, members: Sequence[Post], consent: Consent | None
) -> Team:
    """Propose a team. The named person leads until somebody else has accepted to.

    Raises Refused when the viewer is not the named person or there already is a team.
    """
    named = current_named_person(child)
    others = [post for post in members if post.pk != viewer.post]
    require(
        rules.may_propose_team(
            open_team=open_team(child) is not None,
            members=len(others),
            is_named_person=named is not None and named.post_id == viewer.post,
        )
    )
    assert named is not None  # the rule has said so
    try:
        with transaction.atomic():
            team = Team.objects.create(
                child=child,
                authority_id=named.authority_id,
                purpose=purpose,
                consent=consent,
                proposed_by=named.post,
                proposed_at=clock.now(),
            )
    except IntegrityError:
        raise Refused(no("There is already a team around the child. Add people to it instead.")) from None
    _join(team, named.post, lead=True)
    for post in others:
        _join(team, post, lead=False)
    open_duty(
        named.post,
        "start_team",
        child=child,
        room="circle",
        object_ref=team.ref,
        rule="first_team_meeting",
        start=clock.now(),
        hangs_on=HangsOn.NAMED_PERSON,
    )
    act(viewer, "team.proposed", [Subject("team", team.ref, child.ref, "proposed")], ground=purpose)
    return team


def _join(team: Team, post: Post, *, lead: bool) -> None:
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


@transaction.atomic
def start_team(viewer: Viewer, team: Team, *, child_view: str, lead_wish: str) -> Team:
    """Begin the team's work on the family's yes; what the team needs is opened to the members' units.

    Raises Refused while an answer is missing or somebody has said no.
    """
    team = Team.objects.select_for_update().select_related("child", "consent", "authority").get(pk=team.pk)
    members = list(team.memberships.filter(until=None).select_related("post__unit__authority"))
    others = [row for row in members if row.unit.authority_id != team.authority_id]
    decision = consent_stands(team.consent) if team.consent else None
    if decision is None and others:
        decision = no("Ask the family for a yes first: the team reaches outside your authority.", rule="consent")
    require(rules.may_start_team(state=team.state, consent=decision, child_view=child_view))
    team.state = TeamState.ACTIVE
    team.child_view = child_view
    team.lead_wish = lead_wish
    team.save(update_fields=["state", "child_view", "lead_wish"])
    for row in members:
        involve(team.child, row.unit, Reason.TEAM, Scope.WHOLE, post_id=row.post_id, source="circle")
        if row.post_id != viewer.post:
            tell(row.post, "team_started", room="circle", object_ref=team.ref, child=team.child)
    for unit in {row.unit_id: row.unit for row in others}.values():
        disclose(viewer, team.child, team.authority, unit, [("circle", team.ref)], team_ground(team))
    end_duties(team.ref, "start_team")
    act(viewer, "team.started", [Subject("team", team.ref, team.child.ref, "active")], ground="consent")
    return team


def team_ground(team: Team) -> Sharing:
    """What a disclosure to the team's units rests on: the team's consent and purpose."""
    return Sharing(gate="consent", purpose=team.purpose, told=team.purpose, consent=team.consent)


def units_outside(team: Team, authority: Authority) -> list[Membership]:
    """One membership per unit of the team that is outside ``authority``."""
    rows = team.memberships.filter(until=None).select_related("unit__authority", "post")
    return list({row.unit_id: row for row in rows if row.unit.authority_id != authority.pk}.values())


@transaction.atomic
def close_team(viewer: Viewer, team: Team, *, open_plan: bool) -> None:
    """End the team; what was opened for its sake closes now. The named person stays.

    ``open_plan`` is told by the room above. Raises Refused while a plan is open.
    """
    team = Team.objects.select_for_update().select_related("child").get(pk=team.pk)
    require(rules.may_close_team(state=team.state, open_plan=open_plan))
    now = clock.now()
    for row in team.memberships.filter(until=None):
        end_involvement(team.child, Reason.TEAM, post_id=row.post_id)
    team.memberships.filter(until=None).update(until=now)
    team.state = TeamState.CLOSED
    team.closed_at = now
    team.save(update_fields=["state", "closed_at"])
    if team.consent is not None:
        for disclosure in Disclosure.objects.filter(consent=team.consent, ended_at=None).select_related("child"):
            end_disclosure(viewer, disclosure, because="team_closed")
    end_duties(team.ref, dropped=True)
    act(viewer, "team.closed", [Subject("team", team.ref, team.child.ref, "closed")])
