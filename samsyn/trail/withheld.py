"""What is withheld from a family now, as those who decide about it read it; and who of a unit has looked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from samsyn.trail.models import Mode, TrailEntry, TrailSubject, Withholding, WithholdingStep


def standing() -> QuerySet[Withholding]:
    """What is withheld and has not been lifted, the oldest first."""
    lifted = WithholdingStep.objects.filter(withholding=OuterRef("pk"), lifted=True)
    return Withholding.objects.filter(~Exists(lifted)).order_by("decided_at", "pk")


def withheld_by(unit_ref: UUID, child_ref: UUID) -> list[tuple[Withholding, date]]:
    """What a unit withholds about a child, each with the day on which it is looked at again."""
    rows = standing().filter(unit_ref=unit_ref, child_ref=child_ref).prefetch_related("steps")
    return [(row, looked_at_again_on(row)) for row in rows]


def looked_at_again_on(row: Withholding) -> date:
    """The day that was set last."""
    steps = sorted(row.steps.all(), key=lambda step: step.pk)
    return next((step.look_again_on for step in reversed(steps) if step.look_again_on), row.look_again_on)


def who_looked(child_ref: UUID, unit_refs: Collection[UUID]) -> dict[UUID, str]:
    """Those of the units who have read or done something about a child: reference of the person → name and post."""
    about = TrailSubject.objects.filter(child_ref=child_ref).values("entry_id")
    entries = TrailEntry.objects.filter(pk__in=about, unit_ref__in=unit_refs).exclude(mode=Mode.REFUSAL)
    rows = entries.values_list("person_ref", "person_label", "post_label").distinct().order_by("person_label")
    return {person: f"{name}, {post}" for person, name, post in rows if name}
