"""How a yes ends: taken back, run out, or no longer that of those who decide. What rested on it closes with it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from samsyn.common import clock, ports
from samsyn.common.decision import require
from samsyn.common.text import clean_text
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties, open_duty
from samsyn.duties.models import Duty, DutyState, HangsOn
from samsyn.notices.actions import call_off, tell
from samsyn.organisations.models import Post
from samsyn.people.models import Person
from samsyn.sharing import consent_rules as rules
from samsyn.sharing.actions.acting import LONGEST
from samsyn.sharing.actions.disclosures import end_disclosure
from samsyn.sharing.consent_rules import Limit
from samsyn.sharing.models import (
    Consent,
    ConsentEnd,
    ConsentStep,
    Disclosure,
    Involvement,
    Way,
)
from samsyn.sharing.words import CONSENT, LOOK_AT_YES
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


@transaction.atomic
def yes_ended(viewer: Viewer, consent: Consent, because: str) -> None:
    """Close now everything that rested on a yes that stood: what is open, reasons to see, notices nobody has read.

    A delivered copy is the receiver's own and stays. Whoever's work rested on the yes gets a duty to look at it with
    the family.
    """
    last_yes = consent.answers.filter(step=ConsentStep.GIVEN).order_by("-id")[0]
    end = ConsentEnd.objects.create(consent=consent, last_yes=last_yes, because=because, at=clock.now())
    for row in _open_on(consent):
        _close(viewer, row, because)
    Involvement.objects.filter(Q(until=None) | Q(until__gt=clock.now()), consent=consent).update(until=clock.now())
    act(viewer, "consent.ended", [Subject(CONSENT, consent.ref, consent.child.ref, "ended")], ground=because)
    for resting in ports.yes_ended(viewer, consent.pk):
        _look_at_it(consent.child, resting, occasion=str(end.pk))


def _open_on(consent: Consent) -> QuerySet[Disclosure]:
    opened = Disclosure.objects.filter(consent=consent, ended_at=None, way=Way.OPEN)
    return opened.select_related("child").order_by("pk")  # in one order: whoever closes some of them too waits once


def _close(viewer: Viewer, row: Disclosure, because: str) -> None:
    end_disclosure(viewer, row, because=because)
    call_off(row.receiver_id, list(row.items.values_list("ref", flat=True)))


def less_is_open(viewer: Viewer, child: Person) -> None:
    """Let each room do what follows when something has been closed while the yes stands, and tell whoever is to know.

    Call it in the transaction that closed it.
    """
    for resting in ports.less_is_open(viewer, child.pk):
        _look_at_it(child, resting, occasion=clock.now().isoformat())


def _look_at_it(child: Person, resting: ports.Resting, *, occasion: str) -> None:
    """A duty with a time, once while it is open, and a neutral notice; to whom it is closed one that leads nowhere."""
    post = Post.objects.select_related("unit__authority").get(pk=resting.post_id)
    if resting.closed:
        tell(post, "closed_to_you", room="", object_ref=child.ref, child=child, occasion=occasion)
        return
    about: dict[str, Any] = {"room": resting.room, "object_ref": resting.ref, "child": child}
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
def looked_at_with_family(viewer: Viewer, duty: Duty, words: str) -> None:
    """Write down what was decided with the family now that a yes has ended, and end the duty. Raises Refused."""
    duty = Duty.objects.select_for_update(of=("self",)).select_related("child").get(pk=duty.pk)
    words = clean_text(words, LONGEST, field="words")
    is_theirs = duty.post_id == viewer.post and duty.what == LOOK_AT_YES and duty.state == DutyState.OPEN
    require(rules.may_look_at_ended_yes(is_theirs=is_theirs, words=words))
    end_duties(duty.object_ref, LOOK_AT_YES)
    child_ref = duty.child.ref if duty.child is not None else None
    act(viewer, "consent.looked_at", [Subject(duty.room, duty.object_ref, child_ref, "looked_at")], ground=words)


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
    less_is_open(viewer, consent.child)
