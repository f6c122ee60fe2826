"""What a worker had begun when it was stopped: whoever asked is told that it failed, and can ask again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import transaction
from django_tasks_db.models import DBTaskResult

from samsyn.common import clock
from samsyn.plans.paper import PaperNotMade
from samsyn.plans.tasks import make_paper, paper_failed
from samsyn.retention.tasks import extract_failed, make_extract

LONGEST = timedelta(minutes=15)
"""What takes seconds and has taken so long is being made by nobody."""
FAILED: Mapping[str, Callable[[UUID], None]] = MappingProxyType(
    {make_paper.module_path: paper_failed, make_extract.module_path: extract_failed}
)
"""A task → how what it was to make is noted as failed. A worker that is at it all the same still makes it."""


def give_up_stopped() -> int:
    """Note as failed what was begun long ago and never ended. Gives how many. Safe to run twice at once.

    Nothing is begun anew by itself: what ended its worker once may do so again.
    """
    begun = DBTaskResult.objects.running().filter(started_at__lt=clock.now() - LONGEST).values_list("pk", flat=True)
    return sum(_give_up(pk) for pk in list(begun))


def _give_up(pk: UUID) -> bool:
    with transaction.atomic():
        row = DBTaskResult.objects.running().select_for_update(skip_locked=True).filter(pk=pk).first()
        if row is None:
            return False
        failed, reference = FAILED.get(row.task_path), _reference(row)
        if failed is not None and reference is not None:  # what another version queued is ended all the same
            failed(reference)
        row.set_failed(PaperNotMade("The worker was stopped."))
    return True


def _reference(row: Any) -> UUID | None:
    """Of what the task was to make; None for a task that was queued with something else."""
    try:
        return UUID(row.args_kwargs["args"][0])
    except (LookupError, TypeError, ValueError, AttributeError):
        return None
