"""The extract of what is held: ordered by one in the family, made outside the request, removed a day later."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django_tasks import task

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.reading import gather, ground
from samsyn.common.viewer import Viewer
from samsyn.organisations.presence import viewer_for
from samsyn.people.models import Account, Person, Protection
from samsyn.plans.paper import PaperNotMade, typeset
from samsyn.retention.extract.facts import Facts, as_data, gather_for, still_true
from samsyn.retention.extract.paper import as_paper
from samsyn.retention.models import RegisterExtract
from samsyn.retention.rules import EXTRACT_KEPT, may_order
from samsyn.trail.actions import act, read
from samsyn.trail.rules import Subject

TEMPLATE = Path(__file__).parent / "extract" / "extract.typ"
MADE, ORDERED = "extract.made", "extract.ordered"


@transaction.atomic
def order_extract(viewer: Viewer, child: Person, language: str) -> RegisterExtract:
    """Order an extract of what is held about a child that the viewer holds; it is made when this is committed.

    While one is there or being made, ordering gives that one. Raises Refused.
    """
    require(
        may_order(
            is_family=viewer.is_family,
            is_protected=child.is_protected,
            language=language,
            languages=dict(settings.LANGUAGES),
        )
    )
    now = clock.now()
    own = RegisterExtract.objects.filter(account_id=viewer.account, child=child)
    own.filter(Q(goes_at__lte=now) | Q(failed_at__isnull=False) | _given_up()).delete()
    extract, is_new = RegisterExtract.objects.get_or_create(
        account_id=viewer.account, child=child, defaults={"language": language, "asked_at": now}
    )
    if is_new:
        act(viewer, ORDERED, [Subject("person", child.ref, child.ref)], ground=EXTRACT_KEPT)
        make_extract.enqueue(str(extract.ref))
    return extract


def _given_up() -> Q:
    """What was ordered longer ago than an extract is kept, and never made: the worker was stopped in the middle."""
    return Q(made_at=None, asked_at__lte=clock.now() - kept_for())


def kept_for() -> timedelta:
    """How long an extract can be fetched, by the row of law."""
    return timedelta(hours=law.on(clock.today()).row(EXTRACT_KEPT).value or 0)


@task()
def make_extract(extract_ref: str) -> None:
    """Make the paper and the file, from the reference alone. Raises PaperNotMade, with nobody's words in it."""
    with suppress(Exception):
        _make(UUID(extract_ref))
        return
    # Out here: what is stored of a failed task must not hold the words that stood in the way, whatever fails next.
    extract_failed(UUID(extract_ref))
    raise PaperNotMade("The paper could not be made.")


def extract_failed(ref: UUID) -> None:
    """Note that an extract was not made: its page says so, and it can be ordered again."""
    RegisterExtract.objects.filter(ref=ref, made_at=None).update(failed_at=clock.now())


def _make(ref: UUID) -> None:
    extract = RegisterExtract.objects.select_related("account__person").filter(ref=ref, made_at=None).first()
    if extract is None:
        return
    viewer, now = _at_home(extract.account), clock.now()
    goes_at = law.on(now).deadline(EXTRACT_KEPT, now).due_at
    with gather() as reading, transaction.atomic(), translation.override(extract.language):
        child = Person.objects.visible_to(viewer).get(pk=extract.child_id)
        ground("own_family")
        gathered = gather_for(viewer, child)
        paper, _warnings = typeset(TEMPLATE, as_paper(gathered, now, goes_at), int(now.timestamp()))
        data = json.dumps(as_data(gathered, now), ensure_ascii=False, indent=1).encode()
        made = RegisterExtract.objects.filter(pk=extract.pk, made_at=None).update(
            paper=paper, data=data, made_at=now, goes_at=goes_at, failed_at=None
        )
        if made:
            read(viewer, MADE, reading)


def _at_home(account: Account) -> Viewer:
    """The account in its own family, as it may read now. One that has been closed reads nothing."""
    if not account.is_active:
        raise PaperNotMade("The account is closed.")
    return viewer_for(account, None, clock.now())


def can_be_fetched(viewer: Viewer, extract: RegisterExtract, child: Person) -> bool:
    """Is it made, is its day not over, and may the viewer still see all that stands in it?"""
    if extract.made_at is None or extract.goes_at is None or extract.goes_at <= clock.now() or child.is_protected:
        return False
    data: Facts = json.loads(bytes(extract.data or b""))
    return still_true(data, gather_for(viewer, child))


def forget_extracts() -> int:
    """Remove every extract whose day is over, of a child who has been protected meanwhile, and what was never made.

    Gives how many. Safe to run twice at once.
    """
    over = Q(goes_at__lte=clock.now()) | ~Q(child__protection=Protection.NONE) | _given_up()
    return RegisterExtract.objects.filter(over).delete()[0]
