"""The second lock, as the application meets it: PostgreSQL itself decides which rows a request may read.

A request reads as the role ``samsyn_reads``, which sees only what the account in its post has a reason to see, by
functions in the database that share no code with the predicate. An action, and nothing else, steps up to
``samsyn_acts``. Both hold for the rest of the transaction only, so that a pooled connection never carries them to
somebody else. SQLite has no second lock: there, all of this does nothing.

Roles, functions and policies are made by ``site/second_lock``; what they do not close: docs/decisions/0009.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

from samsyn.common import clock

READS = "samsyn_reads"
"""Reads what the told account may see now, and writes nothing but the trail and the session."""
ACTS = "samsyn_acts"
"""Reads and writes for an action that its rule has allowed. Only ``acting`` takes it on."""
HOUSE = "samsyn_house"
"""The tick, the worker and the commands. No web process may take it on."""
FACTS = "samsyn_facts"
"""Owns the lock's functions: may read the tables of facts and nothing else, and nobody signs in as it."""


def holds() -> bool:
    """Does the database have a second lock at all."""
    return connection.vendor == "postgresql"


def _ask(statement: str, *values: str) -> str:
    # Past Django's cursor: it is asked several times in each request, and what Django adds costs more than the answer.
    with connection.wrap_database_errors:
        found: tuple[str, ...] = connection.connection.execute(statement, values).fetchone()
    return found[0]


@contextmanager
def reading() -> Iterator[None]:
    """One transaction that reads as the reading role, told of nobody yet."""
    within_another = connection.in_atomic_block
    with transaction.atomic():
        if not holds():
            yield
            return
        before = _ask(
            "SELECT set_config('samsyn.before', current_setting('role'), true), set_config('role', %s, true), "
            "set_config('samsyn.account', '', true), set_config('samsyn.post', '', true), "
            # Compiling a question anew each time costs up to a second where answering it takes milliseconds.
            "set_config('jit', 'off', true)",
            READS,
        )
        yield
        # The role ends with the transaction, unless this is a part of one.
        if within_another and not connection.needs_rollback:
            _ask("SELECT set_config('role', %s, true)", before)


def tell(account: int, post: int | None) -> None:
    """Tell the database who asks, in which post, for this transaction only. It judges itself whether that is so."""
    if not holds():
        return
    values = (str(account or ""), str(post or ""), clock.set_to())
    _ask(
        "SELECT set_config('samsyn.account', %s, true), set_config('samsyn.post', %s, true), "
        "set_config('samsyn.clock', %s, true)",
        *values,
    )


def references(persons: Iterable[int]) -> dict[int, UUID]:
    """Row id → public reference of persons, for the trail alone: it names whom a page was about, shown by name or not.

    Only where the lock holds; it opens nothing else of a person.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ref FROM second_lock.reference_of(%s)", [list(persons)])
        return dict(cursor.fetchall())


def named_post_of(child: int) -> int | None:
    """Row id of the post that is stored as the named person of a child whom the request reads, None for nobody.

    It may be at another authority, whose row the request does not read. Only where the lock holds.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT second_lock.named_post_of(%s)", [child])
        found: int | None = cursor.fetchone()[0]
    return found


def places_of(child: int) -> list[int]:
    """Row ids of the units that a child whom the request reads belongs to, the newest first. Only where it holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT second_lock.places_of(%s)", [child])
        found: list[int] = cursor.fetchone()[0]
    return found


@contextmanager
def acting() -> Iterator[None]:
    """Let a request act: what the block does is done as the acting role, in a transaction (or savepoint) of its own.

    Outside a request, where nothing is read as the reading role, the role stays as it is.
    """
    with transaction.atomic():
        if not holds():
            yield
            return
        before = _ask(
            "SELECT set_config('samsyn.before', current_setting('role'), true), "
            "CASE WHEN current_setting('role') = %s THEN set_config('role', %s, true) END",
            READS,
            ACTS,
        )
        yield
        # What fails is rolled back, and the role with it.
        if before == READS and not connection.needs_rollback:
            _ask("SELECT set_config('role', %s, true)", before)
