"""Who decides for a child today, and whether their yes stands."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import Decision
from samsyn.organisations.models import Unit
from samsyn.people.models import Guardianship, Person
from samsyn.sharing import rules
from samsyn.sharing.models import Consent


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


def newest_consent(child: Person, authority_id: int, receiver: Unit) -> Consent | None:
    """The newest question from an authority that names the unit as receiver, whatever was answered."""
    asked = Consent.objects.filter(child=child, authority_id=authority_id, receivers=receiver)
    return asked.select_related("child").order_by("-asked_at", "-pk").first()
