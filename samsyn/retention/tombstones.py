"""Tombstones as lines of text, written outside the database, so that a restored backup cannot bring anybody back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from samsyn.common import outside
from samsyn.common.outside import TOMBSTONE, write
from samsyn.retention.models import Tombstone, TombstoneKind
from samsyn.trail.rules import moment, read_moment


@dataclass(frozen=True)
class Line:
    """A tombstone as it stands in the file."""

    ref: UUID
    kind: str
    subject: UUID
    authority: UUID
    rule: str
    rows: int
    keys: int
    at: datetime


def line(stone: Tombstone) -> dict[str, Any]:
    """A tombstone as it is written in the file."""
    return {
        TOMBSTONE: str(stone.ref),
        "kind": stone.kind,
        "subject": str(stone.subject_ref),
        "authority": str(stone.authority_ref),
        "rule": stone.rule,
        "rows": stone.rows,
        "keys": stone.keys,
        "at": moment(stone.at),
    }


def write_out(stones: list[Tombstone]) -> None:
    """Add the tombstones to the file, before what they tell of is committed. Raises OutsideUnreadable."""
    write(*map(line, stones))


def read(file: Path) -> Iterator[Line]:
    """The tombstones of a file, in order. Raises OutsideUnreadable."""
    return outside.read(file, TOMBSTONE, _read)


def _read(told: dict[str, Any]) -> Line:
    return Line(
        ref=UUID(told[TOMBSTONE]),
        kind=TombstoneKind(str(told["kind"])).value,
        subject=UUID(str(told["subject"])),
        authority=UUID(str(told["authority"])),
        rule=str(told["rule"]),
        rows=int(str(told["rows"])),
        keys=int(str(told.get("keys", 0))),  # a line from before persons had keys has none
        at=read_moment(str(told["at"])),
    )


def unknown_here(file: Path) -> list[Line]:
    """The tombstones of a file that this database does not have: it was restored from before they were set.

    Raises OutsideUnreadable.
    """
    lines = list(read(file))
    known = set(Tombstone.objects.values_list("ref", flat=True))
    return [one for one in lines if one.ref not in known]
