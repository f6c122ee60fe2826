"""The trail's rows as they lie in the store, read in long batches and without models, for whoever checks them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import UUIDField

from samsyn.trail.rules import COMMITTED

BATCH = 20_000
AT, NONCE, OWNER = 0, 1, 2 + COMMITTED.index("principal_ref")
"""Where among an entry's texts its time, its nonce and its principal stand."""
_REFERENCES = {name for name in COMMITTED if name.endswith("_ref")}
_SUBJECT, _TEXTS = slice(5, 9), slice(9, None)


class Stored(NamedTuple):
    """A place in a tree and what lies there. ``texts``: the committed texts in order, None when the entry is gone."""

    position: int
    entry: int
    digest: bytes
    commitment: bytes
    texts: Sequence[str] | None
    subjects: list[tuple[str, str, str, str]]


def places(principal_ref: UUID, up_to: int) -> Iterator[Stored]:
    """Every place of a principal's tree up to one, in order, with its entry and what that is about."""
    last = 0
    statement = _statement()
    with connection.cursor() as cursor:
        while last < up_to:
            cursor.execute(statement, [for_store(principal_ref), last, up_to, BATCH])
            rows = cursor.fetchall()
            if not rows:
                return
            rows.sort(key=itemgetter(0, 1))  # nearly in order already: cheaper than asking the database for it
            yield from _together(rows)
            last = rows[-1][0]


def _together(rows: Sequence[Any]) -> Iterator[Stored]:
    """One for each place, out of rows of which each has one thing that the entry is about."""
    position = entry = -1
    subjects: list[tuple[str, str, str, str]] = []
    first: Any = None
    for row in rows:
        if row[0] != position or row[1] != entry:
            if first is not None:
                yield _stored(first, subjects)
            first, position, entry, subjects = row, row[0], row[1], []
        if row[5] is not None:
            subjects.append(row[_SUBJECT])
    yield _stored(first, subjects)


def _stored(row: Any, subjects: list[tuple[str, str, str, str]]) -> Stored:
    return Stored(row[0], row[1], row[2], row[4], None if row[3] is None else row[_TEXTS], subjects)


def for_store(ref: UUID) -> Any:
    """A reference as the database takes it."""
    return UUIDField().get_db_prep_value(ref, connection)


def _statement() -> str:
    """One question for a batch of places; texts come as ``rules.content`` writes them, made by the database."""
    fields = ", ".join(_reference(f"e.{name}") if name in _REFERENCES else f"e.{name}" for name in COMMITTED)
    # Nothing in it comes from outside: names of columns, and expressions of this module.
    return f"""
        SELECT l.position, l.entry_id, l.digest, e.id, e.commitment,
               s.kind, {_reference("s.ref")}, coalesce({_reference("s.child_ref")}, ''), s.state,
               {_moment("e.at")}, {_hex("e.nonce")}, {fields}
        FROM (SELECT position, digest, entry_id FROM trail_leaf
              WHERE principal_ref = %s AND position > %s AND position <= %s ORDER BY position LIMIT %s) l
        LEFT JOIN trail_trailentry e ON e.id = l.entry_id
        LEFT JOIN trail_trailsubject s ON s.entry_id = e.id"""  # noqa: S608


def _on_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _reference(column: str) -> str:
    return f"replace({column}::text, '-', '')" if _on_postgresql() else column


def _hex(column: str) -> str:
    return f"encode({column}, 'hex')" if _on_postgresql() else f"lower(hex({column}))"


def _moment(column: str) -> str:
    if _on_postgresql():
        return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')"""
    fraction = f"substr(substr({column}, 21) || '000000', 1, 6)"
    return f"substr({column}, 1, 10) || 'T' || substr({column}, 12, 8) || '.' || {fraction} || '+00:00'"
