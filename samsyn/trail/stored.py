"""The trail's rows as they lie in the store, read in long batches and without models, for whoever checks them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import UUIDField

from samsyn.trail.rules import COMMITTED

BATCH = 20_000
Row = tuple[Any, ...]
_REFERENCES = {name for name in COMMITTED if name.endswith("_ref")}


@dataclass(frozen=True, slots=True)
class Stored:
    """A place in a tree and what lies there.

    ``texts``: the committed texts in order, None when the entry is gone. ``owner``: the principal that the entry names.
    """

    position: int
    digest: bytes
    entry: int
    texts: tuple[str, ...] | None
    at: str
    owner: str
    commitment: bytes
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
            for _, lying in groupby(rows, key=itemgetter(0, 2)):
                yield _stored(list(lying))
            last = rows[-1][0]


def _stored(rows: list[Row]) -> Stored:
    position, digest, entry, found, commitment, *rest = rows[0]
    width = len(COMMITTED) + 2
    subjects: list[tuple[str, str, str, str]] = [row[-4:] for row in rows if row[-4] is not None]
    texts = tuple(rest[:width])
    gone = found is None
    return Stored(
        position=position,
        digest=bytes(digest),
        entry=entry,
        texts=None if gone else texts,
        at="" if gone else texts[0],
        owner="" if gone else texts[2 + COMMITTED.index("principal_ref")],
        commitment=b"" if gone else bytes(commitment),
        subjects=subjects,
    )


def for_store(ref: UUID) -> Any:
    """A reference as the database takes it."""
    return UUIDField().get_db_prep_value(ref, connection)


def _statement() -> str:
    """One question for a batch of places; texts come as ``rules.content`` writes them, made by the database."""
    fields = ", ".join(_reference(f"e.{name}") if name in _REFERENCES else f"e.{name}" for name in COMMITTED)
    # Nothing in it comes from outside: names of columns, and expressions of this module.
    return f"""
        SELECT l.position, l.digest, l.entry_id, e.id, e.commitment, {_moment("e.at")}, {_hex("e.nonce")}, {fields},
               s.kind, {_reference("s.ref")}, coalesce({_reference("s.child_ref")}, ''), s.state
        FROM (SELECT position, digest, entry_id FROM trail_leaf
              WHERE principal_ref = %s AND position > %s AND position <= %s ORDER BY position LIMIT %s) l
        LEFT JOIN trail_trailentry e ON e.id = l.entry_id
        LEFT JOIN trail_trailsubject s ON s.entry_id = e.id
        ORDER BY l.position, l.entry_id, s.id"""  # noqa: S608


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
