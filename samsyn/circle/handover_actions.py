"""The baton: offered to another post, and taken back. Nothing moves before the receiver says yes."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from samsyn.circle import rules
from samsyn.circle.actions import current_named_person
from samsyn.circle.leading import may_be_led_from
from samsyn.circle.models import Handover, HandoverKind, HandoverState, Membership, Team, TeamState
from samsyn.circle.offers import open_offer, take_back
from samsyn.circle.teams import open_teams
from samsyn.common import clock
from samsyn.common.decision import Decision, Refused, no, require
from samsyn.common.prepared import asked
from samsyn.common.text import clean_text
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import open_duty
from samsyn.notices.actions import tell
from samsyn.organisations.intervals import standing, within
from samsyn.organisations.models import Holding, Post
from samsyn.people.models import Person
from samsyn.protection.insight_actions import held_for_work, hold_before_work
from samsyn.sharing.actions import consent_stands
from samsyn.sharing.models import Consent
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject

LONGEST = 10_000


def _lead(viewer: Viewer, child: Person, team: Team | None) -> Membership | None:
    """That the viewer's post leads a team at work: the one that is asked for, else that of its own authority first."""
    if viewer.post is None:
        return None
    leads = Membership.objects.filter(
        child=child, post_id=viewer.post, is_lead=True, until=None, team__state=TeamState.ACTIVE
    )
    found = leads.filter(team=team) if team is not None else leads.order_by("pk")
    return min(found, key=lambda row: row.authority_id != viewer.authority, default=None)


def _holder(viewer: Viewer, child: Person, kind: str, lead: Membership | None) -> int | None:
    """Row id of the authority that the responsibility lies with, when it lies with the viewer's post; else None."""
    if kind == HandoverKind.NAMED_PERSON:
        named = current_named_person(child)
        return named.authority_id if named is not None and named.post_id == viewer.post else None
    return lead.authority_id if lead is not None else None


def _for_the_lead(lead: Membership | None, to_post: Post) -> dict[str, bool]:
    """Is the receiver in the team that is led, and may the team be read there."""
    if lead is None:
        return {"is_member": False, "reads": False}
    is_member = lead.team.memberships.filter(post=to_post, until=None).exists()
    return {"is_member": is_member, "reads": may_be_led_from(lead.team, to_post)}


def _is_offered(child: Person, authority_id: int | None, kind: str) -> bool:
    offers = Handover.objects.filter(child=child, authority=authority_id, kind=kind, state=HandoverState.PROPOSED)
    return offers.exists()


def _may_cross(consent: Consent | None, *, same_authority: bool) -> Decision:
    stands = consent_stands(consent) if consent else None
    return rules.crossing_needs_consent(same_authority=same_authority, consent=stands)


def _somebody_holds(post: Post) -> bool:
    day = clock.today()
    return Holding.objects.filter(within(day), standing(day, "post__"), post=post).exists()


@transaction.atomic
def propose_handover(
    viewer: Viewer,
    child: Person,
    kind: HandoverKind,
    to_post: Post,
    *,
    note: str,
    family_wish: str = "",
    consent: Consent | None = None,
    team: Team | None = None,
) -> Handover:
    """Offer the baton. Nothing moves, and who offers stays responsible until the answer is yes.

    ``team``: which one, for the lead; when it is not told, the own authority's before another's that the post leads.
    Raises Refused when it is not the viewer's, nobody holds the receiving post, or an offer is already open.
    """
    child, note = held_for_work(child), clean_text(note, LONGEST, field="note")
    lead = _lead(viewer, child, team) if kind == HandoverKind.LEAD else None
    authority_id = _holder(viewer, child, kind, lead)
    require(
        rules.may_hand_over(
            holds_it=authority_id is not None,
            to_same_post=to_post.pk == viewer.post,
            receiver_has_holder=_somebody_holds(to_post),
            **_for_the_lead(lead, to_post),
            kind=kind,
            already_open=_is_offered(child, authority_id, kind),
            note=note,
        )
    )
    assert authority_id is not None  # the rule has said so
    assert viewer.post is not None
    same_authority = to_post.unit.authority_id == authority_id
    if kind == HandoverKind.NAMED_PERSON:
        require(_may_cross(consent, same_authority=same_authority))
    try:
        with transaction.atomic():
            handover = Handover.objects.create(
                child=child,
                authority_id=authority_id,
                kind=kind,
                from_post_id=viewer.post,
                from_person_id=viewer.person,
                to_post=to_post,
                note=note,
                family_wish=clean_text(family_wish, LONGEST, field="family_wish"),
                consent=None if same_authority else consent,
                proposed_at=clock.now(),
            )
    except IntegrityError:
        raise Refused(no("It is already offered to somebody. Take that back first.", field="to_post")) from None
    open_offer(viewer, handover)
    _ask_receiver(viewer, handover)
    act(viewer, "handover.proposed", [Subject("handover", handover.ref, child.ref, "proposed")], ground=kind)
    return handover


def _ask_receiver(viewer: Viewer, handover: Handover) -> None:
    open_duty(
        handover.to_post,
        "answer_handover",
        child=handover.child,
        room="handover",
        object_ref=handover.ref,
        rule="answer_handover",
        start=clock.now(),
        waiting=viewer.person_label,
    )
    tell(handover.to_post, "handover_offered", room="handover", object_ref=handover.ref, child=handover.child)


def locked_handover(handover: Handover, *, moves: bool = False) -> Handover:
    """The offer as it is now, held until the transaction ends.

    ``moves``: it is about to be accepted. A new named person's child is then held before all else (``let_work``).

    The yes that it rests on (for a lead: its team's) is held before it. Whoever takes a yes back holds that, closes
    what is open on it, and then takes the offer back.
    """
    rests = handover.consent_id is not None or handover.kind == HandoverKind.LEAD
    moves = moves and handover.kind == HandoverKind.NAMED_PERSON
    if moves and rests:
        hold_before_work(handover.child_id)
    resting = Q(pk=handover.consent_id)
    if handover.kind == HandoverKind.LEAD:
        teams = open_teams(handover.child_id).filter(authority=handover.authority_id)
        resting |= Q(pk__in=teams.order_by().values("consent"))
    if rests:
        list(Consent.objects.select_for_update().filter(resting).order_by("pk").values_list("pk"))
    (found,) = asked(_held_after_child if moves and not rests else _held, handover.pk)
    return found


def _held(pk: int) -> QuerySet[Handover]:
    rows = Handover.objects.select_for_update(of=("self",)).filter(pk=pk)
    return rows.select_related("child", "consent__child", "from_post__unit", "to_post__unit__authority")


def _held_after_child(pk: int) -> QuerySet[Handover]:
    """As ``_held``, with the child held first (``hold_before_work``), in one question."""
    return _held(pk).select_for_update(of=("child", "self"), no_key=True)


@transaction.atomic
def withdraw_handover(viewer: Viewer, handover: Handover) -> None:
    """Take an unanswered offer back. Raises Refused when somebody has answered, or it is somebody else's."""
    handover = locked_handover(handover)
    require(rules.may_withdraw_handover(state=handover.state, is_sender=handover.from_post_id == viewer.post))
    take_back(viewer, handover)
