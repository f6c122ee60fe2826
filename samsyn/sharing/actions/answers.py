"""What is answered: by the giver with an own signature, or written down by staff; and that one yes is enough."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.text import clean_line
from samsyn.common.viewer import Viewer
from samsyn.notices.actions import tell
from samsyn.people.models import Person
from samsyn.sharing import consent_rules as rules
from samsyn.sharing.actions.asking import write_limits
from samsyn.sharing.actions.deciding import (
    consent_stands,
    held,
    newest_answers,
    who_decides,
)
from samsyn.sharing.actions.endings import close_what_is_left_out, yes_ended
from samsyn.sharing.actions.family import at_work_with_others
from samsyn.sharing.actions.revoking import narrowed, taken_back
from samsyn.sharing.consent_rules import Limit
from samsyn.sharing.models import Consent, ConsentAnswer, ConsentForm, ConsentStep, ConsentText
from samsyn.sharing.words import CONSENT
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject

FALLBACK_LANGUAGE = "sv"


def answer(
    viewer: Viewer,
    consent: Consent,
    step: str,
    *,
    language: str,
    shown: bytes | None = None,
    left_out: Sequence[Limit] = (),
    evidence: str = "",
) -> ConsentAnswer:
    """The giver's own answer, given while signed in: the viewer is the giver and acts as family, not as a post.

    ``step``: "given", "refused" or "withdrawn". ``language``: in which the text was read ("sv", "en" or "ar").
    ``shown``: the digest of the text on the page (``ConsentText.digest``), so that nobody says yes to another.
    ``left_out``: a yes to a part. ``evidence``: what the signing service gave. Raises Refused when the viewer does not
    decide for the child today.
    """
    giver = Person.objects.get(pk=viewer.person)
    return _written(
        viewer,
        consent,
        giver,
        step,
        form=ConsentForm.E_SIGNED,
        language=language,
        read_in=language,
        shown=shown,
        left_out=left_out,
        evidence=evidence,
    )


def answer_consent(
    viewer: Viewer,
    consent: Consent,
    giver: Person,
    step: str,
    *,
    form: str,
    language: str,
    read_in: str = "",
    shown: bytes | None = None,
    left_out: Sequence[Limit] = (),
) -> ConsentAnswer:
    """Staff write down what a giver has said or written. A no or a taken-back yes closes what rested on it, now.

    ``language``: in which it was spoken; ``read_in``: language of the text that was read, that same one when not given.
    Raises Refused when the giver does not decide for the child today or the answer is already there.
    """
    return _written(
        viewer, consent, giver, step, form=form, language=language, read_in=read_in, shown=shown, left_out=left_out
    )


@transaction.atomic
def _written(
    viewer: Viewer,
    consent: Consent,
    giver: Person,
    step: str,
    *,
    form: str,
    language: str,
    read_in: str,
    shown: bytes | None,
    left_out: Sequence[Limit],
    evidence: str = "",
) -> ConsentAnswer:
    earlier = _asked_before(consent) if step == ConsentStep.WITHDRAWN else []
    consent = held(consent)
    _require_may_answer(viewer, consent, giver, step, form)
    text = text_in(consent, read_in or language)
    require(rules.text_was_read(shown=bytes(text.digest) if shown is None else shown, stands=bytes(text.digest)))
    stood = consent_stands(consent)
    takes_back = step != ConsentStep.GIVEN and newest_answers(consent).get(giver.pk) == ConsentStep.GIVEN
    row = ConsentAnswer.objects.create(
        consent=consent,
        child=consent.child,
        authority_id=consent.authority_id,
        giver=giver,
        step=step,
        form=form,
        language=language,
        text=text,
        evidence=clean_line(evidence, 200, field="evidence"),
        at=clock.now(),
        recorded_by_id=viewer.post,
        recorded_by_person_id=viewer.person,
    )
    write_limits(consent, left_out if step == ConsentStep.GIVEN else (), answer=row)
    subjects = [Subject(CONSENT, consent.ref, consent.child.ref, step)]
    if takes_back:
        taken_back(viewer, row, subjects)
    elif row.limits.exists():
        narrowed(viewer, row, subjects)
    else:
        act(viewer, f"consent.{step}", subjects)
    follow(viewer, consent, row, stood=bool(stood))
    older = next((one for one in earlier if _holds_still(one, giver)), None)
    if older is not None:
        # Who takes a yes back does not mean that the same goes on by one that it took over from.
        told = {"form": form, "language": language, "read_in": read_in, "evidence": evidence}
        _written(viewer, older, giver, step, **told, shown=None, left_out=())
    return row


def _asked_before(consent: Consent) -> list[Consent]:
    """The questions that this one takes over from, the newest first, held. Not all were answered, or still hold: what
    was given to one before them holds its own time all the same.
    """
    found: list[Consent] = []
    before = consent.renews
    while before is not None:
        found.append(before)
        before = before.renews
    return [held(one) for one in reversed(found)][::-1]  # held from the oldest, so that two wait for each other in line


def _holds_still(older: Consent, giver: Person) -> bool:
    """Can the giver still take back the yes to a question that was asked anew since."""
    decides = giver.pk in {person.pk for person in who_decides(older.child, older)}
    return decides and clock.today() <= older.until and newest_answers(older).get(giver.pk) == ConsentStep.GIVEN


def _require_may_answer(viewer: Viewer, consent: Consent, giver: Person, step: str, form: str) -> None:
    require(at_work_with_others(viewer, consent.child))
    require(
        rules.may_answer_for(
            is_giver=giver.pk == viewer.person,
            is_staff=viewer.is_staff,
            form=form,
            same_authority=viewer.authority == consent.authority_id,
        )
    )
    require(
        rules.may_answer_consent(
            decides=giver.pk in {person.pk for person in who_decides(consent.child, consent)},
            newest=newest_answers(consent).get(giver.pk),
            step=step,
            until=consent.until,
            on=clock.today(),
        )
    )


def text_in(consent: Consent, language: str) -> ConsentText:
    """The words in the language that was read; in Swedish, read by an interpreter, where the house has no such text."""
    by_language = {row.language: row for row in consent.texts.all()}
    return by_language.get(language) or by_language[FALLBACK_LANGUAGE]


def follow(viewer: Viewer, consent: Consent, row: ConsentAnswer, *, stood: bool) -> None:
    """What an answer brings with it. A no to something that never stood brings nothing: no duty, notice or mark."""
    if row.step != ConsentStep.GIVEN:
        if stood and not consent_stands(consent):
            yes_ended(viewer, consent, f"consent_{row.step}")
        return
    close_what_is_left_out(viewer, consent)
    if consent.asked_by_id != viewer.post:
        tell(
            consent.asked_by,
            "consent_given",
            room=CONSENT,
            object_ref=consent.ref,
            child=consent.child,
            occasion=str(row.ref),
        )
