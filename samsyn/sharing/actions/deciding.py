"""Who decides for a child on a day, whether their yes stands, how long it can, and what it reaches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import Decision
from samsyn.common.prepared import asked
from samsyn.law.consenting import HINDERED, OVERRIDDEN
from samsyn.organisations.intervals import within
from samsyn.organisations.models import Authority, Unit
from samsyn.people.actions import masked
from samsyn.people.models import Custody, Guardianship, Person
from samsyn.sharing import consent_rules as rules
from samsyn.sharing.models import ChildPart, Consent

ONE_DAY = timedelta(days=1)
WHOLE_CUSTODY = 2
"""Custody is one person's alone or two persons' together (FB 6:2, 6:3): with two on record nobody is missing."""


def guardians_today(child: Person) -> list[Guardianship]:
    """Those who have custody of the child today, oldest row first; nobody from the day the child turns 18 (FB 6:2)."""
    return _guardians_on(child, clock.today())


def _guardians_on(child: Person, day: date) -> list[Guardianship]:
    if is_grown(child, day):
        return []
    return [row for row in _custody_of(child) if row.since <= day and (row.until is None or row.until >= day)]


def _custody_of(child: Person) -> list[Guardianship]:
    return masked(asked(_guardianships, child.pk))


def _guardianships(child_id: int) -> QuerySet[Guardianship]:
    return Guardianship.objects.filter(child_id=child_id).select_related("guardian").order_by("id")


def who_decides(child: Person, consent: Consent | None = None) -> list[Person]:
    """Those whose yes is needed today: who has custody, and the child when that was decided; from 18 the young person
    alone. Without a consent: who is asked when the child's part is to be listened to."""
    part = consent.child_part if consent is not None else ChildPart.HEARD
    return _deciders(child, guardians_today(child), part, clock.today())


def _deciders(child: Person, guardians: Sequence[Guardianship], part: str, day: date) -> list[Person]:
    of_guardians, of_child = _parts(child, part, day)
    return [row.guardian for row in guardians if of_guardians] + ([child] if of_child else [])


def _parts(child: Person, part: str, day: date) -> tuple[bool, bool]:
    """Is the guardians' yes needed, and the child's own."""
    alone = is_grown(child, day) or part == ChildPart.ALONE
    return not alone, alone or part == ChildPart.TOGETHER


def decided_by(person: int, consents: Iterable[Consent]) -> set[int]:
    """Those of the questions (row ids, ``child`` fetched) that need this person's yes today, in one question to the
    database: as ``who_decides`` says for each."""
    day, questions = clock.today(), list(consents)
    held = Guardianship.objects.filter(within(day), guardian_id=person)
    own = set(held.filter(child__in={one.child_id for one in questions}).values_list("child_id", flat=True))
    found = set()
    for one in questions:
        of_guardians, of_child = _parts(one.child, one.child_part, day)
        if (of_guardians and one.child_id in own) or (of_child and one.child_id == person):
            found.add(one.pk)
    return found


def is_grown(child: Person, day: date) -> bool:
    """Has the child turned 18 on the day. Not known to have, when the birth date is unknown."""
    return child.birth_date is not None and not law.on(day).age_applies("custody_until", child.birth_date)


def everybody_is_known(guardians: Sequence[Guardianship]) -> bool:
    """Is it certain that nobody else has custody: two are on record, or the one who is has it alone.

    Custody of a kind that is not known is never treated as sole.
    """
    return len(guardians) >= WHOLE_CUSTODY or (len(guardians) == 1 and guardians[0].custody == Custody.SOLE)


def newest_answers(consent: Consent) -> dict[int, str]:
    """The newest step of each giver, by the giver's row id."""
    return dict(consent.answers.order_by("id").values_list("giver_id", "step"))


def facts_of(consent: Consent) -> list[rules.Answers]:
    """What the state of a consent follows from: today first, and each later day on which it can change by itself.

    Those days are known beforehand: custody that begins or ends, the 18th birthday, the day after the last one.
    """
    child, today = consent.child, clock.today()
    custody = _custody_of(child)
    newest = newest_answers(consent)
    waived = list(consent.waivers.values_list("guardian_id", "ground"))
    days = {row.since for row in custody} | {row.until + ONE_DAY for row in custody if row.until is not None}
    if child.birth_date is not None:
        days.add(law.on(today).turning_day("custody_until", child.birth_date))
    days |= {consent.since, consent.until + ONE_DAY}
    found = []
    for day in [today, *sorted(day for day in days if day > today)]:
        guardians = [
            row
            for row in custody
            if row.since <= day and (row.until is None or row.until >= day) and not is_grown(child, day)
        ]
        deciders = _deciders(child, guardians, consent.child_part, day)
        alone = deciders == [child]
        found.append(
            rules.Answers(
                deciders=[person.pk for person in deciders],
                newest=newest,
                since=consent.since,
                until=consent.until,
                on=day,
                everybody=alone or everybody_is_known(guardians),
                with_child=not alone and child in deciders,
                hindered=frozenset(pk for pk, ground in waived if ground == HINDERED),
                overridden=frozenset(pk for pk, ground in waived if ground == OVERRIDDEN),
            )
        )
    return found


def consent_state(consent: Consent) -> rules.State:
    """The line of the table of states that fits today."""
    return rules.state_of(facts_of(consent)[0])


def consent_stands(consent: Consent) -> Decision:
    """Does this consent open anything today, and if not, why."""
    return rules.consent_stands(facts_of(consent)[0])


def holds_through(consent: Consent) -> date:
    """The last day that the yes holds, as far as is known today: something opened on it is opened no longer than that.

    Call it for a consent that stands today.
    """
    today = clock.today()
    for facts in facts_of(consent):
        if not rules.consent_stands(facts):
            return min(consent.until, max(today, facts.on - ONE_DAY))
    return consent.until


def consent_reaches(
    consent: Consent, child: Person, sender: Authority, receiver: Unit, items: Iterable[tuple[str, UUID]]
) -> Decision:
    """Does the consent cover opening these items of the sender to the receiver; and does it stand."""
    single = set(consent.items.values_list("kind", "ref"))
    limits = [rules.Limit(*row) for row in consent.limits.values_list("unit_id", "authority_id", "kind")]
    things = list(items)
    kinds = {kind for kind, _ref in things}
    reaches = rules.consent_reaches(
        about_this=consent.child_id == child.pk and consent.authority_id == sender.pk,
        to_receiver=consent.receiver_rows.filter(unit=receiver).exists(),
        kinds={kind for kind, ref in things if (kind, ref) not in single},
        said_yes_to=consent.kinds,
        left_out=any(
            limit.bars(unit=receiver.pk, authority=receiver.authority_id, kind=kind)
            for limit in limits
            for kind in kinds or {""}
        ),
    )
    return consent_stands(consent) if reaches else reaches


def newest_consent(child: Person, authority_id: int, receiver: Unit) -> Consent | None:
    """The newest question from an authority that names the unit as receiver, whatever was answered."""
    asked = Consent.objects.filter(child=child, authority_id=authority_id, receivers=receiver)
    return asked.select_related("child").order_by("-asked_at", "-pk").first()


def held(consent: Consent) -> Consent:
    """The consent, held until the transaction ends: answers and what is opened on it come one after the other."""
    return (
        Consent.objects.select_for_update(of=("self",))
        .select_related("child", "authority", "asked_by__unit")
        .get(pk=consent.pk)
    )
