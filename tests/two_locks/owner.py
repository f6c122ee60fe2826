"""What only the owner of the tables does in these tests: take constraints away, and plant mistakes in the lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

_CONSTRAINTS = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype IN ('f', 'c', 'u')
"""
_UNIQUE = """
SELECT format('DROP INDEX IF EXISTS %s', indexrelid::regclass) FROM pg_index
JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'public'::regnamespace AND indisunique
AND NOT indisprimary
"""

_NOT_NULL = """
SELECT format('ALTER TABLE %s ALTER COLUMN %I DROP NOT NULL', attrelid::regclass, attname) FROM pg_attribute
JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnotnull
AND attnum > 0 AND attidentity = '' AND attname <> 'id' AND NOT EXISTS (
  SELECT FROM pg_index WHERE indrelid = attrelid AND indisprimary AND attnum = ANY (indkey))
"""

_NEVER_EMPTIED = """
SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger WHERE tgname LIKE '%\\_no\\_truncate'
"""
_TABLES = """
SELECT string_agg(oid::regclass::text, ', ') FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
"""


class Owner:
    """A connection as the owner of the tables."""

    def __init__(self, session: psycopg.Connection[tuple[Any, ...]]) -> None:
        self.session = session

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one statement, or several; give the rows of the last one."""
        cursor = self.session.execute(statement)
        return cursor.fetchall() if cursor.description else []

    def without_constraints(self) -> None:
        """Let rows be written that make no sense as work."""
        for question in (_CONSTRAINTS, _UNIQUE, _NOT_NULL, _NEVER_EMPTIED):
            for (statement,) in self.run(question):
                self.run(statement)

    @contextmanager
    def knowing(self) -> Iterator[None]:
        """Tell the planner what has been committed, without which it asks badly; empty every table afterwards."""
        self.run("ANALYZE")
        try:
            yield
        finally:
            ((tables,),) = self.run(_TABLES)
            self.run(f"TRUNCATE {tables}")

    @contextmanager
    def function(self, name: str, old: str, new: str) -> Iterator[None]:
        """Inside the block, the lock's function says ``new`` where it said ``old``."""
        ((found,),) = self.run(f"SELECT pg_get_functiondef('second_lock.{name}'::regproc)")
        assert old in found, f"{name} does not say {old!r}"
        self._say(found.replace(old, new))
        try:
            yield
        finally:
            self._say(found)

    def _say(self, function: str) -> None:
        """Functions belong to a role that may make none except while the lock is made."""
        self.run(
            "GRANT CREATE ON SCHEMA second_lock TO samsyn_facts; SET ROLE samsyn_facts; "
            f"{function}; RESET ROLE; REVOKE CREATE ON SCHEMA second_lock FROM samsyn_facts"
        )

    @contextmanager
    def policy(self, table: str, old: str, new: str) -> Iterator[None]:
        """Inside the block, the policy of a table says ``new`` where it said ``old``."""
        ((found,),) = self.run(
            f"SELECT qual FROM pg_policies WHERE tablename = '{table}' AND policyname = 'samsyn_reads'"
        )
        assert old in found, f"the policy of {table} does not say {old!r}: {found}"
        self.run(f"ALTER POLICY samsyn_reads ON {table} USING ({found.replace(old, new)})")
        try:
            yield
        finally:
            self.run(f"ALTER POLICY samsyn_reads ON {table} USING ({found})")
