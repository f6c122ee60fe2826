"""The worker beside the web: it makes what is queued, and goes on when the store has been away."""

from __future__ import annotations

import logging
import threading

from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection

log = logging.getLogger(__name__)

AWAY = 10
"""Seconds until the store is asked again."""


def work_on(*how: str, ended: threading.Event | None = None) -> None:
    """Make what is queued until told to stop. ``how``: more words for the queue's own command."""
    ended = ended or threading.Event()
    while True:
        try:
            call_command("db_worker", "--queue-name", "*", *how)
        except (OperationalError, InterfaceError):
            log.exception("The store went away from the worker. It is asked again in a while.")
            connection.close()
        else:
            return
        if ended.wait(AWAY):
            return
