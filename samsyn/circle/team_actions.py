"""The team around the child: proposed, begun on the family's yes, led by exactly one, closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from samsyn.circle import rules
from samsyn.circle.actions import current_named_person
from samsyn.circle.models import Handover, HandoverKind, HandoverState, Membership, Team, TeamState
from samsyn.circle.offers import drop_offers
from samsyn.circle.team_reasons import begin_reason, end_reason, join
from samsyn.circle.teams import KIND, is_of_team, knows_of_a_team, teams_to_join, unread_memberships
from samsyn.circle.two_teams import look_for_two
from samsyn.circle.words import AFTER_PLAN, BEGIN_PLAN
from samsyn.common import clock
from samsyn.common.decision import Decision, Refused, no, require
from samsyn.common.text import clean_text
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties, open_duty
from samsyn.duties.models import Duty, DutyState, HangsOn
from samsyn.notices.actions import tell
from samsyn.organisations.models import Authority, Post, Unit
from samsyn.people.models import Person
from samsyn.protection.insight_actions import hold_before_work
from samsyn.sharing.actions import (
    Sharing,
    consent_reaches,
    consent_stands,
    disclose,
    end_disclosure,
    end_involvement,
    less_is_open,
)
from samsyn.sharing.models import Consent, Disclosure, Involvement, Reason
from samsyn.sharing.predicate import units_reading
from samsyn.sharing.rules import View
from samsyn.sharing.words import LOOK_AT_YES
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject

LONGEST = 10_000
PLAN_ACTION = "plan_action"  # what a duty's ``room`` says when it is a promise in the plan


def holds_together(viewer: Viewer, team: Team) -> bool:
    """Does the viewer's post lead the team, or is it the child's named person."""
    return bool(_holds_together(viewer, team))


@transaction.atomic
def propose_team(
    viewer: Viewer, child: Person, *, purpose: str, members: Sequence[Post], consent: Consent | None
) -> Team:
    """Propose a team. The named person leads until somebody else has accepted to.

    Raises Refused when the viewer is not the named person, or there already is a team that it may know of.
    """
    hold_before_work(child.pk)  # who takes the child over at this moment is asked about the team, or comes into it
    named = current_named_person(child)
    others = list({post.pk: post for post in members if post.pk != viewer.post}.values())
    require(
        rules.may_propose_team(
            open_team=named is not None and knows_of_a_team(viewer, child, named.authority_id),
            members=len(others),
            is_named_person=named is not None and named.post_id == viewer.post,
        )
    )
    assert named is not None  # the rule has said so
    if consent is not None:
        require(rules.may_rest_on(state="", about_this=_is_about(consent, child, named.authority_id)))
    try:
        with transaction.atomic():
            team = Team.objects.create(
                child=child,
                authority_id=named.authority_id,
                purpose=clean_text(purpose, LONGEST, field="purpose"),
                consent=consent,
                proposed_by=named.post,
                proposed_at=clock.now(),
            )
    except IntegrityError:
        raise Refused(no("There is already a team around the child. Add people to it instead.")) from None
    join(team, named.post, lead=True)
    for post in others:
        join(team, post, lead=False)
    open_duty(
        named.post,
        "start_team",
        child=child,
        room="team",
        object_ref=team.ref,
        rule="first_team_meeting",
        start=clock.now(),
        hangs_on=HangsOn.NAMED_PERSON,
    )
    act(viewer, "team.proposed", [Subject("team", team.ref, child.ref, "proposed")], ground=purpose)
    return team


def into_open_teams(handover: Handover) -> list[Reason]:
    """Let a new named person be in the open teams of whoever hands over, from now on: its authority's, and those that
    its post is in and reads. Another team around the child is not theirs to let anybody into.

    Gives the reasons around the child that this makes and that rest on no yes: the caller begins them.
    """
    post, at_home = handover.to_post, False
    for team in teams_to_join(handover):
        if team.has_post:
            continue
        team.child = handover.child  # known already, and not worth a question
        join(team, post, lead=False)
        if team.state != TeamState.ACTIVE:
            continue
        if team.authority_id == post.unit.authority_id:
            at_home = True
            continue
        consent = handover.consent if team.authority_id == handover.authority_id else team.consent
        if consent is not None and consent_stands(consent):
            begin_reason(team, post, consent)
    return [Reason.TEAM] if at_home else []


def _locked(team: Team, *more: Consent) -> Team:
    """The team as it is now, held until the transaction ends, and the others that are open around the child with it.

    So two that begin at once know of each other. The yes that each rests on is held with them, and ``more``, before
    anything that rests on them is written: one that is taken back at the same moment comes before this or after it.
    The child is held first of all: who becomes its named person comes into the teams before this or after it.
    """
    hold_before_work(team.child_id)
    rows = (
        Team.objects.select_for_update(of=("self",))
        .select_related("child", "consent__child", "authority")
        .filter(Q(pk=team.pk) | ~Q(state=TeamState.CLOSED), child_id=team.child_id)
        .order_by("pk")
    )
    found = list(rows)
    resting = {row.consent_id for row in found if row.consent_id} | {one.pk for one in more}
    list(Consent.objects.select_for_update().filter(pk__in=resting).order_by("pk").values_list("pk"))
    return next(row for row in found if row.pk == team.pk)


def held_team(team: Team, *more: Consent) -> Team:
    """The team as it is now: nobody closes it, leaves it or takes its lead over before the transaction ends.

    For what is made for the team by a room above, with the questions (``more``) that it may rest on too. Call it before
    anything else is held.
    """
    found = _locked(team, *more)
    list(found.memberships.select_for_update().filter(until=None).order_by("pk").values_list("pk"))
    return found


def _holds_together(viewer: Viewer, team: Team) -> Decision:
    named = current_named_person(team.child)
    mine = {"post_id": viewer.post or 0}
    return rules.holds_together(
        is_lead=team.memberships.filter(**mine, is_lead=True, until=None).exists()
        or Involvement.objects.filter(**mine, until=None, reason=Reason.CAME_BACK, item_ref=team.ref).exists(),
        is_named_person=named is not None and named.post_id == viewer.post,
    )


def _is_about(consent: Consent, child: Person, authority_id: int) -> bool:
    return consent.child_id == child.pk and consent.authority_id == authority_id


@transaction.atomic
def rest_team_on(viewer: Viewer, team: Team, consent: Consent) -> Team:
    """Let the team rest on this yes from now on: the first one, or a new one when the old has run out.

    What a team at work has opened to its units closes, and who is in it is opened again on the new yes; the room above
    opens the plan again. Raises Refused when the yes is about something else, or does not hold for a team at work.
    """
    team = _locked(team, consent)
    require(_holds_together(viewer, team))
    require(rules.may_rest_on(state=team.state, about_this=_is_about(consent, team.child, team.authority_id)))
    team.consent = consent
    team.save(update_fields=["consent"])
    if team.state == TeamState.ACTIVE:
        require(consent_stands(consent))
        _not_named_leave(viewer, team, consent)
        for disclosure in _opened_for(team).select_related("child"):
            end_disclosure(viewer, disclosure, because="new_consent")
        _open_to_units(viewer, team, units_outside(team, team.authority))
        for row in team.memberships.filter(until=None).select_related("post__unit"):
            if row.post.unit.authority_id != team.authority_id:
                end_reason(team, row.post)
                begin_reason(team, row.post, consent)
        end_duties(team.ref, LOOK_AT_YES)
        look_for_two(team.child)
    act(viewer, "team.rests_on", [Subject("team", team.ref, team.child.ref, team.state)], ground="consent")
    return team


def _not_named_leave(viewer: Viewer, team: Team, consent: Consent) -> None:
    """Let those leave who read nothing of the team any longer, and whom the new yes of the family does not name.

    Who reads it today, leads it or has promised something in the plan is to be thought of first: then it is refused.
    """
    posts = team.memberships.filter(until=None).values("post")
    for row in unread_memberships(posts).filter(team=team).select_related("unit", "post__unit"):
        named = consent_reaches(consent, team.child, team.authority, row.unit, [(KIND, team.ref)])
        if not named and not _promised(team, row.post).exists():
            _leaves(viewer, team, row)


def leave_unread_teams(viewer: Viewer, unit: Unit) -> None:
    """Let the posts of a unit that ends leave the teams of other authorities that they read nothing of any longer."""
    posts = Post.objects.filter(unit=unit).values("pk")
    for row in unread_memberships(posts).select_related("team__child", "unit", "post__unit"):
        _leaves(viewer, row.team, row)


@transaction.atomic
def start_team(viewer: Viewer, team: Team, *, child_view: str, lead_wish: str) -> Team:
    """Begin the team's work on the family's yes; what the team needs is opened to the members' units.

    Raises Refused while an answer is missing or somebody has said no.
    """
    team = _locked(team)
    child_view = clean_text(child_view, LONGEST, field="child_view")
    members = list(team.memberships.filter(until=None).select_related("post__unit__authority"))
    others = units_outside(team, team.authority)
    require(_holds_together(viewer, team))
    require(
        rules.may_start_team(
            state=team.state,
            consent=consent_stands(team.consent) if team.consent else None,
            reaches_outside=bool(others),
            child_view=child_view,
        )
    )
    team.state = TeamState.ACTIVE
    team.child_view = child_view
    team.lead_wish = clean_text(lead_wish, LONGEST, field="lead_wish")
    team.save(update_fields=["state", "child_view", "lead_wish"])
    for row in members:
        begin_reason(team, row.post, team.consent)
        if row.post_id != viewer.post:
            tell(row.post, "team_started", room="team", object_ref=team.ref, child=team.child)
    _open_to_units(viewer, team, others)
    look_for_two(team.child)
    end_duties(team.ref, "start_team")
    _is_to_do(team, BEGIN_PLAN, "plan_after_team_meeting")
    ground = "consent" if others else "own_authority"
    act(viewer, "team.started", [Subject("team", team.ref, team.child.ref, "active")], ground=ground)
    return team


def plan_ended(team: Team) -> None:
    """Let whoever leads the team see that it ends as well, or makes a new plan. The caller holds the team."""
    if team.state == TeamState.ACTIVE:
        _is_to_do(team, AFTER_PLAN, AFTER_PLAN)


def _is_to_do(team: Team, what: str, rule: str) -> None:
    lead = team.memberships.filter(is_lead=True, until=None).select_related("post__unit").first()
    if lead is not None:
        open_duty(
            lead.post,
            what,
            child=team.child,
            room="team",
            object_ref=team.ref,
            rule=rule,
            start=clock.now(),
            hangs_on=HangsOn.LEAD,
        )


def _open_to_units(viewer: Viewer, team: Team, rows: Iterable[Membership]) -> None:
    """Open who is in the team to units of it outside the authority, once a unit."""
    reading = units_reading(KIND, team.ref)
    for row in rows:
        if row.unit_id not in reading:
            disclose(viewer, team.child, team.authority, row.unit, [(KIND, team.ref)], team_ground(team))


def _opened_for(team: Team) -> QuerySet[Disclosure]:
    """What is open for the sake of the team: who is in it, and its plan. Not the plan of another team."""
    of_team = is_of_team(team.pk, team.ref, "items__ref")
    return Disclosure.objects.filter(of_team, child=team.child, ended_at=None).order_by("pk").distinct()


def team_ground(team: Team) -> Sharing:
    """What a disclosure to the team's units rests on: its consent and purpose, and what the child thinks of it."""
    views = (View("child", said=team.child_view),) if team.child_view else ()
    return Sharing(gate="consent", purpose=team.purpose, told=team.purpose, consent=team.consent, views=views)


def units_outside(team: Team, authority: Authority) -> list[Membership]:
    """One membership per unit of the team that is outside ``authority``."""
    rows = team.memberships.filter(until=None).select_related("unit__authority", "post")
    return list({row.unit_id: row for row in rows if row.unit.authority_id != authority.pk}.values())


@transaction.atomic
def add_member(viewer: Viewer, team: Team, post: Post) -> Team:
    """Take a post into the team. A unit that is new to a team at work may read only what the family said yes to.

    Raises Refused when the post is there already, or the yes does not name its unit.
    """
    team = _locked(team)
    require(_holds_together(viewer, team))
    require(
        rules.may_join(
            state=team.state,
            is_member=team.memberships.filter(post=post, until=None).exists(),
            ended=post.ended_on is not None and post.ended_on < clock.today(),
        )
    )
    join(team, post, lead=False)
    if team.state == TeamState.ACTIVE:
        begin_reason(team, post, team.consent)
        units = units_outside(team, team.authority)
        _open_to_units(viewer, team, [row for row in units if row.unit_id == post.unit_id])
        look_for_two(team.child)
        tell(post, "team_started", room="team", object_ref=team.ref, child=team.child, occasion=clock.now().isoformat())
    act(viewer, "team.joined", [Subject("team", team.ref, team.child.ref, team.state), Subject("post", post.ref)])
    return team


@transaction.atomic
def remove_member(viewer: Viewer, team: Team, post: Post) -> Team:
    """Let a post leave the team: what it could read for the team's sake closes now.

    Raises Refused for the lead, for the named person, and while promises in the plan are left to the post.
    """
    team = held_team(team)
    member = team.memberships.filter(post=post, until=None).select_related("unit", "post__unit").first()
    named = current_named_person(team.child)
    require(_holds_together(viewer, team))
    require(
        rules.may_leave(
            state=team.state,
            is_member=member is not None,
            is_lead=member is not None and member.is_lead,
            is_named_person=named is not None and named.post_id == post.pk and named.authority_id == team.authority_id,
            still_to_do=_promised(team, post).count(),
        )
    )
    assert member is not None  # the rule has said so
    _leaves(viewer, team, member)
    less_is_open(viewer, team.child)
    return team


def _promised(team: Team, post: Post) -> QuerySet[Duty]:
    """What the post has still to do in the team's plan."""
    of_team = is_of_team(team.pk, team.ref, "object_ref")
    return Duty.objects.filter(of_team, post=post, room=PLAN_ACTION, state=DutyState.OPEN)


def _leaves(viewer: Viewer, team: Team, member: Membership) -> None:
    team.memberships.filter(pk=member.pk).update(until=clock.now())
    if not team.memberships.filter(unit=member.unit, until=None).exists():
        for disclosure in _opened_for(team).filter(receiver=member.unit).select_related("child"):
            end_disclosure(viewer, disclosure, because="left_team")
    end_reason(team, member.post)
    subjects = [Subject("team", team.ref, team.child.ref, team.state), Subject("post", member.post.ref)]
    act(viewer, "team.left", subjects)


@transaction.atomic
def close_team(viewer: Viewer, team: Team, *, open_plan: bool) -> None:
    """End the team; what was opened for its sake closes now. The named person stays, and so does another team.

    ``open_plan`` is told by the room above, which holds the team (``held_team``) before it looks. Raises Refused while
    a plan is open, or when others lead the team.
    """
    team = _locked(team)
    require(_holds_together(viewer, team))
    require(rules.may_close_team(state=team.state, open_plan=open_plan))
    now = clock.now()
    for disclosure in _opened_for(team).select_related("child"):
        end_disclosure(viewer, disclosure, because="team_closed")
    for row in team.memberships.filter(until=None).select_related("post__unit"):
        end_reason(team, row.post)
    team.memberships.filter(until=None).update(until=now)
    end_involvement(team.child, Reason.CAME_BACK, item_ref=team.ref)
    team.state = TeamState.CLOSED
    team.closed_at = now
    team.save(update_fields=["state", "closed_at"])
    drop_offers(viewer, team)
    taken = Handover.objects.filter(
        child=team.child, authority=team.authority, kind=HandoverKind.LEAD, state=HandoverState.ACCEPTED
    )
    look_for_two(team.child)
    for ref in taken.values_list("ref", flat=True):
        end_duties(ref, dropped=True)
    end_duties(team.ref, dropped=True)
    act(viewer, "team.closed", [Subject("team", team.ref, team.child.ref, "closed")])
