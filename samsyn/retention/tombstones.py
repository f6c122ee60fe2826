"""Tombstones as lines of text, written outside the database, so that a restored backup cannot bring anybody back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from samsyn.common.durable import append
from samsyn.retention.models import Tombstone, TombstoneKind
from samsyn.trail.rules import moment, read_moment


class TombstonesUnreadable(ValueError):
    """The file of tombstones cannot be read or written; says where and why, in words for an operator."""


@dataclass(frozen=True)
class Line:
    """A tombstone as it stands in the file."""

    ref: UUID
    kind: str
    subject: UUID
    authority: UUID
    rule: str
    rows: int
    at: datetime


def line(stone: Tombstone) -> str:
    """A tombstone as one line of JSON, without the line's end."""
    return json.dumps(
        {
            "tombstone": str(stone.ref),
            "kind": stone.kind,
            "subject": str(stone.subject_ref),
            "authority": str(stone.authority_ref),
            "rule": stone.rule,
            "rows": stone.rows,
            "at": moment(stone.at),
        }
    )


def path() -> Path | None:
    """Where the settings say that tombstones are written; None where they say nothing."""
    return Path(settings.SAMSYN_TOMBSTONES_PATH) if settings.SAMSYN_TOMBSTONES_PATH else None


def write_out(stones: list[Tombstone]) -> None:
    """Add the tombstones to the file and wait until they lie on the disk. Called before what they tell of is committed:
    a line too many is weeded again, a line too few would let somebody come back.

    Raises TombstonesUnreadable when they cannot be written.
    """
    file = path()
    if file is None or not stones:
        return
    try:
        append(file, "".join(line(stone) + "\n" for stone in stones))
    except OSError as wrong:
        raise TombstonesUnreadable(f"Tombstones cannot be written to {file}: {wrong.strerror}.") from wrong


def read(file: Path) -> Iterator[Line]:
    """The tombstones of a file, in order. Raises TombstonesUnreadable for a file or a line that cannot be read.

    A last line that was cut off in the middle of writing is passed over: what it told of was never committed.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise TombstonesUnreadable(f"{file} cannot be read.") from wrong
    lines = text.split("\n")
    for number, one in enumerate(lines[:-1], start=1):
        if one.strip():
            try:
                yield _read(json.loads(one))
            except (ValueError, KeyError, TypeError, AttributeError) as wrong:
                raise TombstonesUnreadable(f"{file}, line {number}, holds no tombstone.") from wrong


def _read(told: dict[str, object]) -> Line:
    return Line(
        ref=UUID(str(told["tombstone"])),
        kind=TombstoneKind(str(told["kind"])).value,
        subject=UUID(str(told["subject"])),
        authority=UUID(str(told["authority"])),
        rule=str(told["rule"]),
        rows=int(str(told["rows"])),
        at=read_moment(str(told["at"])),
    )


def unknown_here(file: Path) -> list[Line]:
    """The tombstones of a file that this database does not have: it was restored from before they were set.

    Raises TombstonesUnreadable.
    """
    lines = list(read(file))
    known = set(Tombstone.objects.values_list("ref", flat=True))
    return [one for one in lines if one.ref not in known]
