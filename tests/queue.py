"""The queue of what is made outside a request: what lies there, and the worker that makes it."""

from __future__ import annotations

from typing import Any

from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

_NAME = "a test's worker"


def waiting() -> list[DBTaskResult[..., Any]]:
    """What lies in the queue and has not been begun."""
    return list(DBTaskResult.objects.ready())


def work_off() -> list[DBTaskResult[..., Any]]:
    """Make all that waits, as the worker makes it. Gives how each one ended; a task that fails raises nothing here."""
    worker = Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=_NAME,
    )
    taken = waiting()
    for one in taken:
        one.claim(_NAME)
        worker.run_task(one)
    return taken
