"""Databases for tests: copies, so that nothing is ever flushed and the append-only triggers stay on."""

from __future__ import annotations

import os
import pickle
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar
from uuid import uuid4

import psycopg
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from tests import environment

T = TypeVar("T")


class MadeOnce(Protocol):
    """What the fixture ``made_once`` gives."""

    def __call__(self, make: Callable[[], T]) -> T:
        """What ``make`` returns, to be changed at will: the next test has it anew."""


def copy_database(original: str, to: str = "") -> str:
    """A whole copy of a database, by the name that Django calls it. Nobody else may be connected to the original.

    ``to``: the copy's name, when it is not to be one of this run. Returns it.
    """
    _let_go(original)
    name = to or environment.database_name(f"copy_{uuid4().hex[:12]}")
    if environment.on_postgresql():
        with closing(_server_connection()) as server:
            # File by file where one can choose: through the log of changes takes more than twice as long.
            way = "STRATEGY file_copy" if server.info.server_version >= 150000 else ""
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}" {way}')
        return name
    with closing(sqlite3.connect(original)) as source, closing(sqlite3.connect(name)) as target:
        # Not a copy of the file: what was committed last may still lie in the log beside it.
        source.backup(target)
        target.execute("PRAGMA journal_mode=WAL")
    return name


def create_database() -> str:
    """An empty database. Returns its name."""
    name = environment.database_name(f"empty_{uuid4().hex[:12]}")
    if environment.on_postgresql():
        _on_the_server(f'CREATE DATABASE "{name}"')
    return name


def drop_database(name: str) -> None:
    """Delete a database, whoever is connected to it."""
    _let_go(name)
    if environment.on_postgresql():
        _on_the_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        return
    for end in ("", "-wal", "-shm"):
        Path(name + end).unlink(missing_ok=True)


def drop_all_of_this_run() -> None:
    """Delete every database that this run has left on a server that it does not own."""
    if not environment.on_postgresql() or "DATABASE_URL" not in os.environ:
        return
    with closing(_server_connection()) as server:
        found = server.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{environment.run_name()}_"]
        ).fetchall()
        for (name,) in found:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _server_connection() -> psycopg.Connection[tuple[Any, ...]]:
    # Not through Django: pytest-django keeps Django's connections closed outside tests that ask for one.
    return psycopg.connect(os.environ["SAMSYN_TEST_SERVER"], autocommit=True)


def _on_the_server(statement: str) -> None:
    with closing(_server_connection()) as server:
        server.execute(statement)


class CommittedWorld:
    """A copy of the migrated database, in which a test commits for real and other threads see it."""

    def at_once(self, *calls: Callable[[], T]) -> list[T | BaseException]:
        """Run the calls in threads that start together; each has its own connection.

        Returns what each gave, or the exception that it raised, in the order of the calls.
        """
        outcomes: list[T | BaseException] = [RuntimeError("This call did not end.")] * len(calls)
        start = threading.Barrier(len(calls))

        def run(place: int, call: Callable[[], T]) -> None:
            try:
                start.wait()
                outcomes[place] = call()
            except BaseException as error:  # the test judges what was raised
                outcomes[place] = error
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes


@contextmanager
def moved_to_a_copy(original: str | None = None) -> Iterator[CommittedWorld]:
    """Let Django, in every thread, use a copy of ``original`` (of its own database when None) inside the block."""
    connections.close_all()
    copy = copy_database(original or connection.settings_dict["NAME"])
    try:
        with moved_to(copy):
            yield CommittedWorld()
    finally:
        drop_database(copy)


@contextmanager
def moved_to(database: str) -> Iterator[None]:
    """Let Django, in every thread, use a database inside the block."""
    own = connection.settings_dict["NAME"]
    connections.close_all()
    # One dictionary for all threads: whoever connects from now on connects to this one.
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = own


@dataclass(frozen=True)
class _Kept:
    """A connection that stays open between the tests of one database, and what it was signed in with."""

    connection: BaseDatabaseWrapper
    settings: dict[str, Any]


_kept: dict[str, _Kept] = {}


@contextmanager
def kept_in(database: str) -> Iterator[None]:
    """As ``moved_to``, by a connection that stays open for the next test: a new one has all to learn anew, which takes
    longer than most tests. For what is undone at its end.
    """
    own = connections["default"]
    before = own.settings_dict["NAME"]
    connections.close_all()
    own.settings_dict["NAME"] = database
    connections["default"] = _connection_to(database, own).connection
    try:
        yield
    finally:
        connections["default"] = own
        own.settings_dict["NAME"] = before


def _connection_to(database: str, own: BaseDatabaseWrapper) -> _Kept:
    kept = _kept.get(database)
    if kept is not None and (kept.settings != own.settings_dict or not _answers(kept.connection)):
        _let_go(database)
        kept = None
    if kept is None:
        # One dictionary for all: who we sign in as is changed there.
        kept = _kept[database] = _Kept(type(own)(own.settings_dict, own.alias), deepcopy(own.settings_dict))
    return kept


def _answers(kept: BaseDatabaseWrapper) -> bool:
    return kept.connection is None or kept.is_usable()


def _let_go(database: str) -> None:
    kept = _kept.pop(database, None)
    if kept is not None:
        kept.connection.close()


@contextmanager
def standing_in(database: str) -> Iterator[None]:
    """As ``kept_in``, and what is done inside is undone at its end."""
    with kept_in(database), transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class _Made:
    """A database of this process in which a world was made, and the world as it was returned."""

    database: str
    world: bytes


_made: dict[Callable[[], Any], _Made] = {}


@contextmanager
def standing_in_made(make: Callable[[], T]) -> Iterator[T]:
    """What ``make`` makes, by a call that the first test of a process alone waits for: it takes longer than most tests.
    What is done inside is undone at its end, and each test has the returned world for itself.

    ``make`` must return the same each time, and something that can be pickled.
    """
    if make not in _made:
        connections.close_all()
        database = copy_database(str(connection.settings_dict["NAME"]))
        with moved_to(database), transaction.atomic():
            _made[make] = _Made(database, pickle.dumps(make()))
    made = _made[make]
    with standing_in(made.database):
        yield pickle.loads(made.world)
        if not connection.needs_rollback:
            connection.check_constraints()  # a row that refers to nothing is told of at a commit, and there is none
