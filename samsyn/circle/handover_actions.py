"""The baton: offered, and moved only when the receiver says yes."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from samsyn.circle import rules
from samsyn.circle.actions import current_named_person, named_person_row, stage_with
from samsyn.circle.models import Handover, HandoverKind, HandoverState, Membership, NamedPerson, TeamState
from samsyn.circle.offers import KIND, close_offer, ground_of, open_offer, take_back
from samsyn.circle.team_actions import into_open_team, open_team
from samsyn.common import clock, ports
from samsyn.common.decision import Refused, no, require
from samsyn.common.prepared import asked
from samsyn.common.text import clean_text
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties, move_duties, open_duty
from samsyn.duties.models import Duty, DutyState, HangsOn
from samsyn.notices.actions import tell
from samsyn.organisations.intervals import standing, within
from samsyn.organisations.models import Authority, Holding, Post
from samsyn.people.models import Person
from samsyn.sharing.actions import begin_involvements, consent_stands, disclose
from samsyn.sharing.models import Consent, Reason
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject

LONGEST = 10_000
PLAN = "plan"


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


def _locked(handover: Handover) -> Handover:
    """The offer as it is now, held until the transaction ends."""
    (found,) = asked(_held, handover.pk)
    return found


def _held(pk: int) -> QuerySet[Handover]:
    rows = Handover.objects.select_for_update(of=("self",)).filter(pk=pk)
    return rows.select_related("child", "consent__child", "from_post__unit", "to_post__unit__authority")


@transaction.atomic
def answer_handover(viewer: Viewer, handover: Handover, *, accept: bool, words: str = "") -> Handover:
    """Accept or decline. On a yes all that follows the responsibility moves in this transaction.

    Raises Refused when it has been answered meanwhile, was offered to somebody else, or is no longer the offerer's.
    """
    handover = _locked(handover)
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
    if accept:
        subjects += _move(viewer, handover)
    handover.state = HandoverState.ACCEPTED if accept else HandoverState.REJECTED
    handover.answer = words
    handover.answered_at = clock.now()
    handover.save(update_fields=["state", "answer", "answered_at"])
    end_duties(handover.ref, "answer_handover")
    close_offer(viewer, handover)
    key = "handover_accepted" if accept else "handover_declined"
    tell(handover.from_post, key, room="handover", object_ref=handover.ref, child=handover.child)
    act(viewer, f"handover.{handover.state}", subjects)
    return handover


def _move(viewer: Viewer, handover: Handover) -> list[Subject]:
    """Let the responsibility move, and all that hangs on it; give what began with it, for the trail.

    Raises Refused when it is no longer with the one who offered it.
    """
    child, to_post, hangs_on = handover.child, handover.to_post, HangsOn(handover.kind)
    began = _named_person_moves(handover) if handover.kind == HandoverKind.NAMED_PERSON else _lead_moves(handover)
    _open_what_goes_along(viewer, handover)
    move_duties(child, hangs_on, to_post)
    open_duty(
        to_post,
        "meet_family",
        child=child,
        room="handover",
        object_ref=handover.ref,
        rule="contact_after_handover",
        start=clock.now(),
        hangs_on=hangs_on,
    )
    return began


def _named_person_moves(handover: Handover) -> list[Subject]:
    child, to_post = handover.child, handover.to_post
    held = NamedPerson.objects.filter(child=child, post_id=handover.from_post_id, until=None)
    # Ended and asked in one step, so that nothing can come between; a no undoes it with the transaction.
    require(rules.may_move(still_theirs=held.update(until=clock.now()) == 1, kind=handover.kind, is_member=False))
    row = named_person_row(child, to_post, stage_with(child, to_post))
    reasons = [Reason.NAMED_PERSON, *into_open_team(child, to_post)]
    begin_involvements(child, to_post, reasons, source="circle")
    return [Subject("named_person", row.ref, child.ref, "holding")]


def _lead_moves(handover: Handover) -> list[Subject]:
    at_work = Membership.objects.filter(child=handover.child, until=None, team__state=TeamState.ACTIVE)
    held = at_work.filter(post_id=handover.from_post_id, is_lead=True)
    receiver = at_work.filter(post_id=handover.to_post_id)
    require(
        rules.may_move(
            still_theirs=held.update(is_lead=False) == 1,
            kind=handover.kind,
            is_member=receiver.update(is_lead=True) == 1,
        )
    )
    return []


def _open_what_goes_along(viewer: Viewer, handover: Handover) -> None:
    """Let a new named person in another authority read what is open around the child, as far as the family said yes.

    The team's part is a row of its own: it ends with the team.
    """
    consent = handover.consent
    if consent is None:
        return
    team = open_team(handover.child)
    along = [(kind, ref) for kind, ref in ports.goes_with_the_child(handover.child_id) if kind in consent.kinds]
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
    end_duties(handover.ref, "meet_family")
    act(viewer, "handover.family_met", [Subject("handover", handover.ref, handover.child.ref, handover.state)])


@transaction.atomic
def withdraw_handover(viewer: Viewer, handover: Handover) -> None:
    """Take an unanswered offer back. Raises Refused when somebody has answered, or it is somebody else's."""
    handover = _locked(handover)
    require(rules.may_withdraw_handover(state=handover.state, is_sender=handover.from_post_id == viewer.post))
    take_back(viewer, handover)
