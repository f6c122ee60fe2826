"""The trail's rows as they lie in the store, read in long batches and without models, for whoever checks them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import UUIDField

from samsyn.trail.rules import COMMITTED

BATCH = 1_000
"""Places at a time: the rows of many more do not fit near the processor, and all takes half as long again."""
AT, NONCE, OWNER = 0, 1, 2 + COMMITTED.index("principal_ref")
"""Where among an entry's texts its time, its nonce and its principal stand."""
_REFERENCES = {name for name in COMMITTED if name.endswith("_ref")}
_TEXTS = slice(5, None)

About = tuple[str, str, str, str]
"""One thing that an entry is about, as texts: its kind, its reference, the child's, and its state afterwards."""


class Stored(NamedTuple):
    """A place in a tree and what lies there. ``texts``: the committed texts in order, None when the entry is gone."""

    position: int
    entry: int
    digest: bytes
    commitment: bytes
    texts: Sequence[str] | None
    subjects: Sequence[About]


def places(principal_ref: UUID, up_to: int) -> Iterator[Stored]:
    """Every place of a principal's tree up to one, in order, with its entry and what that is about."""
    owner, last = for_store(principal_ref), 0
    statement, subjects = _statement(), _subjects_statement()
    with connection.cursor() as cursor:
        while last < up_to:
            span = (owner, last, min(last + BATCH, up_to))
            cursor.execute(statement, span)
            rows = cursor.fetchall()
            if not rows:
                found = _next_after(cursor, span)
                if found is None:
                    return
                last = found - 1
                continue
            rows.sort(key=itemgetter(0, 1))  # nearly in order already: cheaper than asking the database for it
            cursor.execute(subjects, span)
            about = defaultdict[int, list[Any]](list)
            for row in cursor.fetchall():
                about[row[0]].append(row[1:])
            for row in rows:
                texts = None if row[3] is None else row[_TEXTS]
                yield Stored(row[0], row[1], row[2], row[4], texts, about.get(row[1], ()))
            last = span[2]


def _next_after(cursor: Any, span: tuple[Any, int, int]) -> int | None:
    """The first place behind a span in which there is none."""
    cursor.execute(
        "SELECT min(position) FROM trail_leaf WHERE principal_ref = %s AND position > %s", [span[0], span[2]]
    )
    found: int | None = cursor.fetchone()[0]
    return found


def for_store(ref: UUID) -> Any:
    """A reference as the database takes it."""
    return UUIDField().get_db_prep_value(ref, connection)


# Nothing in these comes from outside: names of columns, and expressions of this module.
_SPAN = "l.principal_ref = %s AND l.position > %s AND l.position <= %s"


def _statement() -> str:
    """One question for a span of places; texts come as ``rules.content`` writes them, made by the database."""
    fields = ", ".join(_reference(f"e.{name}") if name in _REFERENCES else f"e.{name}" for name in COMMITTED)
    return f"""
        SELECT l.position, l.entry_id, l.digest, e.id, e.commitment, {_moment("e.at")}, {_hex("e.nonce")}, {fields}
        FROM trail_leaf l LEFT JOIN trail_trailentry e ON e.id = l.entry_id WHERE {_SPAN}"""  # noqa: S608


def _subjects_statement() -> str:
    """One question for what the entries of a span are about: beside the first, so that no entry's texts come twice."""
    return f"""
        SELECT s.entry_id, s.kind, {_reference("s.ref")}, coalesce({_reference("s.child_ref")}, ''), s.state
        FROM trail_leaf l JOIN trail_trailsubject s ON s.entry_id = l.entry_id WHERE {_SPAN}"""  # noqa: S608


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
