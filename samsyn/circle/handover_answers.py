"""The answer to an offered baton: at a yes everything moves at once, and the family meets the new one."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from samsyn.circle import rules
from samsyn.circle.actions import named_person_row, stage_with
from samsyn.circle.coming_back import leave_what_is_not_read
from samsyn.circle.handover_actions import LONGEST, locked_handover
from samsyn.circle.models import Handover, HandoverKind, HandoverState, Membership, NamedPerson, TeamState
from samsyn.circle.offers import CONTACT, close_offer, contact_day, family_is_met, ground_of
from samsyn.circle.team_actions import into_open_teams
from samsyn.circle.teams import KIND, PLAN, leads_on, open_team, open_teams
from samsyn.circle.two_teams import look_for_two
from samsyn.common import clock, ports
from samsyn.common.decision import require
from samsyn.common.text import clean_text
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties, move_duties, open_duty
from samsyn.duties.models import Duty, DutyState, HangsOn
from samsyn.notices.actions import tell
from samsyn.organisations.models import Authority
from samsyn.sharing.actions import begin_involvements, disclose
from samsyn.sharing.models import Reason
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


@transaction.atomic
def answer_handover(viewer: Viewer, handover: Handover, *, accept: bool, words: str = "") -> Handover:
    """Accept or decline. On a yes all that follows the responsibility moves in this transaction.

    Raises Refused when it has been answered meanwhile, was offered to somebody else, or is no longer the offerer's.
    """
    handover = locked_handover(handover, moves=accept)
    words = clean_text(words, LONGEST, field="words")
    require(
        rules.may_answer_handover(
            state=handover.state,
            is_receiver=handover.to_post_id == viewer.post,
            verb="accept" if accept else "reject",
            words=words,
        )
    )
    subjects = [Subject("handover", handover.ref, handover.child.ref, "accepted" if accept else "rejected")]
    contact_by = contact_day(handover)
    if accept:
        subjects += _move(viewer, handover, contact_by)
    handover.state = HandoverState.ACCEPTED if accept else HandoverState.REJECTED
    handover.answer = words
    handover.answered_at = clock.now()
    handover.save(update_fields=["state", "answer", "answered_at"])
    end_duties(handover.ref, "answer_handover")
    close_offer(viewer, handover, contact_by)
    key = "handover_accepted" if accept else "handover_declined"
    tell(handover.from_post, key, room="handover", object_ref=handover.ref, child=handover.child)
    act(viewer, f"handover.{handover.state}", subjects)
    return handover


def _move(viewer: Viewer, handover: Handover, contact_by: date) -> list[Subject]:
    """Let the responsibility move, and all that hangs on it; give what began with it, for the trail.

    Raises Refused when it is no longer with the one who offered it.
    """
    child, to_post, hangs_on = handover.child, handover.to_post, HangsOn(handover.kind)
    began = _named_person_moves(handover) if handover.kind == HandoverKind.NAMED_PERSON else _lead_moves(handover)
    _open_what_goes_along(viewer, handover)
    if handover.kind == HandoverKind.NAMED_PERSON:
        _duties_follow(viewer, handover)
    open_duty(
        to_post,
        "meet_family",
        child=child,
        room="handover",
        object_ref=handover.ref,
        rule=CONTACT,
        start=clock.now(),
        due_on=contact_by,
        hangs_on=hangs_on,
    )
    return began


def _named_person_moves(handover: Handover) -> list[Subject]:
    child, to_post = handover.child, handover.to_post
    held = NamedPerson.objects.filter(child=child, post_id=handover.from_post_id, until=None)
    # Ended and asked in one step, so that nothing can come between; a no undoes it with the transaction.
    require(rules.may_move(still_theirs=held.update(until=clock.now()) == 1, kind=handover.kind, is_member=False))
    row = named_person_row(child, to_post, stage_with(child, to_post))
    begin_involvements(child, to_post, [Reason.NAMED_PERSON, *into_open_teams(handover)], source="circle")
    return [Subject("named_person", row.ref, child.ref, "holding")]


def _duties_follow(viewer: Viewer, handover: Handover) -> None:
    """Let what the named person has to do follow to the new one, but for what that one may not read after all."""
    child, to_post = handover.child, handover.to_post
    if move_duties(child, HangsOn.NAMED_PERSON, to_post) and to_post.unit_id != handover.from_post.unit_id:
        leave_what_is_not_read(viewer, child, to_post)
    if handover.consent is not None:  # who leads a team of its own may read the one that went along
        look_for_two(child)


def _lead_moves(handover: Handover) -> list[Subject]:
    """Let the lead of the offer's team move, and what hangs on it. Another team around the child keeps its own."""
    teams = list(open_teams(handover.child_id))
    team = next((one for one in teams if one.authority_id == handover.authority_id), None)
    at_work = Membership.objects.filter(team=team, until=None, team__state=TeamState.ACTIVE)
    held = at_work.filter(post_id=handover.from_post_id, is_lead=True)
    receiver = at_work.filter(post_id=handover.to_post_id)
    require(
        rules.may_move(
            still_theirs=held.update(is_lead=False) == 1,
            kind=handover.kind,
            is_member=receiver.update(is_lead=True) == 1,
        )
    )
    assert team is not None  # the rule has said so
    move_duties(handover.child, HangsOn.LEAD, handover.to_post, leads_on(team))
    if len(teams) > 1:
        look_for_two(handover.child)
    return []


def _open_what_goes_along(viewer: Viewer, handover: Handover) -> None:
    """Let a new named person in another authority read what is open around the child, as far as the family said yes.

    Only what the authority that hands over has to open: another one's team and plan are that one's. The team's part is
    a row of its own: it ends with the team.
    """
    consent = handover.consent
    if consent is None:
        return
    team = open_team(handover.child, handover.authority_id)
    held = ports.goes_with_the_child(handover.child_id, handover.authority_id, handover.from_post.unit_id)
    along = [(kind, ref) for kind, ref in held if kind in consent.kinds]
    of_team = [(KIND, team.ref)] if team is not None else []
    of_team += [item for item in along if item[0] == PLAN]
    sender = Authority.objects.get(pk=handover.authority_id)
    for items in (of_team, [item for item in along if item[0] != PLAN]):
        if items:
            disclose(viewer, handover.child, sender, handover.to_post.unit, items, ground_of(handover))


@transaction.atomic
def met_family(viewer: Viewer, handover: Handover) -> None:
    """Note that the new one has met the family after the hand-over. Raises Refused for others, and the second time."""
    duty = (
        Duty.objects.select_for_update(of=("self",))
        .filter(object_ref=handover.ref, what="meet_family", state=DutyState.OPEN)
        .first()
    )
    require(
        rules.may_note_meeting(still_to_do=duty is not None, is_theirs=duty is not None and duty.post_id == viewer.post)
    )
    family_is_met(handover)
    act(viewer, "handover.family_met", [Subject("handover", handover.ref, handover.child.ref, handover.state)])
