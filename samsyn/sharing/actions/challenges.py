"""What the family says against a row of the ledger, or against a text; and what whoever decided answers."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.text import clean_text
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties, open_duty
from samsyn.notices.actions import tell
from samsyn.people.models import Person
from samsyn.sharing import rules
from samsyn.sharing.actions.acting import LONGEST, acting_post
from samsyn.sharing.actions.deciding import guardians_today
from samsyn.sharing.actions.disclosures import end_disclosure
from samsyn.sharing.actions.endings import less_is_open
from samsyn.sharing.actions.family import at_work_with_others
from samsyn.sharing.actions.involvement import end_involvement, involve
from samsyn.sharing.actions.untold import who_answers
from samsyn.sharing.models import (
    Challenge,
    ChallengeAnswer,
    ChallengeOutcome,
    ClaimOfError,
    Disclosure,
    Reason,
    Scope,
    Way,
)
from samsyn.sharing.words import CHALLENGE, DISCLOSURE
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


@transaction.atomic
def challenge(viewer: Viewer, disclosure: Disclosure, words: str, *, by: Person | None = None) -> Challenge:
    """Write down that somebody in the family finds a disclosure wrong; whoever decided it has to answer.

    The child or a guardian does so without a post. Staff of the sender write it down for them: ``by`` is whose words
    they are. Raises Refused for others, without words, or about what the family has not been told.
    """
    words = clean_text(words, LONGEST, field="words")
    speaker = viewer.person if by is None else by.pk
    require(at_work_with_others(viewer, disclosure.child))
    require(
        rules.may_challenge(
            speaks_for_child=speaker in _family_of(disclosure.child),
            by_staff=viewer.is_staff,
            is_sender=disclosure.authority_id == viewer.authority,
            is_told=disclosure.told != "",
            words=words,
        )
    )
    made = Challenge.objects.create(
        disclosure=disclosure,
        child=disclosure.child,
        authority_id=disclosure.authority_id,
        by_id=speaker,
        recorded_by_id=viewer.post,
        recorded_by_person_id=viewer.person if viewer.is_staff else None,
        words=words,
        at=clock.now(),
    )
    _ask_to_answer(made)
    subjects = [Subject(DISCLOSURE, disclosure.ref, disclosure.child.ref, "challenged")]
    act(viewer, "disclosure.challenged", subjects, ground="own_family" if by is None else "asked_by_family")
    return made


def _family_of(child: Person) -> set[int]:
    return {child.pk, *(row.guardian_id for row in guardians_today(child))}


def _ask_to_answer(made: Challenge) -> None:
    """Give whoever decided the duty to answer, and what is needed to read what it is about."""
    post = who_answers(
        Disclosure.objects.select_related("decided_by__unit", "decided_by__parent__unit").get(pk=made.disclosure_id)
    )
    involve(
        made.child,
        post.unit,
        Reason.CHALLENGED,
        Scope.ITEM,
        post_id=post.pk,
        item_ref=made.disclosure.ref,
        source="sharing",
    )
    open_duty(
        post,
        "answer_challenge",
        child=made.child,
        room=CHALLENGE,
        object_ref=made.ref,
        rule="answer_challenge",
        start=made.at,
    )
    tell(post, "disclosure_challenged", room=CHALLENGE, object_ref=made.ref, child=made.child)


@transaction.atomic
def answer_challenge(
    viewer: Viewer, made: Challenge, words: str, outcome: str = ChallengeOutcome.KEPT
) -> ChallengeAnswer:
    """Answer a challenge once. With CLOSED what is still open closes in the same moment; a delivered copy stays.

    Raises Refused for another authority, without words, or when it has been answered meanwhile.
    """
    words = clean_text(words, LONGEST, field="words")
    # Locked in this order everywhere: the row of the ledger, then what stands beside it.
    disclosure = Disclosure.objects.select_for_update(of=("self",)).select_related("child").get(pk=made.disclosure_id)
    require(at_work_with_others(viewer, disclosure.child))
    require(
        rules.may_answer_challenge(
            is_sender=made.authority_id == viewer.authority,
            is_answered=ChallengeAnswer.objects.filter(challenge=made).exists(),
            can_close=disclosure.way == Way.OPEN and disclosure.ended_at is None,
            outcome=outcome,
            outcomes=ChallengeOutcome.values,
            words=words,
        )
    )
    answer = ChallengeAnswer.objects.create(
        challenge=made,
        child=made.child,
        authority_id=made.authority_id,
        outcome=outcome,
        words=words,
        answered_by_id=acting_post(viewer),
        answered_by_person_id=viewer.person,
        at=clock.now(),
    )
    if outcome == ChallengeOutcome.CLOSED:
        end_disclosure(viewer, disclosure, because="found_wrong")
        less_is_open(viewer, made.child)
    end_duties(made.ref)
    if not Challenge.objects.filter(disclosure=disclosure, answer=None).exists():
        end_involvement(made.child, Reason.CHALLENGED, item_ref=disclosure.ref)
    subjects = [Subject(DISCLOSURE, disclosure.ref, made.child.ref, "answered")]
    act(viewer, "disclosure.answered", subjects, ground=f"challenge_{outcome}")
    return answer


@transaction.atomic
def claim_error(
    viewer: Viewer, child: Person, authority_id: int, item: tuple[str, UUID], words: str, *, by: Person | None = None
) -> ClaimOfError:
    """Note beside a text that somebody says it is wrong. The text stays, and so does this (SoL 14:6).

    ``item``: kind and reference of a thing that ``authority_id`` holds and the caller has fetched. ``by``: as in
    ``challenge``, but anybody whom the text is about may say so. Raises Refused without words or for outsiders.
    """
    words = clean_text(words, LONGEST, field="words")
    require(at_work_with_others(viewer, child))
    require(
        rules.may_claim_error(
            in_family=viewer.person in _family_of(child),
            by_staff=viewer.is_staff,
            is_holder=authority_id == viewer.authority,
            words=words,
        )
    )
    kind, ref = item
    claim = ClaimOfError.objects.create(
        child=child,
        authority_id=authority_id,
        kind=kind,
        item_ref=ref,
        by_id=viewer.person if by is None else by.pk,
        recorded_by_id=viewer.post,
        recorded_by_person_id=viewer.person if viewer.is_staff else None,
        words=words,
        at=clock.now(),
    )
    act(viewer, "text.called_wrong", [Subject(kind, ref, child.ref, "called_wrong")])
    return claim
