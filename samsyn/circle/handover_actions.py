"""The baton: offered, and moved only when the receiver says yes."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from samsyn.circle import rules
from samsyn.circle.actions import current_named_person, give_named_person
from samsyn.circle.models import Handover, HandoverKind, HandoverState, Membership, TeamState
from samsyn.circle.team_actions import open_team
from samsyn.common import clock, ports
from samsyn.common.decision import Refused, no, require
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties, move_duties, open_duty
from samsyn.duties.models import HangsOn
from samsyn.notices.actions import tell
from samsyn.organisations.models import Authority, Holding, Post
from samsyn.people.models import Person
from samsyn.sharing.actions import Sharing, consent_stands, disclose, involve
from samsyn.sharing.models import Consent, Reason, Scope
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def _member(child: Person, post_id: int | None, *, lead: bool = False) -> Membership | None:
    rows = Membership.objects.filter(child=child, post_id=post_id, until=None, team__state=TeamState.ACTIVE)
    return rows.filter(is_lead=True).first() if lead else rows.first()


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
    named = current_named_person(child)
    if kind == HandoverKind.NAMED_PERSON:
        holds_it = named is not None and named.post_id == viewer.post
        authority_id = named.authority_id if named else 0
        crossing = consent_stands(consent) if consent else None
        require(
            rules.crossing_needs_consent(
                same_authority=to_post.unit.authority_id == authority_id, consent=crossing
            )
        )
    else:
        lead = _member(child, viewer.post, lead=True)
        holds_it = lead is not None
        authority_id = lead.authority_id if lead else 0
    require(
        rules.may_hand_over(
            holds_it=holds_it,
            to_same_post=to_post.pk == viewer.post,
            receiver_has_holder=Holding.objects.filter(post=to_post, until=None).exists(),
            is_member=_member(child, to_post.pk) is not None,
            kind=kind,
            already_open=Handover.objects.filter(child=child, kind=kind, state=HandoverState.PROPOSED).exists(),
        )
    )
    try:
        with transaction.atomic():
            handover = Handover.objects.create(
                child=child,
                authority_id=authority_id,
                kind=kind,
                from_post_id=viewer.post,
                to_post=to_post,
                note=note,
                family_wish=family_wish,
                consent=consent,
                proposed_at=clock.now(),
            )
    except IntegrityError:
        raise Refused(no("It is already offered to somebody. Take that back first.", field="to_post")) from None
    _open_to_receiver(viewer, handover)
    open_duty(
        to_post,
        "answer_handover",
        child=child,
        room="circle",
        object_ref=handover.ref,
        rule="answer_handover",
        start=clock.now(),
        waiting=viewer.person_label,
    )
    tell(to_post, "handover_offered", room="circle", object_ref=handover.ref, child=child)
    act(viewer, "handover.proposed", [Subject("handover", handover.ref, child.ref, "proposed")], ground=kind)
    return handover


def _open_to_receiver(viewer: Viewer, handover: Handover) -> None:
    """Let the receiver read the offer: own authority by the item, another one through the family's yes."""
    unit = handover.to_post.unit
    if unit.authority_id == handover.authority_id:
        involve(
            handover.child,
            unit,
            Reason.OFFERED,
            Scope.ITEM,
            post_id=handover.to_post_id,
            item_ref=handover.ref,
            source="circle",
        )
        return
    sender = Authority.objects.get(pk=handover.authority_id)
    consent = handover.consent or _team_consent(handover.child)
    ground = Sharing(gate="consent", purpose=handover.note, told=handover.note, consent=consent)
    items = [("handover", handover.ref)]
    if handover.kind == HandoverKind.NAMED_PERSON:
        items += ports.goes_with_the_child(handover.child_id)
    disclose(viewer, handover.child, sender, unit, items, ground)


def _team_consent(child: Person) -> Consent | None:
    team = open_team(child)
    return team.consent if team else None


@transaction.atomic
def answer_handover(viewer: Viewer, handover: Handover, *, accept: bool, words: str = "") -> Handover:
    """Accept or decline. On a yes all that follows the responsibility moves in this transaction.

    Raises Refused when it has been answered meanwhile or was offered to somebody else.
    """
    handover = (
        Handover.objects.select_for_update(of=("self",))
        .select_related("child", "from_post__unit", "to_post__unit__authority")
        .get(pk=handover.pk)
    )
    verb = "accept" if accept else "reject"
    require(
        rules.may_answer_handover(
            state=handover.state, is_receiver=handover.to_post_id == viewer.post, verb=verb, words=words
        )
    )
    handover.state = HandoverState.ACCEPTED if accept else HandoverState.REJECTED
    handover.answer = words
    handover.answered_at = clock.now()
    handover.save(update_fields=["state", "answer", "answered_at"])
    end_duties(handover.ref, "answer_handover")
    if accept:
        _move(viewer, handover)
    key = "handover_accepted" if accept else "handover_declined"
    tell(handover.from_post, key, room="circle", object_ref=handover.ref, child=handover.child)
    act(viewer, f"handover.{handover.state}", [Subject("handover", handover.ref, handover.child.ref, handover.state)])
    return handover


def _move(viewer: Viewer, handover: Handover) -> None:
    if handover.kind == HandoverKind.NAMED_PERSON:
        give_named_person(viewer, handover.child, handover.to_post)
        move_duties(handover.child, HangsOn.NAMED_PERSON, handover.to_post)
    else:
        lead = _member(handover.child, handover.from_post_id, lead=True)
        member = _member(handover.child, handover.to_post_id)
        require(
            rules.may_hand_over(
                holds_it=lead is not None,
                to_same_post=False,
                receiver_has_holder=True,
                is_member=member is not None,
                kind=handover.kind,
                already_open=False,
            )
        )
        Membership.objects.filter(pk=getattr(lead, "pk", None)).update(is_lead=False)
        Membership.objects.filter(pk=getattr(member, "pk", None)).update(is_lead=True)
        move_duties(handover.child, HangsOn.LEAD, handover.to_post)
    open_duty(
        handover.to_post,
        "meet_family",
        child=handover.child,
        room="circle",
        object_ref=handover.ref,
        rule="contact_after_handover",
        start=clock.now(),
        hangs_on=HangsOn(handover.kind),
    )


@transaction.atomic
def met_family(viewer: Viewer, handover: Handover) -> None:
    """Note that the new one has met the family after the hand-over."""
    end_duties(handover.ref, "meet_family")
    act(viewer, "handover.family_met", [Subject("handover", handover.ref, handover.child.ref, handover.state)])


@transaction.atomic
def withdraw_handover(viewer: Viewer, handover: Handover) -> None:
    """Take an unanswered offer back."""
    changed = Handover.objects.filter(
        pk=handover.pk, state=HandoverState.PROPOSED, from_post_id=viewer.post
    ).update(state=HandoverState.WITHDRAWN, answered_at=clock.now())
    if not changed:
        raise Refused(no("This has already been answered."))
    end_duties(handover.ref, dropped=True)
    act(viewer, "handover.withdrawn", [Subject("handover", handover.ref, handover.child.ref, "withdrawn")])
