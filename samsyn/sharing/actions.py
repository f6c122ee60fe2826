"""Writing the facts that open and close a child's information. Rooms above write through here and nowhere else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import Decision, require
from samsyn.common.text import clean_text
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.duties.actions import open_duty
from samsyn.law.days import add_years
from samsyn.notices.actions import tell
from samsyn.organisations.models import Authority, Post, Unit
from samsyn.people.models import Guardianship, Person
from samsyn.sharing import rules
from samsyn.sharing.models import (
    Consent,
    ConsentAnswer,
    ConsentReceiver,
    ConsentStep,
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

LONGEST = 10_000
ONE_DAY = timedelta(days=1)


def involve(
    child: Person,
    unit: Unit,
    reason: Reason,
    scope: Scope,
    *,
    post_id: int | None = None,
    item_ref: UUID | None = None,
    group: str = "",
    until: datetime | None = None,
    source: str,
) -> Involvement:
    """Give a unit, or one post in it, a reason around the child from now on. The same open reason is not doubled.

    ``until``: when it ends by itself, None for until further notice.
    """
    facts = {
        "child": child,
        "authority_id": unit.authority_id,
        "unit": unit,
        "post_id": post_id,
        "reason": reason,
        "scope": scope,
        "item_ref": item_ref,
    }
    existing = Involvement.objects.filter(until=until, **facts).first()
    if existing is not None:
        return existing
    return Involvement.objects.create(since=clock.now(), until=until, group=group, source=source, **facts)


def begin_involvements(child: Person, post: Post, reasons: Sequence[Reason], *, source: str) -> None:
    """Give a post reasons to all that its authority holds, in one write. The caller knows that it has none of them."""
    now = clock.now()
    Involvement.objects.bulk_create(
        Involvement(
            child=child,
            authority_id=post.unit.authority_id,
            unit=post.unit,
            post=post,
            reason=reason,
            scope=Scope.WHOLE,
            since=now,
            source=source,
        )
        for reason in reasons
    )


def end_involvement(
    child: Person,
    reason: Reason,
    *,
    post_id: int | None = None,
    unit_id: int | None = None,
    item_ref: UUID | None = None,
    at: datetime | None = None,
) -> None:
    """End a reason now, or at a later moment: that of a post, of a unit, or the one to see a single thing."""
    at = at or clock.now()
    rows = Involvement.objects.filter(Q(until=None) | Q(until__gt=at), child=child, reason=reason)
    if post_id is not None:
        rows = rows.filter(post_id=post_id)
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    if item_ref is not None:
        rows = rows.filter(item_ref=item_ref)
    rows.update(until=at)


def end_involvements(child: Person, *ends: tuple[Reason, int, UUID | None]) -> None:
    """End several reasons now, in one write: each of a post, and only the one to a single thing where one is named."""
    now = clock.now()
    these = Q()
    for reason, post_id, item_ref in ends:
        one = Q(reason=reason, post_id=post_id)
        these |= one if item_ref is None else one & Q(item_ref=item_ref)
    Involvement.objects.filter(Q(until=None) | Q(until__gt=now), these, child=child).update(until=now)


def guardians_today(child: Person) -> list[Guardianship]:
    """Those who have custody of the child today, oldest row first; nobody from the day the child turns 18 (FB 6:2)."""
    day = clock.today()
    if _is_grown(child, day):
        return []
    rows = Guardianship.objects.filter(Q(until=None) | Q(until__gte=day), child=child, since__lte=day)
    return list(rows.select_related("guardian").order_by("id"))


def who_decides(child: Person) -> list[Person]:
    """Those whose yes is needed today: who has custody, or from 18 the young person alone."""
    if _is_grown(child, clock.today()):
        return [child]
    return [row.guardian for row in guardians_today(child)]


def _is_grown(child: Person, day: date) -> bool:
    return child.birth_date is not None and not law.on(day).age_applies("custody_until", child.birth_date)


def newest_answers(consent: Consent) -> dict[int, str]:
    """The newest step of each giver, by the giver's row id."""
    return dict(consent.answers.order_by("id").values_list("giver_id", "step"))


def consent_stands(consent: Consent) -> Decision:
    """Does this consent open anything today, and if not, why."""
    return rules.consent_stands(
        deciders=[person.pk for person in who_decides(consent.child)],
        answers=newest_answers(consent),
        until=consent.until,
        on=clock.today(),
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
    """Write down that consent is asked for: until a day, for a purpose, about kinds, from receivers elsewhere.

    Who asks may read it and write down the answers for as long as it can hold.
    Raises Refused when something is missing, or when the receiver needs no consent.
    """
    authority_id = _acting_authority(viewer)
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
        asked_by_id=_acting_post(viewer),
        asked_by_person_id=viewer.person,
        asked_at=clock.now(),
    )
    units = {unit.pk: unit for unit in receivers}
    ConsentReceiver.objects.bulk_create(ConsentReceiver(consent=consent, unit=unit) for unit in units.values())
    involve(
        child,
        consent.asked_by.unit,
        Reason.ASKED,
        Scope.ITEM,
        post_id=viewer.post,
        item_ref=consent.ref,
        until=clock.end_of(until),
        source="sharing",
    )
    act(viewer, "consent.asked", [Subject("consent", consent.ref, child.ref, "asked")], ground=purpose)
    return consent


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
        recorded_by_id=_acting_post(viewer),
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


@transaction.atomic
def end_disclosures_on(viewer: Viewer, consent: Consent, *, because: str) -> None:
    """Close now all that is open on this consent."""
    for row in Disclosure.objects.filter(consent=consent, ended_at=None, way=Way.OPEN).select_related("child"):
        end_disclosure(viewer, row, because=because)


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


def newest_consent(child: Person, authority_id: int, receiver: Unit) -> Consent | None:
    """The newest question from an authority that names the unit as receiver, whatever was answered."""
    asked = Consent.objects.filter(child=child, authority_id=authority_id, receivers=receiver)
    return asked.select_related("child").order_by("-asked_at", "-pk").first()


@dataclass(frozen=True)
class Sharing:
    """What a disclosure rests on, as chosen on the screen: one gate, the purpose, and what the family was told.

    ``decided_by``: post and person (row ids) that decided, when it is carried out later by somebody else's act.
    """

    gate: str
    purpose: str
    told: str = ""
    withheld_because: str = ""
    consent: Consent | None = None
    way: Way = Way.OPEN
    rendering: str = ""
    expires_on: date | None = None
    decided_by: tuple[int, int] | None = None


@transaction.atomic
def disclose(
    viewer: Viewer, child: Person, sender: Authority, receiver: Unit, items: Iterable[tuple[str, UUID]], ground: Sharing
) -> Disclosure:
    """Open or deliver items of ``sender`` to ``receiver``: one row in the ledger.

    Raises Refused when the gate does not hold for this sender, receiver and child on this day.
    """
    today = clock.today()
    opened = dict.fromkeys(items)
    consent = _consent_for(ground, child, sender, receiver, {kind for kind, _ref in opened})
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
    decided_by, decided_by_person = ground.decided_by or (_acting_post(viewer), viewer.person)
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
        decided_by_id=decided_by,
        decided_by_person_id=decided_by_person,
        since=clock.now(),
        expires_on=min(ground.expires_on or longest, longest),
    )
    DisclosureItem.objects.bulk_create(
        DisclosureItem(disclosure=disclosure, kind=kind, ref=ref) for kind, ref in opened
    )
    if ground.way == Way.DELIVERED:
        _deliver(disclosure, receiver, ground.rendering)
    if not ground.told:
        open_look_again(disclosure)
    subjects = [Subject("disclosure", disclosure.ref, child.ref, "given")]
    act(viewer, "disclosure.given", subjects, ground=ground.gate)
    return disclosure


def open_look_again(disclosure: Disclosure) -> None:
    """Let the post that decided see again, in time, whether the family can be told."""
    post = disclosure.decided_by
    involve(
        disclosure.child,
        post.unit,
        Reason.PASSED_ON,
        Scope.ITEM,
        post_id=post.pk,
        item_ref=disclosure.ref,
        source="sharing",
    )
    open_duty(
        post,
        "look_again",
        child=disclosure.child,
        room="disclosure",
        object_ref=disclosure.ref,
        rule="recheck_withheld_notice",
        start=clock.now(),
    )


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


def _consent_for(
    ground: Sharing, child: Person, sender: Authority, receiver: Unit, kinds: Iterable[str]
) -> Decision | None:
    consent = ground.consent
    if consent is None:
        return None
    reaches = rules.consent_reaches(
        about_this=consent.child_id == child.pk and consent.authority_id == sender.pk,
        to_receiver=consent.receiver_rows.filter(unit=receiver).exists(),
        kinds=kinds,
        said_yes_to=consent.kinds,
    )
    return consent_stands(consent) if reaches else reaches


def possible_gates(child: Person, sender: Authority, receiver: Unit) -> list[str]:
    """Ids of the gates that can hold today between the two for this child; ``own_authority`` inside one authority."""
    nearness = law.Nearness.APART
    if sender.pk == receiver.authority_id:
        nearness = law.Nearness.AREA
    elif sender.principal_id == receiver.authority.principal_id:
        nearness = law.Nearness.PRINCIPAL
    held = law.on(clock.today()).gates(
        sender.sphere, receiver.authority.sphere, child.birth_date, nearness=nearness, serves=law.Serves.HELP
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


def _acting_post(viewer: Viewer) -> int:
    if viewer.post is None:
        raise PermissionError("Only a post can act here.")
    return viewer.post


def _acting_authority(viewer: Viewer) -> int:
    if viewer.authority is None:
        raise PermissionError("Only a post can act here.")
    return viewer.authority
