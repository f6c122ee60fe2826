"""That one guardian's yes is enough, where the law lets it."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import Decision, require
from samsyn.common.text import clean_line, clean_text
from samsyn.common.viewer import Viewer
from samsyn.people.models import Person
from samsyn.sharing import consent_rules as rules
from samsyn.sharing.actions.acting import LONGEST, acting_post
from samsyn.sharing.actions.deciding import guardians_today, held
from samsyn.sharing.actions.family import at_work_with_others
from samsyn.sharing.models import Consent, ConsentForm, ConsentWaiver
from samsyn.sharing.words import CONSENT
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


@transaction.atomic
def waive(
    viewer: Viewer,
    consent: Consent,
    guardian: Person,
    *,
    ground: str,
    reason: str,
    decided_on: date,
    decision_number: str = "",
) -> ConsentWaiver:
    """Write down that the other guardian's yes is enough: this one is hindered and it cannot wait (FB 6:13), or the
    social services board has decided so (FB 6:13 a). Raises Refused where the law does not let it be so for this
    kind of help."""
    consent = held(consent)
    reason = clean_text(reason, LONGEST, field="reason")
    number = clean_line(decision_number, 60, field="decision_number")
    require(
        rules.may_answer_for(
            is_giver=False,
            is_staff=viewer.is_staff,
            form=ConsentForm.WRITTEN,
            same_authority=viewer.authority == consent.authority_id,
        )
    )
    require(at_work_with_others(viewer, consent.child))
    require(_may_waive(consent, guardian, ground=ground, reason=reason, number=number, decided_on=decided_on))
    row = ConsentWaiver.objects.create(
        consent=consent,
        child=consent.child,
        authority_id=consent.authority_id,
        guardian=guardian,
        ground=ground,
        reason=reason,
        decision_number=number,
        decided_on=decided_on,
        at=clock.now(),
        recorded_by_id=acting_post(viewer),
        recorded_by_person_id=viewer.person,
    )
    act(viewer, "consent.waived", [Subject(CONSENT, consent.ref, consent.child.ref, "waived")], ground=ground)
    return row


def _may_waive(
    consent: Consent, guardian: Person, *, ground: str, reason: str, number: str, decided_on: date
) -> Decision:
    guardians = [row.guardian_id for row in guardians_today(consent.child)]
    return rules.may_waive(
        is_guardian=guardian.pk in guardians,
        guardians=len(guardians),
        is_waived=consent.waivers.filter(guardian=guardian).exists(),
        others_waived=consent.waivers.exclude(guardian=guardian).exists(),
        law=law.one_yes_is_enough(law.on(clock.today()), ground, consent.measure),
        reason=reason,
        ground=ground,
        number=number,
        decided_on=decided_on,
        on=clock.today(),
    )
