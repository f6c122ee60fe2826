"""These tests are about PostgreSQL; where the rest runs on SQLite they are left out, and ./dev test and ./dev prove run
them on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from tests import environment, worlds
from tests.postgresql import OWNER
from tests.two_locks.owner import Owner

collect_ignore_glob = [] if environment.on_postgresql() else ["test_*.py"]


@pytest.fixture
def owner(committed_world: worlds.CommittedWorld) -> Iterator[Owner]:
    """The owner's own connection to the test's copy of the database."""
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(environment.database_url(name, OWNER), autocommit=True) as session:
        yield Owner(session)
