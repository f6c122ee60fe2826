"""Opening something to another unit or handing a copy over: one row in the ledger, through exactly one gate."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from uuid import UUID

from django.db import transaction

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import open_duty
from samsyn.organisations.models import Authority, Unit
from samsyn.people.models import Person
from samsyn.sharing import rules
from samsyn.sharing.actions.acting import acting_post
from samsyn.sharing.actions.deciding import holds_through
from samsyn.sharing.actions.family import meet_readers
from samsyn.sharing.actions.grounds import Sharing, consent_for, is_recorded, telling
from samsyn.sharing.actions.involvement import involve
from samsyn.sharing.models import (
    Delivery,
    Disclosure,
    DisclosureItem,
    Reason,
    Scope,
    Way,
)
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject

TEXTS = frozenset({"sign", "talk", "five_questions", "request", "plan"})
"""Kinds that hold what somebody has written about the family, and so can be called wrong."""


@transaction.atomic
def disclose(
    viewer: Viewer, child: Person, sender: Authority, receiver: Unit, items: Iterable[tuple[str, UUID]], ground: Sharing
) -> Disclosure:
    """Open or deliver items of ``sender`` to ``receiver``: one row in the ledger.

    Raises Refused when the gate does not hold for this sender, receiver and child on this day.
    """
    today = clock.today()
    opened = dict.fromkeys(items)
    consent = consent_for(ground, child, sender, receiver, opened)
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
    require(is_recorded(ground, today))
    longest = holds_through(ground.consent) if ground.consent else law.deadline("consent_longest", today).nominal
    decided_by, decided_by_person = ground.decided_by or (acting_post(viewer), viewer.person)
    disclosure = Disclosure.objects.create(
        child=child,
        authority=sender,
        receiver=receiver,
        gate=ground.gate,
        consent=ground.consent if ground.gate == "consent" else None,
        way=ground.way,
        purpose=ground.purpose,
        needed_because=ground.needed_because,
        not_less_because=ground.not_less_because,
        views=[asdict(view) for view in ground.views],
        recorded=dict(ground.recorded),
        **telling(ground, today),
        digest=rules.digest_of(ground.rendering, opened),
        decided_by_id=decided_by,
        decided_by_person_id=decided_by_person,
        since=clock.now(),
        expires_on=min(ground.expires_on or longest, longest),
    )
    # What somebody says is wrong in a text goes with it: whoever reads the one reads the other (SoL 14:6).
    beside = [("claim", ref) for kind, ref in opened if kind in TEXTS]
    DisclosureItem.objects.bulk_create(
        DisclosureItem(disclosure=disclosure, kind=kind, ref=ref) for kind, ref in (*opened, *beside)
    )
    if ground.way == Way.DELIVERED:
        _deliver(disclosure, receiver, ground.rendering)
    _told_or_to_be(disclosure)
    subjects = [Subject("disclosure", disclosure.ref, child.ref, "given")]
    act(viewer, "disclosure.given", subjects, ground=ground.gate)
    return disclosure


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


def _told_or_to_be(disclosure: Disclosure) -> None:
    if disclosure.told:
        meet_readers(disclosure.child, disclosure.ref)
    else:
        open_look_again(disclosure)


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
