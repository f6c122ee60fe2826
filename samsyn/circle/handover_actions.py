"""The baton: offered to another post, and taken back. Nothing moves before the receiver says yes."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from samsyn.circle import rules
from samsyn.circle.actions import current_named_person
from samsyn.circle.models import Handover, HandoverKind, HandoverState, Membership, TeamState
from samsyn.circle.offers import open_offer, take_back
from samsyn.common import clock
from samsyn.common.decision import Refused, no, require
from samsyn.common.prepared import asked
from samsyn.common.text import clean_text
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import open_duty
from samsyn.notices.actions import tell
from samsyn.organisations.intervals import standing, within
from samsyn.organisations.models import Holding, Post
from samsyn.people.models import Person
from samsyn.sharing.actions import consent_stands
from samsyn.sharing.models import Consent
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject

LONGEST = 10_000


def _member(child: Person, post_id: int | None, *, lead: bool = False) -> Membership | None:
    if post_id is None:
        return None
    rows = Membership.objects.filter(child=child, post_id=post_id, until=None, team__state=TeamState.ACTIVE)
    return rows.filter(is_lead=True).first() if lead else rows.first()


def _holder(child: Person, kind: str, post_id: int | None) -> int | None:
    """Row id of the authority that the responsibility lies with, when it lies with the post; else None."""
    if kind == HandoverKind.NAMED_PERSON:
        named = current_named_person(child)
        return named.authority_id if named is not None and named.post_id == post_id else None
    lead = _member(child, post_id, lead=True)
    return lead.authority_id if lead is not None else None


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
) -> Handover:
    """Offer the baton. Nothing moves, and who offers stays responsible until the answer is yes.

    Raises Refused when it is not the viewer's, nobody holds the receiving post, or an offer is already open.
    """
    note = clean_text(note, LONGEST, field="note")
    authority_id = _holder(child, kind, viewer.post)
    require(
        rules.may_hand_over(
            holds_it=authority_id is not None,
            to_same_post=to_post.pk == viewer.post,
            receiver_has_holder=_somebody_holds(to_post),
            is_member=_member(child, to_post.pk) is not None,
            kind=kind,
            already_open=Handover.objects.filter(child=child, kind=kind, state=HandoverState.PROPOSED).exists(),
            note=note,
        )
    )
    assert authority_id is not None  # the rule has said so
    assert viewer.post is not None
    same_authority = to_post.unit.authority_id == authority_id
    if kind == HandoverKind.NAMED_PERSON:
        stands = consent_stands(consent) if consent else None
        require(rules.crossing_needs_consent(same_authority=same_authority, consent=stands))
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


def locked_handover(handover: Handover) -> Handover:
    """The offer as it is now, held until the transaction ends."""
    (found,) = asked(_held, handover.pk)
    return found


def _held(pk: int) -> QuerySet[Handover]:
    rows = Handover.objects.select_for_update(of=("self",)).filter(pk=pk)
    return rows.select_related("child", "consent__child", "from_post__unit", "to_post__unit__authority")


@transaction.atomic
def withdraw_handover(viewer: Viewer, handover: Handover) -> None:
    """Take an unanswered offer back. Raises Refused when somebody has answered, or it is somebody else's."""
    handover = locked_handover(handover)
    require(rules.may_withdraw_handover(state=handover.state, is_sender=handover.from_post_id == viewer.post))
    take_back(viewer, handover)
