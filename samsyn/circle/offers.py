"""Who may read an offer to take over, from when, and until when."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from samsyn.circle.models import Handover, HandoverKind, HandoverState, Team
from samsyn.circle.teams import KIND, open_teams
from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties
from samsyn.notices.actions import tell
from samsyn.organisations.models import Authority
from samsyn.organisations.partnerships import deadline_for
from samsyn.people.models import Person
from samsyn.protection.insight_actions import let_work
from samsyn.sharing.actions import Sharing, disclose, end_disclosure, end_involvement, end_involvements, involve
from samsyn.sharing.models import Consent, Disclosure, Reason, Scope
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject

CONTACT = "contact_after_handover"


def open_offer(viewer: Viewer, handover: Handover) -> None:
    """Let both read the offer and nothing more: nothing else moves before a yes."""
    involve(
        handover.child,
        handover.from_post.unit,
        Reason.HANDED_OVER,
        Scope.ITEM,
        post_id=handover.from_post_id,
        item_ref=handover.ref,
        source="circle",
    )
    unit = handover.to_post.unit
    if unit.authority_id != handover.authority_id:
        let_work(handover.child, [handover.to_post_id], Reason.OFFERED)
        sender = Authority.objects.get(pk=handover.authority_id)
        disclose(viewer, handover.child, sender, unit, [(KIND, handover.ref)], ground_of(handover))
        return
    _let_receiver_read(handover)


def _let_receiver_read(handover: Handover) -> None:
    involve(
        handover.child,
        handover.to_post.unit,
        Reason.OFFERED,
        Scope.ITEM,
        post_id=handover.to_post_id,
        item_ref=handover.ref,
        source="circle",
    )


def ground_of(handover: Handover) -> Sharing:
    """What a hand-over to another authority rests on: the yes to it, or for a lead the team's. The family knows it."""
    consent = handover.consent or team_consent(handover.child, handover.authority_id)
    purpose = consent.purpose if consent else ""
    return Sharing(
        gate="consent",
        purpose=purpose,
        told=purpose,
        consent=consent,
        decided_by=(handover.from_post_id, handover.from_person_id),
    )


def team_consent(child: Person, authority_id: int) -> Consent | None:
    """The yes that the authority's open team around the child rests on."""
    team = open_teams(child.pk).filter(authority_id=authority_id).select_related("consent__child").first()
    return team.consent if team else None


def contact_day(handover: Handover) -> date:
    """The last day for whoever takes over to be in touch with the family, as the partnership there has decided."""
    return deadline_for(handover.to_post.unit.authority_id, CONTACT, clock.now()).latest_day


def close_offer(viewer: Viewer, handover: Handover, contact_by: date) -> None:
    """End what the receiver could read for the sake of the offer.

    Who offered can read the answer until the day by which whoever takes over is in touch with the family; a new named
    person in another authority can until the family is met.
    """
    ends: list[tuple[Reason, int, UUID | None]] = [(Reason.OFFERED, handover.to_post_id, handover.ref)]
    if handover.state == HandoverState.ACCEPTED:
        if handover.kind == HandoverKind.NAMED_PERSON:
            ends.append((Reason.NAMED_PERSON, handover.from_post_id, None))
    else:
        opened = Disclosure.objects.filter(items__kind=KIND, items__ref=handover.ref, ended_at=None)
        for disclosure in opened.select_related("child"):
            end_disclosure(viewer, disclosure, because=f"handover_{handover.state}")
    end_involvements(handover.child, *ends)
    end_involvement(
        handover.child,
        Reason.HANDED_OVER,
        post_id=handover.from_post_id,
        item_ref=handover.ref,
        at=clock.end_of(contact_by),
    )
    crossed = handover.to_post.unit.authority_id != handover.authority_id
    if crossed and handover.kind == HandoverKind.NAMED_PERSON and handover.state == HandoverState.ACCEPTED:
        _let_receiver_read(handover)  # the yes may end before the family is met, and that is still to be done


def family_is_met(handover: Handover, *, dropped: bool = False) -> None:
    """End what whoever took over had to do first, and what it read of the offer for that sake, today."""
    end_duties(handover.ref, "meet_family", dropped=dropped)
    end_involvement(handover.child, Reason.OFFERED, item_ref=handover.ref, at=clock.end_of(clock.today()))


def drop_offers(viewer: Viewer, team: Team) -> None:
    """Take back an offer to lead the team that is not answered, because there is nothing left to hand over."""
    offers = Handover.objects.filter(
        child=team.child_id, authority=team.authority_id, kind=HandoverKind.LEAD, state=HandoverState.PROPOSED
    )
    for handover in offers.select_related("child", "to_post__unit"):
        take_back(viewer, handover)


def take_back(viewer: Viewer, handover: Handover) -> None:
    """End an unanswered offer. The caller has locked it or is alone with it."""
    handover.state = HandoverState.WITHDRAWN
    handover.answered_at = clock.now()
    handover.save(update_fields=["state", "answered_at"])
    end_duties(handover.ref, dropped=True)
    close_offer(viewer, handover, contact_day(handover))
    tell(handover.to_post, "handover_withdrawn", room="handover", object_ref=handover.ref, child=handover.child)
    act(viewer, "handover.withdrawn", [Subject("handover", handover.ref, handover.child.ref, "withdrawn")])
