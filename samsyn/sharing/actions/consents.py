"""Asking for consent and writing down what was answered; what a yes opened closes when it no longer stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.text import clean_text
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.law.days import add_years
from samsyn.notices.actions import tell
from samsyn.organisations.models import Unit
from samsyn.people.models import Guardianship, Person
from samsyn.sharing import rules
from samsyn.sharing.actions.acting import LONGEST, acting_authority, acting_post
from samsyn.sharing.actions.deciding import consent_stands, newest_answers, who_decides
from samsyn.sharing.actions.disclosures import end_disclosures_on
from samsyn.sharing.actions.involvement import involve
from samsyn.sharing.models import (
    Consent,
    ConsentAnswer,
    ConsentReceiver,
    ConsentStep,
    Disclosure,
    Reason,
    Scope,
    Way,
)
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject

ONE_DAY = timedelta(days=1)


@transaction.atomic
def ask_consent(
    viewer: Viewer,
    child: Person,
    *,
    purpose: str,
    kinds: Sequence[str],
    receivers: Sequence[Unit],
    until: date,
    form: str,
    language: str,
    exceptions: str = "",
) -> Consent:
    """Write down that consent is asked for: until a day, for a purpose, about kinds, from receivers elsewhere.

    Who asks may read it and write down the answers for as long as it can hold.
    Raises Refused when something is missing, or when the receiver needs no consent.
    """
    authority_id = acting_authority(viewer)
    purpose = clean_text(purpose, LONGEST, field="purpose")
    require(
        rules.may_ask_consent(
            purpose=purpose,
            kinds=len(kinds),
            receivers=len(receivers),
            receivers_inside=sum(unit.authority_id == authority_id for unit in receivers),
            until=until,
            on=clock.today(),
            longest=law.deadline("consent_longest", clock.today()).nominal,
        )
    )
    consent = Consent.objects.create(
        child=child,
        authority_id=authority_id,
        purpose=purpose,
        kinds=sorted(set(kinds)),
        until=until,
        form=form,
        language=language,
        exceptions=clean_text(exceptions, LONGEST, field="exceptions"),
        asked_by_id=acting_post(viewer),
        asked_by_person_id=viewer.person,
        asked_at=clock.now(),
    )
    units = {unit.pk: unit for unit in receivers}
    ConsentReceiver.objects.bulk_create(ConsentReceiver(consent=consent, unit=unit) for unit in units.values())
    _open_to_asker(consent)
    act(viewer, "consent.asked", [Subject("consent", consent.ref, child.ref, "asked")], ground=purpose)
    return consent


def _open_to_asker(consent: Consent) -> None:
    involve(
        consent.child,
        consent.asked_by.unit,
        Reason.ASKED,
        Scope.ITEM,
        post_id=consent.asked_by_id,
        item_ref=consent.ref,
        until=clock.end_of(consent.until),
        source="sharing",
    )


@transaction.atomic
def answer_consent(
    viewer: Viewer, consent: Consent, giver: Person, step: str, *, form: str, language: str
) -> ConsentAnswer:
    """Write down a guardian's answer as a new row. A no or a taken-back yes closes what rested on it, now.

    Raises Refused when the giver does not decide for the child today or the answer is already there.
    """
    Consent.objects.select_for_update().get(pk=consent.pk)
    require(
        rules.may_answer_consent(
            decides=giver.pk in {person.pk for person in who_decides(consent.child)},
            newest=newest_answers(consent).get(giver.pk),
            step=step,
            until=consent.until,
            on=clock.today(),
        )
    )
    answer = ConsentAnswer.objects.create(
        consent=consent,
        child=consent.child,
        authority_id=consent.authority_id,
        giver=giver,
        step=step,
        form=form,
        language=language,
        at=clock.now(),
        recorded_by_id=acting_post(viewer),
        recorded_by_person_id=viewer.person,
    )
    act(viewer, f"consent.{step}", [Subject("consent", consent.ref, consent.child.ref, step)])
    if step != ConsentStep.GIVEN:
        end_disclosures_on(viewer, consent, because=f"consent_{step}")
    if consent.asked_by_id != viewer.post:
        key = "consent_given" if step == ConsentStep.GIVEN else "consent_closed"
        tell(
            consent.asked_by, key, room="consent", object_ref=consent.ref, child=consent.child, occasion=str(answer.ref)
        )
    return answer


def close_what_lost_its_consent() -> int:
    """Close what is open on a yes that no longer holds: custody has changed, or the child has turned 18.

    Part of the tick; safe to run twice at once. Gives how many consents it closed.
    """
    now = clock.now()
    closed = 0
    for consent in Consent.objects.filter(pk__in=_open_on_consent(now)).select_related("child"):
        decision = consent_stands(consent)
        if not decision:
            end_disclosures_on(SYSTEM, consent, because="consent_lapsed")
            closed += 1
    return closed


def _open_on_consent(now: datetime) -> QuerySet[Disclosure, Any]:
    """Row ids of consents that something rests on, where not everybody who has custody has a yes as newest answer."""
    day = now.astimezone(clock.STOCKHOLM).date()
    custody = Guardianship.objects.filter(Q(until=None) | Q(until__gte=day), since__lte=day, child=OuterRef("child"))
    answers = ConsentAnswer.objects.filter(consent=OuterRef(OuterRef("consent")), giver=OuterRef("guardian"))
    unanswered = custody.annotate(newest=Subquery(answers.order_by("-id").values("step")[:1])).filter(
        Q(newest=None) | ~Q(newest=ConsentStep.GIVEN)
    )
    grown = add_years(day, -law.on(day).age("custody_until")) + ONE_DAY  # born on 29 February: a day to spare
    return (
        Disclosure.objects.filter(ended_at=None, way=Way.OPEN, consent__isnull=False, expires_on__gte=day)
        .filter(Exists(unanswered) | ~Exists(custody) | Q(child__birth_date__lte=grown))
        .values("consent")
    )
