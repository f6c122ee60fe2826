"""Asking for consent: what for, what, to whom, until when, who answers, and the words that the family reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import translation

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import Decision, require
from samsyn.common.text import clean_text
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties
from samsyn.organisations.models import Authority, Unit
from samsyn.people.models import Person
from samsyn.sharing import consent_rules as rules
from samsyn.sharing.actions.acting import LONGEST, acting_authority, acting_post
from samsyn.sharing.actions.deciding import is_grown
from samsyn.sharing.actions.disclosures import possible_gates
from samsyn.sharing.actions.involvement import involve
from samsyn.sharing.consent_rules import Limit
from samsyn.sharing.consent_texts import Question, digest_of, languages_of, newest_version, render
from samsyn.sharing.models import (
    ChildPart,
    Consent,
    ConsentItem,
    ConsentLimit,
    ConsentReceiver,
    ConsentText,
    Disclosure,
    Errand,
    Reason,
    Scope,
)
from samsyn.sharing.words import CONSENT
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


@dataclass(frozen=True)
class _Asked:
    """What is asked, cleaned, before it is a row."""

    receivers: list[Unit]
    kinds: list[str]
    items: list[tuple[str, UUID]]
    left_out: list[Limit]


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

    ``left_out``: what is kept from whom. ``needed_anyway``: the asker will tell a receiver whatever the answer is, as the law
    lets it; then nothing is asked. ``renews``: the question that this one takes over from.
    Who asks may read it and write down the answers for as long as it can hold. The words are kept in every language.
    Raises Refused when something is missing, or when a no would change nothing.
    """
    authority_id = acting_authority(viewer)
    asked = _Asked(
        receivers=list({unit.pk: unit for unit in receivers}.values()),
        kinds=sorted(set(kinds)),
        items=list(dict.fromkeys(items)),
        left_out=list(left_out),
    )
    purpose = clean_text(purpose, LONGEST, field="purpose")
    child_reason = clean_text(child_reason, LONGEST, field="child_reason")
    exceptions = clean_text(exceptions, LONGEST, field="exceptions")
    today = clock.today()
    require(
        rules.may_ask_consent(
            purpose=purpose,
            kinds=len(asked.kinds) + len(asked.items),
            receivers=len(asked.receivers),
            receivers_inside=sum(unit.authority_id == authority_id for unit in asked.receivers),
            until=until,
            on=today,
            longest=law.deadline("consent_longest", today).nominal,
            errand=errand,
            since=since,
            shared_anyway=_shared_anyway(child, authority_id, asked, needed=needed_anyway),
        )
    )
    require(_child_is_weighed(child, child_part, child_reason, measure))
    if renews is not None:
        require(_may_renew(viewer, child, renews))
    template = "plan" if errand == Errand.PLAN and not asked.receivers else "share"
    consent = Consent.objects.create(
        child=child,
        authority_id=authority_id,
        errand=errand,
        purpose=purpose,
        kinds=asked.kinds,
        measure=measure,
        since=since or today,
        until=until,
        form=form,
        language=language,
        exceptions=exceptions,
        child_part=ChildPart.HEARD if is_grown(child, today) else child_part,
        child_reason=child_reason,
        template=template,
        template_version=newest_version(template),
        renews=renews,
        asked_by_id=acting_post(viewer),
        asked_by_person_id=viewer.person,
        asked_at=clock.now(),
    )
    _write_what_is_asked(consent, asked)
    _open_to_asker(consent)
    if renews is not None:
        end_duties(renews.ref, "renew_consent")
    act(viewer, "consent.asked", [Subject(CONSENT, consent.ref, child.ref, "asked")], ground=purpose)
    return consent


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


def _shared_anyway(child: Person, authority_id: int, asked: _Asked, *, needed: bool) -> str:
    """The row of law by which one of the receivers is told whatever the family answers, "" for none.

    It is so when the same is open to the receiver already without a yes, or when the asker will tell in any case.
    """
    if not asked.receivers:
        return ""
    sender = Authority.objects.get(pk=authority_id)
    kinds = {*asked.kinds, *(kind for kind, _ in asked.items)}
    for unit in asked.receivers:
        gates = gates_without_a_yes(child, sender, unit)
        told = Disclosure.objects.filter(
            child=child,
            authority=sender,
            receiver=unit,
            gate__in=gates,
            ended_at=None,
            expires_on__gte=clock.today(),
            items__kind__in=kinds,
        )
        row = told.values_list("gate", flat=True).first() or (gates[0] if needed and gates else "")
        if row:
            return row
    return ""


def gates_without_a_yes(child: Person, sender: Authority, receiver: Unit) -> list[str]:
    """Ids of the gates through which the receiver may be told of a child in need of help without any yes (OSL 25:12, 26:9)."""
    rows = law.on(clock.today())
    found = [rows.row(one) for one in possible_gates(child, sender, receiver)]
    return [row.id for row in found if isinstance(row, law.Gate) and row.age_under is not None]


def _write_what_is_asked(consent: Consent, asked: _Asked) -> None:
    ConsentReceiver.objects.bulk_create(ConsentReceiver(consent=consent, unit=unit) for unit in asked.receivers)
    ConsentItem.objects.bulk_create(ConsentItem(consent=consent, kind=kind, ref=ref) for kind, ref in asked.items)
    write_limits(consent, asked.left_out)
    words = {}
    for language in languages_of(consent.template, consent.template_version):
        with translation.override(language):
            question = _question(consent, asked)
        words[language] = render(consent.template, consent.template_version, language, question)
    ConsentText.objects.bulk_create(
        ConsentText(consent=consent, language=language, words=text, digest=digest_of(text))
        for language, text in words.items()
    )


def write_limits(consent: Consent, limits: Sequence[Limit], **more: object) -> None:
    """Write down what is left out."""
    ConsentLimit.objects.bulk_create(
        ConsentLimit(
            consent=consent,
            unit_id=limit.unit,
            authority_id=limit.authority,
            kind=limit.kind,
            words=clean_text(limit.words, LONGEST, field="exceptions"),
            **more,
        )
        for limit in limits
    )


def _question(consent: Consent, asked: _Asked) -> Question:
    units = Unit.objects.in_bulk([one.unit for one in asked.left_out if one.unit is not None])
    authorities = Authority.objects.in_bulk([one.authority for one in asked.left_out if one.authority is not None])
    left_out = [
        (
            one.kind,
            units[one.unit].name if one.unit else authorities[one.authority].name if one.authority else "",
            one.words,
        )
        for one in asked.left_out
    ]
    own_words = [("", "", consent.exceptions)] if consent.exceptions else []
    part = ChildPart.ALONE if is_grown(consent.child, consent.since) else consent.child_part
    return Question(
        child=consent.child.name,
        asker=consent.asked_by_person.full_name,
        unit=consent.asked_by.unit.name,
        authority=consent.authority.name,
        errand=consent.errand,
        purpose=consent.purpose,
        things=[*((kind, False) for kind in consent.kinds), *((kind, True) for kind, _ref in asked.items)],
        receivers=[f"{unit.name}, {unit.authority.name}" for unit in asked.receivers],
        left_out=[*left_out, *own_words],
        since=consent.since,
        until=consent.until,
        answered_by=_ANSWERED_BY[ChildPart(part)],
    )


_ANSWERED_BY = {ChildPart.HEARD: "guardians", ChildPart.TOGETHER: "together", ChildPart.ALONE: "child"}


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
        from_day=renewal_day(renews.until),
    )


def renewal_day(until: date) -> date:
    """The day from which a renewal is proposed, counted backwards from the last day of a yes."""
    return until - timedelta(days=law.on(clock.today()).row("consent_renewal").value or 0)
