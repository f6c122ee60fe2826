"""Asking anew before a yes ends: proposed once, in time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from samsyn import law
from samsyn.common import clock
from samsyn.duties.actions import open_duty
from samsyn.duties.models import Duty
from samsyn.notices.actions import tell
from samsyn.organisations.models import Post
from samsyn.organisations.partnerships import value_for
from samsyn.sharing.actions.deciding import consent_stands
from samsyn.sharing.models import (
    Consent,
    ConsentAnswer,
    ConsentEnd,
    ConsentStep,
    Disclosure,
    Involvement,
    Reason,
    Scope,
    Way,
)
from samsyn.sharing.words import CONSENT

RENEWAL = "consent_renewal"


def renewal_day(consent: Consent) -> date:
    """The day from which a renewal is proposed, counted backwards from the last day of a yes.

    The partnership of the authority that asked may be reminded later than the law of the house says, never earlier.
    """
    own = value_for(consent.authority_id, RENEWAL)
    return consent.until - timedelta(days=_days_of_the_house() if own is None else own)


def _days_of_the_house() -> int:
    return law.on(clock.today()).row(RENEWAL).value or 0


def standing_when_last_seen() -> QuerySet[Consent]:
    """Consents that somebody has said yes to, and that have not been written as ended since the newest yes.

    Custody that was noted by mistake and taken back lets a yes that had ended stand again without being given anew.
    What is opened on it then tells of that: all that was open before was closed when it ended.
    """
    given = ConsentAnswer.objects.filter(consent=OuterRef("pk"), step=ConsentStep.GIVEN).order_by("-id")
    asked = Consent.objects.annotate(last_yes=Subquery(given.values("pk")[:1])).filter(last_yes__isnull=False)
    ended = Exists(ConsentEnd.objects.filter(consent=OuterRef("pk"), last_yes=OuterRef("last_yes")))
    own = {"consent": OuterRef("pk")}
    opened = Exists(Disclosure.objects.filter(**own, ended_at=None, way=Way.OPEN))
    reasons = Exists(Involvement.objects.filter(Q(until=None) | Q(until__gt=clock.now()), **own))
    return asked.filter(~ended | opened | reasons)


def propose_renewals() -> int:
    """Let who follows the child know, once, that a yes ends soon: ask anew, or let it end. Part of the tick."""
    today = clock.today()
    proposed = 0
    known = Duty.objects.filter(object_ref=OuterRef("ref"), what="renew_consent")
    ending = standing_when_last_seen().filter(
        ~Exists(known), until__gte=today, until__lte=today + timedelta(days=_days_of_the_house()), renewals__isnull=True
    )
    for consent in ending.select_related("child", "asked_by__unit__authority"):
        if consent.since < renewal_day(consent) <= today and consent_stands(consent):
            _propose(consent)
            proposed += 1
    return proposed


@transaction.atomic
def _propose(consent: Consent) -> None:
    Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    if Duty.objects.filter(object_ref=consent.ref, what="renew_consent").exists():
        return  # another tick was first
    about: dict[str, Any] = {"room": CONSENT, "object_ref": consent.ref, "child": consent.child}
    post = _who_asks_anew(consent)
    open_duty(
        post,
        "renew_consent",
        rule=RENEWAL,
        start=clock.now(),
        due_on=consent.until,
        **about,
    )
    tell(post, "yes_ends_soon", **about)


def _who_asks_anew(consent: Consent) -> Post:
    """Who asked, while that post follows the child; else the child's named person in the same authority, if it has one.

    Only who follows a child asks its family: whoever has handed it over could not do it.
    """
    now, asker = clock.now(), consent.asked_by
    following = Involvement.objects.filter(
        Q(until=None) | Q(until__gt=now),
        child=consent.child_id,
        authority=consent.authority_id,
        scope=Scope.WHOLE,
        since__lte=now,
    )
    if following.filter(Q(post=asker) | Q(post=None, unit=asker.unit_id)).exists():
        return asker
    named = following.filter(reason=Reason.NAMED_PERSON).select_related("post__unit__authority").first()
    return named.post if named is not None and named.post is not None else asker
