"""Whatever statement breaks while a form is carried out: nothing of it is there, and pressed again it is there once."""

from __future__ import annotations

import os
from typing import Any
from uuid import UUID, uuid4

from django.db import OperationalError, connection, transaction
from django.test import Client

from samsyn.duties.models import Duty
from samsyn.early_signals.models import Sign
from samsyn.notices.models import Notice
from samsyn.trail.models import Command, TrailEntry
from tests.doors.scenes import written
from tests.village import Village

EVERY = 1 if os.environ.get("SAMSYN_DEEP") == "1" else 4
"""Of the statements of a press, which are broken one by one."""


class Breaks:
    """Lets so many statements through and breaks the next one. ``after`` -1: none. ``asked`` counts them."""

    def __init__(self, after: int = -1) -> None:
        self.after, self.asked = after, 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):  # the walls of the test itself, and of what is undone
            return execute(sql, params, many, context)
        self.asked += 1
        if self.asked == self.after:
            raise OperationalError("the store went away")
        return execute(sql, params, many, context)


def pressed(client: Client, sign: Sign, key: UUID, breaks: Breaks) -> int:
    """The status that sending the sign is answered with."""
    with connection.execute_wrapper(breaks), transaction.atomic():
        return client.post(f"/signs/{sign.ref}/review/", {"key": key}).status_code


def what_is_there(sign: Sign, key: UUID) -> tuple[str, int, int, int, int]:
    """The sign's state, and how often the press, the act, its duty and its news are there."""
    sent = TrailEntry.objects.filter(act="sign.sent", subjects__ref=sign.ref).distinct()
    return (
        Sign.objects.get(pk=sign.pk).state,
        Command.objects.filter(key=key).count(),
        sent.count(),
        Duty.objects.count(),
        Notice.objects.count(),
    )


def test_a_press_that_any_one_statement_breaks_is_there_once_when_it_is_pressed_again(lived: Village) -> None:
    client = lived.client("maja")
    client.raise_request_exception = False
    sign, key = written(lived, lived.sign("draft")), uuid4()
    nothing = what_is_there(sign, key)
    with transaction.atomic():
        whole = Breaks()
        assert pressed(client, sign, key, whole) == 302
        once = what_is_there(sign, key)
        transaction.set_rollback(True)
    assert (nothing[1:3], once[1:3]) == ((0, 0), (1, 1))
    assert once[3] == nothing[3] + 1
    broken = 0
    for number in range(1, whole.asked, EVERY):
        with transaction.atomic():
            broken += pressed(client, sign, key, Breaks(number)) >= 500
            found = what_is_there(sign, key)
            assert found in (nothing, once), number
            for _again in range(2):  # the second time there is no draft any longer
                pressed(client, sign, key, Breaks())
                assert what_is_there(sign, key) == once, number
            transaction.set_rollback(True)
    assert broken > 2
