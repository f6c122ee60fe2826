"""How a yes ends: taken back, run out, or no longer that of those who decide. What rested on it closes with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from samsyn import law
from samsyn.common import clock, ports
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.duties.actions import open_duty
from samsyn.duties.models import Duty, DutyState, HangsOn
from samsyn.law.days import add_years
from samsyn.notices.actions import call_off, tell
from samsyn.organisations.models import Post
from samsyn.people.models import Guardianship
from samsyn.sharing.actions.consents import renewal_day
from samsyn.sharing.actions.deciding import ONE_DAY, consent_stands, holds_through
from samsyn.sharing.actions.disclosures import end_disclosure
from samsyn.sharing.consent_rules import Limit
from samsyn.sharing.models import (
    Consent,
    ConsentAnswer,
    ConsentEnd,
    ConsentStep,
    Disclosure,
    Involvement,
    Way,
)
from samsyn.sharing.words import CONSENT
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


@transaction.atomic
def yes_ended(viewer: Viewer, consent: Consent, because: str) -> None:
    """Close now everything that rested on a yes that stood: what is open, reasons to see, notices nobody has read.

    A delivered copy is the receiver's own and stays. Whoever's work rested on the yes gets a duty to look at it with the
    family.
    """
    end = ConsentEnd.objects.create(consent=consent, because=because, at=clock.now())
    for row in _open_on(consent):
        _close(viewer, row, because)
    Involvement.objects.filter(Q(until=None) | Q(until__gt=clock.now()), consent=consent).update(until=clock.now())
    act(viewer, "consent.ended", [Subject(CONSENT, consent.ref, consent.child.ref, "ended")], ground=because)
    for resting in ports.yes_ended(viewer, consent.pk):
        _look_at_it(consent, resting, occasion=str(end.pk))


def _open_on(consent: Consent) -> QuerySet[Disclosure]:
    return Disclosure.objects.filter(consent=consent, ended_at=None, way=Way.OPEN).select_related("child")


def _close(viewer: Viewer, row: Disclosure, because: str) -> None:
    end_disclosure(viewer, row, because=because)
    call_off(row.receiver_id, list(row.items.values_list("ref", flat=True)))


def _look_at_it(consent: Consent, resting: ports.Resting, *, occasion: str) -> None:
    """A duty with a time, once while it is open, and a neutral notice."""
    post = Post.objects.select_related("unit__authority").get(pk=resting.post_id)
    about: dict[str, Any] = {"room": resting.room, "object_ref": resting.ref, "child": consent.child}
    already = Duty.objects.filter(object_ref=resting.ref, what=resting.what, state=DutyState.OPEN).exists()
    if resting.what and not already:
        open_duty(
            post,
            resting.what,
            rule="look_at_ended_consent",
            start=clock.now(),
            hangs_on=HangsOn(resting.hangs_on),
            **about,
        )
    tell(post, "yes_ended", occasion=occasion, **about)


@transaction.atomic
def close_what_is_left_out(viewer: Viewer, consent: Consent) -> None:
    """Close what is open to somebody whom a yes to a part leaves out."""
    limits = [Limit(*row) for row in consent.limits.values_list("unit_id", "authority_id", "kind")]
    if not limits:
        return
    for row in _open_on(consent).select_related("child", "receiver"):
        kinds = {item.kind for item in row.items.all()}
        to = {"unit": row.receiver_id, "authority": row.receiver.authority_id}
        if any(limit.bars(kind=kind, **to) for limit in limits for kind in kinds):
            _close(viewer, row, "left_out")
    held = Involvement.objects.filter(Q(until=None) | Q(until__gt=clock.now()), consent=consent)
    for limit in limits:
        whom = held.filter(unit=limit.unit) if limit.unit else held.filter(authority=limit.authority)
        if not limit.kind and (limit.unit or limit.authority):
            whom.update(until=clock.now())


@transaction.atomic
def settle(viewer: Viewer, consent: Consent) -> bool:
    """Let what rests on a consent follow what is known today. Gives whether the yes was found to have ended.

    While it stands, what is open ends no later than the last day that it can stand.
    """
    consent = (
        Consent.objects.select_for_update(of=("self",)).select_related("child", "asked_by__unit").get(pk=consent.pk)
    )
    if _has_ended(consent):
        return False
    if not consent_stands(consent):
        yes_ended(viewer, consent, "consent_expired" if clock.today() > consent.until else "consent_lapsed")
        return True
    last = holds_through(consent)
    Disclosure.objects.filter(consent=consent, ended_at=None, way=Way.OPEN, expires_on__gt=last).update(expires_on=last)
    night = clock.end_of(last)
    Involvement.objects.filter(Q(until=None) | Q(until__gt=night), consent=consent).update(until=night)
    return False


def _has_ended(consent: Consent) -> bool:
    """Has its end been written already, after the newest yes; or was there never a yes."""
    given = consent.answers.filter(step=ConsentStep.GIVEN).order_by("-id").first()
    return given is None or consent.ends.filter(at__gte=given.at).exists()


def family_changed(viewer: Viewer, child_id: int) -> None:
    """Custody or age of a child has changed: what rests on a yes follows at once. Answers a port of ``people``."""
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
    return _standing_when_last_seen().filter(rests)


def _standing_when_last_seen() -> QuerySet[Consent]:
    given = ConsentAnswer.objects.filter(consent=OuterRef("pk"), step=ConsentStep.GIVEN).order_by("-id")
    asked = Consent.objects.annotate(last_yes=Subquery(given.values("at")[:1])).filter(last_yes__isnull=False)
    return asked.filter(~Exists(ConsentEnd.objects.filter(consent=OuterRef("pk"), at__gte=OuterRef("last_yes"))))


def _may_have_lapsed(now: datetime) -> Q:
    """Too many rather than too few: whoever has custody has no yes as newest answer, nobody or an unknown number has it,
    the child is grown, or the last day has passed."""
    day = now.astimezone(clock.STOCKHOLM).date()
    custody = Guardianship.objects.filter(Q(until=None) | Q(until__gte=day), since__lte=day, child=OuterRef("child"))
    answers = ConsentAnswer.objects.filter(consent=OuterRef(OuterRef("pk")), giver=OuterRef("guardian"))
    unanswered = custody.annotate(newest=Subquery(answers.order_by("-id").values("step")[:1])).filter(
        Q(newest=None) | ~Q(newest=ConsentStep.GIVEN)
    )
    alone = custody.exclude(custody="sole")
    others = Guardianship.objects.filter(
        Q(until=None) | Q(until__gte=day), since__lte=day, child=OuterRef("child")
    ).exclude(guardian=OuterRef("guardian"))
    grown = add_years(day, -law.on(day).age("custody_until")) + ONE_DAY  # born on 29 February: a day to spare
    return (
        Q(until__lt=day)
        | Exists(unanswered)
        | ~Exists(custody)
        | Exists(alone.filter(~Exists(others)))
        | Q(child__birth_date__lte=grown)
    )


def propose_renewals() -> int:
    """Let each asker know, once, that a yes ends soon: ask the family anew, or let it end. Part of the tick."""
    today = clock.today()
    proposed = 0
    known = Duty.objects.filter(object_ref=OuterRef("ref"), what="renew_consent")
    ending = _standing_when_last_seen().filter(
        ~Exists(known), until__gte=today, until__lte=_last_day_to_propose(today), renewals__isnull=True
    )
    for consent in ending.select_related("child", "asked_by__unit__authority"):
        if consent.since < renewal_day(consent.until) and consent_stands(consent):
            _propose(consent)
            proposed += 1
    return proposed


def _last_day_to_propose(today: date) -> date:
    return today + (today - renewal_day(today))


@transaction.atomic
def _propose(consent: Consent) -> None:
    Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    if Duty.objects.filter(object_ref=consent.ref, what="renew_consent").exists():
        return  # another tick was first
    about: dict[str, Any] = {"room": CONSENT, "object_ref": consent.ref, "child": consent.child}
    open_duty(
        consent.asked_by,
        "renew_consent",
        rule="consent_renewal",
        start=clock.now(),
        due_on=consent.until,
        **about,
    )
    tell(consent.asked_by, "yes_ends_soon", **about)
