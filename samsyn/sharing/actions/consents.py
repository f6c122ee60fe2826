"""Asking for consent: what for, what, to whom, until when, and who answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import Decision, require
from samsyn.common.text import clean_text
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties
from samsyn.organisations.models import Unit
from samsyn.organisations.partnerships import deadline_for
from samsyn.people.models import Person
from samsyn.sharing import consent_rules as rules
from samsyn.sharing.actions.acting import LONGEST, acting_authority, acting_post
from samsyn.sharing.actions.asking import Asked, shared_anyway, write_what_is_asked
from samsyn.sharing.actions.deciding import held, is_grown, who_decides
from samsyn.sharing.actions.family import meet_family
from samsyn.sharing.actions.involvement import involve
from samsyn.sharing.actions.renewals import renewal_day
from samsyn.sharing.consent_rules import Limit
from samsyn.sharing.consent_texts import newest_version
from samsyn.sharing.models import ChildPart, Consent, Errand, Reason, Scope
from samsyn.sharing.words import CONSENT
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


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
    errand: str = Errand.OTHER,
    measure: str = law.Measure.SHARING,
    since: date | None = None,
    items: Sequence[tuple[str, UUID]] = (),
    left_out: Sequence[Limit] = (),
    exceptions: str = "",
    child_part: str = ChildPart.HEARD,
    child_reason: str = "",
    needed_anyway: bool = False,
    renews: Consent | None = None,
) -> Consent:
    """Write down that consent is asked for: until a day, for a purpose, about kinds or single things, from receivers
    elsewhere. Only a yes to a plan (``errand``) may name no receiver.

    ``left_out``: what is kept from whom. ``needed_anyway``: the asker will tell a receiver whatever the answer is, as
    the law lets it; then nothing is asked. ``renews``: the question that this one takes over from. Who asks may read it
    and write down the answers for as long as it can hold. The words are kept in every language. Raises Refused when
    something is missing, or when a no would change nothing.
    """
    asked = Asked(
        child=child,
        authority_id=acting_authority(viewer),
        errand=errand,
        purpose=clean_text(purpose, LONGEST, field="purpose"),
        measure=measure,
        kinds=sorted(set(kinds)),
        items=list(dict.fromkeys(items)),
        receivers=list({unit.pk: unit for unit in receivers}.values()),
        left_out=list(left_out),
        exceptions=clean_text(exceptions, LONGEST, field="exceptions"),
        child_part=child_part,
        child_reason=clean_text(child_reason, LONGEST, field="child_reason"),
        since=since,
        until=until,
    )
    _require_may_ask(asked, needed_anyway=needed_anyway)
    if renews is not None:
        require(_may_renew(viewer, child, held(renews)))  # held: two who ask anew at once are not two questions
    consent = _row_of(viewer, asked, form, language, renews)
    write_what_is_asked(consent, asked)
    _open_to_asker(consent)
    meet_family(child, [person.pk for person in who_decides(child, consent)], consent.ref)
    if renews is not None:
        end_duties(renews.ref, "renew_consent")
    act(viewer, "consent.asked", [Subject(CONSENT, consent.ref, child.ref, "asked")], ground=asked.purpose)
    return consent


def _require_may_ask(asked: Asked, *, needed_anyway: bool) -> None:
    today = clock.today()
    require(
        rules.may_ask_consent(
            purpose=asked.purpose,
            kinds=len(asked.kinds) + len(asked.items),
            receivers=len(asked.receivers),
            receivers_inside=sum(unit.authority_id == asked.authority_id for unit in asked.receivers),
            until=asked.until,
            on=today,
            longest=deadline_for(asked.authority_id, "consent_longest", today).nominal,
            errand=asked.errand,
            since=asked.since,
            shared_anyway=shared_anyway(asked, needed=needed_anyway),
        )
    )
    require(_child_is_weighed(asked.child, asked.child_part, asked.child_reason, asked.measure))


def _row_of(viewer: Viewer, asked: Asked, form: str, language: str, renews: Consent | None) -> Consent:
    today = clock.today()
    template = "plan" if asked.errand == Errand.PLAN and not asked.receivers else "share"
    return Consent.objects.create(
        child=asked.child,
        authority_id=asked.authority_id,
        errand=asked.errand,
        purpose=asked.purpose,
        kinds=asked.kinds,
        measure=asked.measure,
        since=asked.since or today,
        until=asked.until,
        form=form,
        language=language,
        exceptions=asked.exceptions,
        child_part=ChildPart.HEARD if is_grown(asked.child, today) else asked.child_part,
        child_reason=asked.child_reason,
        template=template,
        template_version=newest_version(template),
        renews=renews,
        asked_by_id=acting_post(viewer),
        asked_by_person_id=viewer.person,
        asked_at=clock.now(),
    )


def _child_is_weighed(child: Person, part: str, reason: str, measure: str) -> Decision:
    rows = law.on(clock.today())
    born = child.birth_date
    alone = part == ChildPart.ALONE
    return rules.childs_part_is_weighed(
        part=part,
        reason=reason,
        weighed=born is not None and rows.age_applies("child_weighed_from", born),
        grown=is_grown(child, clock.today()),
        # That the child agrees is the answer that is asked for.
        alone=law.child_may_decide(rows, measure, born, suitable=bool(reason.strip()), child_agrees=True)
        if alone
        else None,
    )


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


def _may_renew(viewer: Viewer, child: Person, renews: Consent) -> Decision:
    if renews.child_id != child.pk or renews.authority_id != viewer.authority:
        return rules.consent_reaches(about_this=False, to_receiver=True, kinds=(), said_yes_to=())
    return rules.may_renew(
        is_renewed=renews.renewals.exists(),
        on=clock.today(),
        until=renews.until,
        from_day=renewal_day(renews),
    )
