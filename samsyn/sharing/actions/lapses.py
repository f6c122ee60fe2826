"""A yes that no longer holds by itself: its last day has passed, custody has changed, the child has turned 18."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from samsyn import law
from samsyn.common import clock, ports
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.law.days import add_years
from samsyn.organisations.intervals import within
from samsyn.people.models import Guardianship
from samsyn.sharing.actions.deciding import ONE_DAY, consent_stands, holds_through
from samsyn.sharing.actions.endings import yes_ended
from samsyn.sharing.actions.renewals import standing_when_last_seen
from samsyn.sharing.models import Consent, ConsentAnswer, ConsentStep, Disclosure, Involvement, Way


@transaction.atomic
def settle(viewer: Viewer, consent: Consent) -> bool:
    """Let what rests on a consent follow what is known today. Gives whether the yes was found to have ended.

    While it stands, what is open ends no later than the last day that it can stand.
    """
    consent = (
        Consent.objects.select_for_update(of=("self",)).select_related("child", "asked_by__unit").get(pk=consent.pk)
    )
    if not standing_when_last_seen().filter(pk=consent.pk).exists():
        return False
    if not consent_stands(consent):
        yes_ended(viewer, consent, "consent_expired" if clock.today() > consent.until else "consent_lapsed")
        return True
    last = holds_through(consent)
    Disclosure.objects.filter(consent=consent, ended_at=None, way=Way.OPEN, expires_on__gt=last).update(expires_on=last)
    night = clock.end_of(last)
    Involvement.objects.filter(Q(until=None) | Q(until__gt=night), consent=consent).update(until=night)
    return False


def family_changed(viewer: Viewer, child_id: int) -> None:
    """Custody or age of a child has changed: what rests on a yes follows at once. Answers a port of ``people``.

    The child's yeses are held first: what somebody opens on one at this very moment is there before it is looked for.
    """
    standing = standing_when_last_seen().filter(child_id=child_id).values("pk")
    list(Consent.objects.select_for_update(of=("self",)).filter(pk__in=standing).order_by("pk").values_list("pk"))
    for consent in _at_work().filter(child_id=child_id):
        settle(viewer, consent)


def close_what_lost_its_consent() -> int:
    """Write the end of each yes that no longer holds: its last day has passed, custody has changed, the child is 18.

    Part of the tick; safe to run twice at once. Nothing is open until then: what rests on a yes carries its last day
    itself. Gives how many it ended.
    """
    return sum(settle(SYSTEM, consent) for consent in _at_work().filter(_may_have_lapsed(clock.now())))


def _at_work() -> QuerySet[Consent]:
    """Consents that something rests on, and that have not been written as ended since the newest yes."""
    rests = Q(pk__in=Disclosure.objects.filter(ended_at=None, way=Way.OPEN, consent__isnull=False).values("consent"))
    for consents in ports.rests_on_a_yes():
        rests |= Q(pk__in=consents)
    return standing_when_last_seen().filter(rests)


def _may_have_lapsed(now: datetime) -> Q:
    """Too many rather than too few: whoever has custody has no yes as newest answer, nobody or an unknown number has
    it, the child is grown, or the last day has passed."""
    day = now.astimezone(clock.STOCKHOLM).date()
    custody = Guardianship.objects.filter(within(day), child=OuterRef("child"))
    answers = ConsentAnswer.objects.filter(consent=OuterRef(OuterRef("pk")), giver=OuterRef("guardian"))
    unanswered = custody.annotate(newest=Subquery(answers.order_by("-id").values("step")[:1])).filter(
        Q(newest=None) | ~Q(newest=ConsentStep.GIVEN)
    )
    alone = custody.exclude(custody="sole")
    others = Guardianship.objects.filter(within(day), child=OuterRef("child")).exclude(guardian=OuterRef("guardian"))
    grown = add_years(day, -law.on(day).age("custody_until")) + ONE_DAY  # born on 29 February: a day to spare
    return (
        Q(until__lt=day)
        | Exists(unanswered)
        | ~Exists(custody)
        | Exists(alone.filter(~Exists(others)))
        | Q(child__birth_date__lte=grown)
    )
