"""What keeps a file longer, or says when it goes where no row of law does."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from samsyn import law
from samsyn.common import clock, second_lock
from samsyn.common.decision import require
from samsyn.common.text import clean_text
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.organisations.models import Authority
from samsyn.people.models import Person
from samsyn.retention.models import LongKept, RetentionPlan
from samsyn.retention.rules import LONGEST_TEXT, may_keep_long, may_plan
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def keep_long(viewer: Viewer, child: Person, rule: str, decision: str) -> LongKept:
    """Say that the own authority's file on the child is of a class that the law keeps in its own way, and by what.

    Saying it twice is saying it once. The caller may see the child. Raises Refused.
    """
    decision = clean_text(decision, LONGEST_TEXT, field="decision")
    authority = Authority.objects.filter(pk=viewer.authority or 0).first()
    sphere = None if authority is None else law.Sphere(authority.sphere)
    require(may_keep_long(viewer.is_staff, sphere, rule, decision, law.on(clock.today())))
    assert viewer.post is not None
    with second_lock.acting():
        row, is_new = LongKept.objects.get_or_create(
            child=child,
            authority=authority,
            rule=rule,
            defaults={
                "decision": decision,
                "said_by_id": viewer.post,
                "said_by_person_id": viewer.person,
                "at": clock.now(),
            },
        )
        if is_new:
            act(viewer, "file.kept_long", [Subject("long_kept", row.ref, child.ref, rule)], ground=rule)
    return row


@transaction.atomic
def set_plan(authority: Authority, years: int, decision: str) -> RetentionPlan:
    """Write down what an authority's own plan says of its files, and by which decision. Raises Refused."""
    decision = clean_text(decision, LONGEST_TEXT, field="decision")
    require(may_plan(law.Sphere(authority.sphere), years, decision, law.on(clock.today())))
    row = RetentionPlan.objects.create(authority=authority, years=years, decision=decision, at=clock.now())
    house = replace(SYSTEM, principal_ref=authority.principal.ref)
    act(house, "retention.planned", [Subject("authority", authority.ref, None, "planned")], ground="own_plan")
    return row
