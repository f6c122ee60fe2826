"""Questions to the database: how many something asks, and those that the process has put together once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest import mock

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from samsyn.common import prepared
from samsyn.people import sessions

_NOT_QUESTIONS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT set_config")


def asked(do: Callable[[], object]) -> int:
    """How many questions to the database something asks. What is counted is told in the growth tests' first lines.

    Once a minute a page also notes in the sign-in that it was opened. No count may depend on whether the minute turned.
    """
    with mock.patch.object(sessions, "TOUCHED_EVERY", float("inf")), CaptureQueriesContext(connection) as seen:
        do()
    return sum(not one["sql"].startswith(_NOT_QUESTIONS) for one in seen)


def opened(client: Client, address: str) -> int:
    """How many questions a page asks, once it is warm. It must be there."""

    def look() -> None:
        assert client.get(address).status_code == 200

    look()
    return asked(look)


@contextmanager
def put_together_anew() -> Iterator[None]:
    """Nothing is known inside, and nothing of what is put together there is known afterwards."""
    known, asked = dict(prepared._known), dict(prepared._asked)
    prepared._known.clear()
    prepared._asked.clear()
    try:
        yield
    finally:
        prepared._known.clear()
        prepared._asked.clear()
        prepared._known.update(known)
        prepared._asked.update(asked)
