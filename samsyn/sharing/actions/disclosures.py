"""Opening something to another unit or handing a copy over: one row in the ledger, through exactly one gate."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.viewer import Viewer
from samsyn.notices.actions import call_off
from samsyn.organisations.models import Authority, Unit
from samsyn.organisations.partnerships import deadline_for
from samsyn.people.models import Person
from samsyn.sharing import rules
from samsyn.sharing.actions.acting import acting_post
from samsyn.sharing.actions.deciding import holds_through
from samsyn.sharing.actions.family import meet_readers
from samsyn.sharing.actions.grounds import Sharing, consent_for, is_recorded, telling, views_on
from samsyn.sharing.actions.untold import keep_in_sight
from samsyn.sharing.models import (
    Delivery,
    Disclosure,
    DisclosureItem,
    Way,
)
from samsyn.sharing.written_about import Thing, written_about
from samsyn.trail.actions import act
from samsyn.trail.revoking import revoke
from samsyn.trail.rules import Subject

TEXTS = frozenset({"sign", "talk", "five_questions", "request", "plan"})
"""Kinds that hold what somebody has written about the family, and so can be called wrong."""


@transaction.atomic
def disclose(
    viewer: Viewer,
    child: Person,
    sender: Authority,
    receiver: Unit,
    items: Iterable[Thing],
    ground: Sharing,
    *,
    about: Mapping[UUID, Thing] | None = None,
) -> Disclosure:
    """Open or deliver items of ``sender`` to ``receiver``: one row in the ledger.

    ``about``: what those of the items that are not written yet will be about (``written_about``).

    Raises Refused when the gate does not hold for this sender, receiver and child on this day.
    """
    today = clock.today()
    opened = dict.fromkeys(items)
    consent = consent_for(ground, child, sender, receiver, opened)
    require(
        rules.may_disclose(
            gate=ground.gate,
            possible=[gate.id for gate in gates_between(child, sender, receiver)],
            same_authority=sender.pk == receiver.authority_id,
            consent=consent,
            purpose=ground.purpose,
            told=ground.told,
            withheld=ground.withheld_because,
        )
    )
    require(is_recorded(ground, today))
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
        views=[asdict(view) for view in views_on(ground, child, sender)],
        recorded=dict(ground.recorded),
        **telling(ground, sender, today),
        digest=rules.digest_of(ground.rendering, opened),
        decided_by_id=decided_by,
        decided_by_person_id=decided_by_person,
        since=clock.now(),
        expires_on=_last_day(ground, sender, today),
    )
    _name_things(disclosure, opened, about)
    _deliver(disclosure, receiver, ground.rendering)
    _told_or_to_be(disclosure)
    act(viewer, "disclosure.given", [Subject("disclosure", disclosure.ref, child.ref, "given")], ground=ground.gate)
    return disclosure


def _name_things(disclosure: Disclosure, opened: Iterable[Thing], about: Mapping[UUID, Thing] | None) -> None:
    # What somebody says is wrong in a text goes with it: whoever reads the one reads the other (SoL 14:6).
    beside = [("claim", ref) for kind, ref in opened if kind in TEXTS]
    followed = written_about(opened, about)
    DisclosureItem.objects.bulk_create(
        DisclosureItem(disclosure=disclosure, kind=kind, ref=ref, **followed.get(ref, {}))
        for kind, ref in (*opened, *beside)
    )


def _last_day(ground: Sharing, sender: Authority, today: date) -> date:
    """The last day that it is open: as chosen, at most as long as the yes holds, else as long as any yes could."""
    if ground.consent is not None:
        longest = holds_through(ground.consent)
    else:
        longest = deadline_for(sender.pk, "consent_longest", today).latest_day
    return min(ground.expires_on or longest, longest)


def possible_gates(child: Person, sender: Authority, receiver: Unit) -> list[str]:
    """Ids of the gates for help that can hold today between the two; ``own_authority`` inside one authority."""
    return [gate.id for gate in gates_between(child, sender, receiver) if gate.serves is law.Serves.HELP]


def gates_between(child: Person, sender: Authority, receiver: Unit) -> list[law.Gate]:
    """The gates through which a text about the child can go today, for any errand, in the order to offer them."""
    held = law.on(clock.today()).gates(
        sender.sphere, receiver.authority.sphere, child.birth_date, nearness=_nearness(sender, receiver.authority)
    )
    return [gate for gate in held if not gate.only_an_answer]


def _nearness(sender: Authority, receiver: Authority) -> law.Nearness:
    if sender.pk == receiver.pk:
        return law.Nearness.AREA
    if sender.shares_board_with(receiver):
        return law.Nearness.BOARD
    same_principal = sender.principal_id == receiver.principal_id
    return law.Nearness.PRINCIPAL if same_principal else law.Nearness.APART


def _deliver(disclosure: Disclosure, receiver: Unit, rendering: str) -> None:
    if disclosure.way != Way.DELIVERED:
        return
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
        keep_in_sight(disclosure)


@transaction.atomic
def end_disclosure(viewer: Viewer, disclosure: Disclosure, *, because: str, at: datetime | None = None) -> None:
    """Close an open disclosure now, or as of an earlier moment. A delivered copy is the receiver's own and stays.

    What the receiver has not yet read of news about the row is taken back: it would lead to what is not there.
    """
    changed = Disclosure.objects.filter(pk=disclosure.pk, ended_at=None).update(
        ended_at=at or clock.now(), ended_because=because
    )
    if changed:
        call_off(disclosure.receiver_id, [disclosure.ref])
        revoke(
            viewer,
            "disclosure.ended",
            [Subject("disclosure", disclosure.ref, disclosure.child.ref, "ended")],
            ("disclosure", disclosure.ref),
            ground=because,
            because=because,
        )
