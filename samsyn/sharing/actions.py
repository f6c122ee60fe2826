"""Writing the facts that open and close a child's information. Rooms above write through here and nowhere else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import Decision, no, require
from samsyn.common.viewer import Viewer
from samsyn.organisations.models import Authority, Unit
from samsyn.people.models import Guardianship, Person
from samsyn.sharing import rules
from samsyn.sharing.models import (
    Consent,
    ConsentAnswer,
    ConsentReceiver,
    Delivery,
    Disclosure,
    DisclosureItem,
    Involvement,
    Reason,
    Scope,
    Way,
)
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def involve(
    child: Person,
    unit: Unit,
    reason: Reason,
    scope: Scope,
    *,
    post_id: int | None = None,
    item_ref: UUID | None = None,
    group: str = "",
    source: str,
) -> Involvement:
    """Give a unit, or one post in it, a reason around the child from now on. The same open reason is not doubled."""
    facts = {
        "child": child,
        "authority_id": unit.authority_id,
        "unit": unit,
        "post_id": post_id,
        "reason": reason,
        "scope": scope,
        "item_ref": item_ref,
    }
    existing = Involvement.objects.filter(until=None, **facts).first()
    if existing is not None:
        return existing
    return Involvement.objects.create(since=clock.now(), group=group, source=source, **facts)


def end_involvement(
    child: Person,
    reason: Reason,
    *,
    post_id: int | None = None,
    unit_id: int | None = None,
    item_ref: UUID | None = None,
) -> None:
    """End a reason now: that of a post, of a unit, or the one to see a single thing."""
    rows = Involvement.objects.filter(child=child, reason=reason, until=None)
    if post_id is not None:
        rows = rows.filter(post_id=post_id)
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    if item_ref is not None:
        rows = rows.filter(item_ref=item_ref)
    rows.update(until=clock.now())


def guardians_today(child: Person) -> list[Guardianship]:
    """Those who have custody of the child today, oldest row first."""
    day = clock.today()
    rows = Guardianship.objects.filter(Q(until=None) | Q(until__gte=day), child=child, since__lte=day)
    return list(rows.select_related("guardian").order_by("id"))


def newest_answers(consent: Consent) -> dict[int, str]:
    """The newest step of each giver, by the giver's row id."""
    return dict(consent.answers.order_by("id").values_list("giver_id", "step"))


def consent_stands(consent: Consent, guardianships: Sequence[Guardianship] | None = None) -> Decision:
    """Does this consent open anything today, and if not, why."""
    guardians = guardians_today(consent.child) if guardianships is None else guardianships
    return rules.consent_stands(
        guardians=[row.guardian_id for row in guardians],
        answers=newest_answers(consent),
        until=consent.until,
        on=clock.today(),
        joint=any(row.custody == "joint" for row in guardians),
    )


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
    """Write down that consent is asked for. Raises Refused when a time or a receiver is missing."""
    longest = law.deadline("consent_longest", clock.today()).nominal
    require(rules.may_ask_consent(until=until, on=clock.today(), longest=longest, receivers=len(receivers)))
    consent = Consent.objects.create(
        child=child,
        authority_id=_acting_authority(viewer),
        purpose=purpose,
        kinds=list(kinds),
        until=until,
        form=form,
        language=language,
        exceptions=exceptions,
        asked_by_id=viewer.post,
        asked_by_person_id=viewer.person,
        asked_at=clock.now(),
    )
    ConsentReceiver.objects.bulk_create(ConsentReceiver(consent=consent, unit=unit) for unit in receivers)
    act(viewer, "consent.asked", [Subject("consent", consent.ref, child.ref, "asked")], ground=purpose)
    return consent


@transaction.atomic
def answer_consent(
    viewer: Viewer, consent: Consent, giver: Person, step: str, *, form: str, language: str
) -> ConsentAnswer:
    """Write down a guardian's answer as a new row. A no or a taken-back yes closes what rested on it, now.

    Raises Refused when the giver has no custody today or the answer is already there.
    """
    Consent.objects.select_for_update().get(pk=consent.pk)
    guardians = {row.guardian_id for row in guardians_today(consent.child)}
    newest = newest_answers(consent).get(giver.pk)
    require(
        rules.may_answer_consent(
            is_guardian=giver.pk in guardians, newest=newest, step=step, until=consent.until, on=clock.today()
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
        recorded_by_id=viewer.post,
        recorded_by_person_id=viewer.person,
    )
    act(viewer, f"consent.{step}", [Subject("consent", consent.ref, consent.child.ref, step)])
    if step != "given":
        for row in Disclosure.objects.filter(consent=consent, ended_at=None, way=Way.OPEN):
            end_disclosure(viewer, row, because=f"consent_{step}")
    return answer


@dataclass(frozen=True)
class Sharing:
    """What a disclosure rests on, as chosen on the screen: one gate, the purpose, and what the family was told."""

    gate: str
    purpose: str
    told: str = ""
    withheld_because: str = ""
    consent: Consent | None = None
    way: Way = Way.OPEN
    rendering: str = ""
    expires_on: date | None = field(default=None)


@transaction.atomic
def disclose(
    viewer: Viewer, child: Person, sender: Authority, receiver: Unit, items: Iterable[tuple[str, UUID]], ground: Sharing
) -> Disclosure:
    """Open or deliver items of ``sender`` to ``receiver``: one row in the ledger.

    Raises Refused when the gate does not hold for this sender, receiver and child on this day.
    """
    today = clock.today()
    consent = _consent_for(ground, child, sender, receiver)
    require(
        rules.may_disclose(
            gate=ground.gate,
            possible=possible_gates(child, sender, receiver),
            same_authority=sender.pk == receiver.authority_id,
            consent=consent,
            told=ground.told,
            withheld=ground.withheld_because,
        )
    )
    longest = ground.consent.until if ground.consent else law.deadline("consent_longest", today).nominal
    disclosure = Disclosure.objects.create(
        child=child,
        authority=sender,
        receiver=receiver,
        gate=ground.gate,
        consent=ground.consent if ground.gate == "consent" else None,
        way=ground.way,
        purpose=ground.purpose,
        told=ground.told,
        withheld_because=ground.withheld_because,
        look_again_on=None if ground.told else law.deadline("recheck_withheld_notice", today).latest,
        decided_by_id=viewer.post,
        decided_by_person_id=viewer.person,
        since=clock.now(),
        expires_on=min(ground.expires_on or longest, longest),
    )
    rows = [DisclosureItem(disclosure=disclosure, kind=kind, ref=ref) for kind, ref in items]
    DisclosureItem.objects.bulk_create(rows)
    if ground.way == Way.DELIVERED:
        _deliver(disclosure, receiver, ground.rendering)
    subjects = [Subject("disclosure", disclosure.ref, child.ref, "given")]
    act(viewer, "disclosure.given", subjects, ground=ground.gate)
    return disclosure


def _deliver(disclosure: Disclosure, receiver: Unit, rendering: str) -> None:
    Delivery.objects.create(
        disclosure=disclosure,
        child=disclosure.child,
        authority_id=receiver.authority_id,
        unit=receiver,
        rendering=rendering,
        digest=hashlib.sha256(rendering.encode()).digest(),
        at=clock.now(),
    )


def _consent_for(ground: Sharing, child: Person, sender: Authority, receiver: Unit) -> Decision | None:
    if ground.consent is None:
        return None
    if ground.consent.child_id != child.pk or ground.consent.authority_id != sender.pk:
        return no("That yes is about something else.", rule="consent", field="gate")
    if not ground.consent.receiver_rows.filter(unit=receiver).exists():
        return no("The family said yes to others, not to this receiver.", rule="consent", field="gate")
    return consent_stands(ground.consent)


def possible_gates(child: Person, sender: Authority, receiver: Unit) -> list[str]:
    """Ids of the gates that can hold today between the two for this child; ``own_authority`` inside one authority."""
    nearness = law.Nearness.APART
    if sender.pk == receiver.authority_id:
        nearness = law.Nearness.AREA
    elif sender.principal_id == receiver.authority.principal_id:
        nearness = law.Nearness.PRINCIPAL
    held = law.on(clock.today()).gates(
        sender.sphere, receiver.authority.sphere, child.birth_date, nearness=nearness
    )
    return [row.id for row in held]


@transaction.atomic
def end_disclosure(viewer: Viewer, disclosure: Disclosure, *, because: str) -> None:
    """Close an open disclosure now. A delivered copy is the receiver's own and stays."""
    changed = Disclosure.objects.filter(pk=disclosure.pk, ended_at=None).update(
        ended_at=clock.now(), ended_because=because
    )
    if changed:
        act(
            viewer,
            "disclosure.ended",
            [Subject("disclosure", disclosure.ref, disclosure.child.ref, "ended")],
            ground=because,
        )


def _acting_authority(viewer: Viewer) -> int:
    if viewer.authority is None:
        raise PermissionError("Only a post can act here.")
    return viewer.authority
