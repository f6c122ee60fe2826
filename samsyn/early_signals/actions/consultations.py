"""A question without identity: nothing about anybody is opened, so no gate is needed and no child is tied to it."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from samsyn.common import clock, ports
from samsyn.common.decision import require
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties, open_duty
from samsyn.early_signals import without_identity
from samsyn.early_signals.actions.changing import acting, cleaned_text
from samsyn.early_signals.actions.sending import receiving_post
from samsyn.early_signals.models import Consultation
from samsyn.early_signals.pointing_out import PointsOut, points_out
from samsyn.early_signals.words import CONSULTATION
from samsyn.notices.actions import tell
from samsyn.organisations import places
from samsyn.organisations.models import Unit
from samsyn.people.models import HIDDEN, Person
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def what_points_out(viewer: Viewer, text: str) -> PointsOut:
    """What in the text may say whom it is about, with the names and places that this viewer knows of.

    Nothing of it is kept: which persons were compared with is in no row and in no trail.
    """
    # Whom the viewer reads about in an emergency is known too, and so are those whose names lie sealed.
    people = Person.objects.filter(ports.may_see(Person, replace(viewer, acts=False), clock.now()))
    known = list(people.exclude(protection__in=HIDDEN).values_list("given_name", "called", "family_name"))
    hidden = people.filter(protection__in=HIDDEN).including_protected()
    known += [(one.given_name, one.called, one.family_name) for one in hidden]
    # Somebody with several first names is known by any of them, and nobody may have told which.
    names = [
        f"{first} {family}".strip()
        for given, called, family in known
        for first in {given, called, *given.split()} - {""}
    ]
    units = Unit.objects.filter(authority__principal=viewer.principal).values_list("name", flat=True)
    return points_out(text, names=names, places=[*units, *_towns()])


def _towns() -> list[str]:
    """Names of the municipalities, as they are said: "Hässleholm" of Hässleholms kommun, "Borås" of Borås stad."""
    said = [one.name.removesuffix(" kommun").removesuffix(" stad") for one in places.municipalities().values()]
    return [*said, *(name.removesuffix("s") for name in said)]


@transaction.atomic
def consult(viewer: Viewer, to_unit: Unit, question: str, *, looked_through: bool) -> Consultation:
    """Ask a unit for advice without saying whom it is about. Raises Refused for whatever says who it is."""
    question = cleaned_text(question, "question")
    to_post = receiving_post(to_unit)
    require(
        without_identity.may_consult(
            question=question,
            found=what_points_out(viewer, question),
            looked_through=looked_through,
            receiver_found=to_post is not None,
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
            is_receiver=asked.to_post_id == viewer.post,
            answered=asked.answered_at is not None,
            answer=answer,
            found=what_points_out(viewer, answer),
        )
    )
    asked.answer, asked.answered_at = answer, clock.now()
    asked.save(update_fields=["answer", "answered_at"])
    end_duties(asked.ref)
    tell(asked.from_post, "consultation_answered", room=CONSULTATION, object_ref=asked.ref, child=None)
    act(viewer, "consultation.answered", [Subject(CONSULTATION, asked.ref, None, "answered")])
    return asked
