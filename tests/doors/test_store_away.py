"""The store goes away in the middle of a page: whoever asked reads whom to call, whatever could not be read."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client

from samsyn.people import sessions
from tests.village import Village

CALL = "112"


class Away:
    """Lets so many statements through; every one after them finds no store. ``asked`` counts them."""

    def __init__(self, after: int = 1000) -> None:
        self.after, self.asked = after, 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):  # the walls of the test itself
            return execute(sql, params, many, context)
        self.asked += 1
        if self.asked > self.after:
            raise OperationalError("the store went away")
        return execute(sql, params, many, context)


def opened(client: Client, address: str, away: Away) -> tuple[int, str]:
    """The status and the page; what was done is undone."""
    with transaction.atomic():
        with connection.execute_wrapper(away):
            answer = client.get(address)
        transaction.set_rollback(True)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("seen", ["a moment ago", "minutes ago"])
@pytest.mark.parametrize(("who", "address"), [("bo", "/children/"), ("amal", "/my/")])
def test_whoever_opens_a_page_reads_whom_to_call_when_the_store_goes_away(
    lived: Village, monkeypatch: pytest.MonkeyPatch, who: str, address: str, seen: str
) -> None:
    # Whoever was seen minutes ago has the end of the session moved, so that the page writes too.
    monkeypatch.setattr(sessions, "TOUCHED_EVERY", 0 if seen == "minutes ago" else 3600)
    client, whole = lived.client(who), Away()
    client.raise_request_exception = False
    assert opened(client, address, whole)[0] == 200
    for number in range(whole.asked):
        status, page = opened(client, address, Away(number))
        assert status == 500, number
        assert CALL in page, number
