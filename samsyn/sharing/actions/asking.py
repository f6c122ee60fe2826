"""What is asked, whether a no would count, and the words of it in every language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import translation

from samsyn import law
from samsyn.common import clock
from samsyn.common.text import clean_text
from samsyn.organisations.models import Authority, Unit
from samsyn.people.models import Person
from samsyn.sharing.actions.acting import LONGEST
from samsyn.sharing.actions.deciding import is_grown
from samsyn.sharing.actions.disclosures import possible_gates
from samsyn.sharing.consent_rules import Limit
from samsyn.sharing.consent_texts import Question, languages_of, render
from samsyn.sharing.models import (
    ChildPart,
    Consent,
    ConsentItem,
    ConsentLimit,
    ConsentReceiver,
    ConsentText,
    Disclosure,
)
from samsyn.sharing.written_about import written_about


@dataclass(frozen=True)
class Asked:
    """What is asked, cleaned, before it is a row."""

    child: Person
    authority_id: int
    errand: str
    purpose: str
    measure: str
    kinds: list[str]
    items: list[tuple[str, UUID]]
    receivers: list[Unit]
    left_out: list[Limit]
    exceptions: str
    child_part: str
    child_reason: str
    since: date | None
    until: date


def shared_anyway(asked: Asked, *, needed: bool) -> str:
    """The row of law by which one of the receivers is told whatever the family answers, "" for none.

    It is so when the same is open to the receiver already without a yes, or when the asker will tell in any case.
    """
    if not asked.receivers:
        return ""
    sender = Authority.objects.get(pk=asked.authority_id)
    kinds = {*asked.kinds, *(kind for kind, _ in asked.items)}
    for unit in asked.receivers:
        gates = gates_without_a_yes(asked.child, sender, unit)
        told = Disclosure.objects.filter(
            child=asked.child,
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
    """Ids of the gates through which the receiver may be told of a child in need of help without any yes (OSL 25:12,
    26:9)."""
    rows = law.on(clock.today())
    found = [rows.row(one) for one in possible_gates(child, sender, receiver)]
    return [row.id for row in found if isinstance(row, law.Gate) and row.age_under is not None]


def write_what_is_asked(consent: Consent, asked: Asked) -> None:
    """Write down receivers, single things, what is left out, and the words in each language."""
    ConsentReceiver.objects.bulk_create(ConsentReceiver(consent=consent, unit=unit) for unit in asked.receivers)
    about = written_about(asked.items)
    ConsentItem.objects.bulk_create(
        ConsentItem(consent=consent, kind=kind, ref=ref, **about.get(ref, {})) for kind, ref in asked.items
    )
    write_limits(consent, asked.left_out)
    words = {}
    for language in languages_of(consent.template, consent.template_version):
        with translation.override(language):
            question = _question(consent, asked)
        words[language] = render(consent.template, consent.template_version, language, question)
    ConsentText.objects.bulk_create(ConsentText.of(consent, words))


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


def _question(consent: Consent, asked: Asked) -> Question:
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
