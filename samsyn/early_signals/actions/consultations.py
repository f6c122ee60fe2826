"""A question without identity: nothing about anybody is opened, so no gate is needed and no child is tied to it."""

from __future__ import annotations

from django.db import transaction

from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties, open_duty
from samsyn.early_signals import without_identity
from samsyn.early_signals.actions.changing import acting, cleaned_text
from samsyn.early_signals.actions.requests import receiving_post
from samsyn.early_signals.models import Consultation
from samsyn.early_signals.words import CONSULTATION
from samsyn.notices.actions import tell
from samsyn.organisations.models import Unit
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


@transaction.atomic
def consult(viewer: Viewer, to_unit: Unit, question: str, *, looked_through: bool) -> Consultation:
    """Ask a unit for advice without saying whom it is about. Raises Refused when a number stands in the text."""
    question = cleaned_text(question, "question")
    to_post = receiving_post(to_unit)
    require(
        without_identity.may_consult(
            question=question, looked_through=looked_through, receiver_found=to_post is not None
        )
    )
    assert to_post is not None  # the rule has said so
    asked = Consultation.objects.create(
        from_post_id=acting(viewer).post,
        from_person_id=viewer.person,
        to_unit=to_unit,
        to_post=to_post,
        question=question,
        asked_at=clock.now(),
    )
    open_duty(
        to_post,
        "answer_consultation",
        child=None,
        room=CONSULTATION,
        object_ref=asked.ref,
        rule="answer_request",
        start=clock.now(),
        waiting=viewer.person_label,
    )
    tell(to_post, "consultation_asked", room=CONSULTATION, object_ref=asked.ref, child=None)
    act(viewer, "consultation.asked", [Subject(CONSULTATION, asked.ref, None, "asked")])
    return asked


@transaction.atomic
def answer_consultation(viewer: Viewer, asked: Consultation, answer: str) -> Consultation:
    """Answer a question without identity. Raises Refused when it has been answered meanwhile."""
    answer = cleaned_text(answer, "answer")
    asked = Consultation.objects.select_for_update(of=("self",)).select_related("from_post").get(pk=asked.pk)
    require(
        without_identity.may_answer(
            is_receiver=asked.to_post_id == viewer.post, answered=asked.answered_at is not None, answer=answer
        )
    )
    asked.answer, asked.answered_at = answer, clock.now()
    asked.save(update_fields=["answer", "answered_at"])
    end_duties(asked.ref)
    tell(asked.from_post, "consultation_answered", room=CONSULTATION, object_ref=asked.ref, child=None)
    act(viewer, "consultation.answered", [Subject(CONSULTATION, asked.ref, None, "answered")])
    return asked
